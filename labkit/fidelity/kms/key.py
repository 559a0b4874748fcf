"""A key with a life of its own on the sandbox's clock: materials, rotations, an end.

created ──▶ material 1 ──── rotated ──▶ material 2 ──── rotated ──▶ material 3
            new ciphertexts are made with the last; what the others made stays readable

Enabled ⇄ Disabled        PendingDeletion ── waiting period over ──▶ gone
    └──────┴── scheduled ──▶      └── cancelled ──▶ Disabled
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moto.kms import models as moto_kms
from moto.kms import utils as moto_utils
from moto.moto_api._internal import mock_random

from labkit.sandbox.clock import Due
from labkit.sandbox.sandbox import Sandbox
from labkit.units import SECONDS_PER_DAY

_MATERIAL_ID_BYTES = 32
SYMMETRIC = "SYMMETRIC_DEFAULT"


@dataclass(frozen=True)
class Material:
    """What a symmetric key encrypts with between two rotations."""

    id: str
    secret: bytes
    since: datetime
    rotation: str  # "AUTOMATIC" or "ON_DEMAND"; empty for a key's first


def new_key_id(multi_region: bool = False) -> str:
    """A key's id; that of a multi-Region key says so."""
    id = str(moto_utils.generate_key_id())
    return f"mrk-{id.replace('-', '')}" if multi_region else id


def new_private_key(spec: str) -> Any:
    """The private key of an asymmetric key; None for the rest, which moto gives one of RSA."""
    return moto_utils.generate_private_key(spec) if spec.startswith(("RSA", "ECC")) else None


class Key(moto_kms.Key):
    """A KMS key as AWS has it, in the place of moto's."""

    def __init__(self, policy: str | None, key_usage: str | None, *rest: Any, **more: Any) -> None:
        super().__init__(policy, key_usage or "ENCRYPT_DECRYPT", *rest, **more)
        self.multi_region = bool(self.multi_region)
        self.materials = [self._new_material("")]
        self.rotation_period_days = 0  # 0 while automatic rotation is off
        self.next_rotation: Due | None = None
        self.rotation_is_overdue = False
        self.pending_window_days = 0
        self.deletion: Due | None = None
        if self.origin == "EXTERNAL":
            self.key_state, self.enabled = "PendingImport", False

    # ---- what it is ----

    @property
    def is_symmetric(self) -> bool:
        """Whether this is a symmetric encryption key, the kind that data keys come from."""
        return str(self.key_spec) == SYMMETRIC

    @property
    def encryption_algorithms(self) -> list[str] | None:
        """What it can encrypt with; None if it is for something else."""
        return super().encryption_algorithms if self.key_usage == "ENCRYPT_DECRYPT" else None

    @property
    def mac_algorithms(self) -> list[str] | None:
        """What it can make codes with; None if it is for something else."""
        if self.key_usage != "GENERATE_VERIFY_MAC":
            return None
        return [self.key_spec.replace("HMAC_", "HMAC_SHA_")]

    def to_dict(self) -> dict[str, Any]:
        """The key's metadata, without what this kind of key does not have."""
        metadata = super().to_dict()["KeyMetadata"]
        metadata["MacAlgorithms"] = self.mac_algorithms
        if self.is_symmetric and self.origin == "AWS_KMS":
            metadata["CurrentKeyMaterialId"] = self.materials[-1].id
        empty = ("EncryptionAlgorithms", "SigningAlgorithms", "MacAlgorithms")
        return {
            "KeyMetadata": {
                name: value for name, value in metadata.items() if value or name not in empty
            }
        }

    # ---- what it encrypts with ----

    def _new_material(self, rotation: str) -> Material:
        id = mock_random.randbytes(_MATERIAL_ID_BYTES).hex()
        secret = mock_random.randbytes(moto_utils.MASTER_KEY_LEN)
        return Material(id, secret, Sandbox.current().clock.now, rotation)

    def rotate(self, rotation: str) -> None:
        """New material for what is encrypted from now on; replicas of a key get it too."""
        self.materials.append(self._new_material(rotation))

    @property
    def rotated(self) -> list[Material]:
        """The materials that came by rotation."""
        return [material for material in self.materials if material.rotation]

    def rotate_every(self, days: int) -> None:
        """Turn automatic rotation on, or give it another period; 0 turns it off."""
        if self.next_rotation is not None:
            self.next_rotation.cancel()
        self.next_rotation = None
        self.rotation_period_days = days
        self.key_rotation_status = days > 0
        self.rotation_is_overdue = False
        if days:
            clock = Sandbox.current().clock
            self.next_rotation = clock.call_at(clock.now + timedelta(days=days), self._when_due)

    def _when_due(self) -> None:
        if self.next_rotation is None or self.id not in self._backend.keys:
            return
        if self.key_state == "Enabled":
            self.rotate("AUTOMATIC")
        else:
            self.rotation_is_overdue = True
        next_at = self.next_rotation.at + timedelta(days=self.rotation_period_days)
        self.next_rotation = Sandbox.current().clock.call_at(next_at, self._when_due)

    def catch_up(self) -> None:
        """Rotate a key that came to be enabled after its rotation was due."""
        if self.rotation_is_overdue:
            self.rotation_is_overdue = False
            self.rotate("AUTOMATIC")

    # ---- its end ----

    def delete_after(self, days: int) -> None:
        """Wait, then be gone, with every alias."""
        clock = Sandbox.current().clock
        self.key_state, self.enabled = "PendingDeletion", False
        self.pending_window_days = days
        self.deletion = clock.call_after(days * SECONDS_PER_DAY, self._vanish)
        self.deletion_date = self.deletion.at.replace(tzinfo=None)  # as moto keeps times

    def keep(self) -> None:
        """Stay after all, disabled."""
        if self.deletion is not None:
            self.deletion.cancel()
        self.deletion = self.deletion_date = None
        self.key_state = "Disabled"

    def _vanish(self) -> None:
        self._backend.delete_key(self.id)

    @property
    def _backend(self) -> Any:
        return moto_kms.kms_backends[self.account_id][self.region]
