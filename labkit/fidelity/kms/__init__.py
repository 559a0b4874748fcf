"""KMS as AWS has it: keys with states, uses and materials that follow the sandbox's clock.

states, usage, creation, aliases,    what is refused
deletion, rotation, grants, replicas, dryrun
work                                 what the cryptographic operations answer
key, backend, crypto                 the model in the place of moto's
ledger                               what else there is to say
"""

from __future__ import annotations

from moto.kms import models as moto_kms
from moto.kms.responses import KmsResponse

from labkit.fidelity.kms import (
    aliases,
    creation,
    deletion,
    dryrun,
    grants,
    ledger,
    replicas,
    rotation,
    states,
    usage,
    work,
)
from labkit.fidelity.kms.backend import Alias, Backend, Grant
from labkit.fidelity.kms.key import Key, new_key_id, new_private_key
from labkit.sandbox.sandbox import Sandbox

__all__ = [
    "aliases",
    "creation",
    "deletion",
    "dryrun",
    "grants",
    "ledger",
    "replicas",
    "rotation",
    "states",
    "usage",
    "work",
]

_IN_PLACE = {
    "Key": Key,
    "Alias": Alias,
    "Grant": Grant,
    "generate_key_id": new_key_id,
    "generate_private_key": new_private_key,
}


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's keys and backends until the sandbox closes."""
    originals = {name: getattr(moto_kms, name) for name in _IN_PLACE}
    original_backend = moto_kms.kms_backends.backend
    original_check = KmsResponse._validate_cmk_id

    def put_back() -> None:
        vars(moto_kms).update(originals)
        moto_kms.kms_backends.backend = original_backend
        KmsResponse._validate_cmk_id = original_check  # type: ignore[method-assign]

    sandbox.on_close(put_back)
    vars(moto_kms).update(_IN_PLACE)
    moto_kms.kms_backends.backend = Backend
    KmsResponse._validate_cmk_id = _looked_at_already  # type: ignore[method-assign, assignment]


def _looked_at_already(handler: KmsResponse, key_id: str) -> None:
    """The rules in `states` have found the key; moto does not know the ids of multi-Region keys."""
