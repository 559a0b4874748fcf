"""A new chapter begins with six files that fit each other, the schemas and the tests of labs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.cli import main
from labkit.cli.clone import LANDMARKS
from labkit.cli.new_chapter import FILES, planned

ROOT = Path(__file__).parents[2]
LONGEST_TITLE = "dynamodb_capacity"  # DynamoDB: capacity and streams, with a colon too
PLACEHOLDER = re.compile(r"Write here|\bwrite here what\b")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with nothing but the plan of the book, the working folder inside it."""
    for name in LANDMARKS:
        (tmp_path / name).touch() if "." in name else (tmp_path / name).mkdir()
    shutil.copy(ROOT / "chapters" / "parts.yml", tmp_path / "chapters")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files_below(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}


def test_the_six_files_are_laid_down_and_named_and_the_next_steps_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_below(home)

    assert main(["new-chapter", "step_functions"]) == 0
    laid = {path.format(slug="step_functions") for path in FILES.values()}
    assert files_below(home) - before == laid
    said = capsys.readouterr().out
    assert all(path in said for path in laid)
    assert "- file: chapters/step_functions" in said


@pytest.mark.parametrize("there", FILES.values())
def test_where_one_file_exists_nothing_is_written(
    there: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = home / there.format(slug="sns")
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("a week of work", encoding="utf-8")
    before = files_below(home)

    assert main(["new-chapter", "sns"]) == 2
    assert f"{there.format(slug='sns')} exists already" in capsys.readouterr().err
    assert files_below(home) == before
    assert mine.read_text(encoding="utf-8") == "a week of work"


@pytest.mark.parametrize(
    "slug", ["step-functions", "Sns", "2fa", "lambda", "../sqs", "sqs.py", ""], ids=repr
)
def test_a_slug_that_no_module_can_have_is_refused(
    slug: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_below(home)

    assert main(["new-chapter", slug]) == 2
    assert "cannot be a slug" in capsys.readouterr().err
    assert files_below(home) == before


def test_a_chapter_that_the_plan_does_not_name_is_answered_with_the_nearest(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-chapter", "kinesys"]) == 2

    said = capsys.readouterr().err
    assert "no chapter 'kinesys'. Did you mean 'kinesis'?" in said
    assert "chapters/parts.yml" in said


def test_title_and_part_come_from_the_plan() -> None:
    assert planned(ROOT, "step_functions") == ("Step Functions", "Serverless")


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this clone whose only chapter is a new one."""
    copy = tmp_path_factory.mktemp("clone")
    leave = shutil.ignore_patterns("__pycache__", "vendor")
    for name in ("labkit", "tests/labs"):
        shutil.copytree(ROOT / name, copy / name, ignore=leave)
    (copy / "labs").mkdir()
    (copy / "chapters").mkdir()
    for name in ("chapters/parts.yml", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, copy / name)
    for path in FILES.values():  # as if it had not been written yet
        (copy / path.format(slug=LONGEST_TITLE)).unlink(missing_ok=True)
    run(copy, "-m", "labkit.cli", "new-chapter", LONGEST_TITLE)
    run(copy, "-m", "labkit.cli", "questions", "--build")
    return copy


def run(copy: Path, *arguments: str) -> str:
    """Run Python in the copy, with the copy's labkit; fails with what it said."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_is_laid_down_is_formatted_linted_and_normalised(laid_out: Path) -> None:
    code = [f"labkit/exercises/{LONGEST_TITLE}.py", f"tests/labs/test_{LONGEST_TITLE}.py"]

    run(laid_out, "-m", "ruff", "check", "--no-cache", *code)
    run(laid_out, "-m", "ruff", "format", "--no-cache", "--check", *code)
    run(laid_out, "-m", "labkit.cli", "normalise", "--check", f"labs/{LONGEST_TITLE}.ipynb")


def test_its_questions_follow_the_rules_and_their_proofs_hold(laid_out: Path) -> None:
    assert (laid_out / "labkit" / "questions" / "banks" / f"{LONGEST_TITLE}.json").exists()

    problems = run(
        laid_out,
        "-c",
        "from labkit.questions import load\n"
        "from labkit.questions.proofs import refuted\n"
        f"print(*(refuted(question) for question in load({LONGEST_TITLE!r})))",
    )
    assert problems.strip() == ""


def test_its_lab_and_its_exercise_pass_the_tests_that_every_lab_passes(laid_out: Path) -> None:
    tests = ["tests/labs/test_notebook_style.py", f"tests/labs/test_{LONGEST_TITLE}.py"]
    said = run(
        laid_out, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", LONGEST_TITLE, *tests
    )

    assert "passed" in said
    assert "skipped" not in said


def test_nothing_is_left_of_the_templates_in_the_book() -> None:
    places = ("chapters/**/*.md", "chapters/**/*.yml", "labs/*.ipynb", "labkit/exercises/**/*.py")
    unwritten = [
        path.relative_to(ROOT).as_posix()
        for place in places
        for path in sorted(ROOT.glob(place))
        if PLACEHOLDER.search(path.read_text(encoding="utf-8"))
    ]

    assert unwritten == []


def test_every_template_has_something_to_write() -> None:
    templates = ROOT / "labkit" / "cli" / "templates"

    for name in FILES.keys() - {"test.py.tmpl"}:
        assert PLACEHOLDER.search((templates / name).read_text(encoding="utf-8")), name
