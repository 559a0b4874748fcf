"""The tables are built from the YAML files, and a wrong entry is named: file, fact and field."""

from __future__ import annotations

import datetime as dt
import textwrap
from pathlib import Path

import pytest

from labkit.cli import facts as command
from labkit.cli import main
from labkit.errors import BrokenLab
from labkit.facts import all_ids, build, get

GOOD = """\
wait_time_max_s:
  value: 20
  unit: s
  label: "longest wait: a long poll"
  source: https://docs.aws.amazon.com/polling
  read_on: 2026-11-25
  evidence: page
  confidence: medium
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sqs.yml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def test_an_entry_becomes_a_fact_and_takes_its_source_as_its_link(tmp_path: Path) -> None:
    (fact,) = build.read(written(tmp_path, GOOD))

    assert (fact.id, fact.value, fact.unit) == ("sqs.wait_time_max_s", 20, "s")
    assert fact.url == fact.source == "https://docs.aws.amazon.com/polling"
    assert (fact.read_on, fact.page_date, fact.note) == ("2026-11-25", "", "")


def test_a_table_is_literals_in_the_order_of_their_ids(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + GOOD.replace("wait_time_max_s", "delay_max_s"))

    text = build.tables(path.parent)[tmp_path / "tables" / "sqs.py"]
    table: dict[str, tuple[tuple[object, ...], ...]] = {}
    exec(text, table)

    assert [row[0] for row in table["FACTS"]] == ["sqs.delay_max_s", "sqs.wait_time_max_s"]
    assert table["FACTS"][0][3] == "longest wait: a long poll"


def test_building_writes_what_changed_and_nothing_the_second_time(tmp_path: Path) -> None:
    written(tmp_path, GOOD)

    assert [path.name for path in build.build(tmp_path)] == ["__init__.py", "sqs.py"]
    assert build.build(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value: 20", "value:", "wait_time_max_s value: the field is required"),
        ("unit: s", "", "wait_time_max_s unit: the field is required"),
        ("read_on: 2026-11-25", "", "wait_time_max_s read_on: the field is required"),
        ("read_on: 2026-11-25", "read_on: 2026-11", "read_on: the day on which"),
        ("read_on: 2026-11-25", "read_on: yesterday", "read_on: a date is YYYY-MM-DD"),
        ("unit: s", "unit: s\n  colour: blue", "wait_time_max_s colour: known fields are value"),
        ("value: 20", "value: [20]", "value: a value is a number, a text, or true or false"),
        ("evidence: page", "evidence: hearsay", "evidence: it is one of botocore"),
        ("evidence: page", "evidence: botocore", "quote: quote the words of the service model"),
        ("evidence: page", "evidence: copy", "confidence: an undated copy alone makes it low"),
        ("confidence: medium", "confidence: sure", "confidence: it is one of high"),
        ("confidence: medium", "confidence: low", "note: a fact of low confidence says why"),
        ("unit: s", "unit: USD", "as_of: a price says when it is known to hold"),
        ("wait_time_max_s:", "Wait-Time:", "Wait-Time: a name is lower case words"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = written(tmp_path, GOOD.replace(old, new))

    with pytest.raises(BrokenLab, match=f"sqs.yml .*{message}"):
        build.read(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a list", "sqs.yml: the file must be a mapping"),
        ("wait_time_max_s: 20", "wait_time_max_s: a fact is a mapping of fields"),
        (GOOD + GOOD, "sqs.yml: the name wait_time_max_s stands twice"),
        ("wait_time: {", "sqs.yml: the file is not YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BrokenLab, match=message):
        build.read(written(tmp_path, text))


def test_a_fact_is_stale_once_its_reading_is_older_than_asked() -> None:
    read_on = dt.date.fromisoformat(get("sqs.delay_max_s").read_on)

    def stale(age_days: int) -> list[str]:
        return [fact.id for fact in build.stale(90, read_on + dt.timedelta(days=age_days))]

    assert "sqs.delay_max_s" not in stale(90)
    assert "sqs.delay_max_s" in stale(91)


def test_a_fact_is_shown_with_how_it_is_known() -> None:
    shown = build.show("sqs.price_standard_per_million_usd")

    assert shown.splitlines()[:2] == [
        "id          sqs.price_standard_per_million_usd",
        "value       0.4",
    ]
    assert "as_of       2026-" in shown


def test_the_command_shows_one_fact(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "sqs.delay_max_s"]) == 0

    assert "value       900" in capsys.readouterr().out


def test_the_command_lists_what_to_read_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "--stale", "-36500"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[1] for line in lines} == set(all_ids())


def test_the_command_says_nothing_when_there_is_nothing_to_read_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["facts", "--stale", "36500"]) == 0

    assert capsys.readouterr().out == ""


def test_the_command_finds_the_committed_tables_up_to_date(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["facts", "--build"]) == 0

    assert capsys.readouterr().out == "The tables are up to date.\n"


@pytest.mark.parametrize("line", [[], ["sqs.delay_max_s", "--build"], ["--build", "--stale", "90"]])
def test_the_command_does_one_thing_at_a_time(
    line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["facts", *line]) == 2

    assert "Name one fact, or say --build or --stale DAYS." in capsys.readouterr().err


def test_the_command_says_so_of_an_unknown_fact(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "sqs.delay_mx_s"]) == 2

    assert "Did you mean 'sqs.delay_max_s'?" in capsys.readouterr().err
    assert command.__doc__
