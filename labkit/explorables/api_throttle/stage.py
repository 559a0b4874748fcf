"""Where things are drawn: pixels upwards, hundredths of the width across.

the moment                                     TOP
three buckets, the cache and the back end      TANK_TOP … TANK_FOOT, three lines of text below
the tokens of each bucket over time            below STRIPS_TOP
what the clients get, by half second           BARS_TOP … BARS_FOOT
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.models.api_throttle.traffic import WINDOW_S

if TYPE_CHECKING:
    from labkit.explorables.layers import Look, Tree

TOP = 576
NAMES_Y = 536
TANK_TOP, TANK_FOOT = 522, 436
LINE_PX = 16
STRIPS_TOP = 372
STRIP_PX = 48
STRIP_TEXT_PX = 17
BARS_TOP, BARS_FOOT = 172, 30
HEADING_PX, KEYS_PX = 32, 14  # from the top of the bars to the two lines above them
WIDTH = 100.0
STATIONS = 5
MARGIN = {"l": 4, "r": 8, "t": 2, "b": 4}
TICK_S = 5


def looks() -> tuple[Look, ...]:
    """How things look, the lowest layer first."""
    return (
        ("frame", "line", "x", "@line", 1, ""),
        ("tokens", "area", "x", "@accent", 0.85, ""),
        ("kept", "area", "x", "@done", 0.85, ""),
        ("load", "area", "x", "@flight", 0.85, ""),
        ("hit bar", "area", "x", "@done", 0.9, ""),
        ("backend bar", "area", "x", "@flight", 0.9, ""),
        ("refused bar", "area", "x", "@failed", 0.9, ""),
        ("limit", "line", "x", "@ink", 1.5, "dash"),
        ("tank", "line", "x", "@ink2", 1.5, ""),
        ("tank empty", "line", "x", "@failed", 3, ""),
        ("no tank", "line", "x", "@line", 1.5, "dot"),
        ("way", "line", "x", "@ink2", 1.5, ""),
        ("head", "mark", "x", "@ink2", 8, "triangle-right"),
        ("wash", "area", "x", "@paper", 0.75, ""),
        ("now", "line", "x", "@ink", 2, ""),
    )


def layout() -> Tree:
    """The layout: one axis across, one upwards."""
    return {
        "height": TOP + MARGIN["t"] + MARGIN["b"],
        "margin": MARGIN,
        "xaxis": {"range": [0, WIDTH], "visible": False},
        "yaxis": {"range": [0, TOP], "visible": False},
    }


def across(at_s: float) -> float:
    """Where a moment is drawn."""
    return int(at_s * WIDTH / WINDOW_S * 100 + 0.5) / 100


def up(low: float, high: float, part: float) -> float:
    """The height so far between two others."""
    return int((low + (high - low) * min(1, max(0, part))) * 100 + 0.5) / 100
