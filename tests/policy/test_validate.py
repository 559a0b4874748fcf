"""What `validate` finds besides the grammar: rules and sizes of each place, values and doubts."""

from __future__ import annotations

import json

import pytest

from labkit.errors import UsageError
from labkit.facts import fact
from labkit.policy import validate
from labkit.policy.kinds import KINDS

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TO_ALL = ALLOW | {"Principal": "*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "123456789012"}}
IDENTITIES = ("identity-managed", "identity-inline-user", "session", "boundary", "scp")


def policy(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


def with_condition(operator, value, key="shop:Key"):
    return policy(ALLOW | {"Condition": {operator: {key: value}}})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_place_takes_a_policy_that_is_made_for_it(kind):
    rules = KINDS[kind]
    statement = TRUST if kind == "trust" else ALLOW if rules.principal == "none" else TO_ALL

    assert validate(policy(statement), kind) == []


@pytest.mark.parametrize(
    ("kind", "statement", "path", "rule"),
    [
        *[(kind, TO_ALL, "Principal", "no principal") for kind in IDENTITIES],
        ("identity", {"Effect": "Allow", "Action": "s3:*"}, "", "Resource or NotResource"),
        ("identity", ALLOW | {"Sid": "no-dash"}, "Sid", "letters and digits"),
        ("trust", TRUST | {"Sid": "no dash"}, "Sid", "letters and digits"),
        ("resource", ALLOW, "", "has a Principal"),
        ("resource-s3", ALLOW, "", "has a Principal"),
        ("endpoint", ALLOW, "", "has a Principal"),
        ("trust", TRUST | {"Resource": "*"}, "", "no Resource"),
        ("trust", TRUST | {"Action": "s3:GetObject"}, "Action", "actions of STS"),
        ("trust", TRUST | {"Action": "*"}, "Action", "actions of STS"),
        (
            "trust",
            {"Effect": "Deny", "Action": "sts:AssumeRole", "NotPrincipal": {"AWS": "123456789012"}},
            "NotPrincipal",
            "not NotPrincipal",
        ),
        ("rcp", TO_ALL | {"Principal": {"AWS": "123456789012"}}, "Principal", "everyone"),
        ("session", ALLOW | {"Resource": "arn:aws:sqs"}, "Resource", "all its six fields"),
    ],
)
def test_where_a_policy_is_attached_adds_rules_of_its_own(kind, statement, path, rule):
    findings = validate(policy(statement), kind)

    assert [f.path for f in findings] == ["Statement[0]" + ("." + path if path else "")]
    assert rule in findings[0].rule
    assert validate(policy(statement)) == []


def test_an_unknown_place_is_an_error_of_the_call_that_lists_those_there_are():
    with pytest.raises(UsageError, match="identity-managed"):
        validate(policy(ALLOW), "user")


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("identity-managed", "iam.managed_policy_max_chars"),
        ("boundary", "iam.managed_policy_max_chars"),
        ("identity-inline-user", "iam.inline_user_policies_max_chars"),
        ("identity-inline-group", "iam.inline_group_policies_max_chars"),
        ("identity-inline-role", "iam.inline_role_policies_max_chars"),
        ("session", "iam.session_policy_max_chars"),
        ("trust", "iam.trust_policy_max_chars"),
        ("scp", "iam.scp_max_chars"),
        ("rcp", "iam.rcp_max_chars"),
        ("resource-s3", "iam.bucket_policy_max_bytes"),
        ("resource-sqs", "iam.queue_policy_max_bytes"),
        ("resource-sns", "iam.topic_policy_max_bytes"),
        ("resource-kms", "kms.key_policy_max_bytes"),
        ("resource-dynamodb", "iam.table_policy_max_bytes"),
    ],
)
def test_a_policy_may_be_as_long_as_its_place_allows_and_no_longer(kind, limit):
    longest = as_long_as(fact(limit), kind)
    longer = as_long_as(fact(limit) + 1, kind)

    assert validate(longest, kind) == []
    assert [f"at most {fact(limit)}" in f.rule for f in validate(longer, kind)] == [True]


def as_long_as(size, kind):
    """A policy of that many characters, whichever way they are counted."""
    statement = TRUST if kind == "trust" else ALLOW if KINDS[kind].principal == "none" else TO_ALL
    short = json.dumps(policy(statement | {"Condition": {"StringEquals": {"a:b": ""}}}))
    short = short.replace(" ", "")
    return short.replace('"a:b":""', '"a:b":"' + "x" * (size - len(short)) + '"')


