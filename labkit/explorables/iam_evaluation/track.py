"""Where the gates stand in the figure, and the line that leads from one to the next.

request ●
        │
  Deny  ■           y is in pixels, so that the text stays as far apart on a phone;
  RCP   ■           x is in hundredths of the width.
  SCP   ■
        ├───────→ ■ the resource's policy
  own   ■ ←───────┤
  policies        │ the rail past the caller's own policies
        │ ←───────┘
outcome ■
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.iam_evaluation.gates import (
    BOUNDARY,
    DENY,
    IDENTITY,
    RCP,
    RESOURCE,
    SCP,
    SESSION,
)

if TYPE_CHECKING:
    Point = tuple[float, float]

REQUEST, OUTCOME = "request", "outcome"
ROWS = (REQUEST, DENY, RCP, SCP, RESOURCE, IDENTITY, BOUNDARY, SESSION, OUTCOME)
PITCH_PX = 46
TOP_PX, BOTTOM_PX = 24, 30
HEIGHT_PX = TOP_PX + (len(ROWS) - 1) * PITCH_PX + BOTTOM_PX
LEFT, RIGHT = 4.0, 60.0
PX_A_HUNDREDTH = 4  # about; so that the request crosses the figure as fast as it falls


def place(stop: str) -> Point:
    """Where a stop is drawn."""
    return (RIGHT if stop == RESOURCE else LEFT), _height(ROWS.index(stop))


def leg(start: str, end: str) -> list[Point]:
    """The corners of the line from one stop to another that comes later."""
    (x0, y0), (x1, y1) = place(start), place(end)
    if x0 == x1:
        return [(x0, y0), (x1, y1)]
    if x1 == RIGHT:  # down, then across
        return [(x0, y0), (x0, y1), (x1, y1)]
    across = y1 + PITCH_PX / 2  # down, across between two rows, and down again
    return [(x0, y0), (x0, across), (x1, across), (x1, y1)]


def along(line: list[Point], part: float) -> tuple[list[Point], Point]:
    """The first `part` of a line, 0 to 1, and the point at which it ends."""
    lengths = [_length(line[i], line[i + 1]) for i in range(len(line) - 1)]
    left = part * sum(lengths)
    gone = [line[0]]
    for i in range(len(lengths)):
        (x0, y0), (x1, y1) = line[i], line[i + 1]
        share = min(1, left / lengths[i])
        gone.append((round(x0 + (x1 - x0) * share, 3), round(y0 + (y1 - y0) * share, 3)))
        left -= lengths[i]
        if left <= 0:
            break
    return gone, gone[-1]


def _every_leg() -> list[list[Point]]:
    """The lines that requests follow, but for the rare one past the identity policy alone."""
    down = [stop for stop in ROWS if stop != RESOURCE]
    legs = [leg(down[i], down[i + 1]) for i in range(len(down) - 1)]
    legs += [leg(SCP, RESOURCE), leg(RESOURCE, IDENTITY), leg(RESOURCE, OUTCOME)]
    return legs


def _height(row: int) -> float:
    return HEIGHT_PX - TOP_PX - row * PITCH_PX


def _length(start: Point, end: Point) -> float:
    return abs(end[0] - start[0]) * PX_A_HUNDREDTH + abs(end[1] - start[1])


EVERY_LEG = _every_leg()
