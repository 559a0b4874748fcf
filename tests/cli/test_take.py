"""A learner's copy is fresh when it is taken and never lost afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labkit.cli import main
from labkit.cli.clone import LANDMARKS

PRINTED = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": 4,
            "id": "send",
            "metadata": {"tags": ["solution"], "jupyter": {"source_hidden": True}},
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["sent\n"]}],
            "source": ["print('sent')"],
        },
        {"cell_type": "markdown", "id": "saw", "metadata": {}, "source": ["Straße, seat 4"]},
    ],
    "metadata": {"language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with two labs, the working folder inside it."""
    for name in LANDMARKS:
        (tmp_path / name).touch() if "." in name else (tmp_path / name).mkdir()
    for slug in ("sqs", "s3"):
        text = json.dumps(PRINTED, ensure_ascii=False)
        (tmp_path / "labs" / f"{slug}.ipynb").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_copy_has_no_outputs_and_everything_else(home: Path) -> None:
    assert main(["take", "sqs"]) == 0

    send, saw = json.loads((home / "my-labs/sqs.ipynb").read_text(encoding="utf-8"))["cells"]
    assert (send["outputs"], send["execution_count"]) == ([], None)
    assert send["source"] == ["print('sent')"]
    assert send["metadata"] == PRINTED["cells"][0]["metadata"]  # type: ignore[index]
    assert saw == PRINTED["cells"][1]  # type: ignore[index]
    assert json.loads((home / "labs/sqs.ipynb").read_text(encoding="utf-8")) == PRINTED


def test_a_learners_work_stays_as_it_is_and_the_way_to_a_fresh_copy_is_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["take", "sqs"])
    mine = home / "my-labs/sqs.ipynb"
    mine.write_text("an hour of work", encoding="utf-8")
    capsys.readouterr()

    assert main(["take", "sqs"]) == 0
    assert mine.read_text(encoding="utf-8") == "an hour of work"
    assert "labkit take sqs --again" in capsys.readouterr().out


def test_again_keeps_every_earlier_copy_under_its_own_number(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = home / "my-labs/sqs.ipynb"
    main(["take", "sqs"])
    mine.write_text("first try", encoding="utf-8")
    main(["take", "sqs", "--again"])
    mine.write_text("second try", encoding="utf-8")

    assert main(["take", "sqs", "--again"]) == 0
    assert "Yours is now sqs-2.ipynb" in capsys.readouterr().out
    assert (home / "my-labs/sqs-1.ipynb").read_text(encoding="utf-8") == "first try"
    assert (home / "my-labs/sqs-2.ipynb").read_text(encoding="utf-8") == "second try"
    assert '"outputs": []' in mine.read_text(encoding="utf-8")


def test_again_without_an_earlier_copy_just_takes_the_lab(home: Path) -> None:
    assert main(["take", "sqs", "--again"]) == 0

    assert [path.name for path in (home / "my-labs").iterdir()] == ["sqs.ipynb"]


def test_the_files_of_a_lab_come_along_and_are_kept_with_the_copy_they_belong_to(
    home: Path,
) -> None:
    (home / "labs/sqs").mkdir()
    (home / "labs/sqs/orders.csv").write_text("seat,price\n", encoding="utf-8")
    main(["take", "sqs"])
    (home / "my-labs/sqs/orders.csv").write_text("changed", encoding="utf-8")
    main(["take", "sqs", "--again"])

    assert (home / "my-labs/sqs/orders.csv").read_text(encoding="utf-8") == "seat,price\n"
    assert (home / "my-labs/sqs-1/orders.csv").read_text(encoding="utf-8") == "changed"


def test_all_takes_what_is_missing_and_leaves_what_is_there(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["take", "sqs"])
    (home / "my-labs/sqs.ipynb").write_text("an hour of work", encoding="utf-8")
    capsys.readouterr()

    assert main(["take", "--all"]) == 0
    said = capsys.readouterr().out
    assert "my-labs/s3.ipynb is ready" in said
    assert "Yours, and left as they are: sqs." in said
    assert (home / "my-labs/sqs.ipynb").read_text(encoding="utf-8") == "an hour of work"


def test_an_unknown_lab_is_answered_with_the_nearest_name(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["take", "sqz"]) == 2

    assert "There is no lab 'sqz'. Did you mean 'sqs'?" in capsys.readouterr().err
    assert not (home / "my-labs").exists()


def test_a_folder_that_cannot_be_written_is_named_and_the_doctor_called(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "my-labs").write_text("a file where the folder should be", encoding="utf-8")

    assert main(["take", "sqs"]) == 2
    said = capsys.readouterr().err
    assert "my-labs/sqs.ipynb cannot be written" in said
    assert "labkit doctor" in said


@pytest.mark.parametrize("arguments", [[], ["sqs", "--all"]], ids=["neither", "both"])
def test_one_lab_or_all_must_be_asked_for(
    arguments: list[str], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["take", *arguments]) == 2

    assert "Name one lab, or say --all." in capsys.readouterr().err


def test_it_finds_the_clone_from_any_folder_inside_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = home / "chapters" / "quiz"
    deep.mkdir()
    monkeypatch.chdir(deep)

    assert main(["take", "sqs"]) == 0
    assert (home / "my-labs/sqs.ipynb").exists()
