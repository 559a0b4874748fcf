"""SecureStrings: sealed with a key of KMS, in the name of the parameter's own ARN.

https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
"""

from __future__ import annotations

import base64
from typing import Any

from moto.ssm.utils import parameter_arn

from labkit.sandbox.awserror import AwsError

DEFAULT_KEY = "alias/aws/ssm"
_KEY_ID_CHARS = 36


def key_of(account: str, region: str, named: str) -> Any:
    """The key of an id, an ARN or an alias. Raises AwsError where it cannot be used."""
    from moto.kms.models import kms_backends

    fields = named.split(":")
    if named.startswith("arn:"):
        account, region = fields[4], fields[3]
    name = fields[-1]
    backend: Any = kms_backends[account][region]
    here = f"arn:aws:kms:{region}:{account}:"
    if name.startswith("alias/"):
        id = backend.get_key_id_from_alias(name)
        if id is None:
            raise AwsError("InvalidKeyId", f"Alias {here}{name} is not found.")
    else:
        id = name.removeprefix("key/")
    key = backend.keys.get(id)
    if key is None:
        raise AwsError("InvalidKeyId", f"Key '{here}key/{id}' does not exist")
    must_be_usable(key)
    return key


def must_be_usable(key: Any) -> None:
    """Raise AwsError for a key that is disabled, or on its way out."""
    if key.key_state == "PendingDeletion":
        raise AwsError("InvalidKeyId", f"{key.arn} is pending deletion.")
    if key.key_state != "Enabled":
        raise AwsError("InvalidKeyId", f"{key.arn} is disabled.")


def sealed(key: Any, account: str, region: str, name: str, value: str) -> str:
    """The ciphertext of a value, in base64 as GetParameter shows it."""
    from labkit.fidelity.kms.backend import sealed as seal

    context = {"PARAMETER_ARN": parameter_arn(account, region, name)}
    return base64.b64encode(seal(key, value.encode(), context)).decode()


def key_behind(value: str) -> Any:
    """The key that a ciphertext was made with, or None."""
    from moto.kms.models import kms_backends

    id = base64.b64decode(value)[:_KEY_ID_CHARS].decode("ascii", "replace")
    backends: Any = (backend for _, _, backend in kms_backends.iter_backends())
    return next((backend.keys[id] for backend in backends if id in backend.keys), None)


def opened(account: str, name: str, value: str) -> str:
    """The plaintext of a ciphertext. Raises AwsError where its key is gone or cannot be used."""
    from labkit.fidelity.kms.backend import unsealed

    key = key_behind(value)
    if key is None:
        raise AwsError("InvalidKeyId", "The key that encrypts the parameter does not exist.")
    must_be_usable(key)
    context = {"PARAMETER_ARN": parameter_arn(account, key.region, name)}
    plain, _ = unsealed(key, base64.b64decode(value), context)
    return plain.decode()
