"""The upper part of the figure: the account's concurrency now, a box for every so many of it.

An environment at work is a full box, one that starts half a box, a warm one an empty box; what is
left of the limit is a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.lambda_concurrency.shop import minute, others_at_work
from labkit.explorables.lambda_concurrency.stage import (
    GRID_FOOT,
    GRID_TOP,
    TOP,
    WIDTH,
)
from labkit.explorables.layers import LEFT, RIGHT, Layers
from labkit.models.lambda_concurrency.function import SAMPLES
from labkit.models.lambda_concurrency.traffic import WINDOW_S
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.lambda_concurrency.function import Sample

COLUMNS, ROWS = 36, 7
BOX_PX = 8
EACH = (1, 2, 5, 10, 20, 50)  # what a box may stand for


def sample_now(values: dict[str, Any]) -> Sample:
    """The function at the playhead's moment."""
    samples = minute(values).samples
    return samples[min(len(samples) - 1, int(values["at_s"] * SAMPLES / WINDOW_S + 0.5))]


def box_stands_for(total: int) -> int:
    """How many a box stands for, so that all of them have room.

    >>> box_stands_for(200), box_stands_for(1000), box_stands_for(10000)
    (1, 5, 50)
    """
    for each in EACH:
        if total <= each * COLUMNS * ROWS:
            return each
    return EACH[-1]


def draw_grid(layers: Layers, values: dict[str, Any]) -> None:
    """Draw the environments now, what is left of the limits, and what others have."""
    now, given = sample_now(values), minute(values).params
    others = others_at_work(values)
    each = box_stands_for(given.account)
    cells = -(-given.account // each)
    theirs = -(-others // each)
    ends = []
    end = 0
    for name, count in (
        ("busy", now.provisioned_busy + now.warm_busy),
        ("starting", now.starting),
        ("idle", now.idle),
    ):
        end += count
        ends.append((name, end))
    own = -(-min(given.limit, given.account) // each)
    for cell in range(cells):
        state = next((name for name, end in ends if cell * each < end), "")
        if not state and cell >= cells - theirs:
            state = "others"
        if state or cell < own:
            _draw_box(layers, state or "room", cell)
    for cell in range(-(-given.provisioned // each)):
        left, right, y = _place(cell)
        layers.add("provisioned", [(left, y - 2.5), (right, y - 2.5)])
    _draw_words(layers, now, values, each, others)


def _draw_box(layers: Layers, state: str, cell: int) -> None:
    left, right, y = _place(cell)
    if state == "room":
        layers.add(state, [(left, y), (right, y)])
        return
    layers.box(state, left, right, y, y + (BOX_PX / 2 if state == "starting" else BOX_PX))


def _place(cell: int) -> tuple[float, float, float]:
    """The left and right side of a box, and its foot."""
    column, row = cell % COLUMNS, cell // COLUMNS
    width, pitch = WIDTH / COLUMNS, (GRID_TOP - GRID_FOOT) / ROWS
    left = rounded((column + 0.1) * width, 2)
    return left, rounded(left + 0.8 * width, 2), GRID_TOP - (row + 1) * pitch + 3


def _draw_words(
    layers: Layers, now: Sample, values: dict[str, Any], each: int, others: int
) -> None:
    title = f"<b>Environments</b>\u2002at {int(values['at_s'])} s"
    layers.note("x", (0, TOP - 9, title, "@ink", RIGHT))
    scale = "a box is one" if each == 1 else f"a box is {each} of them"
    layers.note("x", (WIDTH, TOP - 9, scale, "@ink2", LEFT))
    busy = now.provisioned_busy + now.warm_busy
    for left, text, colour in (
        (0, f"■ {number_text(busy)} at work", "@flight"),
        (34, f"▄ {number_text(now.starting)} starting", "@accent"),
        (70, f"□ {number_text(now.idle)} warm", "@ready"),
    ):
        layers.note("x", (left, TOP - 30, text, colour, RIGHT))
    below = GRID_FOOT - 9
    provisioned = minute(values).params.provisioned
    if provisioned:
        text = f"▁ {number_text(provisioned)} provisioned"
        layers.note("x", (0, below, text, "@ink", RIGHT))
    if others:
        text = f"■ {number_text(others)} of other functions"
        layers.note("x", (WIDTH, below, text, "@old", LEFT))
