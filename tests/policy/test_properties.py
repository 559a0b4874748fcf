"""Truths about every decision, whatever the policies say."""

from __future__ import annotations

import json
import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.policy import Request, compile_policy, evaluate
from labkit.policy.glob import matches, wild
from labkit.policy.render import as_html, as_text

STEADY = settings(derandomize=True, deadline=None, max_examples=80)
ACTIONS = (
    "s3:GetObject",
    "s3:PutObject",
    "sqs:SendMessage",
    "s3:*",
    "*",
    "sqs:Send*",
    "S3:getobject",
    "kms:Decrypt",
    "sts:AssumeRole",
)
RESOURCES = (
    "*",
    "arn:aws:s3:::posters/*",
    "arn:aws:s3:::posters/gala.png",
    "arn:aws:sqs:*:*:orders",
    "arn:aws:s3:::posters/${aws:username}/*",
)
ANA = "arn:aws:iam::123456789012:user/ana"
WORKER = "arn:aws:sts::123456789012:assumed-role/worker/run"
CALLERS = (
    ANA,
    WORKER,
    "arn:aws:iam::123456789012:root",
    "arn:aws:sts::123456789012:federated-user/ana",
    "lambda.amazonaws.com",
    "arn:aws:iam::123456789012:saml-provider/box-office",
    "*",
)
PRINCIPALS = (
    "*",
    {"AWS": ANA},
    {"AWS": "123456789012"},
    {"AWS": "arn:aws:iam::123456789012:role/worker"},
    {"AWS": WORKER},
    {"Service": "lambda.amazonaws.com"},
)

conditions = st.sampled_from(
    (
        {},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringEquals": {"aws:username": ["ana", "bo"]}, "Null": {"aws:TokenIssueTime": "true"}},
        {"StringNotLike": {"s3:prefix": "a*"}},
        {"NumericLessThanIfExists": {"s3:max-keys": "10"}},
    )
)


def statements(principal: bool) -> st.SearchStrategy[dict]:
    parts = {
        "Effect": st.sampled_from(("Allow", "Deny")),
        "Action": st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3),
        "Resource": st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=2),
        "Condition": conditions,
    }
    if principal:
        parts["Principal"] = st.sampled_from(PRINCIPALS)
    return st.fixed_dictionaries(parts)


def policies(principal: bool = False) -> st.SearchStrategy[dict]:
    return st.fixed_dictionaries(
        {
            "Version": st.just("2012-10-17"),
            "Statement": st.lists(statements(principal), min_size=1, max_size=4),
        }
    )


requests = st.builds(
    Request,
    principal=st.sampled_from(CALLERS),
    action=st.sampled_from(
        ("s3:GetObject", "s3:PutObject", "sqs:SendMessage", "kms:Decrypt", "sts:AssumeRole")
    ),
    resource=st.sampled_from(
        (
            "arn:aws:s3:::posters/a.png",
            "arn:aws:sqs:us-east-1:123456789012:orders",
            "arn:aws:kms:us-east-1:123456789012:key/1a2b",
        )
    ),
    context=st.sampled_from(
        ({}, {"aws:SecureTransport": True, "s3:prefix": "ab"}, {"s3:max-keys": 20})
    ),
    resource_account=st.sampled_from((None, "999999999999")),
)
cases = st.fixed_dictionaries(
    {"identity": st.lists(policies(), max_size=2)},
    optional={
        "resource": policies(principal=True),
        "boundary": policies(),
        "session": policies(),
        "scps": st.lists(st.lists(policies(), max_size=2), max_size=2),
        "rcps": st.lists(st.lists(policies(principal=True), max_size=2), max_size=2),
        "endpoint": policies(principal=True),
    },
)


@STEADY
@given(requests, cases, policies())
def test_adding_a_deny_never_turns_a_deny_into_an_allow(request, case, extra):
    before = evaluate(request, **case)
    denies = [dict(statement, Effect="Deny") for statement in extra["Statement"]]
    more = dict(case, identity=[*case["identity"], {"Version": "2012-10-17", "Statement": denies}])

    after = evaluate(request, **more)

    assert before.allowed or not after.allowed


@STEADY
@given(requests, cases, st.randoms(use_true_random=False))
def test_the_order_of_statements_policies_and_keys_never_matters(request, case, chance):
    before = evaluate(request, **case)

    after = evaluate(request, **{kind: shuffled(value, chance) for kind, value in case.items()})

    assert (after.effect, after.decided_by) == (before.effect, before.decided_by)


def shuffled(value, chance: random.Random):
    """A policy, or lists of them, with statements, policies and keys in another order.

    The levels of an organisation keep theirs: they say which is asked first.
    """
    if isinstance(value, dict):
        keys = chance.sample(list(value), len(value))
        return {key: shuffled(value[key], chance) for key in keys}
    if isinstance(value, list):
        return [shuffled(item, chance) for item in chance.sample(value, len(value))]
    return value


