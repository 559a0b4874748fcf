"""The lower part of the figure: for each strategy, how many calls arrive over the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.backoff.lanes import draw_time
from labkit.explorables.backoff.shop import NAMES, contests, seconds_text
from labkit.explorables.backoff.stage import STRIP_PX, STRIP_TEXT_PX, STRIPS_TOP, WIDTH
from labkit.explorables.controls import number_text
from labkit.explorables.layers import LEFT, RIGHT, Layers
from labkit.models.backoff.waits import EXPONENTIAL, STRATEGIES
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.backoff.contest import Contest

BINS = 75
BAR_PX = STRIP_PX - STRIP_TEXT_PX - 4
ROOM = 1.04
GAP = 0.15  # between two bars, as a part of one


def shared_us(found: list[Contest]) -> float:
    """The time that the strips share: until all are done, but for one that takes far longer."""
    others = [each.end_us for each in found if each.params.strategy != EXPONENTIAL]
    return max(others) * ROOM


def draw_strips(layers: Layers, values: dict[str, Any]) -> None:
    """Draw the arrivals of all strategies, the chosen one marked."""
    found = contests(values)
    end_us = shared_us(found)
    foot = STRIPS_TOP - len(STRATEGIES) * STRIP_PX
    draw_time(layers, end_us, foot, STRIPS_TOP)
    heading = "<b>Calls that arrive</b>\u2002under each strategy"
    layers.note("x", (0, STRIPS_TOP + 14, heading, "@ink", RIGHT))
    bins = [_bins(each, end_us) for each in found]
    px_per_call = BAR_PX / max([max(calls) for calls, _ in bins])
    for row, each in enumerate(found):
        y = STRIPS_TOP - (row + 1) * STRIP_PX
        calls, wins = bins[row]
        _draw_bars(layers, calls, wins, y, px_per_call)
        _draw_words(layers, each, y, end_us, each.params.strategy == values["strategy"])


def _bins(found: Contest, end_us: float) -> tuple[list[int], list[int]]:
    """How many calls arrive in each part of the time, and how many of them are taken."""
    calls, wins = [0] * BINS, [0] * BINS
    for each in found.tries:
        number = int(each.served_us * BINS / end_us)
        if number < BINS:
            calls[number] += 1
            wins[number] += each.won
    return calls, wins


def _draw_bars(
    layers: Layers, calls: list[int], wins: list[int], y: float, px_per_call: float
) -> None:
    width = WIDTH / BINS
    for number, count in enumerate(calls):
        if count:
            left, right = rounded(number * width, 2), rounded((number + 1 - GAP) * width, 2)
            middle = rounded(y + wins[number] * px_per_call, 2)
            if wins[number]:
                layers.box("bar done", left, right, y, middle)
            if count > wins[number]:
                layers.box("bar in vain", left, right, middle, rounded(y + count * px_per_call, 2))


def _draw_words(layers: Layers, found: Contest, y: float, end_us: float, chosen: bool) -> None:
    """The name of a strategy, its calls and its time, above its bars."""
    middle = y + STRIP_PX - STRIP_TEXT_PX / 2 - 1
    layers.add("frame", [(0, y), (WIDTH, y)])
    name = NAMES[found.params.strategy]
    if chosen:
        layers.add("chosen", [(0, y), (0, y + STRIP_PX - 2)])
        name = f"<b>{name}</b>"
    colour = "@accent" if chosen else "@ink"
    layers.note("x", (0, middle, f"\u2002{name}", colour, RIGHT))
    said = f"{number_text(found.calls)} calls, {seconds_text(found.end_us)}"
    if found.end_us > end_us:
        layers.add("off", [(WIDTH - 1, y + BAR_PX / 2)])
    layers.note("x", (WIDTH, middle, said, colour, LEFT))
