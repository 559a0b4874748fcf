"""Names that stand for keys."""

from __future__ import annotations

from labkit.fidelity.kms.common import API, asked_key, backend_of, refused
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_ALL = ("CreateAlias", "UpdateAlias", "DeleteAlias")


@rule(
    "kms",
    *_ALL,
    when="before",
    follows=API + "CreateAlias.html",
    corrects="moto says Invalid identifier",
)
def an_alias_begins_with_alias(exchange: Exchange) -> None:
    """An alias begins with alias/.

    ValidationException: Alias must start with the prefix "alias/".
    """
    if not exchange.params["AliasName"].startswith("alias/"):
        raise refused(
            'Alias must start with the prefix "alias/". Please see '
            "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
        )


@rule(
    "kms",
    *_ALL,
    when="before",
    follows=API + "CreateAlias.html",
    corrects="moto reserves only the names that it knows",
)
def names_in_alias_aws_are_reserved(exchange: Exchange) -> None:
    """Nobody but AWS names a key alias/aws/….

    InvalidAliasNameException, from the service model; its words are unverified.
    """
    if exchange.params["AliasName"].startswith("alias/aws/"):
        raise AwsError(
            "InvalidAliasNameException",
            "The prefix alias/aws/ is reserved for the keys that AWS manages.",
        )


@rule(
    "kms",
    "UpdateAlias",
    when="before",
    follows=API + "UpdateAlias.html",
    corrects="moto moves an alias to a key of any kind",
)
def an_alias_moves_to_a_key_of_the_same_kind(exchange: Exchange) -> None:
    """An alias moves only to a key of the same kind and usage.

    The current and the new key must be the same type, and have the same key usage; the words of
    the ValidationException are unverified.
    """
    backend = backend_of(exchange)
    current = backend.keys.get(backend.get_key_id_from_alias(exchange.params["AliasName"]))
    target = asked_key(exchange, "TargetKeyId")
    if current is None:
        return
    kinds = [(key.is_symmetric, key.key_usage) for key in (current, target)]
    if kinds[0] != kinds[1]:
        raise refused(
            f"Alias {exchange.params['AliasName']} cannot be moved from {current.arn} to "
            f"{target.arn}: their types or usages differ."
        )


@rule(
    "kms",
    "ListAliases",
    when="after",
    follows=API + "AliasListEntry.html",
    corrects="moto keeps no dates, and gives AWS's aliases keys that do not exist",
)
def aliases_are_listed_with_their_dates(exchange: Exchange, answer: Params) -> Params:
    """A list of aliases says since when each is there and when it was last moved.

    CreationDate and LastUpdatedDate; an alias of AWS's has no key before its service needs one.
    """
    backend = backend_of(exchange)
    held = {
        alias.alias_name: alias for key in backend.keys.values() for alias in key.aliases.values()
    }
    listed = []
    for entry in answer["Aliases"]:
        alias = held.get(entry["AliasName"])
        if alias is not None:
            dates = {"CreationDate": alias.created_at, "LastUpdatedDate": alias.updated_at}
            listed.append(entry | dates)
        elif "KeyId" not in exchange.params:
            listed.append({name: entry[name] for name in ("AliasName", "AliasArn")})
    return answer | {"Aliases": listed}
