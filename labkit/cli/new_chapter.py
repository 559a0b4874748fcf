"""Lay down the six files of a topic, with the parts and in the order that every chapter has.

chapters/SLUG.md, chapters/syllabus/SLUG.yml, chapters/quiz/SLUG.yml, labs/SLUG.ipynb,
labkit/exercises/SLUG.py and tests/labs/test_SLUG.py. Nothing that exists is written over.
"""

from __future__ import annotations

import argparse
import json
import keyword
import re
from pathlib import Path
from string import Template

from labkit.cli import clone
from labkit.errors import UnknownSlug, UsageError, nearest

TEMPLATES = Path(__file__).parent / "templates"
# By template, where its text goes.
FILES = {
    "chapter.md.tmpl": "chapters/{slug}.md",
    "syllabus.yml.tmpl": "chapters/syllabus/{slug}.yml",
    "quiz.yml.tmpl": "chapters/quiz/{slug}.yml",
    "lab.ipynb.tmpl": "labs/{slug}.ipynb",
    "exercises.py.tmpl": "labkit/exercises/{slug}.py",
    "test.py.tmpl": "tests/labs/test_{slug}.py",
}
NEXT = """
Next:
  1. Write chapters/syllabus/{slug}.yml first: what the chapter teaches. The rest follows from it.
  2. Replace all that says "Write here" in the other files; a test finds what is left.
  3. Run the lab and bring it into its committed form:
       labkit questions --build
       jupyter nbconvert --to notebook --execute --inplace labs/{slug}.ipynb
       labkit normalise
  4. Open it to readers in _toc.yml, under its part:
       - file: chapters/{slug}
         sections:
           - file: labs/{slug}
             title: Lab
  5. make test"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the slug of a chapter that the plan of the book names."""
    parser.add_argument("slug", help="as in chapters/parts.yml, for example step_functions")


def run(args: argparse.Namespace) -> int:
    """Write the files, name them, and say what to do next."""
    home = clone.root()
    for path in lay_down(home, args.slug):
        print(clone.shown(path, home))
    print(NEXT.format(slug=args.slug))
    return 0


def lay_down(home: Path, slug: str) -> list[Path]:
    """The six files are written; all of them, or none where one exists.

    Raises UsageError for a slug that no module can have, for one that the plan of the book does
    not name, and for files that exist.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", slug) or keyword.iskeyword(slug):
        raise UsageError(
            f"{slug!r} cannot be a slug:",
            "it names a Python module, so it is lower-case letters, digits and _, "
            "begins with a letter and is no word of the language.",
            "For example: labkit new-chapter step_functions",
        )
    title, part = planned(home, slug)
    texts = {home / path: text for path, text in texts_of(slug, title, part).items()}
    there = [clone.shown(path, home) for path in texts if path.exists()]
    if there:
        raise UsageError(
            f"{', '.join(there)} exists already.",
            "A new chapter never writes over a file.",
            "Choose another slug, or move it away first.",
        )
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(texts)


def planned(home: Path, slug: str) -> tuple[str, str]:
    """The title and the part of a chapter, as chapters/parts.yml plans them.

    Raises UnknownSlug, with the nearest name.
    """
    import yaml

    plan = yaml.safe_load((home / "chapters" / "parts.yml").read_text("utf-8"))
    chapters = {
        chapter["slug"]: (chapter["title"], part["part"])
        for part in plan
        for chapter in part["chapters"]
    }
    if slug not in chapters:
        guess = nearest(slug, list(chapters))
        raise UnknownSlug(
            f"The plan of the book has no chapter {slug!r}.",
            f"Did you mean {guess!r}?" if guess else "",
            "Its chapters are in chapters/parts.yml: add one there first.",
        )
    title, part = chapters[slug]
    return title, part


def texts_of(slug: str, title: str, part: str) -> dict[str, str]:
    """What each file of the topic begins as, by its path in the clone."""
    values = {
        "slug": slug,
        "dashed": slug.replace("_", "-"),
        "title": title,
        "quoted_title": json.dumps(title, ensure_ascii=False),
        "quoted_part": json.dumps(part, ensure_ascii=False),
    }
    return {
        path.format(slug=slug): Template((TEMPLATES / name).read_text("utf-8")).substitute(values)
        for name, path in FILES.items()
    }
