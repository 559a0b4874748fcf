"""The condition operators: what each compares, and how.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.policy.arn import arn_matches, split_arn
from labkit.policy.dates import parse_date, parse_number
from labkit.policy.glob import matches
from labkit.policy.ip import contains, parse_network

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

QUALIFIERS = ("ForAllValues", "ForAnyValue")


class Operator:
    """One comparison: `prepare` reads a policy's value once, `test` compares a request's with it.

    `prepare` gives None for a text that the operator cannot read. `wildcards` and `variables`
    say what a policy's value may hold.
    """

    def __init__(
        self,
        prepare: Callable[[str], Any],
        test: Callable[[Any, Any], bool],
        *,
        negated: bool = False,
        wildcards: bool = False,
        variables: bool = False,
    ) -> None:
        self.prepare = prepare
        self.test = test
        self.negated = negated
        self.wildcards = wildcards
        self.variables = variables


def _same(text: str) -> str:
    return text


def _lower(text: str) -> str:
    return text.lower()


def _bool(text: str) -> str | None:
    lowered = text.lower()
    return lowered if lowered in ("true", "false") else None


def _equal(wanted: Any, found: Any) -> bool:
    return bool(wanted == found)


def _less(wanted: float, found: float) -> bool:
    return found < wanted


def _at_most(wanted: float, found: float) -> bool:
    return found <= wanted


def _greater(wanted: float, found: float) -> bool:
    return found > wanted


def _at_least(wanted: float, found: float) -> bool:
    return found >= wanted


def _arn(wanted: str, found: str) -> bool:
    return arn_matches(wanted, found, split_arn(found))


def _table() -> dict[str, Operator]:
    table = {
        "StringEquals": Operator(_same, _equal, variables=True),
        "StringEqualsIgnoreCase": Operator(_lower, _equal, variables=True),
        "StringLike": Operator(_same, matches, wildcards=True, variables=True),
        "Bool": Operator(_bool, _equal, variables=True),
        "BinaryEquals": Operator(_same, _equal),
        "IpAddress": Operator(parse_network, contains),
        # ArnEquals and ArnLike behave alike.
        "ArnEquals": Operator(_same, _arn, wildcards=True, variables=True),
        "ArnLike": Operator(_same, _arn, wildcards=True, variables=True),
    }
    for family, prepare in (("Numeric", parse_number), ("Date", parse_date)):
        table[family + "Equals"] = Operator(prepare, _equal)
        table[family + "LessThan"] = Operator(prepare, _less)
        table[family + "LessThanEquals"] = Operator(prepare, _at_most)
        table[family + "GreaterThan"] = Operator(prepare, _greater)
        table[family + "GreaterThanEquals"] = Operator(prepare, _at_least)
    negations = (
        ("StringNotEquals", "StringEquals"),
        ("StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase"),
        ("StringNotLike", "StringLike"),
        ("NumericNotEquals", "NumericEquals"),
        ("DateNotEquals", "DateEquals"),
        ("NotIpAddress", "IpAddress"),
        ("ArnNotEquals", "ArnEquals"),
        ("ArnNotLike", "ArnLike"),
    )
    for name, positive in negations:
        base = table[positive]
        table[name] = Operator(
            base.prepare,
            base.test,
            negated=True,
            wildcards=base.wildcards,
            variables=base.variables,
        )
    return table


OPERATORS = _table()
_BY_LOWER = {name.lower(): name for name in OPERATORS}


def split_operator(text: str) -> tuple[str, str, bool] | None:
    """`ForAnyValue:StringLikeIfExists` as (qualifier, operator, if-exists); None if unknown.

    The case of the letters does not matter. `Null` has no IfExists, and no Operator here.
    """
    qualifier, colon, name = text.partition(":")
    if not colon:
        qualifier, name = "", text
    for known in QUALIFIERS:
        if qualifier.lower() == known.lower():
            qualifier = known
    if qualifier and qualifier not in QUALIFIERS:
        return None
    lowered = name.lower()
    if lowered == "null":
        return (qualifier, "Null", False)
    if_exists = lowered.endswith("ifexists")
    if if_exists:
        lowered = lowered[: -len("ifexists")]
    canonical = _BY_LOWER.get(lowered, "")
    return (qualifier, canonical, if_exists) if canonical else None
