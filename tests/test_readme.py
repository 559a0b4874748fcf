"""What the README tells a reader to type exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.cli import COMMANDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

CODE = (
    re.findall(r"`([^`\n]+)`", README)
    + "\n".join(re.findall(r"^```\w*\n(.*?)^```", README, re.MULTILINE | re.DOTALL)).splitlines()
)


def typed(pattern: str) -> list[str]:
    """What the README's commands name, in the order of the alphabet."""
    return sorted({found for line in CODE for found in re.findall(pattern, line)})


def test_every_make_target_exists_and_is_phony() -> None:
    targets = typed(r"^make (\w+)")
    phony = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[0].split()

    assert {"book", "test", "serve", "lab", "bench"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target
        assert target in phony


def test_every_labkit_command_exists() -> None:
    commands = typed(r"(?:^|[\\/])labkit ([a-z][a-z-]+)")

    assert set(commands) == set(COMMANDS)


@pytest.mark.parametrize("path", typed(r"^((?:chapters|labs|labkit|tests)/[\w./-]+\w)$"))
def test_every_path_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_screenshot_is_there_and_light() -> None:
    (shown,) = re.findall(r"^!\[[^]]+\]\(([^)]+)\)", README, re.MULTILINE)

    assert (ROOT / shown).stat().st_size < 200_000


def test_its_script_runs_and_prints_what_it_says(tmp_path: Path) -> None:
    (script,) = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    moved, body, *bill = done.stdout.splitlines()
    assert moved == re.findall(r"# (\S+ → \S+ \(virtual\))", script)[0]
    assert body == "seat 12, row F"
    assert any(line.startswith("total") for line in bill)
