"""The foot of the figure: what a month costs in either mode, by how much is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.dynamodb_capacity.shop import bill_of, usd_text
from labkit.explorables.dynamodb_capacity.stage import COST_BASE, COST_TOP
from labkit.explorables.layers import CENTRE, LEFT, RIGHT, Layers
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any


HEIGHT_PX = COST_TOP - COST_BASE - 26
HEADROOM = 1.05
ROOM_PX = 18
EDGE = 17  # half of a label, in hundredths of the width of a phone
HEADING = "by how much of the capacity is used"


def draw_costs(layers: Layers, values: dict[str, Any]) -> None:
    """Draw both modes, where they meet and where the table is."""
    bill = bill_of(values)
    most_use = max(1.0, bill.use * 1.08)
    per_use = 100 / most_use
    px_per_usd = HEIGHT_PX / (bill.on_demand_if_full * most_use * HEADROOM)

    def at(use: float, usd: float) -> tuple[float, float]:
        return rounded(use * per_use, 3), rounded(COST_BASE + usd * px_per_usd, 2)

    flat = at(0, bill.provisioned)[1]
    even, here = at(bill.even_use, bill.provisioned), at(bill.use, bill.on_demand)
    corner = at(most_use, bill.on_demand_if_full * most_use)
    full = at(1, 0)[0]
    demand = f"on demand <b>{usd_text(bill.on_demand)} USD</b>"
    provisioned = f"provisioned <b>{usd_text(bill.provisioned)} USD</b>"
    share = f"{number_text(rounded(100 * bill.even_use))} % used: even"
    room = flat - COST_BASE >= ROOM_PX  # for a text below the line
    for note in (
        (0, COST_TOP - 8, f"<b>A month costs</b>\u2002{HEADING}", "@ink", RIGHT),
        (0, COST_TOP - 30, demand, "@flight", RIGHT),
        (100 if room else here[0] - 2, flat + (-9 if room else 9), provisioned, "@accent", LEFT),
        (even[0], COST_BASE - 9, share, "@ink2", CENTRE if even[0] > EDGE else RIGHT),
    ):
        layers.note("x2", note)
    if full > 2 * EDGE + even[0]:
        layers.note("x2", (full, COST_BASE - 9, "100 %", "@ink2", LEFT))
    layers.add("lead", [even, (even[0], COST_BASE)])
    layers.add("base", [(0, COST_BASE), (100, COST_BASE)])
    layers.add("flat", [(0, flat), (100, flat)])
    layers.add("rising", [(0, COST_BASE), corner])
    layers.add("wall", [here, (here[0], flat)])
    layers.add("pays rate", [(here[0], flat)])
    layers.add("pays use", [here])
