"""The upper part: what one instance costs a month in each way, by how many hours it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.ec2_pricing.shop import even_h, prices, usd_text
from labkit.explorables.ec2_pricing.stage import CHART_FOOT, CHART_TOP, MONTH_X, TOP, across
from labkit.explorables.layers import CENTRE, LEFT, RIGHT
from labkit.models.ec2_pricing.fleet import COMMITTED, ON_DEMAND, SPOT
from labkit.models.ec2_pricing.offers import MONTH_H
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Layers

LABELS = {ON_DEMAND: "On-Demand", COMMITTED: "committed", SPOT: "Spot"}
TONES = {ON_DEMAND: "@flight", COMMITTED: "@accent", SPOT: "@done"}
APART_PX = 15
EDGE = 12  # half of a label, in hundredths of the width of a phone


def draw_lines(layers: Layers, values: dict[str, Any]) -> None:
    """Draw the three lines, where two of them meet, and how long the peak lasts."""
    price = prices(values)
    hours = {
        ON_DEMAND: price.on_demand_hour_usd,
        SPOT: price.spot.useful_hour_usd,
    }
    promise_usd = price.commitment.month_usd
    most_usd = max(MONTH_H * max(hours.values()), promise_usd)

    def up(usd: float) -> float:
        return rounded(CHART_FOOT + usd * (CHART_TOP - CHART_FOOT) / most_usd, 2)

    here_h, here_x = values["peak_h"], across(values["peak_h"])
    layers.add("base", [(0, CHART_FOOT), (MONTH_X, CHART_FOOT)])
    layers.add("here", [(here_x, CHART_FOOT), (here_x, CHART_TOP + 6)])
    ends = [(promise_usd, COMMITTED)]
    layers.add("committed line", [(0, up(promise_usd)), (MONTH_X, up(promise_usd))])
    layers.add("committed dot", [(here_x, up(promise_usd))])
    for way, hour_usd in hours.items():
        layers.add(f"{way} line", [(0, CHART_FOOT), (MONTH_X, up(hour_usd * MONTH_H))])
        layers.add(f"{way} dot", [(here_x, up(hour_usd * here_h))])
        ends.append((hour_usd * MONTH_H, way))
    _name_ends(layers, ends, up)
    title = "<b>One instance</b>\u2002USD a month, by the hours it runs"
    layers.note("x", (0, TOP - 10, title, "@ink", RIGHT))
    layers.note("x", (0, CHART_FOOT - 9, "0 h", "@ink2", RIGHT))
    layers.note("x", (MONTH_X, CHART_FOOT - 9, "730 h", "@ink2", LEFT))
    layers.note("x", (here_x, CHART_TOP + 14, f"{number_text(here_h)} h", "@ink", _side(here_x)))
    _mark_even(layers, values, up(promise_usd))


def _side(x: float) -> str:
    """On which side of its place a text stands, so that it does not leave the frame."""
    return RIGHT if x < EDGE else LEFT if x > MONTH_X - EDGE else CENTRE


def _mark_even(layers: Layers, values: dict[str, Any], y: float) -> None:
    """Where a commitment and On-Demand cost the same, if they do within a month."""
    hours = even_h(values)
    if hours > MONTH_H:
        return
    x = across(hours)
    layers.add("lead", [(x, y), (x, CHART_FOOT)])
    text = f"break-even {number_text(hours)} h"
    layers.note("x", (x, CHART_FOOT - 24, text, "@ink", RIGHT if x < 2 * EDGE else CENTRE))


def _name_ends(layers: Layers, ends: list[tuple[float, str]], up: Any) -> None:
    """Name the lines where they end, the names apart from one another."""
    highest = float(CHART_TOP)
    for usd, way in sorted(ends, reverse=True):
        y = min(up(usd), highest)
        highest = y - APART_PX
        text = f"<b>{usd_text(usd)}</b> {LABELS[way]}"
        layers.note("x", (MONTH_X + 1, rounded(y, 2), text, TONES[way], RIGHT))
