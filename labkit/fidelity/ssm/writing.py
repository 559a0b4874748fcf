"""What a parameter may be called, and what it may hold."""

from __future__ import annotations

import re
from typing import Any

from labkit.fidelity.registry import rule
from labkit.fidelity.ssm import secrets
from labkit.fidelity.ssm.common import API, GUIDE, backend_of, limit, refused, versions_of
from labkit.fidelity.ssm.parameter import ADVANCED, STANDARD
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_NAME = re.compile("[a-zA-Z0-9_.-]+")
_NAMES = (
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can '
    "consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of "
    "letters, numbers and the following 3 symbols .-_"
)


def _old(exchange: Exchange) -> Any:
    versions = versions_of(exchange, exchange.params["Name"])
    return versions[-1] if versions else None


@rule(
    "ssm",
    "PutParameter",
    when="before",
    follows=GUIDE + "sysman-paramstore-su-create.html",
    corrects="moto takes any name but aws and ssm",
)
def a_parameter_name_is_plain(exchange: Exchange) -> None:
    """A name is letters, digits, dots, hyphens and underscores; a path of such begins with a slash.

    ValidationException: Parameter name must be a fully qualified name, or each sub-path can be
    formed as a mix of letters, numbers and the following 3 symbols .-_.
    """
    name = exchange.params["Name"]
    if "/" in name and not name.startswith("/"):
        raise refused("Parameter name must be a fully qualified name.")
    if not all(map(_NAME.fullmatch, name.removeprefix("/").split("/"))):
        raise refused(_NAMES)


@rule(
    "ssm",
    "PutParameter",
    when="before",
    follows=API + "PutParameter.html",
    corrects="moto takes any depth and length",
)
def a_hierarchy_has_fifteen_levels(exchange: Exchange) -> None:
    """A path has fifteen levels at most, and 1,011 characters with what its ARN has before it.

    HierarchyLevelLimitExceededException: A hierarchy can have a maximum of 15 levels. The words
    about the length are unverified.
    """
    name, most = exchange.params["Name"], limit("levels_max")
    if name.startswith("/") and name.count("/") > most:
        raise AwsError(
            "HierarchyLevelLimitExceededException",
            f"A hierarchy can have a maximum of {most} levels. For more information, see "
            "Requirements and constraints for parameter names in the AWS Systems Manager User "
            "Guide.",
        )
    before = f"arn:aws:ssm:{exchange.region}:{exchange.account}:parameter/"
    if len(before + name.removeprefix("/")) > limit("name_max_chars"):
        raise refused(
            "Parameter name: its length, with that of its ARN, is more than "
            f"{limit('name_max_chars')} characters."
        )


@rule(
    "ssm",
    "PutParameter",
    when="before",
    follows=GUIDE + "parameter-store-advanced-parameters.html",
    corrects="moto takes any length",
)
def a_value_has_the_limit_of_its_tier(exchange: Exchange) -> None:
    """A standard parameter holds 4 KB, an advanced one 8 KB.

    ValidationException: Standard tier parameters support a maximum parameter value of 4096
    characters. The words about the advanced tier are unverified.
    """
    params = exchange.params
    value, name = params["Value"], params["Name"]
    tier = backend_of(exchange).tier_for(name, params.get("Tier"), value, params.get("Policies"))
    most = limit("standard_max_bytes" if tier == STANDARD else "advanced_max_bytes")
    if len(value.encode()) <= most:
        return
    words = f"{tier} tier parameters support a maximum parameter value of {most} characters."
    if tier == STANDARD:
        words += (
            " To create a larger parameter value, upgrade the parameter to use the "
            "advanced-parameter tier. For more information, see "
            "https://docs.aws.amazon.com/systems-manager/latest/userguide/"
            "parameter-store-advanced-parameters.html"
        )
    raise refused(words)


@rule(
    "ssm",
    "PutParameter",
    when="before",
    follows=API + "PutParameter.html",
    corrects="moto keeps it",
)
def a_value_refers_to_no_other(exchange: Exchange) -> None:
    """A value holds nothing in double braces: parameters are not nested.

    ValidationException; its words are unverified.
    """
    value = exchange.params["Value"]
    if re.search(r"\{\{.*?\}\}", value):
        raise refused(
            'Parameter value can\'t nest another parameter. Do not use "{{}}" in the value: '
            f"{value}"
        )


