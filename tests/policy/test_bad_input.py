"""Bad policies: a clear error or a right answer, in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.policy import PolicyError, Request, compile_policy, evaluate, validate
from labkit.policy.glob import matches, wild
from labkit.policy.kinds import KINDS
from labkit.policy.operators import OPERATORS

STEADY = settings(derandomize=True, deadline=None, max_examples=200)
ASK = Request("arn:aws:iam::123456789012:user/ana", "s3:GetObject", "arn:aws:s3:::posters/a.png")


def policy(**changes):
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    for name, value in changes.items():
        if value is None:
            statement.pop(name, None)
        else:
            statement[name] = value
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "a:b"}, statement]}


@pytest.mark.parametrize(
    ("document", "path", "rule"),
    [
        pytest.param([], "", "JSON object", id="a list"),
        pytest.param("{", "", "valid JSON", id="half a JSON"),
        pytest.param("[" * 100_000, "", "valid JSON", id="nesting without end"),
        pytest.param({"Version": "2012", "Statement": []}, "Version", "2008-10-17", id="date"),
        pytest.param({"Version": "2012-10-17"}, "Statement", "has a Statement", id="empty"),
        pytest.param({"statement": []}, "statement", "case matters", id="lower case"),
        pytest.param(policy(Effect="allow"), "Statement[1].Effect", "case matters", id="effect"),
        pytest.param(policy(Action=None), "Statement[1]", "Action or NotAction", id="no action"),
        pytest.param(policy(NotAction="s3:*"), "Statement[1].NotAction", "not both", id="both"),
        pytest.param(policy(Action="s3"), "Statement[1].Action", "service:Action", id="no colon"),
        pytest.param(policy(Action=[]), "Statement[1].Action", "at least one", id="empty list"),
        pytest.param(policy(Action=["s3:*", 3]), "Statement[1].Action[1]", "string", id="number"),
        pytest.param(policy(Action="s*:Get"), "Statement[1].Action", "the colon", id="star"),
        pytest.param(policy(Resource="posters"), "Statement[1].Resource", "arn:", id="no arn"),
        pytest.param(policy(Resource="arn:\x00"), "Statement[1].Resource", "Control", id="control"),
        pytest.param(
            policy(Principal={"AWS": "arn:aws:iam::123456789012:user/*"}),
            "Statement[1].Principal.AWS",
            "in full",
            id="wildcard in a principal",
        ),
        pytest.param(
            policy(Principal={"User": "ana"}),
            "Statement[1].Principal.User",
            "AWS",
            id="principal type",
        ),
        pytest.param(
            policy(Condition={"StringEqual": {"a": "b"}}),
            "Statement[1].Condition.StringEqual",
            "no condition operator",
            id="operator",
        ),
        pytest.param(
            policy(Condition={"Bool": {"a": {}}}),
            "Statement[1].Condition.Bool.a",
            "strings, numbers",
            id="condition value",
        ),
        pytest.param(
            policy(Condition={"StringLike": {"aws:username": "a", "AWS:UserName": "b"}}),
            "Statement[1].Condition.StringLike.AWS:UserName",
            "no case",
            id="one key twice",
        ),
        pytest.param(
            policy(NotPrincipal={"AWS": "123456789012"}),
            "Statement[1].NotPrincipal",
            "goes with Deny",
            id="NotPrincipal that allows",
        ),
    ],
)
def test_an_error_names_the_place_the_rule_and_the_value(document, path, rule):
    with pytest.raises(PolicyError) as caught:
        compile_policy(document)

    assert caught.value.path == path
    assert rule in str(caught.value)


def test_two_statements_with_one_sid_are_refused():
    twice = policy(Sid="Read")
    twice["Statement"][0]["Sid"] = "Read"

    finding = next(f for f in validate(twice) if f.path == "Statement[1].Sid")

    assert "Statement[0] has it too" in finding.rule


def test_a_policy_of_ten_thousand_statements_is_decided_in_bounded_time():
    many = [
        {"Sid": f"s{i}", "Effect": "Allow", "Action": f"s3:Get{i}", "Resource": "*"}
        for i in range(10_000)
    ]
    began = time.monotonic()

    decision = evaluate(ASK, identity=[{"Version": "2012-10-17", "Statement": many}])

    assert decision.effect == "ImplicitDeny"
    assert time.monotonic() - began < 20


def test_a_pattern_of_many_stars_is_matched_in_bounded_time():
    began = time.monotonic()

    assert not matches(wild("*a" * 200 + "b"), "a" * 5_000)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "principal",
    [
        "ana",
        "",
        "123456789012",
        "arn:aws:s3:::posters",
        "arn:aws:iam::123456789012:group/box-office",
        "arn:aws:sts::123456789012:assumed-role/worker",
    ],
)
def test_a_principal_that_aws_never_authenticates_is_refused_with_an_example(principal):
    with pytest.raises(UsageError, match="user/ana"):
        evaluate(Request(principal, "s3:GetObject", "*"))


def test_an_action_that_is_none_is_refused_with_an_example():
    with pytest.raises(UsageError, match="s3:GetObject"):
        evaluate(Request("*", "GetObject", "*"))


json_values = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(("Allow", "*")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("Version", "Statement", "Effect", "Action", "Resource", "Condition", "Bool")
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@STEADY
@given(json_values)
def test_any_json_gives_findings_or_a_decision_and_nothing_else(document):
    errors = [f for f in validate(document) if f.severity == "error"]

    if errors:
        with pytest.raises(PolicyError) as caught:
            evaluate(ASK, identity=[document])
        assert caught.value.findings == errors
    else:
        assert evaluate(ASK, identity=[document]).effect in (
            "Allow",
            "ImplicitDeny",
            "ExplicitDeny",
        )


@STEADY
@given(st.text(max_size=40), st.text(max_size=40))
def test_odd_unicode_in_patterns_and_values_is_compared_as_it_stands(text, other):
    plain = text.replace("*", "").replace("?", "").replace("\x00", "").replace("\x01", "")

    assert matches(wild(plain), plain)
    assert matches(wild(plain + "*"), plain + other)


ODD = st.text(max_size=8) | st.sampled_from(
    ("²", "٣.٣.٣.٣", "1.1.1.²", "²026-01-05", "\ud800", "\x00")
)


@STEADY
@given(st.sampled_from(sorted(OPERATORS)), ODD, ODD)
def test_no_operator_fails_on_a_text_that_it_cannot_read(operator, wanted, found):
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    statement["Condition"] = {operator: {"shop:Key": wanted}}
    document = {"Version": "2012-10-17", "Statement": statement}
    request = Request(ASK.principal, ASK.action, ASK.resource, {"shop:Key": found})

    findings = validate(document)

    if not findings:
        assert evaluate(request, identity=[document]).effect in ("Allow", "ImplicitDeny")


@STEADY
@given(json_values, st.sampled_from(sorted(KINDS)))
def test_any_json_is_validated_for_any_place(document, kind):
    assert all(finding.severity in ("error", "warning") for finding in validate(document, kind))
