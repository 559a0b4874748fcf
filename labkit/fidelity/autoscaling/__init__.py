"""Auto Scaling groups as AWS has them: between their bounds, and not deleted while in use."""

from __future__ import annotations

from collections import Counter
from typing import Any

from moto.autoscaling import models as moto_autoscaling

from labkit.fidelity.registry import as_on_aws, corrected, differs, rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange
from labkit.sandbox.sandbox import Sandbox

API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/"


class Group(moto_autoscaling.FakeAutoScalingGroup):
    """A group that keeps its zones in balance."""

    def replace_autoscaling_group_instances(
        self, count_needed: int, propagated_tags: dict[str, str]
    ) -> None:
        """Each new instance goes where the fewest are."""
        subnets = self.vpc_zone_identifier
        for _ in range(count_needed):
            there = Counter(state.instance.subnet_id for state in self.instance_states)
            if subnets:
                named = [name.strip() for name in subnets.split(",")]
                self.vpc_zone_identifier = min(named, key=lambda name: there[name])
            try:
                super().replace_autoscaling_group_instances(1, propagated_tags)
            finally:
                self.vpc_zone_identifier = subnets


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's groups until the sandbox closes."""
    original = moto_autoscaling.FakeAutoScalingGroup
    sandbox.on_close(lambda: setattr(moto_autoscaling, "FakeAutoScalingGroup", original))
    vars(moto_autoscaling)["FakeAutoScalingGroup"] = Group


def _groups(exchange: Exchange) -> Any:
    return moto_autoscaling.autoscaling_backends[exchange.account][
        exchange.region
    ].autoscaling_groups


def _invalid(sentence: str) -> AwsError:
    return AwsError("ValidationError", sentence)


@rule(
    "autoscaling",
    "SetDesiredCapacity",
    "UpdateAutoScalingGroup",
    "DeleteAutoScalingGroup",
    when="before",
    follows=API + "UpdateAutoScalingGroup.html",
    corrects="moto breaks down, or says nothing",
)
def a_group_that_is_not_there_is_named_when_it_is_changed(exchange: Exchange) -> None:
    """Who changes a group that does not exist is told its name.

    ValidationError: AutoScalingGroup name not found - AutoScalingGroup 'web' not found.
    """
    name = exchange.params["AutoScalingGroupName"]
    if name not in _groups(exchange):
        raise _invalid(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")


@rule(
    "autoscaling",
    "CreateAutoScalingGroup",
    when="before",
    follows=API + "CreateAutoScalingGroup.html",
    corrects="moto makes it anew",
)
def a_group_is_made_once(exchange: Exchange) -> None:
    """The name of a group is there once in its Region.

    AlreadyExists: AutoScalingGroup by this name already exists - A group with the name web already
    exists.
    """
    name = exchange.params["AutoScalingGroupName"]
    if name in _groups(exchange):
        raise AwsError(
            "AlreadyExists",
            "AutoScalingGroup by this name already exists - A group with the name "
            f"{name} already exists",
        )


@rule(
    "autoscaling",
    "CreateAutoScalingGroup",
    "UpdateAutoScalingGroup",
    when="before",
    follows=API + "CreateAutoScalingGroup.html",
    corrects="moto takes any three numbers",
)
def a_group_lies_between_its_bounds(exchange: Exchange) -> None:
    """The desired capacity lies between the least and the greatest size.

    ValidationError: Desired capacity:9 must be between the specified min size:1 and max size:3.
    """
    params = exchange.params
    held = _groups(exchange).get(params["AutoScalingGroupName"])
    least, most = (
        int(params[name] if params.get(name) is not None else getattr(held, attribute, 0))
        for name, attribute in (("MinSize", "min_size"), ("MaxSize", "max_size"))
    )
    if least > most:
        raise _invalid(f"Max bound, {most}, must be greater than or equal to min bound, {least}")
    wanted = params.get("DesiredCapacity")
    if wanted is not None and not least <= wanted <= most:
        raise _invalid(
            f"Desired capacity:{wanted} must be between the specified min size:{least} and max "
            f"size:{most}"
        )


@rule(
    "autoscaling",
    "SetDesiredCapacity",
    when="before",
    follows=API + "SetDesiredCapacity.html",
    corrects="moto launches as many as the maximum, and says nothing",
)
def a_desired_capacity_is_within_the_bounds(exchange: Exchange) -> None:
    """Who asks for more than the maximum, or fewer than the minimum, is refused.

    ValidationError: New SetDesiredCapacity value 5 is above max value 3 for the AutoScalingGroup.
    """
    params = exchange.params
    group, wanted = _groups(exchange)[params["AutoScalingGroupName"]], params["DesiredCapacity"]
    for beyond, word, bound in (
        (wanted > group.max_size, "above max", group.max_size),
        (wanted < group.min_size, "below min", group.min_size),
    ):
        if beyond:
            raise _invalid(
                f"New SetDesiredCapacity value {wanted} is {word} value {bound} for the "
                "AutoScalingGroup."
            )


@rule(
    "autoscaling",
    "DeleteAutoScalingGroup",
    when="before",
    follows=API + "DeleteAutoScalingGroup.html",
    corrects="moto deletes it and its instances",
)
def a_group_with_instances_is_deleted_by_force_only(exchange: Exchange) -> None:
    """A group that has instances is deleted only with ForceDelete.

    ResourceInUse: You cannot delete an AutoScalingGroup while there are instances or pending Spot
    instance request(s) still in the group.
    """
    group = _groups(exchange)[exchange.params["AutoScalingGroupName"]]
    if group.instance_states and not exchange.params.get("ForceDelete"):
        raise AwsError(
            "ResourceInUse",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot "
            "instance request(s) still in the group.",
        )


corrected(
    "autoscaling",
    "A group spreads its instances over its subnets, and so over zones.",
    "It launches in the zone that has the fewest.",
    test="test_a_group_spreads_its_instances_over_its_zones",
    source=GUIDE + "ec2-auto-scaling-availability-zone-balanced.html",
)
as_on_aws(
    "autoscaling",
    "A group has as many instances as it wants, and replaces one that is terminated.",
    "It launches another to keep the desired capacity.",
    test="test_a_group_keeps_its_desired_capacity",
    source=GUIDE + "ec2-auto-scaling-health-checks.html",
)
differs(
    "autoscaling",
    "Nothing scales a group by itself: policies and schedules are kept and not followed, and a "
    "failed health check replaces nothing.",
    "Target tracking, step and scheduled scaling change the desired capacity; unhealthy instances "
    "are replaced.",
    source=GUIDE + "scale-your-group.html",
)
differs(
    "autoscaling",
    "An instance is in service at once; warm-up, cooldown and lifecycle hooks take no time.",
    "It is Pending, waits for its hooks, and counts after its warm-up.",
    source=GUIDE + "ec2-auto-scaling-lifecycle.html",
)
