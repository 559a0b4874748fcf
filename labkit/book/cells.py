"""A lab's page folds what should not be seen at once: solutions, and answers to predictions.

What is folded is decided by the tags of a cell (`hide-input`, `hide-output`), as everywhere in
Jupyter Book; here the folds get words that say what is in them, and are plain <details>, which
opens without a script and prints open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from labkit.book.boxes import fold, summary

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SOLUTION_CLASS = "tag_solution"
SHOW_SOLUTION = "Show the book's solution"
SHOW_CODE = "Show the code"
SHOW_OUTPUT = "Show what happened"
CORNER = "compared"


class FoldCells(SphinxPostTransform):
    """Folds inputs and outputs of code cells before myst-nb would."""

    default_priority = 198
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Fold what the cells' tags ask to hide."""
        for cell in list(self.document.findall(nodes.container)):
            hide = cell.get("hide_mode") if cell.get("nb_element") == "cell_code" else None
            if not hide:
                continue
            if hide in ("input", "input+output", "all"):
                solution = SOLUTION_CLASS in cell["classes"]
                wrap(cell, "cell_code_source", SHOW_SOLUTION if solution else SHOW_CODE)
            if hide in ("output", "input+output", "all"):
                wrap(cell, "cell_code_output", SHOW_OUTPUT)
            cell["hide_mode"] = None


def wrap(cell: nodes.container, element: str, words: str) -> None:
    """Fold the part of a cell that is that element, if the cell has one."""
    for part in list(cell.children):
        if isinstance(part, nodes.Element) and part.get("nb_element") == element:
            folded = fold("", summary("", words))
            cell.replace(part, folded)
            folded += part


class FrameTables(SphinxPostTransform):
    """Gives every table a frame of its own, in which it can be moved where it is too wide.

    A table whose first corner is empty compares: its first column names the rows.
    """

    default_priority = 200
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Put each table into a container."""
        for table in list(self.document.findall(nodes.table)):
            corner = next(table.findall(nodes.entry))
            if not corner.astext().strip():
                corner[:] = [nodes.inline("", CORNER, classes=["lk-unseen"])]
                next(table.findall(nodes.colspec))["stub"] = 1
            frame = nodes.container(classes=["lk-table"])
            table.replace_self(frame)
            frame += table


def setup(app: Sphinx) -> None:
    """Register the transforms."""
    app.add_post_transform(FoldCells)
    app.add_post_transform(FrameTables)
