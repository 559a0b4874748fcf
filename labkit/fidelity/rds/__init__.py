"""RDS as AWS has it: databases that take time, back themselves up, and refuse what is not ready.

creating, lifecycle, replicas,     what is refused
backups
instance, backend                  the model in the place of moto's
ledger                             what else there is to say
"""

from __future__ import annotations

from collections.abc import Callable

from moto.rds import models as moto_rds

from labkit.fidelity.rds import backups, creating, ledger, lifecycle, replicas
from labkit.fidelity.rds.backend import Backend
from labkit.fidelity.rds.instance import Instance, Snapshot
from labkit.sandbox.sandbox import Sandbox

__all__ = ["backups", "creating", "ledger", "lifecycle", "replicas"]


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's databases and snapshots until the sandbox closes."""
    replaced: list[tuple[object, dict[str, object]]] = [
        (moto_rds.rds_backends, {"backend": Backend}),
        (moto_rds, {"DBInstance": Instance, "DBSnapshot": Snapshot}),
    ]
    for holder, names in replaced:
        for name, ours in names.items():
            sandbox.on_close(_putting_back(holder, name))
            setattr(holder, name, ours)


def _putting_back(holder: object, name: str) -> Callable[[], None]:
    original = getattr(holder, name)
    return lambda: setattr(holder, name, original)
