"""A decision in words says what decided, and each statement's part in it; HTML is safe."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from labkit.policy import Request, evaluate
from labkit.policy.headline import headline
from labkit.policy.render import as_html, as_text, escape
from tests.policy.cases import all_cases

CASES = {case.id: case for case in all_cases()}
ANA = "arn:aws:iam::123456789012:user/ana"
POSTER = "arn:aws:s3:::posters/gala.png"


def decided(id):
    case = CASES[id]
    return evaluate(Request(**case.request), **case.policies)


def why(condition, context=(), **statement):
    """What the only line of the explanation says of a statement that allows everything else."""
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition} | statement
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    decision = evaluate(Request(ANA, "s3:GetObject", POSTER, dict(context)), identity=[policy])
    return as_text(decision).splitlines()[-1].partition("; ")[2]


@pytest.mark.parametrize(
    ("id", "sentence"),
    [
        ("single_account: A user whose policy allows it may", "the identity policy allows it"),
        (
            "single_account: A user whom the resource's policy allows may",
            "the bucket policy allows",
        ),
        ("single_account: The root user may do everything", "root user needs no policy in its own"),
        ("single_account: Anyone may learn who they are", "sts:GetCallerIdentity needs no"),
        ("cross_account: Both accounts allow it", "both allow it, as two accounts must"),
        ("single_account: A user without any policy may do nothing", "no policy allows it"),
        (
            "single_account: The resource's deny overrides a user's allow",
            "the bucket policy says Deny, which overrides every Allow",
        ),
        ("cross_account: Only the resource's account allows it", "too, and none does"),
        ("cross_account: Only the caller's account allows it", "too, and it does not"),
        ("boundaries: The boundary does not allow what the policy does", "boundary limits what"),
        ("boundaries: A boundary grants nothing", "a permissions boundary only limits"),
        ("sessions: The session policy does not allow what the role may", "session policy limits"),
        ("sessions: A federated user without a session policy may do nothing", "none was passed"),
        ("scps: The organisational unit does not allow it", "every level must"),
        ("rcps: A level without an RCP that allows it allows nothing", "every level must"),
        (
            "endpoints: An endpoint's policy that allows other resources does not",
            "the policy of the VPC endpoint does not let it pass",
        ),
        (
            "kms: Without the account's statement identity policies are ineffective",
            "only if the key policy lets them",
        ),
        (
            "kms: The default key policy itself lets no user in",
            "the key policy leaves it to the account, and no identity policy allows it",
        ),
        (
            "trust: The user is not trusted, whatever its policy says",
            "only if the trust policy lets them",
        ),
        ("trust: The root user cannot assume a role", "the root user cannot assume a role"),
    ],
)
def test_the_headline_says_why_that_kind_of_policy_decided(id, sentence):
    said = headline(decided(id))

    assert sentence in said
    assert said.startswith("Allowed: " if CASES[id].effect == "Allow" else "Denied: ")
    assert said.endswith(".")
    assert said.count(".") == 1


def test_every_case_has_a_headline_and_a_line_for_each_statement():
    for case in CASES.values():
        decision = decided(case.id)
        text = as_text(decision)

        assert len(text.splitlines()) == 4 + max(1, len(decision.steps)), case.id
        assert not re.search(r"\{(key|expected|actual|named)\}|\bNone\b", text), case.id
        assert ("=>" in text) == bool(decision.decided_by and decision.effect != "ImplicitDeny"), (
            case.id
        )


def test_the_text_of_a_denial_is_this():
    text = as_text(decided("scps: The fence lets global services through"))

    assert text == (
        "Allowed: the identity policy allows it.\n"
        "  who   arn:aws:iam::123456789012:user/ana\n"
        "  what  iam:ListUsers\n"
        "  on    *\n"
        " - service control policy 1, statement 1: Allow applies; "
        "its actions and resources match.\n"
        " - service control policy 2, statement 1: Deny does not apply; "
        "its NotAction (iam:*, organizations:* or support:*) lists iam:ListUsers.\n"
        "=> identity policy 1, statement 1: Allow applies and decides; "
        "its actions and resources match."
    )


@pytest.mark.parametrize(
    ("condition", "context", "line"),
    [
        (
            {"StringEquals": {"aws:PrincipalTag/team": ["seats", "box"]}},
            {"aws:PrincipalTag/team": "press"},
            "StringEquals aws:PrincipalTag/team seats or box fails: the request has press.",
        ),
        (
            {"StringEquals": {"aws:PrincipalTag/team": "seats"}},
            {},
            "StringEquals aws:PrincipalTag/team seats fails: the request has no value for it.",
        ),
        (
            {"Bool": {"aws:SecureTransport": "true"}},
            {"aws:SecureTransport": True},
            "Bool aws:SecureTransport true holds: the request has true.",
        ),
        (
            {"StringNotEquals": {"aws:PrincipalTag/team": "seats"}},
            {},
            "StringNotEquals aws:PrincipalTag/team seats holds: the request has no value for it.",
        ),
        (
            {"StringEquals": {"aws:TagKeys": "team"}},
            {"aws:TagKeys": ["team", "stage"]},
            "StringEquals aws:TagKeys fails: it compares one value, and the request has team and "
            "stage; ForAnyValue or ForAllValues compares several.",
        ),
        (
            {"NumericLessThan": {"s3:max-keys": 10}},
            {"s3:max-keys": "many"},
            "NumericLessThan s3:max-keys 10 fails: it cannot read many.",
        ),
        (
            {"StringLike": {"s3:prefix": "${aws:username}/*"}},
            {"s3:prefix": ""},
            "StringLike s3:prefix ana/* fails: the request has an empty text.",
        ),
        (
            {"StringLike": {"s3:prefix": "${aws:PrincipalTag/team}/*"}},
            {"s3:prefix": "seats/"},
            "StringLike s3:prefix ${aws:PrincipalTag/team}/* fails: the request has seats/ "
            "(a ${…} that is left has no value in this request).",
        ),
        (
            {"StringEquals": {"a:b": ["1", "2", "3", "4", "5", "6"]}},
            {"a:b": "7"},
            "StringEquals a:b 1, 2, 3 or 3 more fails: the request has 7.",
        ),
    ],
)
def test_a_condition_is_told_as_it_is_written_with_what_the_request_has(condition, context, line):
    assert why(condition, context) == line


def test_an_action_and_a_resource_that_do_not_match_are_told():
    assert why({}, Action="s3:Put*") == "its Action (s3:Put*) does not cover s3:GetObject."
    assert why({}, Resource="arn:aws:s3:::tickets/*") == (
        f"its Resource (arn:aws:s3:::tickets/*) does not cover {POSTER}."
    )


TAGS = {"div", "p", "b", "dl", "dt", "dd", "code", "ol", "li"}
HOSTILE = "<img src=x onerror='alert(1)'>&\"</code>"


class Tags(HTMLParser):
    """Which tags there are, and whether they close in turn."""

    def __init__(self):
        super().__init__()
        self.seen, self.open = set(), []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def tags_of(html):
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert tags.open == []
    return tags.seen


def test_nothing_of_a_request_or_a_policy_becomes_html():
    statement = {
        "Sid": HOSTILE,
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:user/" + HOSTILE.replace("*", "")},
        "Action": "*",
        "Resource": "arn:aws:s3:::" + HOSTILE,
        "Condition": {"StringEquals": {HOSTILE: HOSTILE}},
    }
    denying = statement | {"Effect": "Deny", "Sid": "b", "Principal": "*", "Resource": "*"}
    request = Request(
        "arn:aws:iam::123456789012:user/" + HOSTILE,
        "s3:" + HOSTILE,
        "arn:aws:s3:::" + HOSTILE,
        {HOSTILE: HOSTILE + "!"},
    )

    html = as_html(
        evaluate(request, resource={"Version": "2012-10-17", "Statement": [statement, denying]})
    )

    assert tags_of(html) == TAGS
    assert escape(HOSTILE) in html
    assert HOSTILE not in html


def test_every_case_is_well_formed_html():
    for case in CASES.values():
        html = as_html(decided(case.id))

        assert tags_of(html) == TAGS, case.id


def test_html_tells_the_outcome_by_class_and_by_word():
    allowed = as_html(decided("single_account: A user whose policy allows it may"))
    denied = as_html(decided("single_account: A user without any policy may do nothing"))

    assert 'class="lk-decision lk-done"' in allowed
    assert "<b>Allowed: " in allowed
    assert 'class="lk-applies lk-decides"' in allowed
    assert "<b>Allow applies and decides</b>" in allowed
    assert 'class="lk-decision lk-failed"' in denied
    assert "<b>Denied: " in denied
    assert "No policy was there to ask." in denied
