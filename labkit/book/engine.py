"""What the page needs to run an explorable: the same Python files, found and made light here.

The browser runs them on MicroPython. The modules that an explorable imports are collected and
lightened; the names of each dataclass's fields are written into its module, since MicroPython keeps
no annotations; a table of facts keeps the rows that are asked for. Nothing else is changed. The
stand-ins for what MicroPython lacks of the standard library are in `shim/`.

A page loads the core, which all explorables share, the libraries that the explorable stands on,
and the explorable's own bundle.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from labkit import explorables
from labkit.book.lighten import is_for_checkers, lighten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LABKIT = Path(__file__).parents[1]
SHIM = Path(__file__).parent / "shim"
TABLES = "labkit.facts.tables"
# Packages of labkit that are a subject of their own: a bundle each, which pages share.
LIBRARIES = ("policy",)
SHARED = ("labkit.explorables.parts", "labkit.explorables.theme", "labkit.facts", "labkit.units")


def core_bundle() -> str:
    """The JSON text of the files that every explorable needs, by path."""
    files = {path.name: lighten(path.read_text(encoding="utf-8")) for path in SHIM.glob("*.py")}
    # The real labkit/__init__.py arms the guard; in a page there is no AWS client to guard.
    files["labkit/__init__.py"] = ""
    return _json(files | page_files(import_closure(SHARED)))


def own_bundle(slug: str) -> str:
    """The JSON text of the files that the explorable of that slug needs besides all others."""
    return _json(page_files(_needed(slug) - set().union(*map(_library, libraries(slug)))))


def library_bundle(name: str) -> str:
    """The JSON text of the files of a library: what of it any explorable needs."""
    return _json(page_files(_library(name)))


@cache
def libraries(slug: str) -> tuple[str, ...]:
    """The libraries that the explorable of that slug stands on."""
    needed = _needed(slug)
    return tuple(name for name in LIBRARIES if any(_is_in(name, module) for module in needed))


@cache
def _needed(slug: str) -> frozenset[str]:
    """The modules that the explorable of that slug imports, and that are not in the core."""
    closure = import_closure([f"labkit.explorables.{slug}"])
    return frozenset(closure) - frozenset(import_closure(SHARED))


def _library(name: str) -> set[str]:
    needed = set().union(*map(_needed, explorables.SLUGS))
    return {module for module in needed if _is_in(name, module)}


def _is_in(library: str, module: str) -> bool:
    return f"{module}.".startswith(f"labkit.{library}.")


def page_files(modules: Iterable[str]) -> dict[str, str]:
    """Path and text of each module, and of the tables whose facts they name."""
    sources = {name: _file(name).read_text(encoding="utf-8") for name in modules}
    facts = _facts_named(sources.values())
    files = {}
    for name, source in sources.items():
        files[_path(name)] = _field_names(name) + lighten(source)
    for service in {id.split(".")[0] for id in facts}:
        files[_path(f"{TABLES}.{service}")] = _table(service, facts)
    return files


def import_closure(roots: Iterable[str]) -> list[str]:
    """The modules `roots`, every module of labkit that they import, and their packages."""
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


def _path(name: str) -> str:
    return _file(name).relative_to(LABKIT.parent).as_posix()


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
    return f"FACTS = {tuple(rows)!r}\n"


def _field_names(module: str) -> str:
    """A line that names the fields of each dataclass that the module defines."""
    table = {
        thing.__name__: tuple(field.name for field in dataclasses.fields(thing))
        for thing in vars(importlib.import_module(module)).values()
        if isinstance(thing, type)
        and thing.__module__ == module
        and dataclasses.is_dataclass(thing)
    }
    return f"_FIELD_NAMES = {table!r}\n" if table else ""


def _json(files: dict[str, str]) -> str:
    return json.dumps(files, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
