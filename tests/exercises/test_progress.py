"""Progress survives crashes, bad files and folders that nobody may write to."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from labkit.exercises import progress
from labkit.exercises.progress import Progress

WRONG = {"chosen": ["a"], "tries": 1, "state": "wrong"}
RIGHT = {"chosen": ["b"], "tries": 2, "state": "right"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "progress.json"


def test_nothing_is_passed_at_first(file: Path) -> None:
    assert Progress(file).passed("sqs") == ()
    assert Progress(file).answers("sqs") == {}
    assert not file.parent.exists(), "looking writes nothing"


def test_a_pass_is_there_in_the_next_session(file: Path) -> None:
    Progress(file).record("sqs", "fifo")
    Progress(file).record("sns", "fan-out")
    Progress(file).record("sqs", "poison")

    assert Progress(file).passed("sqs") == ("fifo", "poison")
    assert Progress(file).passed("sns") == ("fan-out",)


def test_a_second_pass_of_the_same_exercise_changes_nothing(file: Path) -> None:
    learner = Progress(file)
    learner.record("sqs", "fifo")
    before = file.stat().st_mtime_ns, file.read_bytes()

    learner.record("sqs", "fifo")

    assert (file.stat().st_mtime_ns, file.read_bytes()) == before


def test_the_last_answer_to_a_question_is_kept_beside_the_passes(file: Path) -> None:
    learner = Progress(file)
    learner.record("sqs", "fifo")
    learner.answer("sqs", "sqs-predict-empty-poll", WRONG)
    learner.answer("sqs", "sqs-predict-empty-poll", RIGHT)

    assert Progress(file).answers("sqs") == {"sqs-predict-empty-poll": RIGHT}
    assert Progress(file).passed("sqs") == ("fifo",)


def test_two_sessions_do_not_undo_each_other(file: Path) -> None:
    one, other = Progress(file), Progress(file)
    one.record("sqs", "fifo")
    other.record("sqs", "poison")
    one.record("sqs", "large")

    assert set(Progress(file).passed("sqs")) == {"fifo", "poison", "large"}


@pytest.mark.parametrize(
    "content",
    [b"", b'{"version": 1, "labs"', b"[]", b'{"labs": {"sqs": 3}, "version": 1}', b"\xff\xfe"],
    ids=["empty", "half", "a list", "another shape", "no text"],
)
def test_a_file_that_makes_no_sense_is_kept_aside(
    file: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.mkdir()
    file.write_bytes(content)

    learner = Progress(file)
    learner.record("sqs", "fifo")

    assert file.with_name("progress.unreadable-1.json").read_bytes() == content
    assert Progress(file).passed("sqs") == ("fifo",)
    assert capsys.readouterr().err.count("\n") == 1


def test_a_second_bad_file_does_not_replace_the_first(file: Path) -> None:
    file.parent.mkdir()
    for content in ("one", "two"):
        file.write_text(content)
        Progress(file).passed("sqs")

    kept = [file.with_name(f"progress.unreadable-{number}.json") for number in (1, 2)]
    assert [one.read_text() for one in kept] == ["one", "two"]


def test_a_file_of_a_newer_labkit_is_read_and_left_alone(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.mkdir()
    newer = json.dumps({"version": 2, "labs": {"sqs": {"passed": ["fifo"]}}, "more": "to come"})
    file.write_text(newer)

    learner = Progress(file)
    learner.record("sqs", "poison")

    assert learner.passed("sqs") == ("fifo", "poison"), "it counts in this session"
    assert file.read_text() == newer
    assert "newer labkit" in capsys.readouterr().err


def test_where_nothing_can_be_written_a_pass_counts_in_this_session_and_one_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    learner = Progress(tmp_path / "data" / "progress.json")

    learner.record("sqs", "fifo")
    learner.record("sqs", "poison")

    assert learner.passed("sqs") == ("fifo", "poison")
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Progress counts until this kernel ends." in said


def test_what_could_not_be_written_is_written_when_it_can_be(file: Path) -> None:
    file.parent.parent.joinpath("data").write_text("in the way")
    learner = Progress(file)
    learner.record("sqs", "fifo")
    file.parent.unlink()

    learner.record("sqs", "poison")

    assert Progress(file).passed("sqs") == ("fifo", "poison")


def test_a_crash_while_writing_leaves_the_old_file_and_no_other(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Progress(file).record("sqs", "fifo")
    before = file.read_bytes()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        Progress(file).record("sqs", "poison")

    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_the_folder_is_the_one_that_the_variable_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABKIT_DATA_DIR", str(tmp_path / "mine"))
    assert progress.folder() == tmp_path / "mine"

    monkeypatch.delenv("LABKIT_DATA_DIR")
    assert progress.folder().name == "labkit"
