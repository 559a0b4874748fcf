"""What a simulated event and a redraw cost under CPython; the page times its own redraws."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from time import process_time
from typing import Any

from labkit.explorables import load
from labkit.explorables.sqs_polling.shop import run
from labkit.models.sqs.simulation import Params, simulate
from tests.bench.row import Row

SAMPLES = 7
BUSY = Params(arrivals_per_s=0.5, consumers=8, processing_s=6, duration_s=10_000)
BUSIEST: dict[str, Any] = {
    "arrivals_per_min": 60,
    "consumers": 8,
    "processing_s": 2,
    "visibility_timeout_s": 1,
    "failure_percent": 100,
    "poll_pause_s": 0.5,
}


def rows() -> Iterator[Row]:
    """Medians beside their budgets: 200,000 events a second, 5,000 events a redraw."""
    events = simulate(BUSY).events
    yield Row("SQS model, an event", milliseconds(lambda: simulate(BUSY)) / events * 1000, "µs", 5)

    explorable = load("sqs_polling")
    given = [explorable.values(**BUSIEST, seed=seed) for seed in range(1, SAMPLES + 1)]
    waiting = iter(given)
    yield Row("sqs_polling, its busiest redraw", milliseconds(lambda: redraw(next(waiting))), "ms")
    yield Row("sqs_polling, events in it", max(run(one).events for one in given), "events", 5000)


def redraw(values: dict[str, Any]) -> None:
    """All that a face asks for when a control was turned."""
    explorable = load("sqs_polling")
    explorable.figure(**values)
    explorable.reading(**values)
    explorable.numbers(**values)
    for task in explorable.tasks:
        task.done(**values)


def milliseconds(act: Any) -> float:
    """The median time of a few calls, as this process saw it, whatever else is running."""
    times = []
    for _ in range(SAMPLES):
        began = process_time()
        act()
        times.append((process_time() - began) * 1000)
    return statistics.median(times)
