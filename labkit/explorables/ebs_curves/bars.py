"""The lower part: what the cheapest volume of each type costs that serves the need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.ebs_curves.shop import best_of, offer_text, offers_of, usd_text
from labkit.explorables.ebs_curves.stage import BAR_END, BAR_PITCH, BAR_PX, BAR_X, BARS_TOP
from labkit.explorables.layers import LEFT, RIGHT
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.layers import Layers


def draw_bars(layers: Layers, values: dict[str, Any]) -> None:
    """Draw a bar for each type; a type that cannot serve the need says so."""
    offers, best = offers_of(values), best_of(values)
    title = "<b>The cheapest of each type that serves it</b>\u2002USD a month"
    layers.note("x", (0, BARS_TOP - 8, title, "@ink", RIGHT))
    most = max([offer.month_usd for _, offer in offers if offer] or [1])
    for number, (kind, offer) in enumerate(offers):
        y = BARS_TOP - 28 - number * BAR_PITCH
        tone = "@accent" if kind == values["kind"] else "@ink2"
        layers.note("x", (BAR_X - 1, y, f"<b>{kind}</b>", tone, LEFT))
        if offer is None:
            layers.note("x", (BAR_X, y, "\u2002✕ cannot", "@failed", RIGHT))
            continue
        end = rounded(BAR_X + (BAR_END - BAR_X) * offer.month_usd / most, 2)
        cheapest = offer == best
        layers.box("best bar" if cheapest else "bar", BAR_X, end, y - BAR_PX / 2, y + BAR_PX / 2)
        said = f"\u2002<b>{usd_text(offer.month_usd)}</b> {offer_text(offer)}"
        layers.note("x", (end, y, said, "@done" if cheapest else "@ink2", RIGHT))
