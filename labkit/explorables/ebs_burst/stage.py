"""Where things are drawn: pixels upwards; across, `x2` in hundredths of the width, `x` the day.

What it delivers                            TOP
       ┌──── a second ─────────┐            WORK_CEILING
       └───────────────────────┘            WORK_FLOOR
Credits
┌───┐  ┌──── the balance ──────┐            BRIM
│▒▒▒│  │                       │
└───┘  └───────────────────────┘            FOOT
       0:00                24:00            TIME_Y
How long a full bucket lasts, by size       SIZES_TOP
       └───────────────────────┘            SIZES_FLOOR
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.palette import SYMBOLS
from labkit.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from labkit.explorables.layers import Tree

TOP = 560
WORK_CEILING, WORK_FLOOR = 528, 388
CREDITS_TOP = 374
BRIM, FOOT = 344, 216
TIME_Y = 202
SIZES_TOP = 172
SIZES_CEILING, SIZES_FLOOR = 146, 34
SIZES_Y = 18
MARGIN = {"l": 2, "r": 6, "t": 2, "b": 6}
TIME_LEFT = 0.205  # where the graphs over time begin, as a part of the width
VESSEL = (1.0, 16.5)  # left and right of the bucket, in hundredths of the width


def layout() -> Tree:
    """The layout: two axes across, one upwards."""
    return {
        "height": TOP + MARGIN["t"] + MARGIN["b"],
        "margin": MARGIN,
        "xaxis": {"range": [0, SECONDS_PER_DAY], "domain": [TIME_LEFT, 1], "visible": False},
        "xaxis2": {"range": [0, 100], "visible": False},
        "yaxis": {"range": [0, TOP], "visible": False},
    }


# The lowest first.
LOOKS = (
    ("frame", "line", "x", "@line", 1, ""),
    ("delivered", "area", "x", "@done", 0.28, ""),
    ("waiting", "area", "x", "@failed", 0.55, ""),
    ("asked", "line", "x", "@ink", 1.5, ""),
    ("burst", "line", "x", "@flight", 1.5, "dot"),
    ("base", "line", "x", "@accent", 1.5, "dash"),
    ("kept", "area", "x", "@accent", 0.22, ""),
    ("level", "line", "x", "@accent", 2, ""),
    ("lasts", "line", "x", "@flight", 2, ""),
    ("refills", "line", "x", "@accent", 2, ""),
    ("fill", "area", "x2", "@accent", 0.4, ""),
    ("lead", "line", "x2", "@ink2", 1, "dot"),
    ("wall", "line", "x2", "@ink", 2, ""),
    ("now", "line", "x", "@ink", 2, ""),
    ("dot", "mark", "x", "@accent", 9, SYMBOLS["ready"]),
    ("lasts dot", "mark", "x", "@flight", 10, SYMBOLS["flight"]),
    ("refills dot", "mark", "x", "@accent", 9, SYMBOLS["ready"]),
)
