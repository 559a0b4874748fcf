"""What a call of KMS needs: the key behind an alias or a ciphertext, and what goes with it.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

from __future__ import annotations

from typing import Any

from labkit.fidelity.authorisation.asked import Asked, Need
from labkit.policy.arn import split_arn


def needs(asked: Asked) -> list[Need] | None:
    """The keys of a call by their ARNs; None for one that names no key."""
    params = asked.params
    if asked.operation == "ReEncrypt":
        source = params.get("SourceKeyId") or key_of_ciphertext(params.get("CiphertextBlob", b""))
        return [
            Need("kms:ReEncryptFrom", *_key(asked, source, "SourceEncryptionContext")),
            Need(
                "kms:ReEncryptTo",
                *_key(asked, params.get("DestinationKeyId", ""), "DestinationEncryptionContext"),
            ),
        ]
    if asked.operation in ("CreateAlias", "UpdateAlias", "DeleteAlias"):
        return _alias(asked)
    named = params.get("KeyId")
    if asked.operation == "Decrypt" and not named:
        named = key_of_ciphertext(params.get("CiphertextBlob", b""))
    if not named:
        return None
    return [Need("kms:" + asked.operation, *_key(asked, named, "EncryptionContext"))]


def _alias(asked: Asked) -> list[Need]:
    """An alias and the key that it stands for must both be allowed."""
    name = str(asked.params.get("AliasName", ""))
    target = asked.params.get("TargetKeyId") or name
    action = "kms:" + asked.operation
    return [Need(action, asked.arn("kms", name)), Need(action, *_key(asked, target, ""))]


def _key(asked: Asked, named: Any, parameter: str) -> tuple[str, dict[str, Any]]:
    """The ARN of a key named by its id, its ARN or an alias, and the keys of its context."""
    text = str(named)
    arn, key = find_key(asked, text)
    context: dict[str, Any] = {"kms:CallerAccount": asked.account}
    if key is not None:
        context["kms:KeySpec"] = key.key_spec
        context["kms:KeyUsage"] = key.key_usage
        context["kms:KeyOrigin"] = key.origin
        context["kms:ResourceAliases"] = list(key.aliases)
    if "alias/" in text:
        context["kms:RequestAlias"] = "alias/" + text.split("alias/", 1)[1]
    given = asked.params.get(parameter) or {}
    for name, value in given.items():
        context[f"kms:EncryptionContext:{name}"] = value
    if given:
        context["kms:EncryptionContextKeys"] = sorted(given)
    algorithm = asked.params.get("EncryptionAlgorithm")
    if algorithm or asked.operation in ("Encrypt", "Decrypt", "ReEncrypt"):
        context["kms:EncryptionAlgorithm"] = algorithm or "SYMMETRIC_DEFAULT"
    return arn, context


def find_key(asked: Asked, named: str) -> tuple[str, Any]:
    """The ARN of a key and moto's key, or None where there is none of that name."""
    from moto.kms.models import kms_backends

    fields = split_arn(named)
    account, region = (fields[4], fields[3]) if fields else (asked.account, asked.region)
    name = fields[5] if fields else named
    backend = kms_backends[account][region]
    if name.startswith("alias/"):
        name = backend.get_key_id_from_alias(name) or name
    id = name.removeprefix("key/")
    return f"arn:aws:kms:{region}:{account}:key/{id}", backend.keys.get(id)


def key_of_ciphertext(blob: bytes) -> str:
    """The id of the key that a ciphertext was made with, which is written in its head."""
    return blob[:36].decode("ascii", "replace")
