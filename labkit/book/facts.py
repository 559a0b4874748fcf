"""A `{fact}` in a chapter shows a value that AWS sets, and on pointing at it where it comes from.

    Messages are hidden for {fact}`sqs.visibility_timeout_default_s`.
    At most {fact}`sqs.visibility_timeout_max_s s` for the API.    <- in seconds, not in hours

The value is a link to its source; a note with label, source and date shows on hover and focus,
by style sheet alone. In each section only the first use of a fact is such a link: a page full of
dotted lines reads badly. An unknown id stops the build and names the nearest one.

A number that only looks like a fact, as in a sentence of an older text, is {typed}`300 calls`: it
shows as it stands, and the test for numbers typed by hand (labkit.facts.typed) passes over it.
"""

from __future__ import annotations

import html
from datetime import date
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from labkit.errors import UnknownFact
from labkit.facts import Fact, get, tables
from labkit.facts.spell import spell

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class fact_value(nodes.Inline, nodes.TextElement):  # noqa: N801 (docutils names nodes so)
    """A fact's value in the text; `first` if it is the first of its section."""


class FactRole(SphinxRole):
    """Turns an id, and perhaps the unit to keep, into the value for people."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """The value as a node, or an error that names the nearest id."""
        id, _, unit = self.text.partition(" ")
        try:
            fact = get(id)
        except UnknownFact as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        self.env.note_dependency(f"{tables.__path__[0]}/{id.split('.')[0]}.py")
        text = spell(fact, unit.strip())
        return [fact_value(self.rawtext, text, fact_id=id)], []


class TypedRole(SphinxRole):
    """Shows its text as it stands: the author says that the number in it is not a fact."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """The text, and no message."""
        return [nodes.Text(self.text)], []


def mark_first_uses(_: Sphinx, doctree: nodes.document) -> None:
    """Make the first use of each fact in a section the one that a reader can point at."""
    met = set()
    for number, node in enumerate(doctree.findall(fact_value), start=1):
        section = node.parent
        while section and not isinstance(section, nodes.section):
            section = section.parent
        place = (id(section), node["fact_id"])
        node["first"] = place not in met
        node["note_id"] = f"fact-{number}"
        met.add(place)


def note(fact: Fact) -> str:
    """What a reader is told of a fact besides its value, as HTML."""
    service = fact.id.split(".")[0].upper()
    read_on = date.fromisoformat(fact.read_on)
    lines = [f"<b>{html.escape(service)}:</b> {html.escape(fact.label)}"]
    if fact.note:
        lines.append(html.escape(fact.note))
    if fact.confidence != "high":
        lines.append(f"AWS's page could not be read in full: confidence {fact.confidence}.")
    lines.append(
        f'<span class="lk-source">{html.escape(fact.source)}, '
        f"read {read_on.day} {read_on:%B %Y}</span>"
    )
    return "<br>".join(lines)


def visit_fact(self: HTML5Translator, node: fact_value) -> None:
    """Open the value: a link with a note, or plain text."""
    if node.get("first"):
        url = html.escape(get(node["fact_id"]).url)
        self.body.append(
            f'<span class="lk-fact"><a href="{url}" aria-describedby="{node["note_id"]}">'
        )
    else:
        self.body.append('<span class="lk-fact-again">')


def depart_fact(self: HTML5Translator, node: fact_value) -> None:
    """Close the value, with its note."""
    if node.get("first"):
        words = note(get(node["fact_id"]))
        self.body.append(f'</a><span role="tooltip" id="{node["note_id"]}">{words}</span>')
    self.body.append("</span>")


def setup(app: Sphinx) -> None:
    """Register the roles and the node of a fact."""
    app.add_role("fact", FactRole())
    app.add_role("typed", TypedRole())
    app.add_node(fact_value, html=(visit_fact, depart_fact))
    app.connect("doctree-read", mark_first_uses)
