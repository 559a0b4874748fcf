"""The upper part of the figure: a lane for each client, from its first call until it is done.

The lanes are in the order in which the clients are done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.backoff.shop import NAMES, contest, is_over, moment_us, seconds_text
from labkit.explorables.backoff.stage import (
    LANE_PX,
    LANES_FOOT,
    LANES_TOP,
    TOP,
    WIDTH,
    tick_step_s,
)
from labkit.explorables.controls import number_text
from labkit.explorables.layers import CENTRE, LEFT, RIGHT, Layers
from labkit.models.backoff.contest import US_PER_S
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.backoff.contest import Contest

CALLING, WAITING, DONE = "calling", "waiting", "done"
CROSSES_MAX = 220
NEAR_END = 80  # where a tick's label would run into the last one


def draw_lanes(layers: Layers, values: dict[str, Any]) -> None:
    """Draw every call and wait, the time, and who does what at the playhead."""
    found = contest(values)
    draw_time(layers, found.end_us, LANES_FOOT, LANES_TOP)
    many = is_many(found)
    hundredths_per_us = 100 * WIDTH / found.end_us
    pitch = LANE_PX / found.params.clients
    heights = [rounded(LANES_TOP - (lane + 0.5) * pitch, 2) for lane in _lanes(found)]
    ends = [0.0] * found.params.clients
    for each in found.tries:  # so many that they are rounded without a call
        y, before = heights[each.client], ends[each.client]
        start = int(each.start_us * hundredths_per_us + 0.5) / 100
        served = int(each.served_us * hundredths_per_us + 0.5) / 100
        end = int(each.end_us * hundredths_per_us + 0.5) / 100
        if start > before:
            layers.add("wait", [(before, y), (start, y)])
        layers.add("call", [(start, y), (end, y)])
        if each.won:
            layers.add("done", [(served, y)])
        elif many:
            layers.add("tick", [(served, y - pitch / 2), (served, y + pitch / 2)])
        else:
            layers.add("refused", [(served, y)])
        ends[each.client] = end
    _draw_now(layers, values, found)


def is_many(found: Contest) -> bool:
    """Whether there are so many refusals that crosses would hide each other, and be slow."""
    return found.in_vain > CROSSES_MAX


def _lanes(found: Contest) -> list[int]:
    """The lane of each client: who is done first has the uppermost."""
    lanes = [0] * found.params.clients
    done = sorted([(each.end_us, each.client) for each in found.tries if each.won])
    for lane, (_, client) in enumerate(done):
        lanes[client] = lane
    return lanes


def _draw_now(layers: Layers, values: dict[str, Any], found: Contest) -> None:
    """The playhead, what is still to come washed out, and the counts."""
    at_us = moment_us(values)
    x = rounded(at_us * WIDTH / found.end_us, 3)
    if not is_over(values):
        layers.box("wash", x, WIDTH, LANES_FOOT, LANES_TOP)
        layers.add("now", [(x, LANES_FOOT), (x, LANES_TOP)])
    title = f"<b>{NAMES[found.params.strategy]}</b>\u2002at {seconds_text(at_us)}"
    layers.note("x", (0, TOP - 9, title, "@ink", RIGHT))
    states = states_at(found, at_us)
    keys = (
        (0, f"▬ {number_text(states[CALLING])} calling", "@flight"),
        (28, f"— {number_text(states[WAITING])} waiting", "@ink2"),
        (57, "| refused" if is_many(found) else "✕ refused", "@failed"),
        (81, f"■ {number_text(states[DONE])} done", "@done"),
    )
    for left, text, colour in keys:
        layers.note("x", (left, TOP - 28, text, colour, RIGHT))


def states_at(found: Contest, at_us: float) -> dict[str, int]:
    """How many clients call, wait and are done at a moment."""
    calling = sum([each.start_us <= at_us < each.end_us for each in found.tries])
    done = sum([each.won and each.end_us <= at_us for each in found.tries])
    return {CALLING: calling, DONE: done, WAITING: found.params.clients - calling - done}


def draw_time(layers: Layers, end_us: float, foot: float, top: float) -> None:
    """Draw upright lines through the time up to `end_us`, and below them the seconds."""
    step = tick_step_s(end_us / US_PER_S)
    count = int(end_us / US_PER_S / step)
    layers.add("frame", [(0, foot), (WIDTH, foot)])
    for number in range(count + 1):
        x = rounded(number * step * US_PER_S * WIDTH / end_us, 3)
        layers.add("frame", [(x, foot), (x, top)])
        if x < NEAR_END:
            text = number_text(rounded(number * step, 2))
            layers.note("x", (x, foot - 10, text, "@ink2", CENTRE if number else RIGHT))
    layers.note("x", (WIDTH, foot - 10, seconds_text(end_us), "@ink2", LEFT))
