"""Target groups whose targets take time, and balancers that let go of what they used.

register ─▶ initial ─▶ healthy          deregister ─▶ draining ─▶ unused
    no listener forwards to the group, or the instance is stopped: unused
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.elbv2 import models as moto_elbv2

from labkit.fidelity.elbv2.common import after, groups_in, now

PROVISIONING_S = 120

_WAITING = (
    "initial",
    "Elb.InitialHealthChecking",
    "Initial health checks in progress",
)
_DRAINING = (
    "draining",
    "Target.DeregistrationInProgress",
    "Target deregistration is in progress",
)
_IDLE = (
    "unused",
    "Target.NotInUse",
    "Target group is not configured to receive traffic from the load balancer",
)


class LoadBalancer(moto_elbv2.FakeLoadBalancer):
    """A load balancer that is provisioning first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scheme = self.scheme or "internet-facing"
        self.active_at = after(PROVISIONING_S)

    def activate(self) -> None:
        """Be active, once it is time for it."""
        if now() >= self.active_at:
            super().activate()

    def forwards_to(self, arn: str) -> bool:
        """Whether a listener or a rule forwards to that target group."""
        return any(
            arn in groups_in([action.data for action in rule.actions])
            for listener in self.listeners.values()
            for rule in listener.rules.values()
        )


class TargetGroup(moto_elbv2.FakeTargetGroup):
    """Targets, and how they do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checked_at: dict[str, datetime] = {}
        self.drained_at: dict[str, datetime] = {}

    def register(self, targets: list[dict[str, Any]]) -> None:
        """The first health check comes after one interval."""
        super().register(targets)
        for target in targets:
            self.checked_at[target["Id"]] = after(int(self.health_check_interval_seconds))

    def deregister(self, targets: list[dict[str, Any]]) -> None:
        """What is under way may end before the target is let go."""
        super().deregister(targets)
        delay = int(str(self.attributes["deregistration_delay.timeout_seconds"]))
        for target in targets:
            self.drained_at[target["Id"]] = after(delay)

    def health_for(self, target: dict[str, Any], ec2_backend: Any) -> Any:
        """How a target does, by the clock."""
        told = super().health_for(target, ec2_backend)
        state = self._state(target["Id"], told.status)
        if state is not None:
            told.status, told.reason, told.description = state
        return told

    def _state(self, id: str, told: str) -> tuple[str, str, str] | None:
        """What the clock says of a target that moto calls healthy or unused, if it differs."""
        if id in self.deregistered_targets:
            return _DRAINING if now() < self.drained_at[id] and self._in_use else None
        if told != "healthy":
            return None
        if not self._in_use:
            return _IDLE
        return _WAITING if now() < self.checked_at[id] else None

    @property
    def _in_use(self) -> bool:
        backend: Any = moto_elbv2.elbv2_backends[self.account_id][self.region_name]
        return any(one.forwards_to(self.arn) for one in backend.load_balancers.values())


class Backend(moto_elbv2.ELBv2Backend):
    """The load balancers of one Region."""

    @property
    def _url_module(self) -> Any:
        from moto.elbv2 import urls  # which need those of the Classic Load Balancers, and they us

        return urls  # moto would look for it beside this module

    def delete_load_balancer(self, arn: str) -> None:
        """Its target groups are free then."""
        super().delete_load_balancer(arn)
        self._free()

    def delete_listener(self, listener_arn: str) -> Any:
        """Its target groups are free then, unless another listener uses them."""
        listener = super().delete_listener(listener_arn)
        self._free()
        return listener

    def describe_target_health(self, target_group_arn: str, targets: Any) -> Any:
        """Those that are draining are listed too."""
        group: Any = self.target_groups.get(target_group_arn)
        if group is not None and not targets:
            leaving = [
                target
                for id, target in group.deregistered_targets.items()
                if now() < group.drained_at[id]
            ]
            targets = [*group.targets.values(), *leaving]
            if not targets:
                return []
        return super().describe_target_health(target_group_arn, targets)

    def _free(self) -> None:
        balancers: dict[str, Any] = {**self.load_balancers}
        for group in self.target_groups.values():
            group.load_balancer_arns = [
                arn
                for arn in dict.fromkeys(group.load_balancer_arns)
                if arn in balancers and balancers[arn].forwards_to(group.arn)
            ]
