"""How many units does a request cost, and what happens when there are too few?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import Choice, Playhead, Slider, Toggle, number_text
from labkit.explorables.dynamodb_capacity.figure import figure
from labkit.explorables.dynamodb_capacity.shop import (
    SIZE,
    TICKS,
    bill_of,
    clock_text,
    courses,
)
from labkit.explorables.dynamodb_capacity.words import numbers, reading
from labkit.explorables.parts import Explorable, Preset, Source, Task
from labkit.facts import fact
from labkit.models.dynamodb_capacity.traffic import BURSTS, PEAK_MAX_S, SPIKE, STEADY, WAVE
from labkit.models.dynamodb_capacity.units import (
    EVENTUAL,
    STRONG,
    TRANSACTIONAL,
    WRITE_UNIT_BYTES,
)
from labkit.units import SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from typing import Any

GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
PRICES = "https://aws.amazon.com/dynamodb/pricing/"
FIRST_UNITS = number_text(float(fact("dynamodb.on_demand_start_write_units")))
NEAR = 0.05  # so close are two bills that are about the same


def one_byte_more(**values: Any) -> bool:
    """Whether the last block of a write holds a single byte."""
    size: float = values["size_bytes"]
    return size > WRITE_UNIT_BYTES and size % WRITE_UNIT_BYTES == 1


def outlived(**values: Any) -> bool:
    """Whether peaks of a minute or more ask for more than there is, and nothing is refused."""
    writes, reads = courses(values)
    peaks = values["shape"] in (SPIKE, BURSTS) and values["peak_s"] >= SECONDS_PER_MINUTE
    above = writes.stream.highest > writes.stream.provisioned
    return peaks and above and not writes.refused and not reads.refused


def even(**values: Any) -> bool:
    """Whether both ways of paying cost about the same."""
    bill = bill_of(values)
    return abs(bill.on_demand - bill.provisioned) <= NEAR * bill.provisioned


EXPLORABLE = Explorable(
    slug="dynamodb_capacity",
    title="What a table can take",
    question="How many units does a request cost, and what happens when there are too few?",
    controls=(
        Choice(
            "shape",
            "Traffic",
            (
                (STEADY, "steady"),
                (SPIKE, "a spike a day"),
                (BURSTS, "a burst every 5 min"),
                (WAVE, "a wave a day"),
            ),
            SPIKE,
        ),
        SIZE,
        Slider("writes_per_s", "Writes", 1, 5000, 20, log=True, whole=True, unit="a second"),
        Slider(
            "write_units", "Provisioned for writes", 1, 10000, 100, log=True, whole=True, unit="WCU"
        ),
        Slider("peak_factor", "At the peak", 1, 50, 10, unit="× as much", more=True),
        Slider(
            "peak_s",
            "A peak lasts",
            5,
            PEAK_MAX_S,
            120,
            step=5,
            unit="s",
            more=True,
            help="Spikes and bursts; a wave takes the whole day.",
        ),
        Slider(
            "hot_percent",
            "For one hot key",
            0,
            100,
            0,
            step=5,
            unit="% of all",
            more=True,
            help="The items of one partition key lie in one partition.",
        ),
        Slider(
            "reads_per_s", "Reads", 1, 20000, 100, log=True, whole=True, unit="a second", more=True
        ),
        Choice(
            "read_kind",
            "A read is",
            (
                (EVENTUAL, "eventually consistent"),
                (STRONG, "strongly consistent"),
                (TRANSACTIONAL, "transactional"),
            ),
            EVENTUAL,
            more=True,
        ),
        Slider(
            "read_units",
            "Provisioned for reads",
            1,
            30000,
            200,
            log=True,
            whole=True,
            unit="RCU",
            more=True,
        ),
        Toggle("write_in_transaction", "Writes in transactions", False, more=True),
    ),
    figure=figure,
    reading=reading,
    numbers=numbers,
    playhead=Playhead("at", "Time", TICKS, 1, start=90, where=clock_text),
    tasks=(
        Task("byte", "Make a write cost one unit more by a single byte.", one_byte_more),
        Task(
            "outlive",
            "Let peaks of a minute or more pass above the provisioned writes without a refusal.",
            outlived,
        ),
        Task("even", "Find a table that costs about the same in both modes.", even),
    ),
    presets=(
        Preset(
            "spike",
            "A spike outlives the bucket",
            {},
            "Press Play: six quiet minutes fill the bucket, and the spike drinks it up.",
        ),
        Preset(
            "bursts",
            "Bursts that leave no rest",
            {"shape": BURSTS, "peak_s": 60, "peak_factor": 8, "writes_per_s": 25, "at": 130},
            "Between two bursts the bucket gets back less than the next one takes, so each ends in "
            "refusals.",
        ),
        Preset(
            "hot",
            "One hot key",
            {
                "shape": STEADY,
                "size_bytes": 800,
                "writes_per_s": 2000,
                "write_units": 4000,
                "hot_percent": 80,
            },
            "Half of the table's capacity is idle and its bucket fills up, and still requests are "
            "refused.",
        ),
        Preset(
            "wave",
            "A day in the shop",
            {
                "shape": WAVE,
                "peak_factor": 12,
                "writes_per_s": 5,
                "write_units": 70,
                "reads_per_s": 60,
                "at": 110,
            },
            "Over the day less is asked for than is provisioned. The bucket keeps five minutes "
            "only, so the night's rest does not help at noon.",
        ),
        Preset(
            "block",
            "One byte too many",
            {"shape": STEADY, "size_bytes": 4096, "read_kind": STRONG},
            "This item fills four blocks of a write and one of a read. Raise its size by one stop, "
            "which is one byte.",
        ),
    ),
    not_modelled=(
        "A refused request is gone. In truth an SDK tries again, which makes the traffic after a "
        "peak larger.",
        "Requests flow evenly through a second. In truth they come in clumps, and a small table "
        "refuses some sooner.",
        "DynamoDB may use the bucket for work of its own, so do not count on all of it.",
        f"A new table on demand gives {FIRST_UNITS} write units a "
        "second and grows with use; one partition of it gives no more than one of a provisioned "
        "table. Only its price is shown here.",
        "Auto scaling, indexes, reserved capacity, the free tier and storage are left out. A key "
        "is taken to have a partition to itself, which DynamoDB sees to only after a while.",
    ),
    sources=(
        Source("What reads and writes cost", GUIDE + "read-write-operations.html"),
        Source("Burst and adaptive capacity", GUIDE + "burst-adaptive-capacity.html"),
        Source("Partition keys", GUIDE + "bp-partition-key-design.html"),
        Source("Provisioned prices", PRICES + "provisioned/"),
        Source("On-demand prices", PRICES + "on-demand/"),
    ),
)
