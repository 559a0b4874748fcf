"""The model and an independent program in SimPy tell the same of the same scenario."""

from __future__ import annotations

import pytest

from labkit.models.sqs.queue import STATES, Settings
from labkit.models.sqs.simulation import Params, arrivals, simulate
from tests.bench import queue_in_simpy

SCENARIOS = {
    "short polling": Params(arrivals_per_s=0.5, consumers=3, processing_s=5.3, duration_s=900),
    "long polling": Params(
        arrivals_per_s=0.5, consumers=4, wait_time_s=19.7, processing_s=6.1, duration_s=900
    ),
    "more than they can do": Params(
        arrivals_per_s=2, consumers=3, wait_time_s=20, processing_s=7.3, duration_s=900
    ),
    "handlers that raise": Params(
        arrivals_per_s=0.4,
        consumers=5,
        wait_time_s=20,
        processing_s=4.1,
        failure_rate=0.4,
        duration_s=900,
        queue=Settings(visibility_timeout_s=11, max_receive_count=3),
    ),
    "too short a visibility timeout": Params(
        arrivals_per_s=0.3,
        consumers=6,
        processing_s=9.7,
        duration_s=900,
        queue=Settings(visibility_timeout_s=4, max_receive_count=5),
    ),
    "delay and expiry": Params(
        arrivals_per_s=0.5,
        consumers=1,
        wait_time_s=10,
        processing_s=8.9,
        duration_s=900,
        queue=Settings(delay_s=13, retention_s=60),
    ),
}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("params", SCENARIOS.values(), ids=SCENARIOS)
def test_the_model_tells_the_same_as_simpy(params: Params, seed: int) -> None:
    sent_s = arrivals(params.arrivals_per_s, params.duration_s, seed)

    trace = simulate(params, sent_s)
    shop = queue_in_simpy.simulate(params, sent_s)

    assert in_order(trace) == [(message, pytest.approx(start_s)) for message, start_s in shop.works]
    assert trace.deletes == shop.deletes
    assert [trace.ended_in(state) for state in STATES] == [shop.ended_in(one) for one in STATES]


def in_order(trace):
    """Every receive that brought a message, as they happened: which of them, and when."""
    works = [(work.message, work.start_s) for shift in trace.shifts for work in shift.works]
    return sorted(works, key=lambda work: work[1])
