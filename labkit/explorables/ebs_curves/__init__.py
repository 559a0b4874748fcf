"""Which limit does a disk meet first, and which volume serves a need at the lowest price?"""

from __future__ import annotations

from labkit.explorables.controls import Choice, Slider, Toggle
from labkit.explorables.ebs_curves.figure import figure
from labkit.explorables.ebs_curves.tasks import TASKS
from labkit.explorables.ebs_curves.words import numbers, reading
from labkit.explorables.parts import Explorable, Preset, Source
from labkit.facts import fact
from labkit.models.ebs.limits import IO1, IO2
from labkit.models.ebs.volume import GP2, GP3, SC1, ST1

GUIDE = "https://docs.aws.amazon.com/ebs/latest/userguide/"
IO_KIB = (4, 8, 16, 32, 64, 128, 256, 512, 1024)

EXPLORABLE = Explorable(
    slug="ebs_curves",
    title="Four limits of a disk",
    question="Which limit does a disk meet first, and which volume serves a need at the "
    "lowest price?",
    controls=(
        Choice(
            "kind",
            "Look at",
            (
                (GP3, "gp3, general purpose SSD"),
                (GP2, "gp2, the older one"),
                (IO2, "io2 Block Express"),
                (IO1, "io1, provisioned IOPS"),
                (ST1, "st1, HDD for throughput"),
                (SC1, "sc1, cold HDD"),
            ),
            GP3,
        ),
        Slider(
            "size_gib",
            "Data to keep",
            int(fact("ebs.gp3_size_min_gib")),
            int(fact("ebs.gp3_size_max_gib")),
            200,
            log=True,
            whole=True,
            unit="GiB",
        ),
        Slider(
            "iops",
            "Work asks for",
            10,
            int(fact("ebs.io2_iops_max")),
            8000,
            log=True,
            whole=True,
            unit="IOPS",
        ),
        Choice(
            "io_kib",
            "Each as large as",
            tuple([(io, f"{io} KiB" if io < 1024 else "1 MiB") for io in IO_KIB]),
            16,
        ),
        Toggle(
            "sequential",
            "One after the other",
            False,
            more=True,
            help="HDD merge sequential I/O into blocks of a MiB.",
        ),
        Toggle(
            "old",
            "As older material has it",
            False,
            more=True,
            help="The limits of gp3 and io2 as of 2023, without Block Express.",
        ),
    ),
    figure=figure,
    reading=reading,
    numbers=numbers,
    tasks=TASKS,
    presets=(
        Preset(
            "database",
            "A database",
            {},
            "Turn up the work, and watch which type leaves the list next. Then turn up the size of "
            "an I/O: the curves fall where throughput binds.",
        ),
        Preset(
            "large",
            "Large I/O",
            {"io_kib": 256, "iops": 4000, "size_gib": 500},
            "Most of the IOPS that could be had are of no use: throughput is the limit, and the "
            "volume is full long before its IOPS are.",
        ),
        Preset(
            "small",
            "A small volume",
            {"size_gib": 20, "iops": 12000},
            "The size binds: on gp3 each GiB allows 500 IOPS. The cheapest volume is larger than "
            "the data.",
        ),
        Preset(
            "logs",
            "Logs, read from end to end",
            {
                "kind": ST1,
                "size_gib": 4000,
                "io_kib": 1024,
                "iops": 150,
                "sequential": True,
            },
            "For a stream of large I/O a disk that turns costs little more than half. Make the I/O "
            "small and random, and see what is left of it.",
        ),
        Preset(
            "old",
            "What older notes say",
            {"old": True, "iops": 20000, "size_gib": 500},
            "As of 2023, more than 16,000 IOPS took io1 or io2. Turn the switch under More off, "
            "and the answer costs a tenth.",
        ),
    ),
    not_modelled=(
        "What the instance can take: many are smaller than the volumes here, and their limit binds "
        "first.",
        "Bursts of gp2, st1 and sc1. This figure shows what is delivered for good.",
        "gp2’s throughput between 170 and 334 GiB, which needs credits.",
        "Latency and durability, for which io2 is chosen as often as for its IOPS.",
        "Snapshots, and prices of other Regions.",
    ),
    sources=(
        Source("General Purpose SSD volumes", GUIDE + "general-purpose.html"),
        Source("Provisioned IOPS SSD volumes", GUIDE + "provisioned-iops.html"),
        Source("HDD volumes", GUIDE + "hdd-vols.html"),
        Source("Prices", "https://aws.amazon.com/ebs/pricing/"),
    ),
)
