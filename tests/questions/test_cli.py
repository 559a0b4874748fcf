"""`labkit questions` says what is wrong with a bank, and where; 1 when something is."""

from __future__ import annotations

import re

import pytest
import yaml

from labkit.cli import main
from labkit.questions import build, load, slugs


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes the questions that the command finds in place of the book's."""
    monkeypatch.setattr(build, "SOURCES", tmp_path)

    def write(*entries):
        (tmp_path / "sqs.yml").write_text(yaml.safe_dump(list(entries)), encoding="utf-8")

    return write


def test_the_book_s_banks_pass(capsys):
    assert main(["questions"]) == 0
    assert re.search(r"^sqs\.yml: \d+ questions, \d+ proved", capsys.readouterr().out, re.M)


def test_a_fault_is_shown_with_its_place(write, choice, capsys):
    write(choice(domain="billing"))

    assert main(["questions", "--check"]) == 1
    assert "sqs.yml, sqs-two-workers, domain: 'billing' is not one of" in capsys.readouterr().out


def test_a_breach_of_the_whole_bank_is_shown(write, choice, capsys):
    write(choice(stem="Which call hides a message?"))

    assert main(["questions"]) == 1
    assert "sqs.yml: 0% of the questions ask why" in capsys.readouterr().out


def test_a_bank_that_is_not_built_is_shown_with_the_command(write, capsys):
    banks = yaml.safe_load(build.BANKS.joinpath("sqs.json").read_text(encoding="utf-8"))
    banks[0]["domain"] = "security"
    write(*banks)

    assert main(["questions"]) == 1
    assert "run `labkit questions --build`." in capsys.readouterr().out


def test_every_proof_runs_from_the_command_line(capsys):
    assert main(["questions", "--prove"]) == 0
    proved = [question for slug in slugs() for question in load(slug) if question.proof]
    assert capsys.readouterr().out.count(" proved.\n") == len(proved)
