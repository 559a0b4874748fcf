"""An axis turns values into pixels and says where its ticks are, as plotly does.

    pixels     start                                  start + length
               |-------------------------------------------|
    values     low                                        high      (their log10 on a log axis)

A y axis has a negative length, since SVG counts downwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.errors import BrokenLab
from labkit.explorables.svg.pen import check, one_of

if TYPE_CHECKING:
    from typing import Any

DRAWN = (
    "anchor domain dtick gridcolor gridwidth linecolor linewidth nticks overlaying position range "
    "showgrid showline showticklabels side tick0 tickcolor tickfont ticklen tickmode tickprefix "
    "ticks ticksuffix ticktext tickvals tickwidth title type visible zeroline zerolinecolor "
    "zerolinewidth"
)
UNSEEN = "automargin fixedrange hoverformat matches rangemode showspikes uirevision"
THOUSANDS = ("", "k", "M", "B")


@dataclass(frozen=True)
class Axis:
    """A scale from values to pixels; `look` is its part of the layout."""

    key: str  # as layouts name it: xaxis, yaxis2
    look: dict[str, Any]
    start: float
    length: float
    low: float
    high: float
    categories: tuple[str, ...] = ()

    @property
    def is_x(self) -> bool:
        """Whether it runs from left to right."""
        return self.key[0] == "x"

    @property
    def is_log(self) -> bool:
        """Whether equal distances multiply."""
        return self.look.get("type") == "log"

    def at(self, value: Any) -> float:
        """The pixel of `value`: a number, or the name of a category."""
        if isinstance(value, str):
            value = self.categories.index(value)
        if self.is_log:
            # Nothing at or below 0 is on a logarithmic axis: it lies far off the low end.
            value = math.log10(value) if value > 0 else self.low - 10 * abs(self.high - self.low)
        return self.at_fraction((value - self.low) / (self.high - self.low))

    def at_fraction(self, fraction: float) -> float:
        """The pixel at `fraction` of the axis, 0 at its low end and 1 at its high end."""
        return self.start + fraction * self.length

    def ticks(self) -> list[tuple[float, str]]:
        """Pixel and label of every tick, from low to high."""
        values, labels = self._tick_values()
        before, after = self.look.get("tickprefix", ""), self.look.get("ticksuffix", "")
        low, high = sorted((self.start, self.start + self.length))
        places = [(self.at(value), label) for value, label in zip(values, labels, strict=True)]
        return [
            (place, before + label + after)
            for place, label in places
            if low - 0.5 <= place <= high + 0.5
        ]

    def _tick_values(self) -> tuple[list[Any], list[str]]:
        if "tickvals" in self.look:
            values = list(self.look["tickvals"])
            return values, list(self.look.get("ticktext", self._labels(values)))
        if self.categories:
            return list(self.categories), list(self.categories)
        if self.is_log:
            raise BrokenLab(
                f"The logarithmic {self.key} does not name its ticks.",
                "Plotly chooses them by width, and labels some with one digit only.",
                "Set tickvals, and ticktext.",
            )
        step = self.look.get("dtick") or self._step()
        first = self.look.get("tick0", 0)
        low, high = sorted((self.low, self.high))
        begin, end = (
            math.ceil((low - first) / step - 1e-9),
            math.floor((high - first) / step + 1e-9),
        )
        values = [first + index * step for index in range(begin, end + 1)]
        return values, self._labels(values)

    def _step(self) -> float:
        """Plotly's choice: 2, 5 or 10 times a power of ten, with some room for each label."""
        room = 80 if self.is_x else 40
        count = self.look.get("nticks") or min(9, max(4, abs(self.length) / room)) + 1
        rough = abs(self.high - self.low) / count
        base: float = 10.0 ** math.floor(math.log10(rough))
        return next(factor * base for factor in (2, 5, 10) if rough <= factor * base * (1 + 1e-9))

    def _labels(self, values: list[float]) -> list[str]:
        largest = max([abs(value) for value in values] or [0])
        power = max(0, math.floor(math.log10(largest) + 0.01)) if largest else 0
        group = min(power // 3, len(THOUSANDS) - 1) if power > 3 else 0
        return [
            _plain(value / 1000**group) + (THOUSANDS[group] if value else "") for value in values
        ]


def make_axis(key: str, look: dict[str, Any], names: list[Any], area: dict[str, float]) -> Axis:
    """The axis of the layout's `key`, within the plot `area`; `names` are what is shown on it."""
    check(f"The layout's {key}", look, DRAWN, UNSEEN)
    one_of(f"{key}'s type", look.get("type", "linear"), "linear", "log", "category")
    low_end, high_end = look.get("domain", (0, 1))
    if key[0] == "x":
        start, whole = area["left"], area["right"] - area["left"]
    else:
        start, whole = area["bottom"], area["top"] - area["bottom"]
    categories = _distinct(names) if any(isinstance(name, str) for name in names) else ()
    if "range" in look:
        low, high = look["range"]
    elif categories:
        low, high = -0.5, len(categories) - 0.5
    else:
        raise BrokenLab(
            f"The layout's {key} has no range.",
            "An axis that stays still while a control moves lets a reader compare.",
            "Set its range.",
        )
    start += low_end * whole
    return Axis(key, look, start, (high_end - low_end) * whole, low, high, categories)


def _distinct(names: list[Any]) -> tuple[str, ...]:
    seen: list[str] = []
    for name in names:
        if name is not None and str(name) not in seen:
            seen.append(str(name))
    return tuple(seen)


def _plain(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "\u2212" + text[1:] if text[:1] == "-" else text
