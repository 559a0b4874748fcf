"""A link to a page of the book is plain text while that page is still to come.

    What a role session is, {chapter}`roles` says.      <- its title: Roles
    See {chapter}`how roles end <roles>`.               <- words of your own

Chapters are written in any order, and link to each other by slug; `chapters/parts.yml` has them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxRole

from labkit.errors import nearest

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.application import Sphinx

PLAN = "parts.yml"


def to_page(docname: str, text: str) -> addnodes.pending_xref:
    """A link to the page `docname` that reads `text`; of a page that is not there, the text alone.

    Sphinx falls back to the text without a word, since the reference asks for no warning.
    """
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{docname}",
        refexplicit=True,
        refwarn=False,
    )


class ChapterRole(SphinxRole):
    """Turns the slug of a planned chapter into a link to it."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """The link, or an error that names the nearest slug."""
        named = re.fullmatch(r"(?P<words>.+?)\s*<(?P<slug>\w+)>", self.text, re.DOTALL)
        slug = named["slug"] if named else self.text
        chapters = Path(self.env.srcdir, "chapters")
        self.env.note_dependency(str(chapters / PLAN))
        titles = _titles(chapters)
        if slug not in titles:
            closest = nearest(slug, list(titles)) or "far off"
            text = f"No chapter {slug!r} is planned. The nearest is {closest}."
            message = self.inliner.reporter.error(text, line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [to_page(f"chapters/{slug}", named["words"] if named else titles[slug])], []


def _titles(chapters: Path) -> dict[str, str]:
    """The titles of all planned chapters, by slug."""
    rows = yaml.safe_load((chapters / PLAN).read_text(encoding="utf-8"))
    return {chapter["slug"]: chapter["title"] for row in rows for chapter in row["chapters"]}


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_role("chapter", ChapterRole())
