"""What the figure says in words and in large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.parts import Big
from labkit.explorables.sqs_polling.shop import (
    POISON_ORDER,
    WINDOW_S,
    price_note,
    requests_per_month,
    run,
    run_long,
    run_short,
    usd_per_month,
)
from labkit.models.sqs.queue import DEAD, DONE, READY
from labkit.models.sqs.simulation import WAIT_TIME_MAX_S
from labkit.models.sqs.trace import DUPLICATE, RETRY
from labkit.models.sums import percentile

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.sqs.trace import Trace

PERCENTS = (50, 95, 99)


def numbers(**values: Any) -> tuple[Big, ...]:
    """The numbers that matter, over the whole two minutes."""
    trace = run(values)
    if values["wait_time_s"]:
        other, how = run_short(values), "short polling"
    else:
        other, how = run_long(values), f"with a wait of {WAIT_TIME_MAX_S} s"
    compared = f"{how}: {_millions(requests_per_month(other))} million"
    return (
        Big("Empty receives", trace.empty_receives, f"of {number_text(trace.receives)}"),
        Big("Requests a month", _millions(requests_per_month(trace)), "million", compared),
        Big("Cost a month", f"{usd_per_month(trace):.2f}", "USD", price_note()),
        Big(
            "Duplicates",
            trace.works_for(DUPLICATE),
            f"of {_count(trace.works, 'delivery', 'deliveries')}",
            "work done again that had not failed",
        ),
        _dead_letters(trace),
        _latency(trace),
    )


def _millions(count: float) -> str:
    return f"{count / 1e6:.2f}"


def _dead_letters(trace: Trace) -> Big:
    label, dead = "In the dead-letter queue", trace.ended_in(DEAD)
    if not trace.params.queue.max_receive_count:
        return Big(label, "–", note="this queue has none")
    note = _count(trace.good_messages_lost(), "good order") + " among them" if dead else ""
    return Big(label, dead, f"of {_orders(trace.sends)}", note, "@failed" if dead else "@ink")


def _latency(trace: Trace) -> Big:
    label, seconds = "From sent to done", trace.latencies_s()
    if not seconds:
        return Big(label, "–", note="no order was done")
    text = " / ".join([f"{percentile(seconds, percent):.1f}" for percent in PERCENTS])
    return Big(label, text, "s", f"p50 / p95 / p99 of {_orders(len(seconds))}")


def reading(**values: Any) -> str:
    """What the figure shows and why, in two or three plain sentences."""
    trace = run(values)
    for tell in (_duplicates, _losses, _poison, _retries, _backlog):
        outcome = tell(trace)
        if outcome:
            break
    else:
        outcome = _calm(trace)
    return f"{_polling(trace)} {outcome}"


def _polling(trace: Trace) -> str:
    empty = trace.empty_receives
    asked = (
        f"In {WINDOW_S} seconds {_count(len(trace.shifts), 'consumer')} asked "
        f"{_count(trace.receives, 'time')} and got {number_text(empty) if empty else 'no'} "
        f"empty answer{'' if empty == 1 else 's'}"
    )
    wait_s = trace.params.wait_time_s
    if not wait_s:
        return f"{asked}: short polling answers at once, even when nothing is there."
    return (
        f"{asked}: long polling holds a request until an order comes "
        f"or {_seconds(wait_s)} have passed."
    )


def _duplicates(trace: Trace) -> str:
    """Orders that were received again although nothing had failed, and why."""
    duplicates, lost = trace.works_for(DUPLICATE), trace.good_messages_lost()
    if not duplicates:
        return ""
    text = (
        f"{_count(duplicates, 'delivery', 'deliveries')} repeated work that had not failed: the "
        f"visibility timeout of {_seconds(trace.params.queue.visibility_timeout_s)} runs out "
        f"before the {_seconds(trace.params.processing_s)} of work, another consumer receives the "
        f"order, and the first one's delete then has no effect."
    )
    if lost:
        text += f" That has pushed {_count(lost, 'good order')} into the dead-letter queue."
    return text


def _losses(trace: Trace) -> str:
    """Good orders that were given up."""
    dead, lost = trace.ended_in(DEAD), trace.good_messages_lost()
    if not lost:
        return ""
    return (
        f"The dead-letter queue holds {_orders(dead)}, {number_text(lost)} of them good: after "
        f"{_count(trace.params.queue.max_receive_count, 'receive')} SQS gives an order up, "
        f"whether its handler failed by chance or always will."
    )


def _poison(trace: Trace) -> str:
    """What became of the order whose handler always fails."""
    if len(trace.lives) <= POISON_ORDER or not trace.lives[POISON_ORDER].poison:
        return ""
    life = trace.lives[POISON_ORDER]
    name = f"Order {POISON_ORDER + 1}, the poison one, was received"
    times = _count(life.receive_count, "time")
    if life.stays[-1].state == DEAD:
        return (
            f"{name} {times} and then moved to the dead-letter queue; no good order was lost, "
            f"and {_orders(trace.ended_in(DONE))} got done."
        )
    if trace.params.queue.max_receive_count:
        return f"{name} {times}, and is on its way to the dead-letter queue."
    return (
        f"{name} {times} and failed each time: without a dead-letter queue it comes back "
        f"whenever its visibility timeout runs out."
    )


def _retries(trace: Trace) -> str:
    """Orders that were received again because their handler had failed."""
    retries = trace.works_for(RETRY)
    if not retries:
        return ""
    return (
        f"{_count(retries, 'receive')} repeated work that had failed: an order that is not "
        f"deleted is ready again when its visibility timeout of "
        f"{_seconds(trace.params.queue.visibility_timeout_s)} has run out."
    )


def _backlog(trace: Trace) -> str:
    """More orders than the consumers can work off."""
    waiting, consumers = trace.ended_in(READY), len(trace.shifts)
    if waiting <= consumers:
        return ""
    return (
        f"At the end {_orders(waiting)} are waiting: more come in than "
        f"{_count(consumers, 'consumer')} can work off."
    )


def _calm(trace: Trace) -> str:
    """Nothing to report but how long it takes."""
    seconds = trace.latencies_s()
    if not seconds:
        return "No order was done."
    return (
        f"No order was received twice, and half of those that got done took "
        f"{percentile(seconds, 50):.1f} seconds or less from sent to done."
    )


def _count(number: float, one: str, many: str = "") -> str:
    return f"{number_text(number)} {one if number == 1 else many or one + 's'}"


def _orders(number: int) -> str:
    return _count(number, "order")


def _seconds(number: float) -> str:
    return _count(number, "second")
