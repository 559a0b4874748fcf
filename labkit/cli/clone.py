"""Where the reader's clone of the book is: the folder that holds labs/, chapters/ and labkit/."""

from __future__ import annotations

from pathlib import Path

from labkit.errors import UsageError

LANDMARKS = ("labs", "chapters", "labkit", "requirements.txt")


def root(start: Path | None = None) -> Path:
    """The clone that `start` (by default the working folder) is in.

    From outside any clone it is the one that this labkit was installed from.

    Raises UsageError when labkit was not installed from a clone either.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if all((folder / name).exists() for name in LANDMARKS):
            return folder
    raise UsageError(
        f"{here} is not inside a clone of the book.",
        f"A clone holds {', '.join(LANDMARKS)}.",
        "Change into the folder that `git clone` made and try again.",
    )


def shown(path: Path, clone: Path) -> str:
    """The path as a reader of the clone would type it, with forward slashes everywhere."""
    return path.relative_to(clone).as_posix() if path.is_relative_to(clone) else path.as_posix()
