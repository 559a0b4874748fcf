"""What a learner waits for before the first call: `import labkit`, a cold start, a reset.

Every sample is a fresh process, and the samples of labkit and of bare moto take turns, so that
a machine that is busy with something else slows down both alike.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator

from tests.bench.process import run
from tests.bench.row import Row

SAMPLES = 7

IMPORT = "import labkit"
BARE = "import boto3, moto; moto.mock_aws().start()"
START = "import labkit; lab = labkit.start('sqs')"
RESET = "labkit.start('sqs')"


def rows() -> Iterator[Row]:
    """The medians in milliseconds beside what the book promises."""
    for statement in (BARE, START):
        milliseconds(statement)  # the first run writes bytecode, which every later one reads
    imports, bares, starts, resets = [], [], [], []
    for _ in range(SAMPLES):
        imports.append(milliseconds(IMPORT))
        bares.append(milliseconds(BARE))
        starts.append(milliseconds(START))
        resets.append(milliseconds(RESET, setup=START))
    start, bare = statistics.median(starts), statistics.median(bares)
    yield Row("import labkit", statistics.median(imports), "ms", 60)
    yield Row("import boto3, moto; mock_aws().start()", bare, "ms")
    yield Row("labkit.start('sqs'), cold", start, "ms", 1500)
    yield Row("labkit.start('sqs'), cold, beyond bare moto", start - bare, "ms", 250)
    yield Row("labkit.start('sqs'), again", statistics.median(resets), "ms", 100)


def milliseconds(statement: str, setup: str = "pass") -> float:
    """How long the statement takes in a process that has done nothing but the setup."""
    script = (
        "from time import perf_counter\n"
        f"{setup}\n"
        "began = perf_counter()\n"
        f"{statement}\n"
        "print((perf_counter() - began) * 1000)"
    )
    return float(run([sys.executable, "-c", script]))
