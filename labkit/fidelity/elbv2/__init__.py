"""Elastic Load Balancing as AWS has it, but for the traffic.

rules        what is refused
backend      the model in the place of moto's
ledger       what else there is to say
"""

from __future__ import annotations

from collections.abc import Callable

from moto.elbv2 import models as moto_elbv2

from labkit.fidelity.elbv2 import ledger, rules
from labkit.fidelity.elbv2.backend import Backend, LoadBalancer, TargetGroup
from labkit.sandbox.sandbox import Sandbox

__all__ = ["ledger", "rules"]


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's load balancers and target groups until the sandbox closes."""
    replaced: list[tuple[object, dict[str, object]]] = [
        (moto_elbv2.elbv2_backends, {"backend": Backend}),
        (moto_elbv2, {"FakeLoadBalancer": LoadBalancer, "FakeTargetGroup": TargetGroup}),
    ]
    for holder, names in replaced:
        for name, ours in names.items():
            sandbox.on_close(_putting_back(holder, name))
            setattr(holder, name, ours)


def _putting_back(holder: object, name: str) -> Callable[[], None]:
    original = getattr(holder, name)
    return lambda: setattr(holder, name, original)
