"""The lower part: the fleet as a stack of instances, how long each runs, and how it pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.ec2_pricing.lines import LABELS, TONES
from labkit.explorables.ec2_pricing.shop import month, usd_text
from labkit.explorables.ec2_pricing.stage import (
    FLEET_FOOT,
    FLEET_HEADING,
    FLEET_TOP,
    GAP_PX,
    MONTH_X,
    ROW_MAX_PX,
    across,
)
from labkit.explorables.layers import LEFT, RIGHT
from labkit.models.ec2_pricing.fleet import COMMITTED
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Layers
    from labkit.models.ec2_pricing.fleet import Row


def draw_bars(layers: Layers, values: dict[str, Any]) -> None:
    """Draw an instance a bar, the steady ones at the bottom."""
    rows = month(values).rows
    title = "<b>The fleet</b>\u2002each bar an instance, as long as it runs"
    layers.note("x", (0, FLEET_HEADING, title, "@ink", RIGHT))
    if not rows:
        layers.note("x", (0, FLEET_TOP - 20, "there is none", "@ink2", RIGHT))
    row_px = min(ROW_MAX_PX, (FLEET_TOP - FLEET_FOOT) / max(len(rows), 1))
    foot = FLEET_TOP - row_px * len(rows)
    for number, row in enumerate(rows):
        low = rounded(foot + number * row_px, 2)
        _draw_bar(layers, row, low, rounded(low + row_px - GAP_PX, 2))


def _draw_bar(layers: Layers, row: Row, low: float, high: float) -> None:
    """Draw an instance's hours; of a commitment those too in which nothing runs."""
    end = across(row.run_h)
    if row.run_h:
        layers.box(row.way, 0, end, low, high)
    if row.way == COMMITTED:
        if end < MONTH_X:
            layers.box("unused", end, MONTH_X, low, high)
        layers.box("promise", 0, MONTH_X, low, high)
    if row.lost_h:
        layers.box("lost", end, across(row.run_h + row.lost_h), low, high)
    text = f"<b>{usd_text(row.usd)}</b> {LABELS[row.way]}"
    layers.note("x", (100, rounded((low + high) / 2, 2), text, TONES[row.way], LEFT))
