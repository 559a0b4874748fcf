"""Where things are drawn: pixels upwards, hundredths of the width across.

what the looks mean                              TOP
all ways: a panel each, on one time axis         PANELS_TOP … AXIS
one way: what happens, its instances, capacity, requests
minutes                                          below AXIS

At the left, up to GUTTER, stands what each row is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.beanstalk_deployments.shop import end_s
from labkit.explorables.controls import number_text
from labkit.explorables.layers import CENTRE, LEFT, RIGHT
from labkit.models.sums import rounded
from labkit.units import SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Layers, Look, Tree

TOP = 740
PANELS_TOP = 700
AXIS = 22
GUTTER = 17.0
WIDTH = 100.0
MARGIN = {"l": 4, "r": 8, "t": 2, "b": 4}
LEAD = 0.04  # of the time that is shown, before the deployment begins
TICKS_MIN = (1, 2, 5, 10, 20, 30, 60, 120, 240, 480)
TICKS_MOST = 6
FAILED = "x"  # the symbol that the palette has for it, which would bring its colours along
NEAR_END = 82.0  # where a tick's label would run into the last one
KEYS = (
    (0, TOP - 9, "▬ old version", "@old"),
    (36, TOP - 9, "═ new version", "@done"),
    (72, TOP - 9, "✕ errors", "@failed"),
    (0, TOP - 27, "▂ in service, being checked", "@flight"),
    (60, TOP - 27, "— not in service", "@ready"),
)


class Scale:
    """Where a moment is drawn."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.end_s = end_s(values)
        self.lead_s = LEAD * self.end_s
        self.per_s = (WIDTH - GUTTER) / (self.end_s + self.lead_s)

    def x(self, at_s: float) -> float:
        """The place of a moment, across."""
        return rounded(GUTTER + (at_s + self.lead_s) * self.per_s, 2)


def looks(pitch: float) -> tuple[Look, ...]:
    """How things look when two lanes are so many pixels apart."""
    size = max(3.0, min(8.0, pitch * 0.7))
    return (
        ("frame", "line", "x", "@line", 1, ""),
        ("capacity", "area", "x", "@ink2", 0.45, ""),
        ("requests old", "area", "x", "@old", 1, ""),
        ("requests new", "area", "x", "@done", 1, ""),
        ("requests failing", "area", "x", "@failed", 1, ""),
        ("full", "line", "x", "@ink", 1, "dot"),
        ("out", "line", "x", "@ready", max(1.5, min(3.0, pitch * 0.25)), ""),
        ("down", "line", "x", "@failed", max(1.5, min(3.0, pitch * 0.25)), ""),
        ("old", "area", "x", "@old", 1, ""),
        ("new", "area", "x", "@done", 1, ""),
        ("checking", "area", "x", "@flight", 1, ""),
        ("failing", "area", "x", "@failed", 1, ""),
        ("stripe", "line", "x", "@paper", max(1.0, min(2.0, pitch * 0.18)), ""),
        ("cross", "mark", "x", "@paper", size, FAILED),
        ("cross down", "mark", "x", "@failed", size, FAILED),
        ("wash", "area", "x", "@paper", 0.8, ""),
        ("when", "line", "x", "@ink", 1, "dash"),
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


def draw_keys(layers: Layers) -> None:
    """Write what the looks of an instance mean."""
    for x, y, text, colour in KEYS:
        layers.note("x", (x, y, text, colour, RIGHT))


def draw_time(layers: Layers, scale: Scale, top: float) -> None:
    """Draw upright lines through the minutes, and write these below."""
    last_min = scale.end_s / SECONDS_PER_MINUTE
    step = next((each for each in TICKS_MIN if last_min / each <= TICKS_MOST), TICKS_MIN[-1])
    for number in range(int(last_min / step) + 1):
        x = scale.x(number * step * SECONDS_PER_MINUTE)
        layers.add("frame", [(x, AXIS), (x, top)])
        if x < NEAR_END:
            layers.note("x", (x, AXIS - 11, str(number * step), "@ink2", CENTRE))
    text = f"{number_text(rounded(last_min, 1))}\u00a0min"
    layers.note("x", (WIDTH, AXIS - 11, text, "@ink2", LEFT))


def label(layers: Layers, y: float, text: str) -> None:
    """Write at the left what a row is."""
    layers.note("x", (GUTTER - 1, y, text, "@ink2", LEFT))


def heading(layers: Layers, y: float, title: str, says: tuple[str, str]) -> None:
    """Write a title at the left, and at the right what is said of it, in its colour."""
    layers.note("x", (0, y, f"<b>{title}</b>", "@ink", RIGHT))
    layers.note("x", (WIDTH, y, says[0], says[1], LEFT))
