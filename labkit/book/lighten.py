"""Python source for the page is made lighter without changing what it does.

Docstrings, comments and annotations are half of the weight of a module, and MicroPython reads
none of them. What MicroPython cannot compile is refused here, when the book is built, rather than
in a reader's browser.
"""

from __future__ import annotations

import ast

from labkit.errors import BrokenLab


def lighten(source: str) -> str:
    """The same code without docstrings, comments, annotations and what only checkers import.

    >>> lighten("def double(x: int) -> int:\\n    '''Twice x.'''\\n    return 2 * x  # or x + x")
    'def double(x):\\n    return 2 * x\\n'
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        unknown = _unknown_to_micropython(node)
        if unknown:
            raise BrokenLab(
                f"A module for the page has {unknown}: {ast.unparse(node)}",
                "MicroPython does not compile it.",
                "Say it in plainer Python.",
            )
    return ast.unparse(_Lighten().visit(tree)) + "\n"


def is_for_checkers(node: ast.AST) -> bool:
    """Whether `node` is an `if TYPE_CHECKING:`."""
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


def _unknown_to_micropython(node: ast.AST) -> str:
    """What MicroPython 1.27 does not know in `node`, in words; empty if it knows it all."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        is_target = isinstance(getattr(node, "ctx", None), ast.Store)
        has_star = any(isinstance(element, ast.Starred) for element in node.elts)
        return "a * in a display" if has_star and not is_target else ""
    if isinstance(node, ast.Dict) and None in node.keys:
        return "a ** in a display"
    if isinstance(node, ast.Match):
        return "a match statement"
    if isinstance(node, ast.FunctionDef) and node.args.posonlyargs:
        return "a positional-only parameter"
    return ""


class _Lighten(ast.NodeTransformer):
    def visit_Module(self, node: ast.Module) -> ast.AST:
        return self._without_words(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._without_words(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._without_words(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_If(self, node: ast.If) -> ast.AST | None:
        return None if is_for_checkers(node) else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        assign = ast.Assign([node.target], node.value)
        return ast.copy_location(assign, node)

    def _without_words(self, node: ast.Module | ast.ClassDef | ast.FunctionDef) -> ast.AST:
        """Drop every statement that is a mere string: docstrings, and notes under a constant."""
        node.body = [
            statement
            for statement in node.body
            if not (
                isinstance(statement, ast.Expr)
                and isinstance(statement.value, ast.Constant)
                and isinstance(statement.value.value, str)
            )
        ]
        self.generic_visit(node)
        if not node.body and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]
        return node
