"""The ledger is honest: every correction has a canary, every row a page and a test that exists."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from labkit import runtime
from labkit.errors import BrokenLab
from labkit.fidelity import Row, registry
from labkit.fidelity.registry import rules

HERE = Path(__file__).parent
ROWS = runtime.ledger()


def marked(mark: str) -> set[str]:
    """The tests of this directory that bear a mark."""
    return {
        node.name
        for path in HERE.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and f"pytest.mark.{mark}" in {ast.unparse(line) for line in node.decorator_list}
    }


def test_every_correction_has_a_test_that_fails_on_moto_alone() -> None:
    assert {row.test for row in ROWS if row.kind == "corrected"} <= marked("mends")


def test_no_correction_is_missing_from_the_ledger() -> None:
    assert marked("mends") <= {row.test for row in ROWS if row.kind == "corrected"}


def test_what_is_as_on_aws_has_a_test_that_passes_on_moto_alone() -> None:
    assert {row.test for row in ROWS if row.kind == "as on AWS"} <= marked("right")


def test_a_difference_names_no_test() -> None:
    assert {row.test for row in ROWS if row.kind == "differs"} == {""}


def test_every_row_follows_a_page_of_aws() -> None:
    assert [row for row in ROWS if not row.source.startswith("https://docs.aws.amazon.com/")] == []


def test_every_row_is_two_sentences_or_more() -> None:
    assert [
        row for row in ROWS if not (row.behaviour.endswith(".") and row.aws.endswith("."))
    ] == []


def test_no_row_is_there_twice() -> None:
    counts = Counter((row.service, row.behaviour) for row in ROWS)

    assert [key for key, count in counts.items() if count > 1] == []


def test_every_rule_says_what_moto_does() -> None:
    assert [rule.name for rule in rules() if not rule.corrects.startswith("moto")] == []


def test_a_ledger_can_be_asked_for_one_service() -> None:
    assert {row.service for row in runtime.ledger("sqs")} == {"sqs"}
    assert runtime.ledger("no such service") == ()
    assert {row.kind for row in runtime.ledger("sqs")} == {"as on AWS", "corrected", "differs"}


def test_the_ledger_is_the_same_when_it_is_read_again() -> None:
    assert runtime.ledger() == ROWS


def test_a_rule_is_its_row() -> None:
    def a_seat_is_sold_once(exchange: object) -> None:
        """A seat is sold
        once.

        The second buyer gets
        SeatTaken.
        """

    row = registry.Rule(
        "box-office", ("SellSeat",), "before", "https://example.com/", "moto", a_seat_is_sold_once
    ).row()

    assert row == Row(
        "box-office",
        "corrected",
        "A seat is sold once.",
        "The second buyer gets SeatTaken.",
        "test_a_seat_is_sold_once",
        "https://example.com/",
    )


def test_a_rule_without_words_is_refused() -> None:
    def silent(exchange: object) -> None:
        """Only one line."""

    with pytest.raises(BrokenLab, match="silent"):
        registry.Rule("box-office", (), "before", "", "moto", silent).row()
