"""The rows of the ledger of Elastic Load Balancing that no rule writes."""

from __future__ import annotations

from labkit.fidelity.elbv2.common import API, GUIDE
from labkit.fidelity.registry import as_on_aws, corrected, differs

_CORRECTED = [
    (
        "A registered target is initial until its first health check, then healthy.",
        "State: initial, for Elb.InitialHealthChecking; the waiter is target_in_service.",
        "a_target_is_initial_first",
        API + "TargetHealth.html",
    ),
    (
        "The targets of a group that no listener forwards to are unused.",
        "State: unused, with the reason Target.NotInUse.",
        "a_group_without_a_listener_is_not_in_use",
        API + "TargetHealth.html",
    ),
    (
        "A deregistered target is draining as long as the deregistration delay says.",
        "State: draining; 300 seconds unless the group's attribute is changed.",
        "a_deregistered_target_is_draining_first",
        GUIDE + "edit-target-group-attributes.html",
    ),
    (
        "With a load balancer its listeners go, and its target groups are free.",
        "Deleting a load balancer also deletes its listeners, not its targets.",
        "a_deleted_load_balancer_frees_its_target_groups",
        API + "DeleteLoadBalancer.html",
    ),
]
_AS_ON_AWS = [
    (
        "The name of a target group has up to 32 characters, and is there once.",
        "ValidationError; DuplicateTargetGroupName.",
        "a_target_group_has_a_name_of_its_own",
        API + "CreateTargetGroup.html",
    ),
    (
        "A listener has one rule of each priority.",
        "PriorityInUse.",
        "a_priority_is_used_once",
        API + "CreateRule.html",
    ),
    (
        "A target group in use is not deleted.",
        "ResourceInUse.",
        "a_target_group_in_use_stays",
        API + "DeleteTargetGroup.html",
    ),
    (
        "An Application Load Balancer listens to HTTP and HTTPS only.",
        "ValidationError: Listener protocol 'TCP' must be one of 'HTTP, HTTPS'.",
        "an_application_load_balancer_speaks_http",
        API + "CreateListener.html",
    ),
    (
        "Only a running instance is registered.",
        "InvalidTarget: The following targets are not in a running state.",
        "only_a_running_instance_is_registered",
        API + "RegisterTargets.html",
    ),
]
_DIFFERS = [
    (
        "No traffic flows: nothing listens at a load balancer's name, and no rule is ever tried.",
        "It forwards each request by its rules, and answers 502, 503 or 504 itself where no target "
        "can.",
        GUIDE + "load-balancer-troubleshooting.html",
    ),
    (
        "A target is never asked for its health: it is healthy after one interval.",
        "It turns healthy and unhealthy by the answers that it gives.",
        GUIDE + "target-group-health-checks.html",
    ),
    (
        "Stickiness, cross-zone balancing, idle timeouts and access logs are settings without "
        "effect.",
        "They shape the traffic, or tell of it.",
        GUIDE + "edit-load-balancer-attributes.html",
    ),
    (
        "Classic Load Balancers answer as moto has them.",
        "They are of the previous generation, and have an interface of their own.",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/introduction.html",
    ),
]
for _behaviour, _aws, _test, _source in _CORRECTED:
    corrected("elbv2", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _test, _source in _AS_ON_AWS:
    as_on_aws("elbv2", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _source in _DIFFERS:
    differs("elbv2", _behaviour, _aws, source=_source)
