"""How long does a small volume deliver more than its size gives?"""

from __future__ import annotations

from labkit.explorables.controls import Choice, Playhead, Slider
from labkit.explorables.ebs_burst.figure import figure
from labkit.explorables.ebs_burst.shop import TICKS, clock_text
from labkit.explorables.ebs_burst.tasks import TASKS
from labkit.explorables.ebs_burst.words import numbers, reading
from labkit.explorables.parts import Explorable, Preset, Source
from labkit.models.ebs.day import HOURLY, LONGEST_MIN, NIGHT, OFFICE, SHORTEST_MIN, STEADY
from labkit.models.ebs.volume import GP2, GP3, SC1, SIZE_GIB, ST1

GUIDE = "https://docs.aws.amazon.com/ebs/latest/userguide/"

EXPLORABLE = Explorable(
    slug="ebs_burst",
    title="A disk that lives on credit",
    question="How long does a small volume deliver more than its size gives?",
    controls=(
        Choice(
            "kind",
            "Volume type",
            (
                (GP2, "gp2, SSD that bursts"),
                (GP3, "gp3, SSD that does not"),
                (ST1, "st1, HDD for throughput"),
                (SC1, "sc1, cold HDD"),
            ),
            GP2,
        ),
        Slider(
            "size_gib",
            "Size",
            SIZE_GIB[GP2][0],
            SIZE_GIB[GP2][1],
            100,
            log=True,
            whole=True,
            unit="GiB",
            help="st1 and sc1 begin at 125 GiB.",
        ),
        Slider(
            "iops",
            "SSD: the peak asks for",
            50,
            20000,
            3000,
            log=True,
            whole=True,
            unit="IOPS",
        ),
        Choice(
            "shape",
            "The day",
            (
                (NIGHT, "a job at night"),
                (OFFICE, "office hours"),
                (HOURLY, "a job every hour"),
                (STEADY, "the same all day"),
            ),
            NIGHT,
        ),
        Slider(
            "mibps",
            "HDD: the peak asks for",
            5,
            600,
            200,
            log=True,
            whole=True,
            unit="MiB/s",
            more=True,
        ),
        Slider(
            "peak_min",
            "A peak lasts",
            SHORTEST_MIN,
            LONGEST_MIN,
            60,
            step=5,
            unit="min",
            more=True,
            help="A job of every hour ends after 55 minutes.",
        ),
        Slider("quiet_percent", "Between peaks", 0, 100, 3, unit="% of the peak", more=True),
        Slider("start_percent", "Credits at midnight", 0, 100, 100, unit="% of full", more=True),
    ),
    figure=figure,
    reading=reading,
    numbers=numbers,
    playhead=Playhead("at", "Time", TICKS, 1, start=17, steps_per_s=24, where=clock_text),
    tasks=TASKS,
    presets=(
        Preset(
            "night",
            "A job of an hour",
            {},
            "Press Play. At one o’clock the job begins, and the bucket is empty after 33 minutes; "
            "what is left of the job gets a tenth of what it asks for.",
        ),
        Preset(
            "office",
            "A database in office hours",
            {"shape": OFFICE, "iops": 600, "peak_min": 600, "quiet_percent": 10, "at": 190},
            "Twice the baseline for ten hours. All is well until the afternoon, which is when "
            "somebody looks for a bug in the database.",
        ),
        Preset(
            "hourly",
            "Every hour a little more",
            {
                "shape": HOURLY,
                "iops": 1200,
                "peak_min": 15,
                "quiet_percent": 5,
                "at": 100,
            },
            "Each job spends more than an hour gives back. The balance goes down like a staircase, "
            "long before anything is slow: BurstBalance is the metric to watch.",
        ),
        Preset(
            "gp3",
            "The same job on gp3",
            {"kind": GP3, "iops": 3000},
            "3,000 IOPS at any size, for good, and no bucket to run dry.",
        ),
        Preset(
            "backup",
            "A backup on st1",
            {
                "kind": ST1,
                "size_gib": 1000,
                "mibps": 240,
                "peak_min": 120,
                "quiet_percent": 5,
                "at": 30,
            },
            "A disk counts MiB. A full bucket is enough to read the whole volume once, at the "
            "burst’s pace; a second time takes six times as long.",
        ),
    ),
    not_modelled=(
        "Work that waits does not come again here. On a real volume it queues, so the peak lasts "
        "longer and the bucket has no time to fill.",
        "An I/O operation is taken to be as large as one that counts as one. SSD volumes split "
        "larger ones; HDD volumes count a small random one as a whole MiB.",
        "gp2’s own limit of throughput, 128 to 250 MiB/s, is left out, and so is what the instance "
        "can take.",
        "gp3 stands here with what is included; more IOPS can be provisioned.",
        "Volumes in a RAID, snapshots that slow st1 and sc1, and the first read of a restored "
        "volume are left out.",
    ),
    sources=(
        Source("General Purpose SSD volumes", GUIDE + "general-purpose.html"),
        Source("HDD volumes", GUIDE + "hdd-vols.html"),
        Source("Metrics of EBS", GUIDE + "using_cloudwatch_ebs.html"),
    ),
)
