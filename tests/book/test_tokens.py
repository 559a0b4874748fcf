"""The colours of the book: dark stands twice and is the same twice, and all can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from labkit.explorables.palette import DARK, LIGHT

CSS = Path(__file__).parents[2] / "labkit" / "book" / "static" / "labkit.css"
TEXT_CONTRAST = 4.5


def blocks() -> list[dict[str, str]]:
    """The colours of each block of tokens: light, dark by system, dark by choice."""
    found = re.findall(r":root[^{]*\{([^}]*)\}", CSS.read_text(encoding="utf-8"))
    return [dict(re.findall(r"--lk-(\w+): (#[0-9a-f]{6})", block)) for block in found]


def test_the_style_sheet_and_the_notebooks_palette_have_the_same_colours():
    light, by_system, by_choice = blocks()

    assert light == dict(LIGHT)
    assert by_system == by_choice == dict(DARK)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, as WCAG defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_every_ink_can_be_read_on_paper_and_panel(theme, ground):
    grounds = ("paper", "panel", "line")
    inks = {name: colour for name, colour in theme.items() if name not in grounds}

    too_faint = {
        name: round(contrast(colour, theme[ground]), 2)
        for name, colour in inks.items()
        if contrast(colour, theme[ground]) < TEXT_CONTRAST
    }

    assert too_faint == {}
