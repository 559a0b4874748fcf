"""What is committed says nothing of the machine it was written on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOT_OURS = ("labkit/book/static/vendor/", "tests/test_tracked_files.py")

# Home folders, but not those that AWS's own machines have and the chapters speak of.
MACHINE_PATH = re.compile(
    r"(?<![\w.~/-])/(?:work|root|Users/\w+|home/(?!ec2-user\b)\w+)/|\b[A-Z]:\\+Users\\"
)
REGISTRY = re.compile(
    r"--(?:extra-)?index-url|--find-links|pypi\.org/simple|files\.pythonhosted\.org"
    r"|registry\.npmjs\.org|deb\.debian\.org|https?://[\w.-]+\.(?:internal|local|lan)\b"
)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every tracked text file that is ours, by its path."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip("this is not a git clone")
    found = {}
    for name in listing.stdout.split("\0"):
        path = ROOT / name
        if not name or name.startswith(NOT_OURS) or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            found[name] = content.decode("utf-8")
    return found


@pytest.mark.parametrize(
    ("pattern", "example"),
    [
        pytest.param(MACHINE_PATH, 'File "/home/ada/book/labs/sqs.ipynb"', id="machine paths"),
        pytest.param(MACHINE_PATH, r"C:\Users\ada\book", id="windows paths"),
        pytest.param(
            REGISTRY, "pip install --index-url https://mirror.internal/simple", id="hosts"
        ),
    ],
)
def test_no_tracked_file_names_a_folder_or_a_registry_of_a_machine(
    pattern: re.Pattern[str], example: str, texts: dict[str, str]
) -> None:
    assert pattern.search(example)

    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


def test_every_tracked_text_ends_with_one_newline_and_has_no_carriage_returns(
    texts: dict[str, str],
) -> None:
    untidy = [
        name
        for name, text in texts.items()
        if "\r" in text or (text and (not text.endswith("\n") or text.endswith("\n\n")))
    ]

    assert untidy == []
