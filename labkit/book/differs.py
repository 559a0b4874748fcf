"""A `{differs}` shows where the sandbox is not AWS, from the ledger that the rules themselves keep.

    ```{differs} sqs          a box of at most five lines, with a link to the whole ledger
    ```
    ```{differs} iam sts      the same of these rows only, by the words that they begin with
    A change is in force
    An EC2 instance gets
    ```
    ```{differs}              the whole ledger: a section for each service
    ```

The page is read again whenever a rule has changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from labkit.book.boxes import box, box_title, fold, summary
from labkit.book.links import to_page
from labkit.errors import nearest

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx

    from labkit.fidelity import Row

LINES_AT_MOST = 5
DIFFERS = "differs"
WHOLE_LEDGER = "chapters/differs"
TITLES = {  # other services are called as boto3 calls them
    "autoscaling": "Auto Scaling",
    "basics": "every service",
    "dynamodb": "DynamoDB",
    "dynamodbstreams": "DynamoDB Streams",
    "ec2": "EC2 and EBS",
    "elbv2": "Elastic Load Balancing",
    "rds": "RDS",
    "route53": "Route 53",
}
FOLDED = {
    "corrected": "As on AWS, because a rule corrects moto",
    "as on AWS": "As on AWS, as moto has it",
}


class Differs(SphinxDirective):
    """Shows the ledger of one service in a box, or the whole of it."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[Node]:
        """The box, or a section for each service."""
        from labkit.runtime import ledger  # loads moto: only a build that asks for it waits

        rules = Path(__file__).parents[1] / "fidelity"
        for path in rules.rglob("*.py"):
            self.env.note_dependency(str(path))
        if not self.arguments:
            return self.whole(ledger())
        services = self.arguments[0].split()
        rows = [row for name in services for row in ledger(name) if row.kind == DIFFERS]
        if not rows:
            raise self.error(f"The ledger has nothing that differs for {services[0]!r}.")
        return [self.box(services, self.chosen(rows))]

    def chosen(self, rows: list[Row]) -> list[Row]:
        """The rows that the content names, in its order; all of them if it names none."""
        found = []
        for words in filter(None, map(str.strip, self.content)):
            fitting = [row for row in rows if row.behaviour.startswith(words)]
            if not fitting:
                behaviours = [row.behaviour for row in rows]
                closest = nearest(words, [text[: len(words)] for text in behaviours])
                raise self.error(
                    f"No row of the ledger begins with {words!r}. The nearest is {closest!r}."
                )
            found += fitting
        return found or rows

    def box(self, services: list[str], rows: list[Row]) -> Node:
        """At most five lines, and where to read on."""
        listed = nodes.bullet_list()
        for row in rows[:LINES_AT_MOST]:
            listed += nodes.list_item("", self.paragraph(f"{row.behaviour} *On AWS:* {row.aws}"))
        named = " and ".join(TITLES.get(name, name.upper()) for name in services)
        more = f"The whole ledger for {named}"
        link = nodes.paragraph("", "", to_page(WHOLE_LEDGER, more))
        node = box("", box_title("", "In this chapter's lab"), listed, link, kind=DIFFERS)
        self.set_source_info(node)
        return node

    def whole(self, rows: Iterable[Row]) -> list[Node]:
        """A section for each service."""
        sections = []
        rows = sorted(rows, key=attrgetter("service"))
        for service, of_service in groupby(rows, key=attrgetter("service")):
            section = nodes.section(ids=[f"differs-{service}"], names=[f"differs-{service}"])
            title = TITLES.get(service, service.upper())
            section += nodes.title("", title[0].upper() + title[1:])
            section += self.tables(list(of_service))
            sections.append(section)
        return sections

    def tables(self, rows: list[Row]) -> list[Node]:
        """A table of what differs, and below it what does not, folded."""
        differs = [row for row in rows if row.kind == DIFFERS]
        shown: list[Node] = [self.table(differs)] if differs else []
        for kind, words in FOLDED.items():
            of_kind = [row for row in rows if row.kind == kind]
            if of_kind:
                head = summary("", f"{words}: {len(of_kind)}")
                shown.append(fold("", head, self.table(of_kind)))
        return shown

    def table(self, rows: Iterable[Row]) -> Node:
        """The rows: behaviour here with its test, behaviour on AWS with its page."""
        columns = ("In the sandbox", "On AWS")
        group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in columns), cols=len(columns))
        head = (nodes.entry("", nodes.paragraph("", column)) for column in columns)
        group += nodes.thead("", nodes.row("", *head))
        body = nodes.tbody()
        for row in rows:
            here, there = self.paragraph(row.behaviour), self.paragraph(row.aws)
            if row.test:
                here += nodes.Text(" ")
                here += nodes.literal("", row.test, classes=["lk-shown-by"])
            if row.source.startswith("https://"):
                there += nodes.Text(" ")
                there += nodes.reference("", "Source", refuri=row.source, classes=["lk-source"])
            body += nodes.row("", nodes.entry("", here), nodes.entry("", there))
        group += body
        return nodes.table("", group)

    def paragraph(self, text: str) -> nodes.paragraph:
        """A paragraph of Markdown."""
        inline, messages = self.state.inline_text(text, self.lineno)
        return nodes.paragraph("", "", *inline, *messages)


def setup(app: Sphinx) -> None:
    """Register the directive; its box is one of `labkit.book.boxes`."""
    app.add_directive("differs", Differs)
