"""The lower parts of the figure: the tokens of each bucket over time, and what clients get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.api_throttle.shop import NAMES, course
from labkit.explorables.api_throttle.stage import (
    BARS_FOOT,
    BARS_TOP,
    HEADING_PX,
    KEYS_PX,
    STRIP_PX,
    STRIP_TEXT_PX,
    STRIPS_TOP,
    TICK_S,
    WIDTH,
    across,
    up,
)
from labkit.explorables.controls import number_text
from labkit.explorables.layers import CENTRE, LEFT, RIGHT, Layers
from labkit.models.api_throttle.front import ORDER, PLAN
from labkit.models.api_throttle.traffic import STEPS_PER_S, WINDOW_S

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.api_throttle.front import Trace
    from labkit.models.token_bucket import TokenBucket

BAR_STEPS = 5  # half a second
GAP = 0.12  # between two bars, as a part of one
RED_PX = 4


def draw_strips(layers: Layers, values: dict[str, Any]) -> None:
    """Draw the three buckets, the answers, the time, and what is still to come."""
    trace = course(values)
    for row, bucket in enumerate(trace.params.buckets()):
        foot = STRIPS_TOP - (row + 1) * STRIP_PX
        if ORDER[row] == PLAN and trace.params.plan is None:
            _draw_none(layers, foot)
        else:
            _draw_tokens(layers, trace, row, bucket, foot)
    _draw_bars(layers, trace)
    for at_s in range(0, WINDOW_S + 1, TICK_S):
        x = across(at_s)
        layers.add("frame", [(x, BARS_FOOT), (x, BARS_TOP)])
        side = CENTRE if 0 < at_s < WINDOW_S else RIGHT if not at_s else LEFT
        text = f"{at_s}\u00a0s" if at_s == WINDOW_S else str(at_s)
        layers.note("x", (x, 14, text, "@ink2", side))
    x = across(values["at_s"])
    if x < WIDTH:
        layers.box("wash", x, WIDTH, BARS_FOOT, BARS_TOP)
    layers.add("now", [(x, BARS_FOOT), (x, BARS_TOP)])
    for row in range(len(ORDER)):
        foot = STRIPS_TOP - (row + 1) * STRIP_PX
        layers.add("now", [(x, foot), (x, foot + STRIP_PX - STRIP_TEXT_PX)])


def _draw_none(layers: Layers, foot: float) -> None:
    layers.add("frame", [(0, foot), (WIDTH, foot)])
    text = f"Tokens of the {NAMES[PLAN]}: there is none"
    layers.note("x", (0, foot + STRIP_PX - STRIP_TEXT_PX / 2, text, "@ink2", RIGHT))


def _draw_tokens(layers: Layers, trace: Trace, row: int, bucket: TokenBucket, foot: float) -> None:
    """A bucket's tokens, and a red line below where it refuses."""
    top = foot + STRIP_PX - STRIP_TEXT_PX
    layers.add("frame", [(0, foot), (WIDTH, foot)])
    points = [(0.0, foot), (0.0, top)]
    lowest = bucket.burst
    refusing: list[tuple[float, float]] = []
    for number, step in enumerate(trace.steps):
        tokens = step.tokens[row]
        lowest = min(lowest, tokens)
        x = across((number + 1) / STEPS_PER_S)
        points.append((x, up(foot, top, tokens / max(bucket.burst, 1))))
        if step.refused_by == ORDER[row]:
            start = across(number / STEPS_PER_S)
            if refusing and refusing[-1][1] == start:
                start = refusing.pop()[0]
            refusing.append((start, x))
    points.append((WIDTH, foot))
    layers.add("tokens", points)
    for start, end in refusing:
        layers.box("refused bar", start, end, foot, foot + RED_PX)
    text_y = foot + STRIP_PX - STRIP_TEXT_PX / 2
    title = f"Tokens of the {NAMES[ORDER[row]]}"
    if ORDER[row] == PLAN and trace.params.clients > 1:
        title = f"Tokens of {trace.params.clients} clients"
    if refusing:
        title = f"<b>{title}</b>"
    layers.note("x", (0, text_y, title, "@ink", RIGHT))
    said = f"{number_text(bucket.burst)} at most, lowest {number_text(int(lowest + 1e-6))}"
    layers.note("x", (WIDTH, text_y, said, "@failed" if refusing else "@ink2", LEFT))


def _draw_bars(layers: Layers, trace: Trace) -> None:
    """What became of the requests in each half second."""
    groups = [
        trace.steps[start : start + BAR_STEPS] for start in range(0, len(trace.steps), BAR_STEPS)
    ]
    most = max([sum([step.asked for step in group]) for group in groups])
    layers.add("frame", [(0, BARS_FOOT), (WIDTH, BARS_FOOT)])
    span_s = BAR_STEPS / STEPS_PER_S
    for number, group in enumerate(groups):
        left = across((number + GAP / 2) * span_s)
        right = across((number + 1 - GAP / 2) * span_s)
        low, count = float(BARS_FOOT), 0
        for layer, what in (
            ("backend bar", "backend"),
            ("hit bar", "hits"),
            ("refused bar", "refused"),
        ):
            more = sum([getattr(step, what) for step in group])
            if more:
                count += more
                high = up(BARS_FOOT, BARS_TOP, count / max(most * 1.04, 1))
                layers.box(layer, left, right, low, high)
                low = high
    heading, keys = BARS_TOP + HEADING_PX, BARS_TOP + KEYS_PX
    layers.note("x", (0, heading, "<b>What clients get</b>", "@ink", RIGHT))
    said = f"up to {number_text(most)} in half a second"
    layers.note("x", (WIDTH, heading, said, "@ink2", LEFT))
    for left, text, colour in (
        (0.0, "■ from the back end", "@flight"),
        (42.0, "■ from the cache", "@done"),
        (76.0, "■ 429", "@failed"),
    ):
        layers.note("x", (left, keys, text, colour, RIGHT))
