"""What the rules of KMS share: its limits, its keys, its ways of saying no."""

from __future__ import annotations

import re
from typing import Any

from moto.kms.models import kms_backends

from labkit.facts import fact
from labkit.policy.arn import split_arn
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange
from labkit.units import SECONDS_PER_DAY

API = "https://docs.aws.amazon.com/kms/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/kms/latest/developerguide/"

DATA_KEYS = (
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
)
MACS = ("GenerateMac", "VerifyMac")
SIGNATURES = ("Sign", "Verify")
# What is done with a key's material, so that a key must be in working order.
CRYPTOGRAPHIC = ("Encrypt", "Decrypt", "ReEncrypt", *DATA_KEYS, *MACS, *SIGNATURES)
ALIAS_WELCOME = (*CRYPTOGRAPHIC, "DescribeKey", "GetPublicKey")

_KEY_ID = re.compile("(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def limit(name: str) -> int:
    """The value of the fact `kms.<name>`."""
    return int(fact(f"kms.{name}"))


def days(name: str) -> int:
    """The value of the fact `kms.<name>_s` in days, as KMS's parameters have it."""
    return limit(f"{name}_s") // SECONDS_PER_DAY


def backend_of(exchange: Exchange) -> Any:
    """The account's keys in the Region that the request is for."""
    return kms_backends[exchange.account][exchange.region]


def find_key(exchange: Exchange, named: str) -> Any:
    """The key of an id, an ARN or an alias. Raises AwsError where there is none."""
    fields = split_arn(named) if named.startswith("arn:") else None
    region, account, name = (fields[3], fields[4], fields[5]) if fields else ("", "", named)
    if region and region != exchange.region:
        raise missing(f"Invalid arn {region}")
    account = account or exchange.account
    backend: Any = kms_backends[account][exchange.region]
    here = f"arn:aws:kms:{exchange.region}:{account}:"
    if name.startswith("alias/") and exchange.operation in ALIAS_WELCOME:
        id = backend.get_key_id_from_alias(name)
        if id is None:
            raise missing(f"Alias {here}{name} is not found.")
    else:
        id = name.removeprefix("key/")
    if not _KEY_ID.fullmatch(id):
        raise missing(f"Invalid keyId '{named}'")
    if id not in backend.keys:
        raise missing(f"Key '{here}key/{id}' does not exist")
    return backend.keys[id]


def asked_key(exchange: Exchange, parameter: str = "KeyId") -> Any:
    """The key that a parameter names; None where it names none."""
    named = exchange.params.get(parameter)
    return find_key(exchange, str(named)) if named else None


def key_behind(exchange: Exchange) -> Any:
    """The symmetric key that a ciphertext was made with, None if nothing says which."""
    id = bytes(exchange.params.get("CiphertextBlob", b""))[:36].decode("ascii", "replace")
    return next(
        (
            backends[exchange.region].keys[id]
            for backends in kms_backends.values()
            if id in backends[exchange.region].keys
        ),
        None,
    )


def missing(sentence: str) -> AwsError:
    """What is named does not exist."""
    return AwsError("NotFoundException", sentence)


def refused(sentence: str) -> AwsError:
    """A parameter cannot be taken."""
    return AwsError("ValidationException", sentence)


def unfit(sentence: str) -> AwsError:
    """A key cannot do this."""
    return AwsError("InvalidKeyUsageException", sentence)


def constraint(value: str, member: str, rule: str) -> AwsError:
    """AWS's words for a parameter beyond its limits; `value` is empty where it must not be told."""
    told = f"Value '{value}'" if value else "Value"
    return refused(
        f"1 validation error detected: {told} at '{member}' failed to satisfy constraint: {rule}"
    )
