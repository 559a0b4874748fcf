"""Who holds what at the playhead's moment, and what is on its way; the traces of the figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.envelope_encryption.captions import caption, ending
from labkit.explorables.envelope_encryption.curve import curve
from labkit.explorables.envelope_encryption.glyphs import Glyphs
from labkit.explorables.envelope_encryption.lane import across, draw_lane
from labkit.explorables.envelope_encryption.shop import size_text, told
from labkit.explorables.envelope_encryption.stage import (
    BOX_BOTTOM,
    BOX_TOP,
    COLUMN,
    ENVELOPES_X,
    GAPS,
    HEADING_PX,
    LANE_PX,
    LARGE,
    ROWS,
    SMALL,
    STAGE_PX,
    TEXT,
    between,
    place,
)
from labkit.models.envelope_encryption.protocol import (
    ASK_KEY,
    CODE,
    DIRECT,
    FORGET,
    KMS,
    LOCK,
    OPEN_KEY,
    REFUSED,
    SEALED,
    SEALED_KEY,
    STORAGE,
    STORE,
    UNLOCK,
    Item,
)

if TYPE_CHECKING:
    from typing import Any

    from labkit.explorables.envelope_encryption.stage import Point, Sign, Text, Tree
    from labkit.models.envelope_encryption.protocol import Step

DROP_PX = 22  # how far a key falls that is forgotten
SYMBOL_PX = 13


@dataclass(frozen=True)
class Moment:
    """The last step that is done, the one under way with the part of it that is over, or None.

    `index` is that of the step that is told about: the one under way, if there is one.
    """

    done: Step
    under_way: Step | None
    part: float
    index: int
    is_end: bool

    @property
    def step(self) -> Step:
        """The step that is told about."""
        return self.under_way or self.done


def moment(values: dict[str, Any]) -> Moment:
    """The moment at which the playhead stands."""
    steps = told(values)
    last = len(steps) - 1
    at = min(values["at"], last)
    index = int(at)
    if at > index:
        return Moment(steps[index], steps[index + 1], at - index, index + 1, is_end=False)
    return Moment(steps[index], None, 0, index, index == last)


def draw_scene(values: dict[str, Any]) -> list[Tree]:
    """The traces of the moment."""
    now = moment(values)
    glyphs = Glyphs()
    glyphs.add_boxes()
    for party, items in ((KMS, now.done.kms), (CODE, now.done.code)):
        for item in items:
            if not _has_left(now.under_way, party, item):
                glyphs.add(item, place(party, item), labelled=True)
    row = 0
    for item in now.done.storage:  # each ciphertext, and after it the data key beside it
        row = item.number - 1 if item.kind == SEALED else row
        glyphs.add(item, (COLUMN[STORAGE] if item.kind == SEALED else ENVELOPES_X, ROWS[row]))
    signs = _on_the_way(now, glyphs)
    steps = told(values)
    glyphs.labels += draw_lane(glyphs, steps, values["mode"])
    here = across(steps, now.index - 1 + now.part if now.under_way else now.index)
    signs.append(((here, LANE_PX - 9), "triangle-up", "@ink"))
    drawn = curve(values)
    glyphs.add_curve(drawn)
    signs.append(drawn.here)
    glyphs.labels += _columns(values["mode"]) + _told(values, now) + _tally(values, now)
    data = glyphs.traces()
    data.append(_signs(signs))
    return data


def _has_left(step: Step | None, party: str, item: Item) -> bool:
    """Whether an item is drawn on its way, and no longer where it was."""
    if step is None:
        return False
    if step.kind == FORGET:
        return party == CODE and item.kind in (OPEN_KEY, SEALED_KEY)
    if step.kind == STORE:
        return party == CODE and item.kind == SEALED
    if step.kind in (LOCK, UNLOCK):
        return party == CODE and item.kind == OPEN_KEY
    return party == KMS and step.source == KMS and item in step.carries


def _on_the_way(now: Moment, glyphs: Glyphs) -> list[Sign]:
    """Put what moves into the picture; a request with nothing in it, and a refusal, are signs."""
    step, signs = now.under_way, _arrows(now.step)
    if step is None:
        if now.done.kind == REFUSED:
            signs.append((place(CODE, Item(OPEN_KEY)), "x", "@failed"))
    elif step.kind == FORGET:
        for item in now.done.code:
            if item.kind in (OPEN_KEY, SEALED_KEY):
                x, y = place(CODE, item)
                down = DROP_PX * now.part if item.kind == OPEN_KEY else 0
                glyphs.add(item, (x, round(y - down, 3)), gone=True)
    elif step.kind in (LOCK, UNLOCK):
        key = Item(OPEN_KEY, step.carries[0].number)
        there = place(CODE, Item(SEALED, step.number))
        there = (there[0] + 2, there[1] - 16)
        glyphs.add(key, between(place(CODE, key), there, now.part))
    elif step.kind in (ASK_KEY, REFUSED):
        route = _route(step, Item(OPEN_KEY, 1))
        at = between(route[0], route[1], now.part)
        is_no = step.kind == REFUSED
        signs.append((at, "x", "@failed") if is_no else (at, "triangle-left", "@ink2"))
    else:
        for i in range(len(step.carries)):
            item = step.carries[i]
            at = between(*_route(step, item), now.part)
            glyphs.add(item, at)
            if step.blobs_bytes:
                glyphs.size(at, size_text(step.blobs_bytes[i]))
    return signs


def _arrows(step: Step) -> list[Sign]:
    """Between two boxes, which way something goes."""
    arrows: list[Sign] = []
    for party, x in GAPS:
        if party in (step.source, step.target):
            to_the_left = step.target == (KMS if party == KMS else CODE)
            look = "triangle-left" if to_the_left else "triangle-right"
            arrows.append(((x, BOX_TOP - HEADING_PX), look, "@accent"))
    return arrows


def _route(step: Step, item: Item) -> tuple[Point, Point]:
    """Where an item comes from in this step, and where it goes."""
    ends = []
    for party in (step.source, step.target):
        beside = party == STORAGE and item.kind == SEALED_KEY
        ends.append((ENVELOPES_X, ROWS[step.number - 1]) if beside else place(party, item))
    return ends[0], ends[1]


def _signs(signs: list[Sign]) -> Tree:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [at[0] for at, _, _ in signs],
        "y": [at[1] for at, _, _ in signs],
        "marker": {
            "symbol": [symbol for _, symbol, _ in signs],
            "color": [colour for _, _, colour in signs],
            "size": SYMBOL_PX,
            "opacity": 1,
            "line": {"color": "@paper", "width": 1},
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _columns(mode: str) -> list[Text]:
    """What stands in the columns of the storage."""
    y = ROWS[2] - 25
    names: list[Text] = [(COLUMN[STORAGE] - 5.4, y, "receipt", SMALL, "@ink2")]
    if mode != DIRECT:
        names.append((ENVELOPES_X - 5.4, y, "its key", SMALL, "@ink2"))
    return names


def _told(values: dict[str, Any], now: Moment) -> list[Text]:
    """What happens, above the boxes."""
    title, says = ending(values) if now.is_end else caption(values, now.step)
    colour = "@failed" if now.step.kind == REFUSED else "@ink"
    return [
        (0, STAGE_PX - 10, f"<b>{title}</b>", LARGE, colour),
        (0, STAGE_PX - 38, says if "<br>" in says else says + "<br>", TEXT, "@ink"),
    ]


def _tally(values: dict[str, Any], now: Moment) -> list[Text]:
    """How often KMS has been asked, for what, and how much has passed, below the boxes."""
    gone = told(values)[: now.index + 1]
    asked = [step.operation for step in gone if step.operation]
    parts = [(name, asked.count(name)) for name in ("Encrypt", "GenerateDataKey", "Decrypt")]
    said = ", ".join([f"{count} {name}" for name, count in parts if count])
    passed = number_text(sum([step.wire_bytes for step in gone]))
    what = "receipts" if values["mode"] == DIRECT else "keys, no byte of a receipt"
    asks = f"<b>{len(asked)}</b> call{'' if len(asked) == 1 else 's'} to KMS"
    asks += f": {said}" if said else ""
    return [
        (0, BOX_BOTTOM - 15, asks, TEXT, "@ink"),
        (0, BOX_BOTTOM - 33, f"<b>{passed}</b> bytes to and from it: {what}", TEXT, "@ink2"),
    ]
