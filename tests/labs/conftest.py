"""Learners of these tests keep their progress in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import labkit.lab
from tests.labs.study import Study


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's progress is kept."""
    monkeypatch.setenv("LABKIT_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def study() -> Iterator[Callable[[str], Study]]:
    """Sit down at a lab; it is closed when the test ends."""
    yield Study
    if labkit.lab.Lab.current is not None:
        labkit.lab.Lab.current.close()
