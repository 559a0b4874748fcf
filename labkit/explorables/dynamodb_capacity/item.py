"""The top of the figure: an item, cut into the blocks that a read and a write are counted by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.dynamodb_capacity.shop import streams
from labkit.explorables.dynamodb_capacity.stage import TOP
from labkit.explorables.layers import LEFT, RIGHT, Layers
from labkit.models.dynamodb_capacity.units import (
    EVENTUAL,
    READ_UNIT_BYTES,
    STRONG,
    WRITE_UNIT_BYTES,
    blocks,
)

if TYPE_CHECKING:
    from typing import Any


BEGIN, END = 12.5, 59.0  # of the blocks, in hundredths of the width
ROW_PX = 17
ROWS = (TOP - 48, TOP - 74)  # the feet of the writes' blocks and of the reads'
BLOCKS_MAX = 48  # more would run into each other: then the item is one
TIMES = {EVENTUAL: "× ½", STRONG: "× 1"}


def draw_item(layers: Layers, values: dict[str, Any]) -> None:
    """Draw the item, and beside it how its units are worked out."""
    write, read = streams(values)
    size = int(values["size_bytes"])
    whole = blocks(size, READ_UNIT_BYTES) * READ_UNIT_BYTES
    scale = (END - BEGIN) / whole
    heading = f"<b>An item of {number_text(size)} bytes</b>"
    layers.note("x2", (0, TOP - 10, heading, "@ink", RIGHT))
    rows = (
        ("write", WRITE_UNIT_BYTES, "× 2" if values["write_in_transaction"] else "× 1", write),
        ("read", READ_UNIT_BYTES, TIMES.get(values["read_kind"], "× 2"), read),
    )
    for y, (name, block, times, stream) in zip(ROWS, rows):  # noqa: B905  MicroPython has no strict
        count = blocks(size, block)
        layers.box("fill", BEGIN, BEGIN + size * scale, y, y + ROW_PX)
        drawn = count if count <= BLOCKS_MAX else 1
        width = count * block * scale / drawn
        for number in range(drawn):
            begin = BEGIN + number * width
            layers.box("edge", begin, begin + width, y, y + ROW_PX)
        middle = y + ROW_PX / 2
        layers.note("x2", (BEGIN, middle, f"{name}\u2002", "@ink2", LEFT))
        said = f"{number_text(count)} {times} = <b>{_units(stream.units)}</b>"
        layers.note("x2", (END, middle, f"\u2002{said}", "@ink", RIGHT))


def _units(units: float) -> str:
    return f"{number_text(units)} unit{'' if units <= 1 else 's'}"
