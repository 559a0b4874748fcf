"""An instance that takes its time, and the machine image that it starts from.

    run ─▶ pending ─▶ running ─▶ stopping ─▶ stopped ─▶ pending …
                         └─▶ shutting-down ─▶ terminated ─▶ forgotten after an hour

AWS promises none of these times; the seconds below are what is often seen.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import amis as moto_amis
from moto.ec2.models import instances as moto_instances

from labkit.fidelity.ec2.common import after, call_after, limit, now

PENDING_S = 10
STOPPING_S = 20
SHUTTING_DOWN_S = 30
CHECKS_S = 120  # from running until both status checks have passed
ROOT_SIZE_GIB = 8
_CODES = {
    "pending": 0,
    "running": 16,
    "shutting-down": 32,
    "terminated": 48,
    "stopping": 64,
    "stopped": 80,
}
_AL2023 = "al2023"


class MetadataOptions(moto_instances.MetadataOptions):
    """How an instance's metadata is reached; an image may bring other defaults than moto's."""

    def __init__(self, options: dict[str, Any] | None = None) -> None:
        super().__init__({name: value for name, value in (options or {}).items() if value})


class Instance(moto_instances.Instance):
    """One machine."""

    def __init__(self, ec2_backend: Any, image_id: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(ec2_backend, image_id, *args, **kwargs)
        self._turn = 0
        self.settled_at = self.checked_at = now()
        existing = {nic.get("NetworkInterfaceId") for nic in kwargs.get("nics") or ()}
        for nic in self.nics.values():
            if nic.id not in existing:
                nic.delete_on_termination = True
        if not self.security_groups:
            self.security_groups = [*self.nics[0].group_set]
        image = ec2_backend.amis.get(self.image_id)
        if getattr(image, "imds_support", None):
            options = {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}
            self.metadata_options = MetadataOptions(
                options | (kwargs.get("metadata_options") or {})
            )
        self._move("pending", "running", PENDING_S)

    def _move(self, through: str, to: str, seconds: float) -> None:
        """Be in one state for some seconds, then in another, unless something else comes first."""
        self._turn += 1
        turn = self._turn
        self._be(through)
        self.settled_at = after(seconds)
        if to == "running":
            self.checked_at = after(seconds + CHECKS_S)

        def arrive() -> None:
            if turn != self._turn:
                return
            if to == "terminated":
                why = self._reason
                super(Instance, self).terminate()
                self._reason = why  # which tells when it was asked for
                call_after(limit("ec2.terminated_shown_s"), self._be_forgotten)
            self._be(to)

        call_after(seconds, arrive)

    def _be(self, state: str) -> None:
        self._state = moto_instances.InstanceState(state, _CODES[state])

    def _be_forgotten(self) -> None:
        for id, reservation in [*self.ec2_backend.reservations.items()]:
            if self in reservation.instances:
                reservation.instances.remove(self)
            if not reservation.instances:
                del self.ec2_backend.reservations[id]

    def start(self) -> moto_instances.InstanceState:
        """Boot; a new public address comes with it."""
        if self.state in ("running", "pending"):
            return self._state
        previous = super().start()
        self._move("pending", "running", PENDING_S)
        return previous

    def stop(self) -> moto_instances.InstanceState:
        """Shut down; the public address goes, the volumes stay."""
        if self.state in ("stopped", "stopping"):
            return self._state
        previous = super().stop()
        self._move("stopping", "stopped", STOPPING_S)
        return previous

    def terminate(self) -> moto_instances.InstanceState:
        """Shut down for good; at the end the volumes go that are marked for it."""
        previous = self._state
        if previous.name not in ("shutting-down", "terminated"):
            self._reason = f"User initiated ({now():%Y-%m-%d %H:%M:%S UTC})"
            self._move("shutting-down", "terminated", SHUTTING_DOWN_S)
        return previous

    def reboot(self) -> None:
        """The machine starts again without leaving its state."""
        self.checked_at = after(CHECKS_S)

    def is_running(self) -> bool:
        """Whether its status is told without IncludeAllInstances."""
        return self.state == "running"

    @property
    def instance_status(self) -> dict[str, Any]:
        """The check of the machine; not passed until it has been up for a while."""
        told = super().instance_status
        return _initializing() if told["Status"] == "ok" and not self._checked else told

    @property
    def system_status(self) -> dict[str, Any]:
        """The check of what the machine runs on."""
        told = super().system_status
        return _initializing() if told["Status"] == "ok" and not self._checked else told

    @property
    def _checked(self) -> bool:
        return now() >= self.checked_at

    def setup_defaults(self) -> None:
        """The root volume that the image asks for, where a launch says nothing of it."""
        image = self.ec2_backend.amis.get(self.image_id)
        volume = self.ec2_backend.create_volume(
            size=image.root_size_gib if image else ROOT_SIZE_GIB,
            zone_name=self._placement.zone,
            volume_type=image.root_type if image else None,
        )
        self.ec2_backend.attach_volume(volume.id, self.id, self.root_device_name, True)

    def teardown_defaults(self) -> None:
        """At its end an instance lets go of its volumes, and deletes those marked for it."""
        for device, block in self.get_block_device_mapping:
            self.ec2_backend.detach_now(block.volume_id, self.id, device)
            if block.delete_on_termination:
                self.ec2_backend.delete_volume(block.volume_id)

    def add_block_device(self, size: int, device_path: str, *args: Any, **kwargs: Any) -> None:
        """A volume made at the launch; moto forgets the IOPS and the throughput asked for."""
        backend = self.ec2_backend
        backend.making = backend.launching.get(device_path, {})
        try:
            super().add_block_device(size, device_path, *args, **kwargs)
        finally:
            backend.making = {}


def _initializing() -> dict[str, Any]:
    return {
        "Status": "initializing",
        "Details": [{"Name": "reachability", "Status": "initializing"}],
    }


class Ami(moto_amis.Ami):
    """An image: its root volume as Amazon Linux has it, or the snapshots of an instance."""

    def __init__(self, ec2_backend: Any, ami_id: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(ec2_backend, ami_id, *args, **kwargs)
        modern = (self.name or "").startswith(_AL2023) and not kwargs.get("instance")
        self.imds_support = "v2.0" if modern else None
        self.root_size_gib = ROOT_SIZE_GIB
        self.root_type = "gp3" if modern else "gp2"
        self.data_snapshots: dict[str, Any] = {}
        instance = kwargs.get("instance")
        if instance is not None:
            self.root_device_name = instance.root_device_name
            self._take(instance)
        self.ebs_snapshot.size_gib = self.root_size_gib

    def _take(self, instance: Any) -> None:
        """A snapshot of each volume of the instance."""
        for device, block in instance.get_block_device_mapping:
            volume = self.ec2_backend.volumes[block.volume_id]
            if device == self.root_device_name:
                self.root_size_gib, self.root_type = volume.size, volume.volume_type
                self.ebs_snapshot.seal(volume)
            else:
                told = f"Created by CreateImage({instance.id}) for {self.id}"
                self.data_snapshots[device] = self.ec2_backend.create_snapshot(
                    volume.id, told, from_ami=self.id
                )

    @property
    def block_device_mappings(self) -> list[dict[str, Any]]:
        """What a launch makes of it."""
        snapshots = {self.root_device_name: self.ebs_snapshot, **self.data_snapshots}
        types = {self.root_device_name: self.root_type}
        return [
            {
                "DeviceName": device,
                "Ebs": {
                    "SnapshotId": snapshot.id,
                    "VolumeSize": snapshot.volume_size,
                    "DeleteOnTermination": device == self.root_device_name,
                    "VolumeType": types.get(device, snapshot.volume.volume_type),
                    "Encrypted": snapshot.encrypted,
                },
            }
            for device, snapshot in snapshots.items()
        ]
