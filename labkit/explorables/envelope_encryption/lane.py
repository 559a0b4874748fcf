"""A line below the boxes for the whole story: when KMS is called, and when something lies open.

In an envelope that is a plaintext data key in the memory of your code; directly, a receipt at KMS.
The strokes go into the traces that the keys have already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.envelope_encryption.glyphs import GONE, OPEN, ROOT
from labkit.explorables.envelope_encryption.stage import LANE_PX, SMALL
from labkit.models.envelope_encryption.protocol import DIRECT, KMS, OPEN_KEY, PLAIN

if TYPE_CHECKING:
    from labkit.explorables.envelope_encryption.glyphs import Glyphs
    from labkit.explorables.envelope_encryption.stage import Point, Text
    from labkit.models.envelope_encryption.protocol import Step

LEFT, RIGHT = 1.0, 99.0
TICK_PX, KEY_ROW_PX = 9, 16


def draw_lane(glyphs: Glyphs, steps: tuple[Step, ...], mode: str) -> list[Text]:
    """Put the lane into the picture; its key is given back."""
    glyphs.keys[GONE] += [(LEFT, LANE_PX), (RIGHT, LANE_PX), (None, None)]
    for start, end in open_spans(steps, mode):
        left, right = across(steps, start), across(steps, end)
        glyphs.keys[OPEN] += [(left, LANE_PX + 2.5), (right, LANE_PX + 2.5)]  # there and back,
        glyphs.keys[OPEN] += [(right, LANE_PX + 4.7), (left, LANE_PX + 4.7), (None, None)]  # thick
    for index in range(len(steps)):
        if steps[index].operation:
            x = across(steps, index - 0.5)
            glyphs.keys[ROOT] += [(x, LANE_PX - TICK_PX), (x, LANE_PX + TICK_PX), (None, None)]
    y = LANE_PX + KEY_ROW_PX
    what = "receipt in plaintext at KMS" if mode == DIRECT else "data key in plaintext"
    return [
        (0.6, y, "<b>|</b> call to KMS", SMALL, ROOT),
        (30, y, f"<b>━</b> {what}", SMALL, OPEN),
    ]


def across(steps: tuple[Step, ...], at: float) -> float:
    """Where a moment of the story lies on the lane."""
    return round(LEFT + (RIGHT - LEFT) * at / (len(steps) - 1), 3)


def open_spans(steps: tuple[Step, ...], mode: str) -> list[Point]:
    """From when to when something lies open where it should not for long, in steps."""
    spans: list[Point] = []
    for index in range(1, len(steps)):
        if _is_open(steps, index, mode):
            if spans and spans[-1][1] == index - 1:
                spans[-1] = (spans[-1][0], index)
            else:
                spans.append((index - 1, index))
    return spans


def _is_open(steps: tuple[Step, ...], index: int, mode: str) -> bool:
    """Whether it lies open during the step of that index."""
    step = steps[index]
    if mode == DIRECT:  # on its way there, or on its way back
        sent = KMS in (step.source, step.target)
        return sent and any(item.kind == PLAIN for item in step.carries)
    return any(item.kind == OPEN_KEY for item in steps[index - 1].code)
