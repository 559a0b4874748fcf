"""How long the book builds, and how much a reader's first visit weighs.

The book is built into a folder of its own: cold, then again with one chapter touched.
"""

from __future__ import annotations

import gzip
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.process import run
from tests.bench.row import Row

ROOT = Path(__file__).parents[2]
PAGE = "chapters/sqs.html"
# What the page's HTML loads at once; the engines of an explorable come later, when it is touched.
ASSET = re.compile(
    r"""<link[^>]+rel="?(?:stylesheet|preload|modulepreload)"?[^>]*>|<script[^>]+src=[^>]*>"""
)
ADDRESS = re.compile(r"""(?:href|src)="([^"]+)\"""")


def rows() -> Iterator[Row]:
    """Seconds cold and warm, then the kilobytes, gzipped, of one chapter's first visit."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        yield Row("jupyter-book build, cold", build(out), "s", 60)
        touched = ROOT / "chapters" / "sqs.md"
        os.utime(touched)
        yield Row("jupyter-book build, one chapter touched", build(out), "s", 20)
        weight = first_visit_bytes(out / "_build" / "html" / PAGE) / 1024
        yield Row(f"first visit of {PAGE}, gzip", weight, "KB", 350)


def build(out: Path) -> float:
    """The seconds that one build takes."""
    program = Path(sys.executable).with_name("jupyter-book")
    began = time.perf_counter()
    run(
        [program, "build", "-W", "--keep-going", "--path-output", out, "."],
        cwd=ROOT,
    )
    return time.perf_counter() - began


def first_visit_bytes(page: Path) -> int:
    """The gzipped size of the page and of every script and style that its HTML names."""
    html = page.read_text(encoding="utf-8")
    files = {page}
    for tag in ASSET.findall(html):
        for address in ADDRESS.findall(tag):
            if "://" not in address and not address.startswith("data:"):
                files.add((page.parent / address.partition("?")[0]).resolve())
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
