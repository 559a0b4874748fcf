"""Bring notebooks into the one form in which they are committed.

What changes from run to run or from editor to editor goes: execution times, widget state,
tracebacks with the paths of a machine, the version of the kernel. What a reader sees stays.
"""

from __future__ import annotations

import argparse
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labkit.cli import clone
from labkit.errors import UsageError

Json = dict[str, Any]

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE_INFO = {"name": "python"}
WIDGET_MIME_PREFIX = "application/vnd.jupyter.widget-"
# Written by editors and by nbclient: when a cell ran, how far it was scrolled, who trusts it.
PASSING_CELL_METADATA = ("ExecuteTime", "collapsed", "execution", "scrolled", "trusted")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take notebooks, by default those of labs/."""
    parser.add_argument("notebooks", nargs="*", type=Path, help="by default all of labs/")
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if something would")


def run(args: argparse.Namespace) -> int:
    """Rewrite each notebook that is not in the committed form, and name it."""
    home = clone.root()
    paths = args.notebooks or sorted((home / "labs").glob("*.ipynb"))
    changed = 0
    for path in paths:
        before = _read(path)
        after = to_text(normalise(_parsed(before, path)), path.as_posix())
        if before == after:
            continue
        changed += 1
        name = clone.shown(path.resolve(), home)
        if args.check:
            print(f"{name} is not normalised: run `labkit normalise {name}`.")
        else:
            path.write_text(after, encoding="utf-8", newline="\n")
            print(f"{name} normalised.")
    return 1 if args.check and changed else 0


def normalise(notebook: Json) -> Json:
    """The notebook as it is committed; the argument is not changed.

    Widget views and `metadata.widgets` are dropped (the page would load 4 MB of scripts for a
    widget that moves and changes nothing), counts run from 1 in the order of the cells, ids are
    kept and missing ones given, pieces of one stream are joined, a traceback is reduced to its
    last line. Text is joined into one string, the form in which nbformat holds it in memory.

    Doing it twice is doing it once.
    """
    result = copy.deepcopy(notebook)
    result["nbformat"] = 4
    result["nbformat_minor"] = 5
    metadata = result.setdefault("metadata", {})
    for passing in ("widgets", "signature", "orig_nbformat", "orig_nbformat_minor"):
        metadata.pop(passing, None)
    metadata["kernelspec"] = dict(KERNELSPEC)
    metadata["language_info"] = dict(LANGUAGE_INFO)

    ids = _Ids(cell["id"] for cell in result["cells"] if cell.get("id"))
    count = 0
    for position, cell in enumerate(result["cells"], start=1):
        cell["id"] = ids.claim(cell.get("id"), position)
        cell["source"] = _joined(cell.get("source", ""))
        cell_metadata = cell.setdefault("metadata", {})
        for passing in PASSING_CELL_METADATA:
            cell_metadata.pop(passing, None)
        if cell["cell_type"] != "code":
            continue
        empty = not cell["source"].strip()  # Jupyter does not run, nor count, an empty cell
        count += not empty
        cell["execution_count"] = None if empty else count
        cell["outputs"] = list(_outputs(cell.get("outputs", []), cell["execution_count"]))
    return result


def to_text(notebook: Json, name: str = "The notebook") -> str:
    """The notebook as nbformat writes it: keys sorted, one blank of indent, one final newline.

    Raises UsageError, under `name`, when it does not follow nbformat's schema.
    """
    import nbformat

    node = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    try:
        nbformat.validate(node)
    except nbformat.ValidationError as error:
        raise UsageError(
            f"{name} does not follow nbformat's schema: {error.message}.",
            next_step="Open it in JupyterLab, save it, and try again.",
        ) from error
    text: str = nbformat.v4.writes(node)  # type: ignore[no-untyped-call]
    return text.rstrip("\n") + "\n"


class _Ids:
    """The cell ids that are taken; a cell without one, or with a copied one, is given its own."""

    def __init__(self, taken: Iterator[str]) -> None:
        self._taken = set(taken)
        self._claimed: set[str] = set()

    def claim(self, wanted: str | None, position: int) -> str:
        if wanted and wanted not in self._claimed:
            self._claimed.add(wanted)
            return wanted
        while (fresh := f"cell-{position}") in self._taken:
            position += 1
        self._taken.add(fresh)
        self._claimed.add(fresh)
        return fresh


def _outputs(outputs: list[Json], count: int | None) -> Iterator[Json]:
    """The outputs that a reader without a kernel sees, pieces of one stream joined."""
    stream: Json | None = None
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            text = _joined(output["text"])
            if stream is not None and stream["name"] == output["name"]:
                stream["text"] += text
                continue
            if stream is not None:
                yield stream
            stream = {"output_type": "stream", "name": output["name"], "text": text}
            continue
        kept = _error(output) if kind == "error" else _displayed(output, count)
        if kept is None:
            continue  # a widget view between two prints leaves no trace: their text joins
        if stream is not None:
            yield stream
            stream = None
        yield kept
    if stream is not None:
        yield stream


def _error(output: Json) -> Json:
    last_line = f"{output['ename']}: {output['evalue']}"
    return {**output, "traceback": [last_line]}


def _displayed(output: Json, count: int | None) -> Json | None:
    """A display or result without its widget forms; None when nothing else is in it."""
    data = {
        mime: value if mime.endswith("json") else _joined(value)
        for mime, value in output["data"].items()
        if not mime.startswith(WIDGET_MIME_PREFIX)
    }
    if not data:
        return None
    metadata = {
        mime: value
        for mime, value in output.get("metadata", {}).items()
        if not mime.startswith(WIDGET_MIME_PREFIX)
    }
    kept = {"output_type": output["output_type"], "data": data, "metadata": metadata}
    if output["output_type"] == "execute_result":
        kept["execution_count"] = count
    return kept


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(
            f"{path.as_posix()} cannot be read: {error.strerror}.",
            next_step="Name a notebook that exists, or none for all of labs/.",
        ) from error


def _parsed(text: str, path: Path) -> Json:
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{path.as_posix()} is not JSON: {error}.",
            next_step="A merge may have left its marks in it; take one side and run it again.",
        ) from error
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise UsageError(
            f"{path.as_posix()} is no notebook of nbformat 4.",
            next_step="Open it in JupyterLab and save it: that brings it up to date.",
        )
    return notebook
