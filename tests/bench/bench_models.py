"""What a simulated event and a redraw cost under CPython; the page times its own redraws."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

from labkit.explorables import load
from labkit.explorables.sqs_polling.shop import run
from labkit.models.sqs.queue import Settings
from labkit.models.sqs.simulation import Params, arrivals, simulate
from tests.bench import queue_in_simpy
from tests.bench.row import Row

SAMPLES = 7
BUSY = Params(arrivals_per_s=0.5, consumers=8, processing_s=6, duration_s=10_000)
FAILING = Params(
    arrivals_per_s=0.9,
    consumers=8,
    wait_time_s=20,
    processing_s=6,
    failure_rate=0.3,
    duration_s=10_000,
    queue=Settings(visibility_timeout_s=10, max_receive_count=3),
)
TIMES_SIMPY = 3  # the model is to be at least so many times as fast
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
    for name, params in (("short polling", BUSY), ("long polling, failures, DLQ", FAILING)):
        sent_s = arrivals(params.arrivals_per_s, params.duration_s, params.seed)
        events = simulate(params, sent_s).events
        model_ms, simpy_ms = beside(params, sent_s)
        yield Row(f"SQS model, an event: {name}", model_ms / events * 1000, "µs", 5)
        yield Row(f"the same in SimPy: {name}", simpy_ms / events * 1000, "µs")
        share = model_ms / simpy_ms
        yield Row(f"the model's time of SimPy's: {name}", share, "", 1 / TIMES_SIMPY)

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


def beside(params: Params, sent_s: tuple[float, ...]) -> tuple[float, float]:
    """Median ms of the model and of SimPy for one scenario, taken in turns."""
    turns = [
        (once_ms(lambda: simulate(params, sent_s)), once_ms(lambda: in_simpy(params, sent_s)))
        for _ in range(SAMPLES)
    ]
    model, other = zip(*turns, strict=True)
    return statistics.median(model), statistics.median(other)


def in_simpy(params: Params, sent_s: tuple[float, ...]) -> None:
    """The scenario in SimPy."""
    queue_in_simpy.simulate(params, sent_s)


def milliseconds(act: Callable[[], object]) -> float:
    """The median time of a few calls, as this process saw it, whatever else is running."""
    return statistics.median(once_ms(act) for _ in range(SAMPLES))


def once_ms(act: Callable[[], object]) -> float:
    """The time of one call, which does not pay for what earlier ones left lying about."""
    gc.collect()
    began = process_time()
    act()
    return (process_time() - began) * 1000
