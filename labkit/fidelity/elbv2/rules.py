"""What a load balancer, a listener and a target group may be."""

from __future__ import annotations

import re
from typing import Any

from labkit.fidelity.elbv2.common import (
    API,
    GUIDE,
    backend_of,
    balancer_of,
    groups_in,
    invalid,
    limit,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_CREATE = API + "CreateLoadBalancer.html"
_LISTENER = API + "CreateListener.html"
_PRIORITY_MAX = 50_000  # the range of RulePriority in the service model


@rule(
    "elbv2",
    "CreateLoadBalancer",
    when="before",
    follows=_CREATE,
    corrects="moto takes any name",
)
def a_name_has_32_characters_at_most(exchange: Exchange) -> None:
    """A load balancer's name has up to 32 letters, digits and hyphens, does not begin or end with
    a hyphen, and does not begin with internal-.

    ValidationError: Load balancer name 'box-office-…' cannot be longer than '32' characters.
    """
    name, most = exchange.params["Name"], limit("name_max_chars")
    if len(name) > most:
        raise invalid(f"Load balancer name '{name}' cannot be longer than '{most}' characters")
    if not re.fullmatch("[a-zA-Z0-9-]+", name):
        raise invalid(
            f"Load balancer name '{name}' can only contain characters that are alphanumeric "
            "characters or hyphens(-)"
        )
    if name.startswith("-") or name.endswith("-"):
        raise invalid(f"Load balancer name '{name}' cannot begin or end with '-'")
    if name.startswith("internal-"):
        raise invalid(f"Load balancer name '{name}' cannot begin with 'internal-'")


def _subnets(exchange: Exchange) -> list[Any]:
    from moto.ec2.models import ec2_backends

    params = exchange.params
    mapped = [one.get("SubnetId") for one in params.get("SubnetMappings") or ()]
    ids = params.get("Subnets") or mapped
    there = ec2_backends[exchange.account][exchange.region].subnets
    by_id = {id: subnet for subnets in there.values() for id, subnet in subnets.items()}
    return [by_id[id] for id in ids if id in by_id]


@rule(
    "elbv2",
    "CreateLoadBalancer",
    when="before",
    follows=_CREATE,
    corrects="moto is content with one",
)
def an_application_load_balancer_lies_in_two_zones(exchange: Exchange) -> None:
    """An Application Load Balancer needs subnets in two zones or more.

    ValidationError: At least two subnets in two different Availability Zones must be specified.
    """
    zones = {subnet.availability_zone for subnet in _subnets(exchange)}
    least = limit("application_zones_min")
    if (exchange.params.get("Type") or "application") == "application" and 0 < len(zones) < least:
        raise invalid("At least two subnets in two different Availability Zones must be specified")


@rule(
    "elbv2",
    "CreateLoadBalancer",
    when="before",
    follows=_CREATE,
    corrects="moto takes several",
)
def a_load_balancer_has_one_subnet_in_a_zone(exchange: Exchange) -> None:
    """A load balancer has one subnet in each zone.

    InvalidConfigurationRequest: A load balancer cannot be attached to multiple subnets in the same
    Availability Zone.
    """
    zones = [subnet.availability_zone for subnet in _subnets(exchange)]
    if len(zones) > len(set(zones)):
        raise AwsError(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )


@rule(
    "elbv2",
    "CreateLoadBalancer",
    when="instead",
    follows=_CREATE,
    corrects="moto makes a second one of that name",
)
def a_load_balancer_is_made_once(exchange: Exchange) -> Params | None:
    """Who makes a load balancer again with the same settings gets the one that is there; with
    others it is refused.

    DuplicateLoadBalancerName: A load balancer with the same name 'shop' exists, but with different
    settings.
    """
    params = exchange.params
    for balancer in backend_of(exchange).load_balancers.values():
        if balancer.name != params["Name"]:
            continue
        same = (
            balancer.type == (params.get("Type") or "application")
            and balancer.scheme == (params.get("Scheme") or "internet-facing")
            and {one.id for one in balancer.subnets} == {one.id for one in _subnets(exchange)}
        )
        if same and getattr(balancer, "first_answer", None):
            answer: Params = balancer.first_answer
            return answer
        raise AwsError(
            "DuplicateLoadBalancerName",
            f"A load balancer with the same name '{params['Name']}' exists, but with different "
            "settings",
        )
    return None


@rule(
    "elbv2",
    "CreateLoadBalancer",
    when="after",
    follows=API + "LoadBalancerState.html",
    corrects="moto's load balancers are active when they are looked at",
)
def a_load_balancer_is_provisioning_first(exchange: Exchange, answer: Params) -> None:
    """A new load balancer is provisioning for two minutes, then active.

    State: provisioning; the waiter is load_balancer_available.
    """
    made = backend_of(exchange).load_balancers.get(answer["LoadBalancers"][0]["LoadBalancerArn"])
    if made is not None:
        made.first_answer = answer


@rule(
    "elbv2",
    "DescribeLoadBalancers",
    "CreateListener",
    when="before",
    follows=API + "DescribeLoadBalancers.html",
    corrects="moto does not say which",
)
def a_load_balancer_that_is_not_there_is_named(exchange: Exchange) -> None:
    """Who asks for a load balancer that does not exist is told which.

    LoadBalancerNotFound: Load balancers '[shop]' not found.
    """
    params, there = exchange.params, backend_of(exchange).load_balancers
    arns = [*(params.get("LoadBalancerArns") or ())]
    if params.get("LoadBalancerArn"):
        arns.append(params["LoadBalancerArn"])
    names = {balancer.name for balancer in there.values()}
    absent = [arn for arn in arns if arn not in there]
    absent += [name for name in params.get("Names") or () if name not in names]
    if absent:
        raise AwsError("LoadBalancerNotFound", f"Load balancers '[{', '.join(absent)}]' not found")


@rule(
    "elbv2",
    "DeleteLoadBalancer",
    when="before",
    follows=GUIDE + "application-load-balancers.html",
    corrects="moto deletes it",
)
def deletion_protection_is_asked_first_of_a_load_balancer(exchange: Exchange) -> None:
    """A load balancer with deletion protection is not deleted.

    OperationNotPermitted: Load balancer 'arn:…' cannot be deleted because deletion protection is
    enabled.
    """
    balancer = balancer_of(exchange)
    if balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise AwsError(
            "OperationNotPermitted",
            f"Load balancer '{balancer.arn}' cannot be deleted because deletion protection is "
            "enabled",
        )


# ---- listeners and rules ----


@rule(
    "elbv2",
    "CreateListener",
    when="before",
    follows=_LISTENER,
    corrects="moto takes a second one",
)
def a_port_has_one_listener(exchange: Exchange) -> None:
    """A load balancer listens at a port once.

    DuplicateListener: A listener already exists on this port for this load balancer 'arn:…'.
    """
    balancer, port = balancer_of(exchange), exchange.params.get("Port")
    for listener in balancer.listeners.values() if balancer is not None else ():
        if port is not None and str(listener.port) == str(port):
            raise AwsError(
                "DuplicateListener",
                f"A listener already exists on this port for this load balancer '{balancer.arn}'",
            )


@rule(
    "elbv2",
    "CreateListener",
    when="before",
    follows=_LISTENER,
    corrects="moto listens without",
)
def an_https_listener_needs_a_certificate(exchange: Exchange) -> None:
    """A listener of HTTPS or TLS has a certificate.

    CertificateNotFound would be for one that does not exist; without one it is ValidationError: A
    certificate must be specified for HTTPS listeners.
    """
    protocol = exchange.params.get("Protocol")
    if protocol in ("HTTPS", "TLS") and not exchange.params.get("Certificates"):
        raise invalid(f"A certificate must be specified for {protocol} listeners")


@rule(
    "elbv2",
    "CreateListener",
    "CreateRule",
    when="before",
    follows=API + "TargetGroup.html",
    corrects="moto lets several share it",
)
def a_target_group_has_one_load_balancer(exchange: Exchange) -> None:
    """A target group receives the traffic of one load balancer.

    TargetGroupAssociationLimit: The following target groups cannot be associated with more than
    one load balancer: arn:….
    """
    params, backend = exchange.params, backend_of(exchange)
    listener = str(params.get("ListenerArn") or "").replace(":listener/", ":loadbalancer/")
    own = params.get("LoadBalancerArn") or listener.rsplit("/", 1)[0]
    groups = [*groups_in(params.get("DefaultActions") or params.get("Actions") or [])]
    taken = [
        arn
        for arn in groups
        for balancer in backend.load_balancers.values()
        if balancer.arn != own and balancer.forwards_to(arn)
    ]
    if taken:
        raise AwsError(
            "TargetGroupAssociationLimit",
            "The following target groups cannot be associated with more than one load balancer: "
            + ", ".join(taken),
        )


@rule(
    "elbv2",
    "CreateRule",
    when="before",
    follows=API + "CreateRule.html",
    corrects="moto takes any number",
)
def a_priority_has_its_range(exchange: Exchange) -> None:
    """The priority of a rule lies between 1 and 50,000; the lowest is looked at first.

    ValidationError; its words are unverified.
    """
    priority, most = exchange.params["Priority"], _PRIORITY_MAX
    if not 1 <= priority <= most:
        raise invalid(
            f"1 validation error detected: Value '{priority}' at 'priority' failed to satisfy "
            f"constraint: Member must be between 1 and {most}"
        )


@rule(
    "elbv2",
    "DeleteRule",
    when="before",
    follows=API + "DeleteRule.html",
    corrects="moto says nothing",
)
def the_default_rule_stays(exchange: Exchange) -> None:
    """The default rule of a listener cannot be deleted.

    OperationNotPermitted: Default rule 'arn:…' cannot be deleted.
    """
    arn = exchange.params["RuleArn"]
    for balancer in backend_of(exchange).load_balancers.values():
        for listener in balancer.listeners.values():
            for one in listener.rules.values():
                if one.arn == arn and str(one.priority) == "default":
                    raise AwsError(
                        "OperationNotPermitted", f"Default rule '{arn}' cannot be deleted"
                    )


# ---- targets ----


@rule(
    "elbv2",
    "RegisterTargets",
    when="before",
    follows=API + "RegisterTargets.html",
    corrects="moto takes whatever it is",
)
def a_target_is_an_instance_that_is_there(exchange: Exchange) -> None:
    """A group of instances takes instances that exist.

    InvalidTarget; its words are unverified.
    """
    from moto.ec2.models import ec2_backends

    params = exchange.params
    group = backend_of(exchange).target_groups.get(params["TargetGroupArn"])
    if group is None or group.target_type != "instance":
        return
    ec2 = ec2_backends[exchange.account][exchange.region]
    absent = [one["Id"] for one in params["Targets"] if ec2.get_instance_by_id(one["Id"]) is None]
    if absent:
        raise AwsError(
            "InvalidTarget", f"The following targets are not valid instances: '{', '.join(absent)}'"
        )
