"""The frame of a figure: the areas of its axes, their grids, lines, ticks and titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.errors import BrokenLab
from labkit.explorables.svg.axis import make_axis
from labkit.explorables.svg.pen import check, num, one_of, paint, width_of, write
from labkit.explorables.theme import is_axis

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.svg.axis import Axis

    Area = dict[str, float]


class Frame:
    """The axes of a figure, by the short names that traces use (x, y2), and which of them meet."""

    def __init__(self, layout: dict[str, Any], traces: list[Any], area: Area) -> None:
        self.area = area
        self.axes: dict[str, Axis] = {}
        for key in sorted(key for key in layout if is_axis(key)):
            letter, short = key[0], key[0] + key[5:]
            mine = [trace for trace in traces if trace.get(f"{letter}axis", letter) == short]
            names = [value for trace in mine for value in trace[letter]]
            self.axes[short] = make_axis(key, layout[key], names, area)
        pairs = {(trace.get("xaxis", "x"), trace.get("yaxis", "y")) for trace in traces}
        for short, axis in self.axes.items():
            pairs.add((short, self._anchor(axis)) if axis.is_x else (self._anchor(axis), short))
        self.pairs = sorted(pair for pair in pairs if "free" not in pair)
        for short in (short for pair in self.pairs for short in pair):
            if short not in self.axes:
                raise BrokenLab(
                    f"The layout has no {short[0]}axis{short[1:]}, and something refers to it."
                )

    def clips(self, id: str) -> str:
        """A clip path for the area of each pair of axes that meet."""
        return "".join(
            f'<clipPath id="{id}-{x}{y}"><rect {self._box(x, y)}/></clipPath>'
            for x, y in self.pairs
        )

    def grid(self) -> str:
        """The grid and zero lines of all axes."""
        return "".join(
            self._grid_of(self.axes[x], self.axes[y]) + self._grid_of(self.axes[y], self.axes[x])
            for x, y in self.pairs
        )

    def labels(self) -> str:
        """The lines, ticks, tick labels and titles of all axes."""
        return "".join(
            self._beside(axis) for axis in self.axes.values() if axis.look.get("visible", True)
        )

    def _anchor(self, axis: Axis) -> str:
        anchor: str = axis.look.get("anchor", "y" if axis.is_x else "x")
        return anchor

    def _box(self, x: str, y: str) -> str:
        across, up = self.axes[x], self.axes[y]
        place = f'x="{num(across.start)}" y="{num(up.start + up.length)}"'
        return f'{place} width="{num(across.length)}" height="{num(-up.length)}"'

    def _grid_of(self, axis: Axis, other: Axis) -> str:
        look, ends = axis.look, (other.at_fraction(0), other.at_fraction(1))
        drawn = ""
        if look.get("visible", True) and look["showgrid"]:
            pen = _pen(look["gridcolor"], look["gridwidth"])
            low, high = sorted((axis.at_fraction(0), axis.at_fraction(1)))
            inner = [place for place, _ in axis.ticks() if low + 1 < place < high - 1]
            drawn += _rules(axis.is_x, inner, ends, pen)
        if look.get("visible", True) and look["zeroline"] and axis.low <= 0 <= axis.high:
            pen = _pen(look["zerolinecolor"], look.get("zerolinewidth", 1))
            drawn += _rules(axis.is_x, [axis.at(0)], ends, pen)
        return drawn

    def _beside(self, axis: Axis) -> str:
        """What lies beside an axis, from its edge outwards.

        line | tick marks | a little air | labels | standoff | title
        """
        look, (edge, out) = axis.look, self._edge(axis)
        ticks, size = axis.ticks(), look["tickfont"]["size"]
        drawn, depth = "", 0.5
        if look["showline"]:
            pen = _pen(look["linecolor"], look.get("linewidth", 1))
            ends = (axis.at_fraction(0), axis.at_fraction(1))
            drawn += _rules(not axis.is_x, [edge], ends, pen)
        if one_of(f"{axis.key}'s ticks", look["ticks"], "", "outside"):
            length = look.get("ticklen", 5)
            pen = _pen(look.get("tickcolor", look["linecolor"]), look.get("tickwidth", 1))
            places = [place for place, _ in ticks]
            drawn += _rules(axis.is_x, places, (edge, edge + out * length), pen)
            depth += length
        if look["ticks"] or look["showline"]:
            depth += 0.2 * size
        if look.get("showticklabels", True):
            drawn += "".join(_label(axis, tick, edge + out * depth, out) for tick in ticks)
            widest = max([width_of(label, size) for _, label in ticks] or [0])
            depth += 1.2 * size if axis.is_x else widest
        return drawn + _title(axis, edge, out, depth)

    def _edge(self, axis: Axis) -> tuple[float, int]:
        """The pixel at which an axis lies, and 1 if outwards is right or down, else -1."""
        far = axis.look.get("side", "bottom" if axis.is_x else "left") in ("top", "right")
        out = 1 if far != axis.is_x else -1
        if self._anchor(axis) != "free":
            return self.axes[self._anchor(axis)].at_fraction(1 if far else 0), out
        start, end = ("bottom", "top") if axis.is_x else ("left", "right")
        span = self.area[end] - self.area[start]
        return self.area[start] + axis.look.get("position", 0) * span, out


def _label(axis: Axis, tick: tuple[float, str], edge: float, out: int) -> str:
    place, text = tick
    font = axis.look["tickfont"]
    if axis.is_x:
        return write(text, place, edge + out * 0.65 * font["size"], font)
    return write(text, edge, place, font, anchor="start" if out > 0 else "end")


def _title(axis: Axis, edge: float, out: int, depth: float) -> str:
    title = axis.look["title"]
    check("An axis title", title, "text font standoff")
    if not title.get("text"):
        return ""
    away = edge + out * (depth + title["standoff"] + 0.5 * title["font"]["size"])
    centre = axis.at_fraction(0.5)
    if axis.is_x:
        return write(title["text"], centre, away, title["font"])
    return write(title["text"], away, centre, title["font"], turn=-90)


def _pen(colour: str, width: float) -> str:
    return f'stroke="{paint(colour)}" stroke-width="{num(width)}"'


def _rules(upright: bool, places: list[float], ends: tuple[float, float], pen: str) -> str:
    """Parallel lines at `places`, upright or level, each between `ends`."""
    begin, end = num(ends[0]), num(ends[1])
    lines = [
        f"M{num(place)},{begin}V{end}" if upright else f"M{begin},{num(place)}H{end}"
        for place in places
    ]
    return f'<path d="{"".join(lines)}" fill="none" {pen}/>' if lines else ""
