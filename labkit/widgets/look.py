"""The book's colours for JupyterLab, which has no page of the book around it."""

from __future__ import annotations

from pathlib import Path

from labkit.explorables.palette import DARK, LIGHT

STATIC = Path(__file__).parents[1] / "book" / "static"


def tokens(selector: str) -> str:
    """A style that gives what `selector` names the book's colours in JupyterLab's theme."""
    light, dark = (
        "".join(f"--lk-{token}: {colour}; " for token, colour in colours.items())
        for colours in (LIGHT, DARK)
    )
    return f'{selector} {{ {light}}}\n[data-jp-theme-light="false"] {selector} {{ {dark}}}\n'


def decision_style() -> str:
    """How a decision and a path look; the page of the book has the same."""
    return (STATIC / "decision.css").read_text(encoding="utf-8")