@pytest.mark.parametrize(
    ("kind", "counted"),
    [("identity-managed", False), ("trust", False), ("session", True), ("resource-s3", True)],
)
def test_white_space_counts_in_some_places_only(kind, counted):
    limit = fact(KINDS[kind].size)
    spaced = as_long_as(limit, kind) + " \n"

    assert bool(validate(spaced, kind)) == counted


def test_a_policy_as_a_dict_is_measured_as_json_without_spaces():
    text = as_long_as(fact("iam.managed_policy_max_chars"), "identity-managed")

    assert validate(json.loads(text), "identity-managed") == []
    assert validate(json.loads(text.replace("xx", "xxx", 1)), "identity-managed") != []


def test_bytes_are_counted_not_characters():
    text = as_long_as(fact("iam.bucket_policy_max_bytes"), "resource-s3").replace("x", "é", 1)

    assert [f.value for f in validate(text, "resource-s3")] == ["20481 bytes"]


@pytest.mark.parametrize("kind", ["resource-sqs", "resource-sns"])
def test_some_places_limit_the_number_of_statements(kind):
    limit = fact(KINDS[kind].statements)
    small = {"Effect": "Deny", "Action": "a:b", "Principal": "*"}

    assert validate(policy(*[small] * limit), kind) == []
    assert [f.path for f in validate(policy(*[small] * (limit + 1)), kind)] == ["Statement"]


@pytest.mark.parametrize("kind", ["identity-managed", "trust", "session", "resource-kms"])
def test_a_text_of_iam_or_kms_has_no_characters_beyond_latin(kind):
    statement = TRUST if kind == "trust" else TO_ALL if kind == "resource-kms" else ALLOW
    latin = json.dumps(policy(statement | {"Condition": {"StringEquals": {"a:b": "é"}}}))

    assert validate(latin.replace("\\u00e9", "é"), kind) == []
    assert ["U+00FF" in f.rule for f in validate(latin.replace("\\u00e9", "票"), kind)] == [True]


@pytest.mark.parametrize(
    ("operator", "value", "rule"),
    [
        ("NumericEquals", "ten", "number"),
        ("NumericLessThanIfExists", "1e400", "number"),
        ("NumericLessThan", "nan", "number"),
        ("NumericEquals", "1_000", "number"),
        ("NumericEquals", "${aws:username}", "no policy variable"),
        ("DateGreaterThan", "5 January 2026", "date"),
        ("DateGreaterThan", "2026-02-30T00:00:00Z", "date"),
        ("DateGreaterThan", "2026-01-05T09:00:00", "date"),
        ("Bool", "yes", "true or false"),
        ("Null", "no", "true or false"),
        ("IpAddress", "203.0.113.300", "range"),
        ("NotIpAddress", "203.0.113.0/33", "range"),
        ("ForAnyValue:IpAddress", "2001:db8::/129", "range"),
        ("IpAddress", ["203.0.113.0/24", "everywhere"], "range"),
    ],
)
def test_a_value_that_its_operator_cannot_read_is_an_error_at_its_key(operator, value, rule):
    findings = validate(with_condition(operator, value))

    assert [f.path for f in findings] == [f"Statement[0].Condition.{operator}.shop:Key"]
    assert findings[0].severity == "error"
    assert rule in findings[0].rule


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("NumericEquals", 10),
        ("NumericEquals", "-0.5"),
        ("DateEquals", "2026"),
        ("DateEquals", "2026-01-05T09:00:00.5+01:00"),
        ("DateEquals", 1767603600),
        ("Bool", True),
        ("Bool", "${aws:SecureTransport}"),
        ("Null", False),
        ("IpAddress", "::ffff:203.0.113.1"),
        ("StringEquals", "${aws:username}"),
        ("BinaryEquals", "c2VhdA=="),
    ],
)
def test_a_value_that_its_operator_can_read_is_right(operator, value):
    assert validate(with_condition(operator, value)) == []


def test_in_the_older_version_a_variable_is_no_boolean():
    older = with_condition("Bool", "${aws:SecureTransport}") | {"Version": "2008-10-17"}

    assert [f.severity for f in validate(older)] == ["error"]


@pytest.mark.parametrize(
    ("resource", "doubt"),
    [
        ("arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders", "after the fifth colon"),
        ("arn:aws:*:us-east-1:123456789012:orders", "without wildcards"),
        ("arn:aws*:s3:::posters", "without wildcards"),
    ],
)
def test_a_resource_that_does_not_mean_what_it_seems_to_is_a_warning(resource, doubt):
    findings = validate(policy(ALLOW | {"Resource": resource}))

    assert [(f.path, f.severity) for f in findings] == [("Statement[0].Resource", "warning")]
    assert doubt in findings[0].rule
