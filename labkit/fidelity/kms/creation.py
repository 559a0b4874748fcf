"""What a new key is, and which key policies KMS takes."""

from __future__ import annotations

import json
from typing import Any

from labkit.fidelity.authorisation.authoriser import ANYTHING
from labkit.fidelity.kms.common import API, GUIDE, asked_key, backend_of, limit, refused
from labkit.fidelity.registry import rule
from labkit.policy import Request, evaluate, validate
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_USAGES = {
    "SYMMETRIC_DEFAULT": ("ENCRYPT_DECRYPT",),
    "RSA": ("ENCRYPT_DECRYPT", "SIGN_VERIFY"),
    "ECC": ("SIGN_VERIFY", "KEY_AGREEMENT"),
    "HMAC": ("GENERATE_VERIFY_MAC",),
}


def _spec(exchange: Exchange) -> str:
    params = exchange.params
    return str(params.get("KeySpec") or params.get("CustomerMasterKeySpec") or "SYMMETRIC_DEFAULT")


@rule(
    "kms",
    "CreateKey",
    when="before",
    follows=API + "CreateKey.html",
    corrects="moto makes a key for signing without being told so",
)
def the_usage_of_a_special_key_must_be_said(exchange: Exchange) -> None:
    """What an asymmetric or HMAC key is for must be said.

    ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric
    encryption keys.
    """
    if _spec(exchange) != "SYMMETRIC_DEFAULT" and not exchange.params.get("KeyUsage"):
        raise refused(
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption "
            "keys."
        )


@rule(
    "kms",
    "CreateKey",
    when="before",
    follows=API + "CreateKey.html",
    corrects="moto makes an elliptic curve key for encryption",
)
def usage_and_spec_of_a_key_go_together(exchange: Exchange) -> None:
    """An elliptic curve key cannot encrypt, a symmetric key cannot sign.

    ValidationException; its words are unverified.
    """
    usage, spec = exchange.params.get("KeyUsage"), _spec(exchange)
    known = _USAGES.get(spec) or _USAGES.get(spec.split("_", 1)[0])
    if usage and known and usage not in known:
        raise refused(f"KeyUsage {usage} is not compatible with KeySpec {spec}")


@rule(
    "kms",
    "CreateKey",
    "DescribeKey",
    when="after",
    follows=API + "DescribeKey.html",
    corrects="moto leaves the usage of a new key empty, and gives every key signing algorithms",
)
def a_key_shows_what_it_has(exchange: Exchange, answer: Params) -> Params:
    """A key's metadata names its usage and its own algorithms, and nothing of other kinds.

    KeyUsage is ENCRYPT_DECRYPT unless it is set; only a key for signing has SigningAlgorithms.
    """
    metadata = answer["KeyMetadata"]
    shown: Params = backend_of(exchange).keys[metadata["KeyId"]].to_dict()
    return shown


@rule(
    "kms",
    "DescribeKey",
    when="instead",
    follows=GUIDE + "key-policies.html",
    corrects="moto refuses everybody what the key policy denies to somebody",
)
def a_denial_in_a_key_policy_is_for_those_whom_it_names(exchange: Exchange) -> Params:
    """A Deny in a key policy is for its principals, and for others the key is described.

    Principal says to whom a statement applies.
    """
    shown: Params = asked_key(exchange).to_dict()
    return shown


@rule(
    "kms",
    "CreateKey",
    "PutKeyPolicy",
    when="before",
    follows=GUIDE + "key-policy-overview.html",
    corrects="moto takes any text as a key policy",
)
def a_key_policy_must_be_one(exchange: Exchange) -> None:
    """A text that is no key policy is refused.

    MalformedPolicyDocumentException; its words are unverified.
    """
    text = exchange.params.get("Policy")
    if text is None:
        return
    for finding in validate(text, "resource"):
        if finding.severity == "error" and not finding.rule.startswith("The policy has at most"):
            raise _malformed("Policy contains a statement with one or more invalid elements.")


@rule(
    "kms",
    "CreateKey",
    "PutKeyPolicy",
    when="before",
    follows=GUIDE + "resource-limits.html",
    corrects="moto takes a policy of any size",
)
def a_key_policy_has_its_limit(exchange: Exchange) -> None:
    """A key policy is at most 32 KB long.

    LimitExceededException; its words are unverified.
    """
    most = limit("key_policy_max_bytes")
    if len(str(exchange.params.get("Policy") or "").encode()) > most:
        raise AwsError("LimitExceededException", f"The key policy exceeds {most} bytes.")


@rule(
    "kms",
    "CreateKey",
    "PutKeyPolicy",
    when="before",
    follows=GUIDE + "key-policy-default.html",
    corrects="moto lets its caller be locked out",
)
def nobody_locks_themselves_out_of_a_key(exchange: Exchange) -> None:
    """A key policy must leave its author the right to change it, unless the check is bypassed.

    MalformedPolicyDocumentException: The new key policy will not allow you to update the key
    policy in the future.
    """
    params, caller = exchange.params, exchange.caller
    if not params.get("Policy") or params.get("BypassPolicyLockoutSafetyCheck"):
        return
    put = exchange.operation == "PutKeyPolicy"
    arn = (
        asked_key(exchange).arn
        if put
        else f"arn:aws:kms:{exchange.region}:{exchange.account}:key/new"
    )
    context: dict[str, Any] = {"kms:CallerAccount": exchange.account}
    request = Request(caller.arn, "kms:PutKeyPolicy", arn, context, exchange.account)
    decision = evaluate(request, identity=[ANYTHING.policy], resource=json.loads(params["Policy"]))
    if not decision.allowed:
        raise _malformed(
            "The new key policy will not allow you to update the key policy in the future."
        )


@rule(
    "kms",
    "PutKeyPolicy",
    "GetKeyPolicy",
    when="instead",
    follows=API + "GetKeyPolicy.html",
    corrects="moto asks for the name",
)
def a_keys_only_policy_needs_no_name(exchange: Exchange) -> Params | None:
    """The name of a key's policy may be left out.

    If no policy name is specified, the default value is default, which is the only valid one.
    """
    if exchange.params.get("PolicyName", "default") != "default":
        return None
    key = asked_key(exchange)
    if exchange.operation == "GetKeyPolicy":
        return {"Policy": key.policy, "PolicyName": "default"}
    key.policy = exchange.params["Policy"]
    return {}


def _malformed(sentence: str) -> AwsError:
    return AwsError("MalformedPolicyDocumentException", sentence)
