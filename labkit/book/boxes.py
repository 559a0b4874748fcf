"""Four of the five boxes that a chapter may use, and the fold; the fifth is `labkit.book.differs`.

    :::{trap} The visibility timeout is also your retry delay
    Lower `maxReceiveCount` to 1, and …
    :::

`predict` asks before it tells: what stands below a line `---` is folded until the reader opens it.
`dropdown` folds its whole text under its title and is no box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

KINDS = {
    "predict": "Predict",
    "try": "Try it",
    "trap": "Trap",
    "exam": "On the exam",
    "differs": "Differs from AWS",
}
ANSWER_LINE = "---"
ANSWER_SUMMARY = "Show what happens"


class box(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """A set-off passage of one `kind`, whose first child is its title."""


class box_title(nodes.General, nodes.TextElement):  # noqa: N801
    """The words beside the name of the kind; may be empty."""


class fold(nodes.General, nodes.Element):  # noqa: N801
    """A passage of which only the first child, its summary, shows until it is opened."""


class summary(nodes.General, nodes.TextElement):  # noqa: N801
    """The words by which a fold is opened."""


class Box(SphinxDirective):
    """A box of the kind that the directive is named after."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[Node]:
        """The box with its title and text; in a `predict`, the answer is folded."""
        self.assert_has_content()
        title = box_title()
        inline, messages = self.state.inline_text("".join(self.arguments), self.lineno)
        title += inline
        node = box("", title, kind=self.name)
        self.set_source_info(node)
        question, answer = self.parts()
        self.state.nested_parse(question, self.content_offset, node)
        if answer:
            folded = fold("", summary("", ANSWER_SUMMARY))
            offset = self.content_offset + len(question) + 1
            self.state.nested_parse(answer, offset, folded)
            node += folded
        return [node, *messages]

    def parts(self) -> tuple[StringList, StringList]:
        """What the box asks and what it tells afterwards; only a `predict` has the second."""
        lines = list(self.content)
        if self.name == "predict" and ANSWER_LINE in lines:
            cut = lines.index(ANSWER_LINE)
            return self.content[:cut], self.content[cut + 1 :]
        return self.content, StringList()


class Dropdown(SphinxDirective):
    """A passage folded under its title."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[Node]:
        """The fold with its text."""
        self.assert_has_content()
        words, messages = self.state.inline_text(self.arguments[0], self.lineno)
        node = fold("", summary("", "", *words))
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node, *messages]


def visit_box(self: HTML5Translator, node: box) -> None:
    """Open the box."""
    self.body.append(f'<aside class="lk-box lk-{node["kind"]}">')


def depart_box(self: HTML5Translator, _: box) -> None:
    """Close the box."""
    self.body.append("</aside>\n")


def visit_title(self: HTML5Translator, node: box_title) -> None:
    """Say which kind of box this is."""
    kind = KINDS[node.parent["kind"]]
    self.body.append(f'<p class="lk-box-title"><span class="lk-kind">{kind}</span> ')


def depart_title(self: HTML5Translator, _: box_title) -> None:
    """Close the title."""
    self.body.append("</p>\n")


def visit_fold(self: HTML5Translator, _: fold) -> None:
    """Open the fold."""
    self.body.append('<details class="lk-fold">')


def depart_fold(self: HTML5Translator, _: fold) -> None:
    """Close the fold."""
    self.body.append("</details>\n")


def visit_summary(self: HTML5Translator, _: summary) -> None:
    """Open the words of a fold."""
    self.body.append("<summary>")


def depart_summary(self: HTML5Translator, _: summary) -> None:
    """Close the words of a fold."""
    self.body.append("</summary>\n")


def setup(app: Sphinx) -> None:
    """Register the directives and their nodes."""
    for name in ("predict", "try", "trap", "exam"):
        app.add_directive(name, Box)
    app.add_directive("dropdown", Dropdown)
    app.add_node(box, html=(visit_box, depart_box))
    app.add_node(box_title, html=(visit_title, depart_title))
    app.add_node(fold, html=(visit_fold, depart_fold))
    app.add_node(summary, html=(visit_summary, depart_summary))
