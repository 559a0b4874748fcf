"""The text of a policy is read with the place of everything in it, and of what is no JSON."""

from __future__ import annotations

import doctest
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.explorables.iam_evaluation import source
from labkit.explorables.iam_evaluation.drafts import Context, Draft
from labkit.explorables.iam_evaluation.source import DEPTH_MAX, Source

POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:ListBucket"],
      "Resource": "*",
      "Condition": {
        "StringLike": {"aws:PrincipalTag/a.b": "x"}
      }
    }
  ]
}"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)  # fmt: skip


def problem(text: str) -> tuple[str, str]:
    """What of the text is the place of its problem, to the line's end, and what is said of it."""
    found = Source(text).problem
    assert found is not None
    return text[found.offset :].split("\n", maxsplit=1)[0], found.says


@given(JSON, st.sampled_from([None, 2]), st.booleans())
def test_every_json_text_is_read(value: Any, indent: int | None, ascii: bool) -> None:
    assert Source(json.dumps(value, indent=indent, ensure_ascii=ascii)).problem is None


@given(
    st.integers(0, len(POLICY) - 1),
    st.sampled_from(["", *'{}[],:"\\ue0.-+1 \n\tt']),
    st.booleans(),
)
def test_it_refuses_exactly_what_python_refuses(at: int, put: str, over: bool) -> None:
    text = POLICY[:at] + put + POLICY[at + over :]
    try:
        json.loads(text)
        is_json = True
    except ValueError:
        is_json = False

    found = Source(text)

    assert (found.problem is None) is is_json
    if found.problem:
        assert 0 <= found.problem.offset <= len(text)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ('{"a": 1\n "b": 2}', "1", "A comma is missing after this."),
        ('{"a": 1,\n}', ",", "No comma stands before }."),
        ('{"a": [1, ]}', ", ]}", "No comma stands before ]."),
        ('{"a" 1}', '" 1}', "A colon is missing after this name."),
        ("{a: 1}", "a: 1}", "A name in straight double quotation marks belongs here."),
        ('{"a": yes}', "yes}", "yes is no value: a text stands in double quotation marks."),
        ("{\"a\": 'b'}", "'b'}", "JSON takes straight double quotation marks."),
        ('{"a": “b”}', "“b”}", "JSON takes straight double quotation marks."),
        ('{"a": "b\n}', '"b', "This text has no closing quotation mark on its line."),
        ('{"a": "b', '"b', "This text has no closing quotation mark."),
        (
            '{"a": "b\\q"}',
            '\\q"}',
            r"A backslash stands before one of \" \\ \/ \b \f \n \r \t or \u0000.",
        ),
        ('{"a": {\n"b": 1', "{", "This { is never closed."),
        ('{"a": [1\n}', "}", "The [ of line 1 ends with ]."),
        ('{"a": }', "}", "A value is missing here."),
        ("{}\n{}", "{}", "Nothing may stand after the end."),
        ("{", "{", "This { is never closed."),
        ('{"a": 01}', "01}", "01 is no value: a text stands in double quotation marks."),
    ],
)
def test_what_is_no_json_is_told_at_its_place(text: str, place: str, says: str) -> None:
    assert problem(text) == (place, says)


def test_nesting_is_bounded() -> None:
    assert Source("[" * DEPTH_MAX + "]" * DEPTH_MAX).problem is None
    assert problem("[" * 10_000)[1] == f"This is nested more than {DEPTH_MAX} deep."


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("Version", 2),
        ("Statement", 3),
        ("Statement[0]", 4),
        ("Statement[0].Effect", 6),
        ("Statement[0].Action[1]", 7),
        ("Statement[0].Condition.StringLike.aws:PrincipalTag/a.b", 10),
        ("Statement[0].Principal", 4),
        ("Statement[1].Effect", 3),
        ("Id", 1),
        ("", 1),
    ],
)
def test_a_path_leads_to_its_line_or_to_the_nearest_that_is_there(path: str, line: int) -> None:
    found = Source(POLICY)

    assert found.line(found.place(path)) == line


def test_a_single_statement_is_found_by_the_path_that_counts_it() -> None:
    found = Source('{"Statement":\n{\n"Effect": "Deny"}}')

    assert found.line(found.place("Statement[0].Effect")) == 3


def test_a_policy_that_aws_would_refuse_has_each_finding_at_its_line() -> None:
    broken = POLICY.replace('"Allow"', '"allow"').replace("StringLike", "StringLiek")

    found = Draft(broken, "identity")

    assert found.policy is None
    assert [(flaw.line, flaw.is_error) for flaw in found.flaws] == [(6, True), (10, True)]
    assert found.flaws[0].says == (
        "Statement[0].Effect: Effect is Allow or Deny; case matters. Found allow."
    )


def test_a_doubt_does_not_keep_a_policy_from_being_used() -> None:
    doubtful = POLICY.replace('"Resource": "*"', '"Resource": "arn:aws:s*:::posters"')

    found = Draft(doubtful, "identity")

    assert found.policy is not None
    assert [(flaw.line, flaw.is_error) for flaw in found.flaws] == [(8, False)]


def test_a_name_that_stands_twice_is_told_at_the_second_one() -> None:
    found = Draft('{"Statement": [],\n "Statement": []}', "identity")

    assert [(flaw.line, flaw.column) for flaw in found.flaws] == [(2, 2)]
    assert "stands twice" in found.flaws[0].says


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_text_is_no_policy_and_no_mistake(text: str) -> None:
    found = Draft(text, "identity")

    assert (found.policy, found.flaws) == (None, [])


@pytest.mark.parametrize(
    ("text", "keys", "says"),
    [
        ("", {}, []),
        (
            '{"aws:a": "x", "b": 3, "c": true, "d": ["x", "y"]}',
            {"aws:a": "x", "b": 3, "c": True, "d": ["x", "y"]},
            [],
        ),
        ("[1]", {}, ["The context is an object of condition keys."]),
        (
            '{"a": {"b": 1}}',
            {},
            ["a has a text, a number, true, false, or a list of these."],
        ),
        ('{"a": []}', {}, ["a has a text, a number, true, false, or a list of these."]),
        ('{"a": null}', {}, ["a has a text, a number, true, false, or a list of these."]),
        ('{"a"}', {}, ["A colon is missing after this name."]),
    ],
)
def test_a_context_is_an_object_of_keys_with_plain_values(
    text: str, keys: dict[str, Any], says: list[str]
) -> None:
    found = Context(text)

    assert found.keys == keys
    assert [flaw.says for flaw in found.flaws] == says


def test_the_examples_in_the_docstrings_hold() -> None:
    result = doctest.testmod(source)

    assert result.attempted > 0
    assert result.failed == 0