@STEADY
@given(requests, cases)
def test_an_allow_needs_a_statement_that_allows(request, case):
    decision = evaluate(request, **case)

    allowing = [s for s in decision.steps if s.matched and decision.statement(s).effect == "Allow"]
    root_at_home = request.principal.endswith(":root") and not decision.crosses_accounts
    assert allowing or root_at_home or not decision.allowed


@STEADY
@given(requests, cases)
def test_an_explicit_deny_needs_a_statement_that_denies_and_names_its_kind(request, case):
    decision = evaluate(request, **case)

    denying = {
        s.policy_kind
        for s in decision.steps
        if s.matched and decision.statement(s).effect == "Deny"
    }
    assert (decision.effect == "ExplicitDeny") == bool(denying)
    assert not denying or decision.decided_by in denying


@STEADY
@given(requests, cases, st.integers(0, 4))
def test_splitting_a_policy_in_two_changes_nothing(request, case, at):
    before = evaluate(request, **case)
    split = []
    for policy in case["identity"]:
        for part in (policy["Statement"][:at], policy["Statement"][at:]):
            if part:
                split.append(dict(policy, Statement=part))

    after = evaluate(request, **dict(case, identity=split))

    assert (after.effect, after.decided_by) == (before.effect, before.decided_by)


@STEADY
@given(requests, cases)
def test_a_policy_and_its_compiled_form_and_its_json_decide_alike(request, case):
    as_dict = evaluate(request, **case)
    compiled = dict(case, identity=[compile_policy(p) for p in case["identity"]])
    as_json = dict(case, identity=[json.dumps(p) for p in case["identity"]])

    assert repr(evaluate(request, **compiled)) == repr(as_dict)
    assert repr(evaluate(request, **as_json)) == repr(as_dict)


@STEADY
@given(
    requests, cases, st.sampled_from(("boundary", "session", "endpoint", "scps", "rcps")), st.data()
)
def test_a_policy_that_limits_never_adds_an_allow(request, case, kind, data):
    more = dict(case)
    if kind in ("scps", "rcps"):
        level = data.draw(st.lists(policies(principal=kind == "rcps"), max_size=2))
        more[kind] = [*case.get(kind, []), level]
    else:
        more.pop(kind, None)
        case = dict(more)
        more[kind] = data.draw(policies(principal=kind == "endpoint"))
    before = evaluate(request, **case)

    after = evaluate(request, **more)

    # A federated user's session is empty until a session policy says what it has.
    gains = kind == "session" and "federated-user" in request.principal
    assert before.allowed or gains or not after.allowed


@STEADY
@given(requests, cases)
def test_every_decision_can_be_told_in_words(request, case):
    decision = evaluate(request, **case)

    assert as_text(decision).count("\n") >= len(decision.steps)
    assert as_html(decision).count("<li") >= len(decision.steps)


@STEADY
@given(
    st.sampled_from(
        (
            ("StringEquals", "StringNotEquals", ("seats", "Seats", "refunds", "")),
            ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", ("seats", "Seats", "x")),
            ("StringLike", "StringNotLike", ("seats", "se*", "?eats", "*")),
            ("NumericEquals", "NumericNotEquals", ("1", "1.0", "2")),
            ("NumericLessThan", "NumericGreaterThanEquals", ("1", "1.0", "2")),
            ("DateLessThanEquals", "DateGreaterThan", ("2026-01-05", "2026-01-06T00:00:00Z")),
            ("IpAddress", "NotIpAddress", ("203.0.113.1", "203.0.113.0", "2001:db8::1")),
            ("ArnLike", "ArnNotLike", ("arn:aws:s3:::a", "arn:aws:s3:::b")),
        )
    ),
    st.data(),
)
def test_of_an_operator_and_its_opposite_one_holds(operators, data):
    one, other, texts = operators
    wanted, found = data.draw(st.sampled_from(texts)), data.draw(st.sampled_from(texts))
    request = Request(ANA, "s3:GetObject", "arn:aws:s3:::posters/a.png", {"shop:Key": found})

    allowed = [
        evaluate(request, identity=[allowing({operator: {"shop:Key": wanted}})]).allowed
        for operator in (one, other)
    ]

    assert sorted(allowed) == [False, True]


def allowing(condition):
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


@STEADY
@given(st.text("ab*?", max_size=12), st.text("ab", max_size=16))
def test_a_pattern_matches_as_the_regular_expression_that_says_the_same(pattern, value):
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")

    assert matches(wild(pattern), value) == bool(re.fullmatch(expression, value))
