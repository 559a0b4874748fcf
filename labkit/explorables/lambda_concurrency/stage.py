"""Where things are drawn: pixels upwards, hundredths of the width across.

who does what                              TOP
a box for every so many environments      GRID_TOP
concurrency over the minute                CHART_TOP … CHART_FOOT
what becomes of the events, by second      BARS_TOP … BARS_FOOT
the events that wait, if they are kept     QUEUE_TOP … QUEUE_FOOT
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.models.lambda_concurrency.traffic import WINDOW_S

if TYPE_CHECKING:
    from labkit.explorables.layers import Look, Tree

TOP = 632
GRID_TOP, GRID_FOOT = 584, 500
CHART_TOP, CHART_FOOT = 430, 270
BARS_TOP = 214
BARS_FOOT_SYNC, BARS_FOOT_ASYNC = 30, 118
QUEUE_TOP, QUEUE_FOOT = 78, 30
HEADING_PX, KEYS_PX = 32, 14  # from the top of a chart to the two lines above it
WIDTH = 100.0
MARGIN = {"l": 4, "r": 8, "t": 2, "b": 4}
TICK_S = 10


def looks() -> tuple[Look, ...]:
    """How things look, the lowest layer first."""
    return (
        ("frame", "line", "x", "@line", 1, ""),
        ("busy area", "area", "x", "@flight", 0.9, ""),
        ("starting area", "area", "x", "@accent", 0.9, ""),
        ("warm bar", "area", "x", "@done", 0.9, ""),
        ("cold bar", "area", "x", "@accent", 0.9, ""),
        ("throttled bar", "area", "x", "@failed", 0.9, ""),
        ("queue area", "area", "x", "@ready", 0.9, ""),
        ("warm line", "line", "x", "@ready", 2, ""),
        ("asked", "line", "x", "@ink", 1.5, "dot"),
        ("limit", "line", "x", "@failed", 2, "dash"),
        ("room", "line", "x", "@line", 1.5, ""),
        ("others", "area", "x", "@old", 0.9, ""),
        ("idle", "line", "x", "@ready", 1.5, ""),
        ("starting", "area", "x", "@accent", 1, ""),
        ("busy", "area", "x", "@flight", 1, ""),
        ("provisioned", "line", "x", "@ink", 2, ""),
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
