"""How long the book builds: from nothing, then with one chapter touched."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.process import run
from tests.bench.row import Row

ROOT = Path(__file__).parents[2]


def rows() -> Iterator[Row]:
    """The seconds of both, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        yield Row("jupyter-book build, cold", build_s(folder), "s")
        os.utime(ROOT / "chapters" / "sqs.md")
        yield Row("jupyter-book build, one chapter touched", build_s(folder), "s")


def build_s(folder: str) -> float:
    """The seconds that one build into the folder takes."""
    program = Path(sys.executable).with_name("jupyter-book")
    began = time.perf_counter()
    run([program, "build", "-W", "--keep-going", "--path-output", folder, "."], cwd=ROOT)
    return time.perf_counter() - began
