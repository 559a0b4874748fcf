"""Where things are drawn: pixels upwards, hundredths of the width across.

who waits, who calls, who is done      TOP
a lane for each client                 LANES_TOP
time of the chosen strategy            LANES_FOOT
a strip for each strategy: the calls that arrive, over a time that all share
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.palette import SYMBOLS

if TYPE_CHECKING:
    from labkit.explorables.layers import Look, Tree

TOP = 604
LANES_TOP, LANES_FOOT = 560, 318
STRIPS_TOP = 272
STRIP_PX = 48
STRIP_TEXT_PX = 16
WIDTH = 100.0
MARGIN = {"l": 4, "r": 6, "t": 2, "b": 4}
LANE_PX = LANES_TOP - LANES_FOOT
STEPS_S = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
TICKS_MAX = 5


def looks(pitch: float) -> tuple[Look, ...]:
    """How things look when two lanes are so many pixels apart."""
    thick = max(1.5, min(7, pitch * 0.55))
    size = max(3.5, min(9, pitch * 0.95))
    return (
        ("frame", "line", "x", "@line", 1, ""),
        ("wait", "line", "x", "@line", max(1, thick * 0.35), ""),
        ("call", "line", "x", "@flight", thick, ""),
        ("tick", "line", "x", "@failed", 2, ""),
        ("refused", "mark", "x", "@failed", size, SYMBOLS["failed"]),
        ("done", "mark", "x", "@done", size, SYMBOLS["done"]),
        ("wash", "area", "x", "@paper", 0.85, ""),
        ("bar in vain", "area", "x", "@failed", 0.75, ""),
        ("bar done", "area", "x", "@done", 1, ""),
        ("chosen", "line", "x", "@accent", 3, ""),
        ("off", "mark", "x", "@ink2", 9, "triangle-right"),
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


def tick_step_s(span_s: float) -> float:
    """The distance of ticks, so that there are a few of them.

    >>> tick_step_s(1.7), tick_step_s(16)
    (0.5, 5)
    """
    for step in STEPS_S:
        if span_s / step <= TICKS_MAX:
            return step
    return span_s / TICKS_MAX
