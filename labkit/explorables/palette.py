"""Figures name their colours by token; each face turns a token into a colour it can paint.

A figure says ``"@ready"``. The published page reads ``--lk-ready`` from its style sheet, the SVG
writes ``var(--lk-ready)``, and JupyterLab takes the value from `LIGHT` or `DARK` below, which a
test holds against that style sheet. A state is never told by colour alone: `SYMBOLS` gives each
one its own marker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

LIGHT = {
    "ink": "#1b1f24",
    "ink2": "#57606a",
    "paper": "#ffffff",
    "panel": "#f6f7f8",
    "line": "#d5d9de",
    "accent": "#0a5fa8",
    "ready": "#6941c6",
    "flight": "#b45309",
    "done": "#1a7f4b",
    "failed": "#c4314b",
    "old": "#6b7280",
}

DARK = {
    "ink": "#e6e8ea",
    "ink2": "#a8b0b8",
    "paper": "#14171a",
    "panel": "#1d2125",
    "line": "#3a4149",
    "accent": "#7ab8f5",
    "ready": "#b4a0f5",
    "flight": "#f0a24b",
    "done": "#5cc98d",
    "failed": "#ff7b8a",
    "old": "#9aa3ad",
}

TOKENS = tuple(sorted(LIGHT))

SYMBOLS = {
    "ready": "circle",
    "flight": "triangle-right",
    "done": "square",
    "failed": "x",
    "old": "diamond",
}


def style(selector: str) -> str:
    """CSS that gives what `selector` names these colours, in JupyterLab's light and dark themes."""
    light, dark = (
        "".join([f"--lk-{token}: {colours[token]}; " for token in TOKENS])
        for colours in (LIGHT, DARK)
    )
    return f'{selector} {{ {light}}}\n[data-jp-theme-light="false"] {selector} {{ {dark}}}\n'


def resolve(tree: Any, colours: Mapping[str, str]) -> Any:
    """Give a copy of `tree` in which every ``"@token"`` is the colour that `colours` has for it.

    `tree` is a figure or any part of one: dicts, lists, tuples and plain values.

    >>> resolve({"line": {"color": "@ready"}, "x": [1, 2]}, LIGHT)
    {'line': {'color': '#6941c6'}, 'x': [1, 2]}
    """
    if isinstance(tree, str):
        return colours[tree[1:]] if tree[:1] == "@" and tree[1:] in colours else tree
    if isinstance(tree, dict):
        return {key: resolve(value, colours) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [resolve(value, colours) for value in tree]
    return tree
