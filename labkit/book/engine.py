"""What the page needs to run an explorable: the same Python files, found and made light here.

The browser runs them on MicroPython. The modules that an explorable imports are collected and
lightened; the names of every dataclass's fields are written down, since MicroPython keeps no
annotations; a table of facts keeps the rows that are asked for. Nothing else is changed. The
stand-ins for what MicroPython lacks of the standard library are in `shim/`.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.book.lighten import is_for_checkers, lighten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LABKIT = Path(__file__).parents[1]
SHIM = Path(__file__).parent / "shim"
TABLES = "labkit.facts.tables"


def bundle(slug: str) -> str:
    """The JSON text of the files that the page loads for the explorable of that slug."""
    files = page_files(["labkit.explorables", f"labkit.explorables.{slug}"])
    return json.dumps(files, ensure_ascii=False, separators=(",", ":"))


def page_files(roots: Iterable[str]) -> dict[str, str]:
    """Path and text of every file with which MicroPython can import the modules `roots`."""
    sources = {name: _file(name).read_text(encoding="utf-8") for name in import_closure(roots)}
    facts = _facts_named(sources.values())
    for service in sorted({id.split(".")[0] for id in facts}):
        sources[f"{TABLES}.{service}"] = _table(service, facts)
    files = {path.name: lighten(path.read_text(encoding="utf-8")) for path in SHIM.glob("*.py")}
    files["_fields.py"] = f"FIELDS = {_field_names(sources)!r}\n"
    # The real labkit/__init__.py arms the guard; in a page there is no AWS client to guard.
    files["labkit/__init__.py"] = ""
    for name, source in sources.items():
        files[_file(name).relative_to(LABKIT.parent).as_posix()] = lighten(source)
    return dict(sorted(files.items()))


def import_closure(roots: Iterable[str]) -> list[str]:
    """The modules `roots` and every module of labkit that they import, directly or not."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name == "labkit" or name in found:
            continue
        found.add(name)
        package = name.rpartition(".")[0]
        waiting += [package, *_imports(ast.parse(_file(name).read_text(encoding="utf-8")))]
    return sorted(found)


def _file(name: str) -> Path:
    """Where the module of that name is, or would be."""
    path = LABKIT.parent.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _imports(node: ast.AST) -> Iterator[str]:
    """The modules of labkit that the code under `node` imports when it runs."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name.startswith("labkit."))
    elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "labkit":
        yield str(node.module)
        # `from labkit.models import sqs` names a module, `from labkit.errors import x` does not.
        names = (f"{node.module}.{alias.name}" for alias in node.names)
        yield from (name for name in names if _file(name).exists())
    elif not is_for_checkers(node):
        for child in ast.iter_child_nodes(node):
            yield from _imports(child)


def _facts_named(sources: Iterable[str]) -> set[str]:
    """The ids of facts that stand as a literal in the code."""
    facts = importlib.import_module("labkit.facts")
    nodes = (node for source in sources for node in ast.walk(ast.parse(source)))
    literals = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return {id for id in facts.all_ids() if id in literals}


def _table(service: str, ids: set[str]) -> str:
    """The source of a table of facts that has the rows of `ids` only."""
    rows = [row for row in importlib.import_module(f"{TABLES}.{service}").FACTS if row[0] in ids]
    return f"FACTS = {tuple(rows)!r}"


def _field_names(modules: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The names of the fields of every dataclass that the modules define, in their order."""
    return {
        f"{name}.{thing.__name__}": tuple(field.name for field in dataclasses.fields(thing))
        for name in modules
        for thing in vars(importlib.import_module(name)).values()
        if isinstance(thing, type) and dataclasses.is_dataclass(thing) and thing.__module__ == name
    }
