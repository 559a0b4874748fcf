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
            source, output = ("cell_code_source",), ("cell_code_output",)
            if SOLUTION_CLASS in cell["classes"]:
                wrap(cell, source + output, SHOW_SOLUTION)
            elif hide == "output":
                wrap(cell, output, SHOW_OUTPUT)
            else:
                wrap(cell, source if hide == "input" else source + output, SHOW_CODE)
            cell["hide_mode"] = None


def wrap(cell: nodes.container, elements: tuple[str, ...], words: str) -> None:
    """Fold those parts of a cell that are there under `words`."""
    parts = [part for part in cell if part.get("nb_element") in elements]
    if parts:
        folded = fold("", summary("", words))
        cell.insert(cell.index(parts[0]), folded)
        for part in parts:
            cell.remove(part)
        folded += parts


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
