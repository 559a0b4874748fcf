"""A lab's notebook, run cell by cell in the test's own process, as a learner runs it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
from botocore.exceptions import ClientError

ROOT = Path(__file__).parents[2]
LABS = sorted((ROOT / "labs").glob("*.ipynb"))
SLUGS = [path.stem for path in LABS]


def cells_of(slug: str) -> list[Any]:
    """The cells of a lab as it is committed."""
    return list(nbformat.read(ROOT / "labs" / f"{slug}.ipynb", as_version=4).cells)


def code_cells_of(slug: str) -> list[Any]:
    return [cell for cell in cells_of(slug) if cell.cell_type == "code"]


class Study:
    """A learner at a lab: their names, and what the last line of each cell was."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.sources = {cell.id: cell.source for cell in code_cells_of(slug)}
        self.names: dict[str, Any] = {"__name__": "__main__"}

    @property
    def lab(self) -> Any:
        return self.names["lab"]

    def run(self, *cell_ids: str) -> Any:
        """Run these cells; the value of the last expression is returned, as Jupyter shows it."""
        return [self.do(self.sources[cell_id]) for cell_id in cell_ids][-1]

    def run_all(self, instead: dict[str, str] | None = None) -> dict[str, Any]:
        """Run every cell in order, some with another source; what each showed, by its id."""
        sources = {**self.sources, **(instead or {})}
        return {cell_id: self.do(source) for cell_id, source in sources.items()}

    def do(self, code: str) -> Any:
        """Run code as a cell of its own."""
        tree = ast.parse(code)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "<cell>", "exec"), self.names)
        if last is None:
            return None
        return eval(compile(ast.Expression(last.value), "<cell>", "eval"), self.names)

    def try_to(self, code: str) -> Any:
        """Run code that AWS may refuse."""
        try:
            return self.do(code)
        except ClientError as refusal:
            return refusal
