"""The vendored engines are the published files, whole, and light enough to load on need."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

VENDOR = Path(__file__).parents[2] / "labkit/book/static/vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())
ENGINES_MAX_BYTES = 700 * 1024


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_a_vendored_file_is_the_one_the_manifest_names(entry: dict[str, object]) -> None:
    content = (VENDOR / str(entry["file"])).read_bytes()

    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert len(content) == entry["bytes"]
    assert "Permission is hereby granted" in (VENDOR / str(entry["licence_file"])).read_text()


def test_the_manifest_names_every_vendored_file() -> None:
    named = {entry[key] for entry in MANIFEST for key in ("file", "licence_file")}
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}

    assert there - {"manifest.json", ".gitattributes"} == named


def test_the_engines_together_fit_their_budget() -> None:
    weights = [
        len(gzip.compress((VENDOR / entry["file"]).read_bytes(), 9, mtime=0)) for entry in MANIFEST
    ]

    assert weights == pytest.approx([entry["gzip_bytes"] for entry in MANIFEST], rel=0.01)
    assert sum(weights) <= ENGINES_MAX_BYTES
