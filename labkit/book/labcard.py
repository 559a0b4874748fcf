"""A `{lab}` in a chapter is a card: what the reader will do, how long it takes, how to run it.

    ```{lab} sqs
    ```

Minutes come from the chapter's syllabus, the exercises from `labkit.exercises`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from labkit.book.links import to_page
from labkit.book.syllabus import AboutChapter
from labkit.errors import UnknownSlug
from labkit.exercises import load

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class card(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """The frame of a lab's card."""


class LabCard(AboutChapter):
    """Shows the lab of a chapter."""

    def run(self) -> list[Node]:
        """The card, or an error that names the nearest lab."""
        syllabus = self.syllabus()
        slug = syllabus.slug
        try:
            exercises = load(slug)
        except UnknownSlug as error:
            raise self.error(str(error)) from error
        self.env.note_dependency(str(Path(__file__).parents[1] / "exercises" / f"{slug}.py"))
        head = nodes.paragraph(classes=["lk-card-head"])
        head += to_page(f"labs/{slug}", f"The {syllabus.title} lab")
        head += nodes.inline("", f"{syllabus.lab_minutes} min · {len(exercises)} exercises")
        tasks = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
        for exercise in exercises:
            title = nodes.strong("", exercise.title)
            task, _ = self.state.inline_text(exercise.task, self.lineno)
            tasks += nodes.list_item("", nodes.paragraph("", "", title, nodes.Text(". "), *task))
        how, _ = self.state.inline_text(
            f"Run it: `make lab` opens JupyterLab on your own copy, `my-labs/{slug}.ipynb`. "
            "It needs no AWS account and no network.",
            self.lineno,
        )
        node = card("", head, tasks, nodes.paragraph("", "", *how, classes=["lk-card-how"]))
        self.set_source_info(node)
        return [node]


def visit_card(self: HTML5Translator, _: card) -> None:
    """Open the card."""
    self.body.append('<div class="lk-card">\n')


def depart_card(self: HTML5Translator, _: card) -> None:
    """Close the card."""
    self.body.append("</div>\n")


def setup(app: Sphinx) -> None:
    """Register the directive and its node."""
    app.add_directive("lab", LabCard)
    app.add_node(card, html=(visit_card, depart_card))
