"""The `{partmap}` of the landing page shows every chapter that is planned, and which are ready.

The plan is `chapters/parts.yml`. A chapter is ready when it stands in `_toc.yml`: then it is a
link with its times, and until then a muted line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from labkit.book.links import PLAN, to_page
from labkit.book.syllabus import load, minutes_to_read, path_of

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


@dataclass(frozen=True)
class PlannedChapter:
    """A chapter, whether it is written or not."""

    slug: str
    title: str
    about: str


@dataclass(frozen=True)
class PlannedPart:
    """A part of the book with its chapters in order."""

    title: str
    chapters: tuple[PlannedChapter, ...]


def plan(chapters: Path) -> tuple[PlannedPart, ...]:
    """The whole book as it is planned."""
    rows = yaml.safe_load((chapters / PLAN).read_text(encoding="utf-8"))
    return tuple(
        PlannedPart(row["part"], tuple(PlannedChapter(**chapter) for chapter in row["chapters"]))
        for row in rows
    )


class map_part(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """One part of the map."""


class PartMap(SphinxDirective):
    """Draws the plan."""

    def run(self) -> list[Node]:
        """Each part with its chapters as a list."""
        chapters = Path(self.env.srcdir, "chapters")
        self.env.note_dependency(str(chapters / PLAN))
        self.env.note_dependency(str(Path(self.env.srcdir, "_toc.yml")))
        parts: list[Node] = []
        for number, part in enumerate(plan(chapters), start=1):
            name = nodes.paragraph("", f"{number}  {part.title}", classes=["lk-part-name"])
            listed = nodes.bullet_list(classes=["lk-part-chapters"])
            for chapter in part.chapters:
                listed += self.line(chapters, chapter)
            parts.append(map_part("", name, listed))
        return [nodes.container("", *parts, classes=["lk-partmap"])]

    def line(self, chapters: Path, chapter: PlannedChapter) -> Node:
        """A chapter's title and times, or that it is to come, and what it is about."""
        docname = f"chapters/{chapter.slug}"
        ready = docname in self.env.found_docs
        text = nodes.paragraph()
        text += to_page(docname, chapter.title)
        text += nodes.Text(" ")
        if ready:
            text += nodes.inline("", self.times(chapters, chapter.slug), classes=["lk-times"])
        text += nodes.inline("", chapter.about, classes=["lk-about"])
        return nodes.list_item("", text, classes=["lk-ready" if ready else "lk-coming"])

    def times(self, chapters: Path, slug: str) -> str:
        """How long the chapter and its lab take."""
        page = chapters / f"{slug}.md"
        for path in (page, path_of(chapters, slug)):
            self.env.note_dependency(str(path))
        read = f"{minutes_to_read(page.read_text(encoding='utf-8'))} min"
        lab = load(chapters, slug).lab_minutes
        return f"{read} + {lab} min lab" if lab else read


def visit_part(self: HTML5Translator, _: map_part) -> None:
    """Open a part."""
    self.body.append('<div class="lk-part">\n')


def depart_part(self: HTML5Translator, _: map_part) -> None:
    """Close a part."""
    self.body.append("</div>\n")


def setup(app: Sphinx) -> None:
    """Register the directive and its node."""
    app.add_directive("partmap", PartMap)
    app.add_node(map_part, html=(visit_part, depart_part))
