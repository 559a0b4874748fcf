"""Copy a lab to my-labs/ with its outputs cleared, never over your work.

labs/ holds the labs as the book prints them; my-labs/ is yours, and git does not look into it.
A lab's files beside the notebook, in labs/SLUG/, come along.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from labkit.cli import clone
from labkit.errors import UnknownSlug, UsageError, nearest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the slug of a lab or `--all`."""
    parser.add_argument("slug", nargs="?", help="the lab to take, for example sqs")
    parser.add_argument("--all", action="store_true", help="take every lab you do not have yet")
    parser.add_argument(
        "--again",
        action="store_true",
        help="take a fresh copy and keep yours beside it under a numbered name",
    )


def run(args: argparse.Namespace) -> int:
    """Copy what was asked for and say, for each lab, what happened."""
    if bool(args.slug) == args.all:
        raise UsageError("Name one lab, or say --all.", next_step="For example: labkit take sqs")
    home = clone.root()
    known = slugs(home)
    if args.all:
        yours = [] if args.again else [slug for slug in known if _copy(home, slug).exists()]
        for slug in known:
            if slug not in yours:
                print(take(home, slug, again=args.again))
        if yours:
            print(f"Yours, and left as they are: {', '.join(yours)}.")
        return 0
    if args.slug not in known:
        guess = nearest(args.slug, known)
        raise UnknownSlug(
            f"There is no lab {args.slug!r}.",
            f"Did you mean {guess!r}?" if guess else "",
            f"The labs are: {', '.join(known)}.",
        )
    print(take(home, args.slug, again=args.again))
    return 0


def slugs(home: Path) -> list[str]:
    """The labs that the clone has, in the order of their names."""
    return sorted(path.stem for path in (home / "labs").glob("*.ipynb"))


def take(home: Path, slug: str, *, again: bool = False) -> str:
    """Copy one lab and its files to my-labs/, and return the sentence that says so.

    A copy that is there already is the learner's work: it stays as it is, or with `again` moves
    to the first free numbered name (sqs-1.ipynb, sqs-1/).

    Raises UsageError when my-labs/ cannot be written to.
    """
    fresh = cleared((home / "labs" / f"{slug}.ipynb").read_text(encoding="utf-8"))
    notebook = _copy(home, slug)
    name = clone.shown(notebook, home)
    if notebook.exists() and not again:
        return (
            f"{name} is yours and stays as it is. "
            f"For a fresh copy with yours kept beside it: labkit take {slug} --again"
        )
    try:
        notebook.parent.mkdir(exist_ok=True)
        kept = _set_aside(notebook) if notebook.exists() else ""
        files = notebook.with_suffix("")
        if (home / "labs" / slug).is_dir() and not files.exists():
            shutil.copytree(home / "labs" / slug, files)
        with notebook.open("x", encoding="utf-8", newline="\n") as file:
            file.write(fresh)
    except OSError as error:
        raise UsageError(
            f"{name} cannot be written: {error.strerror or error}.",
            next_step="`labkit doctor` says which folders cannot be written, and what to do.",
        ) from error
    return f"{name} is ready for you." + (f" Yours is now {kept}." if kept else "")


def cleared(text: str) -> str:
    """The notebook's text without outputs and counts: nothing has run yet."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = None
            cell["outputs"] = []
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _copy(home: Path, slug: str) -> Path:
    return home / "my-labs" / f"{slug}.ipynb"


def _set_aside(notebook: Path) -> str:
    """Move a learner's notebook, and its files, to the first number that is free for both."""
    number = 1
    while True:
        aside = notebook.with_name(f"{notebook.stem}-{number}{notebook.suffix}")
        if not aside.exists() and not aside.with_suffix("").exists():
            break
        number += 1
    notebook.rename(aside)
    if notebook.with_suffix("").exists():
        notebook.with_suffix("").rename(aside.with_suffix(""))
    return aside.name
