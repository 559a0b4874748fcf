"""A {differs} tells a chapter's reader the few lines that matter, and the whole on its page."""

from __future__ import annotations

import pytest

import labkit.runtime
from labkit.fidelity import Row


def row(number: int, kind: str = "differs", service: str = "sqs") -> Row:
    """A row of a ledger."""
    return Row(
        service=service,
        kind=kind,
        behaviour=f"Here it is `{number}`.",
        aws=f"there it is {number}.",
        test=f"test_{number}",
        source=f"https://docs.aws.amazon.com/{number}",
    )


@pytest.fixture
def rows(monkeypatch):
    """Lets the ledger have rows of one's own."""
    rows: list[Row] = []

    def ledger(service: str | None = None) -> tuple[Row, ...]:
        return tuple(row for row in rows if service in (None, row.service))

    monkeypatch.setattr(labkit.runtime, "ledger", ledger)
    return rows


def test_a_chapter_shows_at_most_five_lines_of_what_differs(build, rows):
    rows += [row(0, "corrected"), *(row(number) for number in range(1, 8))]
    page = build("# Book\n\n```{differs} sqs\n```\n").page()

    assert '<aside class="lk-box lk-differs">' in page
    assert page.count("<li>") == 5
    assert "<em>On AWS:</em> there it is 1." in page
    assert "there it is 0." not in page


def test_the_ledger_of_the_basics_is_called_what_it_is_of(build, rows):
    rows += [row(1, service="basics")]
    page = build("# Book\n\n```{differs}\n```\n\n```{differs} basics\n```\n").page()

    assert "<h2>Every service<a" in page
    assert "The whole ledger for every service" in page


def test_a_chapter_chooses_the_lines_that_its_lab_meets(build, rows):
    rows += [row(1), row(2), row(3, service="iam"), row(4, service="iam")]
    book = build("# Book\n\n```{differs} sqs iam\nHere it is `3`\nHere it is `2`\n```\n")
    page = book.page()

    assert book.warnings == ""
    assert page.count("<li>") == 2
    assert page.index("there it is 3.") < page.index("there it is 2.")
    assert "The whole ledger for SQS and IAM" in page


def test_a_line_that_the_ledger_does_not_have_is_an_error_that_names_the_nearest(build, rows):
    rows.append(row(1))
    book = build("# Book\n\n```{differs} sqs\nHere is `1`\n```\n")

    assert "No row of the ledger begins with 'Here is `1`'" in book.warnings
    assert "The nearest is 'Here it is '" in book.warnings


def test_the_box_links_to_the_whole_ledger(build, rows):
    rows.append(row(1))
    files = {"chapters/differs.md": "# Ledger\n\n```{differs}\n```\n"}
    page = build("# Book\n\n```{differs} sqs\n```\n", **files).page()

    assert 'href="differs.html"' in page


def test_the_whole_ledger_shows_what_differs_and_folds_what_does_not(build, rows):
    rows += [row(1), row(2, "corrected"), row(3, "as on AWS", service="iam")]
    book = build("# Book\n\n```{differs}\n```\n")
    page = book.page()

    assert book.warnings == ""
    assert page.index("IAM") < page.index("SQS")
    assert page.count("<table") == 3
    shown, _, folded = page.partition("SQS")[2].partition("<details")
    assert "there it is 1." in shown
    assert "because a rule corrects moto: 1</summary>" in folded
    assert "there it is 2." in folded
    assert 'href="https://docs.aws.amazon.com/2">Source</a>' in page
    assert '<code class="lk-shown-by docutils' in page


def test_a_service_that_differs_in_nothing_is_an_error(build, rows):
    rows.append(row(1, "corrected"))

    assert "nothing that differs for 'sqs'" in build("# Book\n\n```{differs} sqs\n```\n").warnings
