"""Where things are drawn: pixels upwards; across, `x2` in hundredths of the width, `x` the time.

    an item, block by block                    TOP
    Writes                                     WRITES_TOP
    ■■■■✕  ┌──── units a second ───┐
    ┌───┐  └───────────────────────┘
    │▒▒▒│  ┌──── the bucket ───────┐
    └───┘  └───────────────────────┘
    Reads, the same                            READS_TOP
    A month costs                              COST_TOP

One y axis in pixels serves all parts, so a graph is as high on a phone as on a wide screen; only
the widths stretch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.palette import SYMBOLS

if TYPE_CHECKING:
    from labkit.explorables.layers import Tree

TOP = 604
WRITES_TOP = 514
READS_TOP = 316
COST_TOP = 138
COST_BASE = 20
MARGIN = {"l": 2, "r": 6, "t": 2, "b": 6}
TIME_LEFT = 0.205  # where the graphs over time begin, as a part of the width


def layout(window_s: float) -> Tree:
    """The layout: two axes across, one upwards."""
    return {
        "height": TOP + MARGIN["t"] + MARGIN["b"],
        "margin": MARGIN,
        "xaxis": {"range": [0, window_s], "domain": [TIME_LEFT, 1], "visible": False},
        "xaxis2": {"range": [0, 100], "visible": False},
        "yaxis": {"range": [0, TOP], "visible": False},
    }


# The lowest first.
LOOKS = (
    ("frame", "line", "x", "@line", 1, ""),
    ("served", "area", "x", "@done", 0.28, ""),
    ("hot", "area", "x", "@done", 0.35, ""),
    ("refused", "area", "x", "@failed", 0.55, ""),
    ("asked", "line", "x", "@ink", 1.5, ""),
    ("provisioned", "line", "x", "@accent", 1.5, "dash"),
    ("partition", "line", "x", "@failed", 1.5, "dot"),
    ("kept", "area", "x", "@accent", 0.22, ""),
    ("level", "line", "x", "@accent", 2, ""),
    ("fill", "area", "x2", "@accent", 0.4, ""),
    ("edge", "line", "x2", "@accent", 1, ""),
    ("base", "line", "x2", "@line", 1, ""),
    ("lead", "line", "x2", "@ink2", 1, "dot"),
    ("wall", "line", "x2", "@ink", 2, ""),
    ("now", "line", "x", "@ink", 2, ""),
    ("flat", "line", "x2", "@accent", 2, ""),
    ("rising", "line", "x2", "@flight", 2, ""),
    ("dot", "mark", "x", "@accent", 9, SYMBOLS["ready"]),
    ("call served", "mark", "x2", "@done", 8, SYMBOLS["done"]),
    ("call refused", "mark", "x2", "@failed", 8, SYMBOLS["failed"]),
    ("pays rate", "mark", "x2", "@accent", 10, SYMBOLS["done"]),
    ("pays use", "mark", "x2", "@flight", 11, SYMBOLS["ready"]),
)
