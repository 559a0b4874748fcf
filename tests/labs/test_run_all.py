"""Run All, in every way that a learner or the book runs a lab."""

from __future__ import annotations

import difflib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from labkit import exercises
from labkit.cli.normalise import normalise, to_text
from labkit.exercises.frame import NotYet, Passed
from labkit.exercises.progress import Progress
from tests.labs.study import LABS, ROOT, SLUGS, Study

BUDGET_S = 10  # whole-chapter.md; with room for a busy machine
ROOM = 3

labs = pytest.mark.parametrize("slug", SLUGS)
Sit = Callable[[str], Study]


@labs
def test_run_all_on_an_untouched_lab_raises_nowhere_and_leaves_no_progress(
    study: Sit, slug: str, data_folder: Path
) -> None:
    shown = study(slug).run_all()

    for one in exercises.load(slug):
        assert isinstance(shown[f"{one.id}-check"], NotYet)
        assert shown[f"{one.id}-solved"].by_the_book
    assert Progress().passed(slug) == ()
    assert not data_folder.exists()


@labs
def test_a_right_answer_in_the_starters_then_run_all_counts_as_the_learners(
    study: Sit, slug: str
) -> None:
    learner = study(slug)
    answers = {
        f"{one.id}-start": f"{learner.sources[f'{one.id}-start']}\n{one.solution}"
        for one in exercises.load(slug)
    }

    shown = learner.run_all(answers)

    for one in exercises.load(slug):
        assert isinstance(shown[f"{one.id}-check"], Passed), shown[f"{one.id}-check"]
        assert not shown[f"{one.id}-check"].by_the_book
        assert shown[f"{one.id}-solved"].by_the_book
    assert Progress().passed(slug) == tuple(one.id for one in exercises.load(slug))


def run_twice_in_a_kernel(slug: str, folder: Path) -> list[str]:
    """Run a lab from top to bottom in a fresh kernel, and again; each time as committed."""
    notebook: Any = nbformat.read(ROOT / "labs" / f"{slug}.ipynb", as_version=4)
    client = NotebookClient(
        notebook, timeout=60, resources={"metadata": {"path": str(ROOT / "labs")}}
    )
    texts = []
    with client.setup_kernel(env={**os.environ, "LABKIT_DATA_DIR": str(folder)}):
        for _ in range(2):
            for position, cell in enumerate(notebook.cells):
                client.execute_cell(cell, position)
            texts.append(to_text(normalise(json.loads(nbformat.writes(notebook)))))
    return texts


def assert_same(one: str, other: str) -> None:
    difference = difflib.unified_diff(one.splitlines(), other.splitlines(), lineterm="", n=1)
    shown = [line[:120] for line in difference][:40]
    assert not shown, "\n".join(shown)


@labs
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of jupyter_client's event loops
def test_two_passes_in_one_kernel_write_the_notebook_that_another_process_wrote(
    slug: str, tmp_path: Path
) -> None:
    committed = (ROOT / "labs" / f"{slug}.ipynb").read_text(encoding="utf-8")

    started = time.monotonic()
    first_pass, second_pass = run_twice_in_a_kernel(slug, tmp_path / "data")
    took_s = (time.monotonic() - started) / 2

    assert_same(committed, first_pass)
    assert_same(first_pass, second_pass)
    assert not (tmp_path / "data").exists(), "Run All leaves no progress"
    assert took_s < ROOM * BUDGET_S


def test_there_is_a_lab_for_every_module_of_exercises() -> None:
    assert [path.stem for path in LABS] == exercises.slugs()
