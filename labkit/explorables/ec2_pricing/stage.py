"""Where things are drawn: pixels upwards, hundredths of the width across.

    One instance: three lines over the hours    TOP … CHART_FOOT
    The fleet: a bar for each instance          FLEET_TOP … FLEET_FOOT

Both share the hours of a month: MONTH_X is where 730 of them end. What stands right of it names
the lines and the bars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.palette import SYMBOLS
from labkit.models.ec2_pricing.offers import MONTH_H

if TYPE_CHECKING:
    from labkit.explorables.layers import Tree

TOP = 512
CHART_TOP, CHART_FOOT = 466, 302
FLEET_HEADING, FLEET_TOP, FLEET_FOOT = 250, 234, 8
ROW_MAX_PX, GAP_PX = 40, 4
MONTH_X = 70.0
MARGIN = {"l": 4, "r": 6, "t": 2, "b": 4}

# The lowest first.
LOOKS = (
    ("base", "line", "x", "@line", 1, ""),
    ("lead", "line", "x", "@ink2", 1, "dot"),
    ("here", "line", "x", "@ink", 1.5, ""),
    ("on demand", "area", "x", "@flight", 0.75, ""),
    ("spot", "area", "x", "@done", 0.75, ""),
    ("committed", "area", "x", "@accent", 0.75, ""),
    ("unused", "area", "x", "@accent", 0.14, ""),
    ("lost", "area", "x", "@failed", 0.75, ""),
    ("promise", "line", "x", "@accent", 1, ""),
    ("on demand line", "line", "x", "@flight", 2, ""),
    ("spot line", "line", "x", "@done", 2, ""),
    ("committed line", "line", "x", "@accent", 2, ""),
    ("on demand dot", "mark", "x", "@flight", 9, SYMBOLS["flight"]),
    ("spot dot", "mark", "x", "@done", 9, SYMBOLS["done"]),
    ("committed dot", "mark", "x", "@accent", 9, SYMBOLS["ready"]),
)


def layout() -> Tree:
    """The layout: one axis across, one upwards."""
    return {
        "height": TOP + MARGIN["t"] + MARGIN["b"],
        "margin": MARGIN,
        "xaxis": {"range": [0, 100], "visible": False},
        "yaxis": {"range": [0, TOP], "visible": False},
    }


def across(hours: float) -> float:
    """Where so many hours of a month end."""
    return int(hours * MONTH_X / MONTH_H * 1000 + 0.5) / 1000
