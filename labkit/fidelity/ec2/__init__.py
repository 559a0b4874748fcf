"""EC2 and EBS as AWS has them: instances and volumes that take time and have limits.

ids, launch, devices, states,       what is refused, and what a request gets unasked
volumes, attaching, changes,
snapshots, networks, dryrun
rates                               what a volume of each type may be
instance, volume, backend           the model in the place of moto's
ledger                              what else there is to say

moto loads this service late, for it is large: the rules come with it, no sooner.
"""

from __future__ import annotations

from collections.abc import Callable

from moto.ec2 import models as moto_ec2
from moto.ec2.models import amis as moto_amis
from moto.ec2.models import elastic_block_store as moto_ebs
from moto.ec2.models import instances as moto_instances

from labkit.fidelity.ec2 import (
    attaching,
    changes,
    devices,
    dryrun,
    ids,
    launch,
    ledger,
    networks,
    snapshots,
    states,
    volumes,
)
from labkit.fidelity.ec2.backend import Backend
from labkit.fidelity.ec2.instance import Ami, Instance, MetadataOptions
from labkit.fidelity.ec2.volume import Snapshot, Volume, VolumeAttachment, VolumeModification
from labkit.sandbox.sandbox import Sandbox

__all__ = [
    "attaching",
    "changes",
    "devices",
    "dryrun",
    "ids",
    "launch",
    "ledger",
    "networks",
    "snapshots",
    "states",
    "volumes",
]


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's instances and volumes until the sandbox closes."""
    replaced: list[tuple[object, dict[str, object]]] = [
        (moto_ec2.ec2_backends, {"backend": Backend}),
        (moto_amis, {"Ami": Ami}),
        (moto_instances, {"Instance": Instance, "MetadataOptions": MetadataOptions}),
        (
            moto_ebs,
            {
                "Snapshot": Snapshot,
                "Volume": Volume,
                "VolumeAttachment": VolumeAttachment,
                "VolumeModification": VolumeModification,
            },
        ),
    ]
    for holder, names in replaced:
        for name, ours in names.items():
            sandbox.on_close(_putting_back(holder, name))
            setattr(holder, name, ours)


def _putting_back(holder: object, name: str) -> Callable[[], None]:
    original = getattr(holder, name)
    return lambda: setattr(holder, name, original)
