"""Leave to use a key that is given and taken back without a change of its policy."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.kms.common import API, GUIDE, asked_key, backend_of, refused
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_ADMINISTRATION = ("CreateGrant", "RetireGrant", "DescribeKey")
_OPERATIONS = {
    "ENCRYPT_DECRYPT": ("Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"),
    "SIGN_VERIFY": ("Sign", "Verify"),
    "GENERATE_VERIFY_MAC": ("GenerateMac", "VerifyMac"),
}
_DATA_KEYS = (
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
)


@rule(
    "kms",
    "CreateGrant",
    when="before",
    follows=GUIDE + "grants.html",
    corrects="moto grants anything",
)
def a_grant_allows_only_what_the_key_can_do(exchange: Exchange) -> None:
    """A grant on a symmetric key cannot allow signing, nor one on an RSA key data keys.

    ValidationException; its words are unverified.
    """
    key = asked_key(exchange)
    known = [*_ADMINISTRATION, *_OPERATIONS.get(key.key_usage, ())]
    if key.is_symmetric:
        known += _DATA_KEYS
    else:
        known.append("GetPublicKey")
    for operation in exchange.params["Operations"]:
        if operation not in known:
            raise refused(f"The operation {operation} is not supported by {key.arn}.")


@rule(
    "kms",
    "CreateGrant",
    when="instead",
    follows=API + "CreateGrant.html",
    corrects="moto makes another grant each time",
)
def a_named_grant_is_made_once(exchange: Exchange) -> Params | None:
    """The same grant of the same name is made once; the second answer has the same id.

    The returned grant token is unique with every request, even when the GrantId is not.
    """
    key, params = asked_key(exchange), exchange.params
    for grant in key.grants.values():
        if params.get("Name") and _asked(params) == (
            grant.name,
            grant.grantee_principal,
            grant.retiring_principal,
            sorted(grant.operations),
            grant.constraints,
        ):
            return {"GrantId": grant.id, "GrantToken": grant.token}
    return None


def _asked(params: Params) -> tuple[Any, ...]:
    return (
        params.get("Name"),
        params.get("GranteePrincipal"),
        params.get("RetiringPrincipal"),
        sorted(params["Operations"]),
        params.get("Constraints"),
    )


@rule(
    "kms",
    "ListGrants",
    "ListRetirableGrants",
    when="after",
    follows=API + "GrantListEntry.html",
    corrects="moto names the key by its id, and does not know when and by whom a grant was made",
)
def grants_are_listed_with_who_made_them(exchange: Exchange, answer: Params) -> Params:
    """A list of grants names the key by its ARN, the account that made each, and when.

    KeyId, IssuingAccount and CreationDate.
    """
    keys = backend_of(exchange).keys
    grants = {grant.id: grant for key in keys.values() for grant in key.grants.values()}
    listed = [
        entry
        | {
            "KeyId": keys[grants[entry["GrantId"]].key_id].arn,
            "IssuingAccount": f"arn:aws:iam::{exchange.account}:root",
            "CreationDate": grants[entry["GrantId"]].created_at,
        }
        for entry in answer["Grants"]
    ]
    return answer | {"Grants": listed}


@rule(
    "kms",
    "RetireGrant",
    when="before",
    follows=API + "RetireGrant.html",
    corrects="moto retires nothing and says that all is well",
)
def only_a_grant_that_is_there_can_be_retired(exchange: Exchange) -> None:
    """A token of no grant, or an id of none, retires nothing.

    InvalidGrantTokenException or NotFoundException; their words are unverified.
    """
    params, backend = exchange.params, backend_of(exchange)
    token = params.get("GrantToken")
    if token:
        grants = [grant for key in backend.keys.values() for grant in key.grants.values()]
        if all(grant.token != token for grant in grants):
            raise AwsError("InvalidGrantTokenException", "The grant token is not valid.")
    elif params.get("GrantId") not in asked_key(exchange).grants:
        raise AwsError("NotFoundException", f"Grant ID {params.get('GrantId')} not found")
