"""Where things are drawn: pixels upwards; across, hundredths of the width.

What one volume can deliver, by size        TOP
IOPS │      ／‾‾‾‾ io2                      CURVES_CEILING
     │  ／‾‾‾‾‾‾‾‾ gp3
     └────────────────▶ GiB                 CURVES_FLOOR
This type, by the size of an I/O            LIMITS_TOP
MiB/s│     ┌─────────                       LIMITS_CEILING
     └────────────────▶ KiB                 LIMITS_FLOOR
A month of the cheapest that serves it      BARS_TOP
gp3 ▇▇▇▇▇ 125 USD
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.palette import SYMBOLS

if TYPE_CHECKING:
    from labkit.explorables.layers import Tree

TOP = 610
CURVES_CEILING, CURVES_FLOOR = 578, 388
CURVES_Y = 372
LIMITS_TOP = 346
LIMITS_CEILING, LIMITS_FLOOR = 316, 206
LIMITS_Y = 190
BARS_TOP = 160
BAR_PX, BAR_PITCH = 13, 22
LEFT_X, RIGHT_X = 12.0, 88.0  # of the curves; labels stand on both sides
BAR_X, BAR_END = 9.0, 45.0
MARGIN = {"l": 2, "r": 6, "t": 2, "b": 6}


def layout() -> Tree:
    """The layout: one axis across, one upwards."""
    return {
        "height": TOP + MARGIN["t"] + MARGIN["b"],
        "margin": MARGIN,
        "xaxis": {"range": [0, 100], "visible": False},
        "yaxis": {"range": [0, TOP], "visible": False},
    }


# The lowest first.
LOOKS = (
    ("frame", "line", "x", "@line", 1, ""),
    ("other", "line", "x", "@ink2", 1.25, ""),
    ("need", "line", "x", "@flight", 1.5, "dot"),
    ("size", "line", "x", "@flight", 1.5, "dot"),
    ("chosen", "line", "x", "@accent", 2.5, ""),
    ("by iops", "line", "x", "@ready", 1.25, "dash"),
    ("by throughput", "line", "x", "@old", 1.25, "dash"),
    ("bar", "area", "x", "@accent", 0.35, ""),
    ("best bar", "area", "x", "@done", 0.5, ""),
    ("meets", "mark", "x", "@flight", 10, SYMBOLS["flight"]),
    ("dot", "mark", "x", "@accent", 10, SYMBOLS["ready"]),
    ("short", "mark", "x", "@failed", 10, SYMBOLS["failed"]),
)
