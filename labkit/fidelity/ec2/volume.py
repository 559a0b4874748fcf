"""Volumes, their attachments and changes, and snapshots: all of them take their time.

    create ─▶ creating ─▶ available ─▶ in-use (attaching ─▶ attached ─▶ detaching) ─▶ available
    modify ─▶ modifying ─▶ optimizing ─▶ completed
    snapshot ─▶ pending ─▶ completed

AWS promises no times. A full TiB is said to be optimized in about six hours, and that is the
rate taken here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from moto.ec2.models import elastic_block_store as moto_ebs

from labkit.fidelity.ec2.common import after, limit, now
from labkit.units import SECONDS_PER_HOUR

CREATING_S = 5
ATTACHING_S = 5
DETACHING_S = 5
SNAPSHOT_S = 60
MODIFYING_S = 30
OPTIMIZING_S_PER_GIB = 6 * SECONDS_PER_HOUR / 1024


def gp2_iops(size_gib: int) -> int:
    """The baseline that the size of a gp2 volume gives."""
    by_size = size_gib * limit("ebs.gp2_iops_per_gib")
    return min(max(by_size, limit("ebs.gp2_iops_min")), limit("ebs.gp2_iops_max"))


class Volume(moto_ebs.Volume):
    """One volume."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready_at = after(CREATING_S)
        self.shared: list[Any] = []  # further attachments of a volume with Multi-Attach
        self.settle_rates()

    def settle_rates(self) -> None:
        """IOPS and throughput as the type has them, where nobody set them."""
        if self.volume_type == "gp2":
            self.iops, self.throughput = gp2_iops(self.size), None
        elif self.volume_type == "gp3":
            self.iops = self.iops or limit("ebs.gp3_iops_default")
            self.throughput = self.throughput or limit("ebs.gp3_throughput_default_mib")
        elif self.volume_type in ("io1", "io2"):
            self.throughput = None
        else:
            self.iops = self.throughput = None

    @property
    def attachments(self) -> list[Any]:
        """All of them; more than one with Multi-Attach only."""
        return [*self.shared, self.attachment] if self.attachment else []

    @property
    def status(self) -> str:
        """Creating first."""
        told = super().status
        return "creating" if told == "available" and now() < self.ready_at else told

    def modify(self, *args: Any, **kwargs: Any) -> None:
        """Become larger, faster, or of another type."""
        super().modify(*args, **kwargs)
        self.settle_rates()
        change: Any = self.modifications[-1]
        change.note_targets()


class VolumeAttachment(moto_ebs.VolumeAttachment):
    """A volume on an instance."""

    def __init__(self, volume: Any, instance: Any, device: str, status: str) -> None:
        super().__init__(volume, instance, device, status)
        starting = instance.state == "pending"
        self.attached_at = now() if starting else after(ATTACHING_S)
        self.leaving = False

    @property
    def status(self) -> str:
        """Attaching, attached or detaching."""
        if self.leaving:
            return "detaching"
        return "attaching" if now() < self.attached_at else "attached"

    @status.setter
    def status(self, value: str) -> None:
        self._told = value  # moto's word; the clock knows better

    @property
    def delete_on_termination(self) -> bool:
        """Whether the volume goes with the instance."""
        block = self.instance.block_device_mapping.get(self.device)
        return bool(block and block.delete_on_termination)


class VolumeModification(moto_ebs.VolumeModification):
    """A change of a volume."""

    def __init__(self, volume: Any, *args: Any, **kwargs: Any) -> None:
        before = _rates(volume)
        super().__init__(volume, *args, **kwargs)
        for name, value in before.items():
            setattr(self, f"original_{name}", value)
        self.begun_at = now()
        self.optimizing_at = after(MODIFYING_S)
        self.completed_at = self.optimizing_at

    def note_targets(self) -> None:
        """What the volume has become, in all respects."""
        for name, value in _rates(self.volume).items():
            setattr(self, f"target_{name}", value)
        took = timedelta(seconds=OPTIMIZING_S_PER_GIB * self.volume.size)
        self.completed_at = self.optimizing_at + took

    @property
    def modification_state(self) -> str:
        """Modifying, optimizing or completed."""
        if now() < self.optimizing_at:
            return "modifying"
        return "optimizing" if now() < self.completed_at else "completed"

    @property
    def progress(self) -> int:
        """How much of the optimizing is done, of a hundred."""
        whole = (self.completed_at - self.optimizing_at).total_seconds()
        done = (now() - self.optimizing_at).total_seconds()
        return int(max(0, min(100, 100 * done / whole))) if whole else 0

    @property  # type: ignore[override]
    def end_time(self) -> datetime | None:
        """When it was completed; None until then."""
        return self.completed_at if self.modification_state == "completed" else None

    @end_time.setter
    def end_time(self, value: datetime) -> None:
        self._told = value  # moto's word; the clock knows better


def _rates(volume: Any) -> dict[str, Any]:
    return {
        "size": volume.size,
        "volume_type": volume.volume_type,
        "iops": volume.iops,
        "throughput": volume.throughput,
        "multi_attach_enabled": bool(volume.multi_attach_enabled),
    }


class Snapshot(moto_ebs.Snapshot):
    """A copy of a volume as it was."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.owner_id == self.ec2_backend.account_id
        self.completed_at = after(SNAPSHOT_S if own else 0)
        self.size_gib: int = self.volume.size
        if self.encrypted and not self.kms_key_id:
            self.kms_key_id = self.volume.kms_key_id

    def seal(self, volume: Any) -> None:
        """Be encrypted as that volume is."""
        self.encrypted, self.kms_key_id = volume.encrypted, volume.kms_key_id

    @property
    def status(self) -> str:
        """Pending, then completed."""
        return "pending" if now() < self.completed_at else "completed"

    @status.setter
    def status(self, value: str) -> None:
        self._told = value  # moto's word; the clock knows better

    @property
    def progress(self) -> str:
        """How much of it is copied."""
        left = (self.completed_at - now()).total_seconds()
        return f"{int(100 * (1 - max(0, left) / SNAPSHOT_S))}%"

    @property
    def volume_size(self) -> int:
        """The size of the volume when the snapshot was taken."""
        return self.size_gib

    def get_filter_value(self, filter_name: str, method_name: str | None = None) -> Any:
        """The size is that of the snapshot, whatever became of the volume."""
        if filter_name == "volume-size":
            return str(self.size_gib)
        return super().get_filter_value(filter_name, method_name)
