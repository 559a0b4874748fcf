"""Every operator against every way in which a key can have values.

What is expected follows from three sentences of AWS's guide, and from no code of the engine:

- a key that is missing fails a condition, and holds a negated one; IfExists lets it hold
  (reference_policies_elements_condition_operators.html)
- of several values in the policy one must match, and of a negated operator's none
  (reference_policies_condition-logic-multiple-context-keys-or-values.html)
- ForAnyValue wants one value of the request to meet the operator, ForAllValues wants all to, and
  without values the one fails and the other holds; several values want one of the two
  (reference_policies_condition-single-vs-multi-valued-context-keys.html)
"""

from __future__ import annotations

import pytest

from labkit.policy import Request, evaluate
from labkit.policy.operators import OPERATORS

TOPIC = "arn:aws:sns:us-east-1:123456789012:"
# For each: a value of the policy, one of the request that matches it, one that does not, and a
# value of the policy that neither of the two matches.
VALUES = {
    "StringEquals": ("seats", "seats", "box", "x"),
    "StringEqualsIgnoreCase": ("seats", "SEATS", "box", "x"),
    "StringLike": ("s?at*", "seats", "box", "x*"),
    "NumericEquals": ("10", "10.0", "11", "1"),
    "NumericLessThan": ("10", "9", "10", "1"),
    "NumericLessThanEquals": ("10", "10", "11", "1"),
    "NumericGreaterThan": ("10", "11", "10", "99"),
    "NumericGreaterThanEquals": ("10", "10", "9", "99"),
    "DateEquals": ("2026-01-05", "2026-01-05T01:00:00+01:00", "2026-01-06", "1999-01-01"),
    "DateLessThan": ("2026-01-05", "2026-01-04", "2026-01-05", "1999-01-01"),
    "DateLessThanEquals": ("2026-01-05", "2026-01-05", "2026-01-06", "1999-01-01"),
    "DateGreaterThan": ("2026-01-05", "2026-01-06", "2026-01-05", "2099-01-01"),
    "DateGreaterThanEquals": ("2026-01-05", "2026-01-05", "2026-01-04", "2099-01-01"),
    "Bool": ("true", "true", "false", None),
    "BinaryEquals": ("c2VhdA==", "c2VhdA==", "Ym94", "eA=="),
    "IpAddress": ("203.0.113.0/24", "203.0.113.9", "198.51.100.9", "192.0.2.0/24"),
    "ArnEquals": (TOPIC + "re*", TOPIC + "refunds", TOPIC + "seats", TOPIC + "x"),
    "ArnLike": (TOPIC + "re*", TOPIC + "refunds", TOPIC + "seats", TOPIC + "x"),
}
NEGATIONS = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
MATCH, OTHER = "a value that matches", "another value"
SAME, OPPOSITE = "as the operator has it", "as its negation has it"

# (what is tried, the operator's name around %s, the request's values, does the condition hold)
WAYS = [
    ("a value that matches", "%s", [MATCH], SAME),
    ("another value", "%s", [OTHER], OPPOSITE),
    ("no such key", "%s", None, OPPOSITE),
    ("several values", "%s", [MATCH, OTHER], False),
    ("IfExists and a value that matches", "%sIfExists", [MATCH], SAME),
    ("IfExists and another value", "%sIfExists", [OTHER], OPPOSITE),
    ("IfExists and no such key", "%sIfExists", None, True),
    ("any of one that matches and another", "ForAnyValue:%s", [MATCH, OTHER], True),
    ("any of those that match", "ForAnyValue:%s", [MATCH, MATCH], SAME),
    ("any of others", "ForAnyValue:%s", [OTHER, OTHER], OPPOSITE),
    ("any of no values", "ForAnyValue:%s", [], False),
    ("any of no such key", "ForAnyValue:%s", None, False),
    ("any, IfExists and no such key", "ForAnyValue:%sIfExists", None, True),
    ("any, IfExists and others", "ForAnyValue:%sIfExists", [OTHER, OTHER], OPPOSITE),
    ("all of one that matches and another", "ForAllValues:%s", [MATCH, OTHER], False),
    ("all of those that match", "ForAllValues:%s", [MATCH, MATCH], SAME),
    ("all of others", "ForAllValues:%s", [OTHER, OTHER], OPPOSITE),
    ("all of no values", "ForAllValues:%s", [], True),
    ("all of no such key", "ForAllValues:%s", None, True),
    ("all, IfExists and no such key", "ForAllValues:%sIfExists", None, True),
]


def test_every_operator_is_tried():
    assert set(VALUES) | set(NEGATIONS) == set(OPERATORS)


@pytest.mark.parametrize(("way", "spelled", "found", "outcome"), WAYS, ids=[w[0] for w in WAYS])
@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_an_operator_holds_as_the_guide_says(operator, way, spelled, found, outcome):
    wanted, match, other, _ = VALUES[NEGATIONS.get(operator, operator)]
    values = None if found is None else [match if one == MATCH else other for one in found]

    held = holds(spelled % operator, wanted, values)

    assert held == expected(operator, outcome)


@pytest.mark.parametrize("spelled", ["%s", "%sIfExists", "ForAnyValue:%s", "ForAllValues:%s"])
@pytest.mark.parametrize("operator", sorted(set(OPERATORS) - {"Bool"}))
def test_of_several_values_in_the_policy_one_matches_or_none(operator, spelled):
    wanted, match, other, neither = VALUES[NEGATIONS.get(operator, operator)]

    assert holds(spelled % operator, [neither, wanted], [match]) == expected(operator, SAME)
    assert holds(spelled % operator, [wanted, neither], [match]) == expected(operator, SAME)
    assert holds(spelled % operator, [neither, wanted], [other]) == expected(operator, OPPOSITE)


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_an_operator_is_known_whatever_its_case(operator):
    wanted, match, _, _ = VALUES[NEGATIONS.get(operator, operator)]

    assert holds(operator.upper(), wanted, [match]) == expected(operator, SAME)
    assert holds("foranyvalue:" + operator.lower(), wanted, [match]) == expected(operator, SAME)


def expected(operator, outcome):
    if outcome in (SAME, OPPOSITE):
        return (outcome == SAME) != (operator in NEGATIONS)
    return outcome


def holds(operator, wanted, values):
    """Whether a request whose key has those values, or none (None), meets the condition."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    statement["Condition"] = {operator: {"shop:Key": wanted}}
    context = {} if values is None else {"shop:Key": values}
    request = Request("arn:aws:iam::123456789012:user/ana", "s3:GetObject", "*", context)
    policy = {"Version": "2012-10-17", "Statement": statement}
    return evaluate(request, identity=[policy]).allowed
