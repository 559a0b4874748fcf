"""The colours are those of the book's style sheet, and strong enough to be told from the paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import labkit.book
from labkit.explorables.palette import DARK, LIGHT, SYMBOLS, TOKENS, resolve, style

STYLES = Path(labkit.book.__file__).parent / "static" / "labkit.css"
STATES = ("ready", "flight", "done", "failed", "old")


def in_styles(selector: str) -> dict[str, str]:
    """The colour tokens of the first rule with that selector."""
    rule = STYLES.read_text(encoding="utf-8").split(selector, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--lk-(\w+):\s*(#[0-9a-f]{6})", rule))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_light_colours_are_those_of_the_style_sheet() -> None:
    found = in_styles(":root {")

    assert {token: found[token] for token in TOKENS} == LIGHT


def test_the_dark_colours_are_those_of_the_style_sheet() -> None:
    found = in_styles(':root[data-theme="dark"] {')

    assert {token: found[token] for token in TOKENS} == DARK


def test_the_style_of_jupyterlab_has_both_and_its_theme_chooses() -> None:
    light, dark = style(".lk-figure").strip().split("\n")

    assert light.startswith(".lk-figure {")
    assert dark.startswith('[data-jp-theme-light="false"] .lk-figure {')
    assert dict(re.findall(r"--lk-(\w+): (#\w+);", light)) == LIGHT
    assert dict(re.findall(r"--lk-(\w+): (#\w+);", dark)) == DARK


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("token", ["ink", "ink2", "accent", *STATES])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_what_is_written_in_a_colour_can_be_read(
    colours: dict[str, str], token: str, ground: str
) -> None:
    assert contrast(colours[token], colours[ground]) >= 4.5


def test_no_two_states_share_a_marker() -> None:
    assert set(SYMBOLS) == set(STATES)
    assert len(set(SYMBOLS.values())) == len(STATES)


def test_tokens_are_resolved_wherever_they_stand_and_nothing_else_is_touched() -> None:
    tree = {"data": [{"color": ["@ready", "@done"]}], "text": "me@shop", "n": 3, "odd": "@nothing"}

    assert resolve(tree, DARK) == {
        "data": [{"color": ["#b4a0f5", "#5cc98d"]}],
        "text": "me@shop",
        "n": 3,
        "odd": "@nothing",
    }
