"""Principals that a policy names and that are not there."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.authorisation.callers import iam_of
from labkit.fidelity.authorisation.policies import role_by_arn
from labkit.policy.arn import split_arn


def strangers_in(statements: Any) -> list[str]:
    """The ARNs that one or more statements name as principals and nobody has.

    Accounts, sessions and ids are taken as given; a group is no principal.
    """
    listed = statements if isinstance(statements, list) else [statements]
    return [arn for one in listed for arn in _named(one) if not _exists(arn)]


def _named(statement: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for element in ("Principal", "NotPrincipal"):
        principal = statement.get(element)
        named = principal.get("AWS", []) if isinstance(principal, dict) else []
        found += [named] if isinstance(named, str) else named
    return found


def _exists(principal: str) -> bool:
    fields = split_arn(principal)
    kind, _, path = fields[5].partition("/") if fields else ("", "", "")
    if fields is not None and kind == "user":
        user = iam_of(fields[4]).users.get(path.rsplit("/", 1)[-1])
        return user is not None and user.arn == principal
    if kind == "role":
        return role_by_arn(principal) is not None
    return kind != "group"
