"""What an account has of EC2 in a Region, where moto's own is not enough."""

from __future__ import annotations

from typing import Any

from moto.ec2 import urls
from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import MetadataOptions, Reservation

from labkit.fidelity.ec2.common import call_after, limit
from labkit.fidelity.ec2.images import Images
from labkit.fidelity.ec2.volume import CREATING_S, DETACHING_S
from labkit.sandbox.awserror import AwsError


class Backend(EC2Backend):
    """The instances, volumes and networks of one Region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        self.launching: dict[str, dict[str, Any]] = {}  # what a launch asks of each device
        self.making: dict[str, Any] = {}  # what it asks of the volume that is made now
        self.answered: dict[tuple[str, str], Any] = {}  # by operation and client token
        super().__init__(region_name, account_id)

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module

    def _load_amis(self) -> None:
        self.amis = Images(self)  # type: ignore[assignment]

    def describe_snapshots(self, *args: Any, **kwargs: Any) -> Any:
        """Snapshots, those of the public images too where nobody has asked for less."""
        if not any(args) and not any(kwargs.values()):
            self.amis.make_all()  # type: ignore[attr-defined]
        return super().describe_snapshots(*args, **kwargs)

    def run_instances(self, *args: Any, **kwargs: Any) -> Reservation:
        """Launch; what was asked of the devices is forgotten then."""
        try:
            return super().run_instances(*args, **kwargs)
        finally:
            self.launching = {}

    def modify_instance_metadata_options(  # type: ignore[override]
        self, instance_id: str, **asked: Any
    ) -> MetadataOptions:
        """What is not named stays as it is."""
        held = self.get_instance(instance_id).metadata_options
        kept = {
            "http_tokens": held.http_tokens,
            "hop_limit": held.http_put_response_hop_limit,
            "http_endpoint": held.http_endpoint,
            "http_protocol": held.http_protocol_ipv6,
            "metadata_tags": held.instance_metadata_tags,
        }
        named = {name: value for name, value in asked.items() if value}
        return super().modify_instance_metadata_options(instance_id, **kept | named)

    # ---- volumes ----

    def create_volume(  # type: ignore[override]
        self, size: int, zone_name: str, **asked: Any
    ) -> Any:
        """A volume is encrypted if anything says so: the request, its snapshot, the account."""
        if self.making:
            asked |= {"iops": self.making.get("Iops"), "throughput": self.making.get("Throughput")}
        snapshot = self.snapshots.get(asked.get("snapshot_id") or "")
        sealed = snapshot is not None and snapshot.encrypted
        by_default = getattr(self, "ebs_encryption_by_default", False)  # not yet in its making
        if not asked.get("encrypted") and not asked.get("kms_key_id"):
            asked["encrypted"] = sealed or by_default
        if sealed and snapshot is not None and not asked.get("kms_key_id"):
            asked["kms_key_id"] = snapshot.kms_key_id
        if size is None and snapshot is not None:
            size = snapshot.volume_size
        named = asked.get("kms_key_id")
        if named and asked.get("encrypted"):
            asked["kms_key_id"] = self.key_arn(named)
        volume = super().create_volume(size, zone_name, **asked)
        if named and not self.usable(str(volume.kms_key_id)):
            call_after(CREATING_S, lambda: self.volumes.pop(volume.id, None))
        return volume

    def _kms(self) -> Any:
        from moto.kms.models import kms_backends

        return kms_backends[self.account_id][self.region_name]

    def key_arn(self, named: str) -> str:
        """The ARN of a key by its id, alias or ARN; what is not known stays as it is named."""
        kms = self._kms()
        name = named.rsplit(":", 1)[-1].removeprefix("key/")
        id = kms.get_key_id_from_alias(name) if name.startswith("alias/") else name
        return str(kms.keys[id].arn) if id in kms.keys else named

    def usable(self, arn: str) -> bool:
        """Whether there is a key of that ARN in working order."""
        keys = self._kms().keys
        id = arn.rsplit("/", 1)[-1]
        return id in keys and bool(keys[id].enabled)

    def own_key(self) -> str:
        """The ARN of the key aws/ebs, or nothing while nothing has needed it."""
        kms = self._kms()
        id = kms.get_key_id_from_alias("alias/aws/ebs")
        return str(kms.keys[id].arn) if id in kms.keys else ""

    def default_key(self) -> str:
        """The ARN of the key that encrypts where none is named."""
        return self.default_kms_key_id or self._create_default_encryption_key()

    def attach_volume(self, volume_id: str, *args: Any, **kwargs: Any) -> Any:
        """A volume with Multi-Attach keeps its other attachments."""
        volume: Any = self.get_volume(volume_id)
        others = [*volume.attachments]
        attachment = super().attach_volume(volume_id, *args, **kwargs)
        volume.shared = others
        return attachment

    def detach_volume(self, volume_id: str, instance_id: str, device_path: str) -> Any:
        """The volume is let go after some seconds."""
        attachment = self._attachment(volume_id, instance_id)
        if attachment is None:
            return super().detach_volume(volume_id, instance_id, device_path)
        attachment.leaving = True
        device = device_path or attachment.device
        call_after(DETACHING_S, lambda: self.detach_now(volume_id, attachment.instance.id, device))
        return attachment

    def _attachment(self, volume_id: str, instance_id: str) -> Any:
        volume: Any = self.get_volume(volume_id)
        held = [one for one in volume.attachments if instance_id in (None, one.instance.id)]
        return held[-1] if held else None

    def detach_now(self, volume_id: str, instance_id: str, device: str) -> None:
        """Let go of a volume at once."""
        volume: Any = self.volumes.get(volume_id)
        leaving = volume and self._attachment(volume_id, instance_id)
        if not leaving:
            return
        others = [one for one in volume.attachments if one is not leaving]
        volume.attachment = leaving
        super().detach_volume(volume_id, instance_id, device)
        volume.attachment = others.pop() if others else None
        volume.shared = others

    def modify_volume(
        self,
        volume_id: str,
        target_size: int | None = None,
        target_volume_type: str | None = None,
        target_iops: int | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """A type that has IOPS of its own brings 3,000 where nobody says how many."""
        volume = self.get_volume(volume_id)
        changed = target_volume_type not in (None, volume.volume_type)
        if changed and target_volume_type in ("gp3", "io1", "io2") and not target_iops:
            target_iops = limit("ebs.gp3_iops_default")
        return super().modify_volume(
            volume_id, target_size, target_volume_type, target_iops, *args, **kwargs
        )


def not_found(kind: str, sentence: str) -> AwsError:
    """What a request names is not there."""
    return AwsError(f"{kind}.NotFound", sentence)
