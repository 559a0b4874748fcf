"""What a chapter teaches stands in `chapters/syllabus/<slug>.yml`; the page is held to it.

    {claim}`sqs-pull sqs-visibility`   marks the passage that teaches these claims
    ```{goals} sqs                     lists what the reader will be able to do
    ```{chapterhead} sqs               says how long it takes and what it leans on

A claim that no passage is marked with, and a mark that no claim answers to, are warnings, and so
stop the build.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from labkit.book.links import to_page
from labkit.errors import nearest

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

WORDS_READ_PER_MINUTE = 220
FENCED = re.compile(r"^(`{3,}|:{3,})\{(?:diagram|goals|quiz|lab|explorable).*?^\1", re.M | re.S)
MARKS = "claims"  # the key under which a page's metadata keeps its marks
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """One thing that a chapter teaches; `outcome` is what a core claim enables the reader to do."""

    id: str
    statement: str
    weight: str
    outcome: str


@dataclass(frozen=True)
class Syllabus:
    """What a chapter teaches, leans on and takes."""

    slug: str
    title: str
    lab_minutes: int
    needs: tuple[str, ...]
    claims: tuple[Claim, ...]

    @property
    def core(self) -> tuple[Claim, ...]:
        """The claims that the reader must be able to use."""
        return tuple(claim for claim in self.claims if claim.weight == "core")


def path_of(chapters: Path, slug: str) -> Path:
    """Where the syllabus of a chapter is."""
    return chapters / "syllabus" / f"{slug}.yml"


def load(chapters: Path, slug: str) -> Syllabus:
    """The syllabus of a chapter, read from its file."""
    data = yaml.safe_load(path_of(chapters, slug).read_text(encoding="utf-8"))
    claims = tuple(
        Claim(row["id"], row["statement"], row["weight"], row.get("outcome", ""))
        for row in data["claims"]
    )
    needs = tuple(data.get("needs") or ())
    return Syllabus(slug, data["title"], data.get("lab_minutes", 0), needs, claims)


def minutes_to_read(markdown: str) -> int:
    """How long a page takes to read, in whole minutes: at least one.

    >>> minutes_to_read("word " * 221)
    2
    """
    text = FENCED.sub("", re.sub(r"\A---\n.*?^---\n", "", markdown, flags=re.M | re.S))
    return max(1, ceil(len(re.findall(r"\w[\w'’-]*", text)) / WORDS_READ_PER_MINUTE))


class AboutChapter(SphinxDirective):
    """A directive whose one argument is the slug of a chapter."""

    required_arguments = 1

    def syllabus(self) -> Syllabus:
        """The syllabus of the chapter that the argument names; the page depends on it."""
        chapters = Path(self.env.srcdir, "chapters")
        slug = self.arguments[0]
        path = path_of(chapters, slug)
        if not path.exists():
            known = sorted(other.stem for other in path.parent.glob("*.yml"))
            raise self.error(
                f"There is no chapters/syllabus/{slug}.yml. "
                f"The nearest is {nearest(slug, known) or 'far off'}."
            )
        self.env.note_dependency(str(path))
        return load(chapters, slug)


class Goals(AboutChapter):
    """Lists the outcomes of the core claims."""

    def run(self) -> list[Node]:
        """A list of what the reader will be able to do."""
        syllabus = self.syllabus()
        without = [claim.id for claim in syllabus.core if not claim.outcome]
        if without:
            raise self.error(f"These core claims have no outcome: {', '.join(without)}.")
        listed = nodes.bullet_list(classes=["lk-goals"])
        for claim in syllabus.core:
            text, messages = self.state.inline_text(claim.outcome, self.lineno)
            listed += nodes.list_item("", nodes.paragraph("", "", *text, *messages))
        return [listed]


class ChapterHead(AboutChapter):
    """Says how long the chapter and its lab take, and which chapters they lean on."""

    def run(self) -> list[Node]:
        """One line: 12 min read · 20 min lab · needs: iam, s3."""
        syllabus = self.syllabus()
        source = Path(self.env.doc2path(self.env.docname)).read_text(encoding="utf-8")
        line = nodes.paragraph(classes=["lk-chapterhead"])
        line += nodes.Text(f"{minutes_to_read(source)} min read")
        lab = f"labs/{syllabus.slug}"
        if syllabus.lab_minutes:
            line += nodes.Text(" · ")
            line += to_page(lab, f"{syllabus.lab_minutes} min lab")
        for number, slug in enumerate(syllabus.needs):
            line += nodes.Text(", " if number else " · needs: ")
            line += to_page(f"chapters/{slug}", slug)
        return [line]


def mark_question(_: Sphinx, doctree: nodes.document) -> None:
    """A paragraph right under a page's title that is bold as a whole is the page's question."""
    title = next(doctree.findall(nodes.title), None)
    follower = title and title.next_node(descend=False, siblings=True)
    if isinstance(follower, nodes.paragraph):
        words = [child for child in follower if child.astext()]
        if len(words) == 1 and isinstance(words[0], nodes.strong):
            follower["classes"].append("lk-asks")


class ClaimRole(SphinxRole):
    """Marks the place that teaches one or more claims; shows nothing."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """An empty anchor for each claim, noted for the check of the whole book."""
        marks = self.env.metadata[self.env.docname].setdefault(MARKS, [])
        anchors: list[Node] = []
        for id in self.text.split():
            marks.append((id, self.get_location()))
            anchors.append(nodes.inline(ids=[f"claim-{id}"], classes=["lk-claim"]))
        return anchors, []


def check(_: Sphinx, env: BuildEnvironment) -> None:
    """Warn of every claim that a chapter does not mark, and of every mark that is no claim."""
    chapters = Path(env.srcdir, "chapters")
    for path in sorted((chapters / "syllabus").glob("*.yml")):
        docname = f"chapters/{path.stem}"
        if docname not in env.found_docs:
            continue
        marks = env.metadata[docname].get(MARKS, [])
        claimed = [claim.id for claim in load(chapters, path.stem).claims]
        marked = [id for id, _ in marks]
        for id, location in marks:
            if id not in claimed:
                hint = nearest(id, claimed)
                log.warning(
                    "the syllabus has no claim %s; nearest: %s", id, hint, location=location
                )
            if marked.count(id) > 1:
                log.warning("the claim %s is marked more than once", id, location=location)
        for id in claimed:
            if id not in marked:
                log.warning("no passage is marked with the claim %s", id, location=docname)


def setup(app: Sphinx) -> None:
    """Register the role, the directives and the check."""
    app.add_role("claim", ClaimRole())
    app.add_directive("goals", Goals)
    app.add_directive("chapterhead", ChapterHead)
    app.connect("doctree-read", mark_question)
    app.connect("env-check-consistency", check)