@rule(
    "ssm",
    "PutParameter",
    when="before",
    follows=GUIDE + "sysman-paramstore-su-create.html",
    corrects="moto keeps the pattern and looks at no value",
)
def a_value_fits_its_pattern(exchange: Exchange) -> None:
    """A value fits the pattern that was set for it, then and later.

    ParameterPatternMismatchException: Parameter value, cannot be validated against allowedPattern;
    InvalidAllowedPatternException for a pattern that is none.
    """
    old, params = _old(exchange), exchange.params
    pattern = params.get("AllowedPattern") or (old.allowed_pattern if old is not None else None)
    if not pattern:
        return
    try:
        fits = re.compile(pattern).search(params["Value"]) is not None
    except re.error as error:
        raise AwsError(
            "InvalidAllowedPatternException",
            "The request doesn't meet the regular expression requirement.",
        ) from error
    if not fits:
        raise AwsError(
            "ParameterPatternMismatchException",
            f"Parameter value, cannot be validated against allowedPattern: {pattern}",
        )


@rule(
    "ssm",
    "PutParameter",
    when="before",
    follows=API + "PutParameter.html",
    corrects="moto changes the type",
)
def a_parameter_keeps_its_type(exchange: Exchange) -> None:
    """A parameter's type does not change; a secret is made under another name.

    HierarchyTypeMismatchException: Parameter Store doesn't support changing a parameter type in a
    hierarchy.
    """
    old, kind = _old(exchange), exchange.params.get("Type")
    if old is None or not exchange.params.get("Overwrite") or kind in (None, old.parameter_type):
        return
    raise AwsError(
        "HierarchyTypeMismatchException",
        "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, "
        "you can't change a parameter from a String type to a SecureString type. You must create "
        "a new, unique parameter.",
    )


@rule(
    "ssm",
    "PutParameter",
    when="before",
    follows=GUIDE + "parameter-store-advanced-parameters.html",
    corrects="moto makes it standard",
)
def an_advanced_parameter_stays_so(exchange: Exchange) -> None:
    """An advanced parameter does not become a standard one.

    ValidationException: You can't downgrade a parameter from the advanced-parameter tier to the
    standard-parameter tier.
    """
    old = _old(exchange)
    if old is None or exchange.params.get("Tier") != STANDARD or old.tier != ADVANCED:
        return
    raise refused(
        "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from "
        "the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete "
        "the advanced parameter and recreate it as a standard parameter. Be aware that standard "
        f"parameters have a value limit of {limit('standard_max_bytes')} characters."
    )


@rule(
    "ssm",
    "PutParameter",
    when="before",
    follows="https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html",
    corrects="moto encrypts with anything, or with nothing",
)
def a_secret_needs_a_usable_key(exchange: Exchange) -> None:
    """A SecureString is encrypted with a key that exists and is enabled; others have none.

    InvalidKeyId, with the words of KMS. Those about a key for plain text are unverified.
    """
    params, old = exchange.params, _old(exchange)
    kind = params.get("Type") or (old.parameter_type if old is not None else "")
    key = params.get("KeyId")
    if key and kind in ("String", "StringList"):
        raise refused(f"KeyId can be specified for SecureString parameters only, not for {kind}.")
    if kind == "SecureString":
        held = key or (old.keyid if old is not None else None) or secrets.DEFAULT_KEY
        secrets.key_of(exchange.account, exchange.region, held)


@rule(
    "ssm",
    "PutParameter",
    when="after",
    follows=API + "DescribeParameters.html",
    corrects="moto says N/A",
)
def a_version_says_who_made_it(exchange: Exchange, answer: Params) -> None:
    """A version of a parameter says who made it.

    LastModifiedUser: the ARN of the user or role.
    """
    version = versions_of(exchange, exchange.params["Name"])[-1]
    assert version.version == answer["Version"]
    version.modified_by = exchange.principal
