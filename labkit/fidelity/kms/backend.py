"""The account's keys in a Region: how they encrypt, and those that AWS makes for its services."""

from __future__ import annotations

from copy import copy
from typing import Any

from moto.kms import models as moto_kms
from moto.kms import urls

from labkit.fidelity.kms import crypto
from labkit.fidelity.kms.common import unfit
from labkit.fidelity.kms.key import SYMMETRIC, Key, Material
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.sandbox import Sandbox

_REPLICA_TAKES_S = 10  # AWS says no more than that it takes a moment
_GONE = (
    "The ciphertext refers to a customer master key that does not exist, does not exist in this "
    "region, or you are not allowed to access."
)
_NAMES = {"s3": "S3 objects", "dynamodb": "DynamoDB data", "ebs": "EBS volumes"}


class Alias(moto_kms.Alias):
    """A name of a key, with the dates that AWS keeps."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.created_at = self.updated_at = Sandbox.current().clock.now


class Grant(moto_kms.Grant):
    """A grant, with the date that AWS keeps."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.created_at = Sandbox.current().clock.now


class Backend(moto_kms.KmsBackend):
    """The keys of one Region."""

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module

    def _generate_default_keys(self, alias_name: str) -> str | None:
        """The key that AWS keeps for a service comes to be when it is first asked for."""
        id = super()._generate_default_keys(alias_name)
        if id is not None:
            service = alias_name.removeprefix("alias/aws/")
            what = _NAMES.get(service, f"{service} data")
            key = self.keys[id]
            key.key_manager = "AWS"
            key.description = f"Default key that protects my {what} when no other key is defined"
        return id

    def update_alias(self, target_key_id: str, alias_name: str) -> Any:
        """Let the name stand for another key from now on."""
        alias: Any = super().update_alias(target_key_id, alias_name)
        alias.updated_at = Sandbox.current().clock.now
        return alias

    def encrypt(
        self, key_id: str, plaintext: bytes, encryption_context: dict[str, str]
    ) -> tuple[bytes, str]:
        """A ciphertext of a key's current material, and the key's ARN."""
        key: Any = self.keys[self.any_id_to_key_id(key_id)]
        return sealed(key, plaintext, encryption_context or {}), key.arn

    def decrypt(
        self, ciphertext_blob: bytes, encryption_context: dict[str, str], key_id: str | None = None
    ) -> tuple[bytes, str]:
        """The plaintext, and the ARN of the key that the ciphertext was made with."""
        key: Any = self.keys.get(bytes(ciphertext_blob)[:36].decode("ascii", "replace"))
        if key is None:
            raise AwsError("AccessDeniedException", _GONE)
        plaintext, _ = unsealed(key, ciphertext_blob, encryption_context or {})
        return plaintext, key.arn

    def replicate_key(self, key_id: str, replica_region: str) -> Key:
        """Another key of the same id and material in another Region, ready a moment later."""
        primary: Any = self.keys[self.get_key_id(key_id)]  # an ARN is as good as an id
        replica: Any = copy(primary)
        replica.region = replica_region
        replica.arn = primary.arn.replace(f":{primary.region}:", f":{replica_region}:")
        replica.aliases, replica.grants = {}, {}
        replica.description = ""
        replica.policy = replica.generate_default_policy()
        replica.key_state, replica.enabled = "Creating", False
        entry = {"Arn": replica.arn, "Region": replica_region}
        primary.multi_region_configuration["ReplicaKeys"].append(entry)
        # One list of replicas for all of them; only the primary says that it is one.
        replica.multi_region_configuration = primary.multi_region_configuration | {
            "MultiRegionKeyType": "REPLICA"
        }
        moto_kms.kms_backends[self.account_id][replica_region].keys[replica.id] = replica

        def finish() -> None:
            if replica.key_state == "Creating":
                replica.key_state, replica.enabled = "Enabled", True

        Sandbox.current().clock.call_after(_REPLICA_TAKES_S, finish)
        return replica  # type: ignore[no-any-return]


def sealed(
    key: Key, plaintext: bytes, context: dict[str, str], algorithm: str = SYMMETRIC
) -> bytes:
    """Some bytes encrypted with a key."""
    if key.is_symmetric:
        return crypto.seal(key.id, key.materials[-1].secret, plaintext, context)
    return crypto.rsa_encrypt(key.private_key.private_key, algorithm, plaintext)  # type: ignore[attr-defined]


def unsealed(
    key: Key, blob: bytes, context: dict[str, str], algorithm: str = SYMMETRIC
) -> tuple[bytes, Material | None]:
    """What a ciphertext holds, and the material that made it if the key is symmetric.

    Raises AwsError (InvalidCiphertextException) if it is damaged, or the context is another.
    """
    if not key.is_symmetric:
        plain = crypto.rsa_decrypt(key.private_key.private_key, algorithm, blob)  # type: ignore[attr-defined]
        if plain is not None:
            return plain, None
    else:
        for material in reversed(key.materials):
            plain = crypto.unseal(material.secret, blob, context)
            if plain is not None:
                return plain, material
    raise AwsError("InvalidCiphertextException", "")


def gone() -> AwsError:
    """A ciphertext names a key that is not there."""
    return AwsError("AccessDeniedException", _GONE)


def fits(key: Key, algorithm: str, known: list[str] | None) -> None:
    """Refuse an algorithm that a key of this kind does not have."""
    if algorithm not in (known or ()):
        raise unfit(f"Algorithm {algorithm} is incompatible with key spec {key.key_spec}.")
