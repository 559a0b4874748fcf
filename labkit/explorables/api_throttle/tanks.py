"""The upper part of the figure: the way of a request, through three buckets and the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.api_throttle.shop import NAMES, course, second_so_far, step_now
from labkit.explorables.api_throttle.stage import (
    LINE_PX,
    NAMES_Y,
    STATIONS,
    TANK_FOOT,
    TANK_TOP,
    TOP,
    WIDTH,
    up,
)
from labkit.explorables.controls import number_text
from labkit.explorables.layers import CENTRE, LEFT, RIGHT, Layers
from labkit.models.api_throttle.front import ORDER, PLAN
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.api_throttle.front import Step

PITCH = WIDTH / STATIONS
ROOM = 2.4  # left and right of a tank
REFUSED_Y = TANK_TOP - 14


def draw_tanks(layers: Layers, values: dict[str, Any]) -> None:
    """Draw how full each bucket is, what the cache answers, and what the back end gets."""
    trace = course(values)
    now = trace.steps[step_now(values)]
    lately = second_so_far(values)
    asked = sum([step.asked for step in lately])
    title = f"<b>The way of a request</b>\u2002at {rounded(values['at_s'], 1):.1f} s"
    layers.note("x", (0, TOP - 9, title, "@ink", RIGHT))
    layers.note("x", (WIDTH, TOP - 9, f"{number_text(asked)} in this second", "@ink", LEFT))
    for number in range(STATIONS - 1):
        _draw_way(layers, number)
    buckets = trace.params.buckets()
    for number, name in enumerate(ORDER):
        bucket = buckets[number]
        if name == PLAN and trace.params.plan is None:
            _draw_tank(layers, number, "no tank", NAMES[name], ["none"])
            continue
        part = now.tokens[number] / max(bucket.burst, 1)
        _fill(layers, number, "tokens", part)
        lines = [
            number_text(int(now.tokens[number] + 1e-6)),
            f"of {number_text(bucket.burst)}",
            f"+{number_text(bucket.rate_per_s)}/s",
        ]
        refused = sum([step.refused for step in lately if step.refused_by == name])
        _draw_tank(layers, number, "tank empty" if refused else "tank", NAMES[name], lines)
        if refused:
            for line, said in enumerate(["✕ 429", number_text(refused)]):
                y = REFUSED_Y - LINE_PX * line
                layers.note("x", (_middle(number), y, f"<b>{said}</b>", "@failed", CENTRE))
    _draw_cache(layers, lately, trace.params.ttl_s)
    _draw_backend(layers, lately, trace.most_per_s("asked"))


def _draw_cache(layers: Layers, lately: list[Step], ttl_s: float) -> None:
    if not ttl_s:
        _draw_tank(layers, 3, "no tank", "cache", ["none"])
        return
    hits, passed = (sum([getattr(step, what) for step in lately]) for what in ("hits", "passed"))
    part = hits / max(passed, 1)
    _fill(layers, 3, "kept", part)
    said = [f"{int(100 * part + 0.5)}% hits", f"TTL {number_text(ttl_s)}\u00a0s"]
    _draw_tank(layers, 3, "tank", "cache", said)


def _draw_backend(layers: Layers, lately: list[Step], most: int) -> None:
    load = sum([step.backend for step in lately])
    _fill(layers, 4, "load", load / max(most, 1))
    _draw_tank(layers, 4, "tank", "back end", [f"{number_text(load)}/s"])


def _middle(number: int) -> float:
    return (number + 0.5) * PITCH


def _fill(layers: Layers, number: int, layer: str, part: float) -> None:
    if part > 0:
        left, right = number * PITCH + ROOM, (number + 1) * PITCH - ROOM
        layers.box(layer, left, right, TANK_FOOT, up(TANK_FOOT, TANK_TOP, part))


def _draw_tank(layers: Layers, number: int, look: str, name: str, lines: list[str]) -> None:
    layers.box(look, number * PITCH + ROOM, (number + 1) * PITCH - ROOM, TANK_FOOT, TANK_TOP)
    middle = _middle(number)
    layers.note("x", (middle, NAMES_Y, name, "@ink", CENTRE))
    for index, line in enumerate(lines):
        colour = "@ink" if not index else "@ink2"
        y = TANK_FOOT - LINE_PX * (index + 0.8)
        layers.note("x", (middle, y, f"<b>{line}</b>" if not index else line, colour, CENTRE))


def _draw_way(layers: Layers, number: int) -> None:
    y = (TANK_TOP + TANK_FOOT) / 2
    start, end = (number + 1) * PITCH - ROOM, (number + 1) * PITCH + ROOM
    layers.add("way", [(start, y), (end, y)])
    layers.add("head", [((start + end) / 2 + 0.4, y)])
