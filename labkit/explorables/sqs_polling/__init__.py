"""Why does an idle queue cost money, and why is an order worked on twice?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import Choice, Playhead, Slider, Toggle
from labkit.explorables.parts import Explorable, Preset, Source, Task
from labkit.explorables.sqs_polling.figure import figure
from labkit.explorables.sqs_polling.shop import (
    POISON_ORDER,
    WINDOW_S,
    requests_per_month,
    run,
    run_short,
    works_by_order,
)
from labkit.explorables.sqs_polling.words import numbers, reading
from labkit.facts import fact
from labkit.models.sqs.queue import DEAD, RECEIVE_MAX_MESSAGES
from labkit.units import KIB

if TYPE_CHECKING:
    from typing import Any

GUIDE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
CHUNK_KIB = int(fact("sqs.billing_chunk_bytes")) // KIB


def every_order_twice(**values: Any) -> bool:
    """Whether three orders or more, and all that came early enough, were received again.

    Early enough is a first receive whose visibility timeout and work lie within the two minutes.
    """
    trace = run(values)
    latest_s = WINDOW_S - values["visibility_timeout_s"] - values["processing_s"]
    early = [works for works in works_by_order(trace) if works and works[0].start_s <= latest_s]
    return len(early) >= 3 and all(len(works) >= 2 for works in early)


def bill_a_tenth(**values: Any) -> bool:
    """Whether the consumers, by waiting, make a tenth of the requests of short polling or less."""
    if not values["wait_time_s"]:
        return False
    return 10 * requests_per_month(run(values)) <= requests_per_month(run_short(values))


def poison_gone_good_kept(**values: Any) -> bool:
    """Whether poison is in the dead-letter queue alone, though good orders fail now and then."""
    trace = run(values)
    if not values["poison"] or values["failure_percent"] < 10 or trace.sends <= POISON_ORDER:
        return False
    gone = trace.lives[POISON_ORDER].stays[-1].state == DEAD
    return gone and trace.good_messages_lost() == 0


EXPLORABLE = Explorable(
    slug="sqs_polling",
    title="What a queue does while you poll it",
    question="Why does an idle queue cost money, and why is an order worked on twice?",
    controls=(
        Slider("arrivals_per_min", "Orders sent", 0.5, 60, 6, log=True, unit="a minute"),
        Slider("consumers", "Consumers", 1, 8, 2),
        Slider(
            "wait_time_s",
            "Wait time of a receive",
            0,
            int(fact("sqs.wait_time_max_s")),
            int(fact("sqs.wait_time_default_s")),
            unit="s",
            help="0 is short polling; 1 or more is long polling.",
        ),
        Slider(
            "visibility_timeout_s",
            "Visibility timeout",
            1,
            WINDOW_S,
            int(fact("sqs.visibility_timeout_default_s")),
            unit="s",
            log=True,
            whole=True,
            help="SQS allows far more; this figure shows two minutes.",
        ),
        Slider(
            "processing_s", "Work on an order", 2, 60, 6, unit="s", log=True, whole=True, more=True
        ),
        Slider(
            "failure_percent",
            "Handler fails",
            0,
            100,
            0,
            step=5,
            unit="%",
            more=True,
            help="Each attempt fails with this chance; a failed order is not deleted.",
        ),
        Toggle(
            "poison",
            f"Order {POISON_ORDER + 1} is poison",
            False,
            more=True,
            help="Its handler fails every time.",
        ),
        Choice(
            "max_receive_count",
            "Dead-letter queue",
            (
                (0, "none"),
                (1, "after 1 receive"),
                (2, "after 2 receives"),
                (3, "after 3 receives"),
                (5, "after 5 receives"),
                (10, "after 10 receives"),
            ),
            0,
            more=True,
            help="maxReceiveCount of the redrive policy.",
        ),
        Slider("delay_s", "Delay of the queue", 0, 60, 0, unit="s", more=True),
        Slider(
            "poll_pause_s",
            "Pause after an empty short poll",
            0.5,
            10,
            1,
            unit="s",
            log=True,
            more=True,
        ),
        Slider("seed", "Another two minutes", 1, 50, 37, more=True),
    ),
    figure=figure,
    reading=reading,
    numbers=numbers,
    playhead=Playhead("at_s", "Time", WINDOW_S, 0.25, start=60),
    tasks=(
        Task("twice", "Make every order be received at least twice.", every_order_twice),
        Task("tenth", "Cut the bill to a tenth of what short polling costs.", bill_a_tenth),
        Task(
            "poison",
            "Get the poison order out of the way without losing a good one, "
            "with a handler that fails at least one time in ten.",
            poison_gone_good_kept,
        ),
    ),
    presets=(
        Preset(
            "short",
            "Short polling an almost empty queue",
            {"arrivals_per_min": 1.5, "wait_time_s": 0},
            "Watch the ticks: each is a request that brought nothing, and each is billed.",
        ),
        Preset(
            "long",
            "Long polling the same",
            {"arrivals_per_min": 1.5, "wait_time_s": 10},
            "The same orders arrive. Now SQS does the waiting, up to 10 seconds a request. "
            "A request may wait longer still.",
        ),
        Preset(
            "duplicates",
            "Visibility shorter than the work",
            {
                "wait_time_s": 20,
                "visibility_timeout_s": 5,
            },
            "An order is ready again while it is still being worked on; every grey bar is work "
            "done in vain.",
        ),
        Preset(
            "poison",
            "A poison message",
            {
                "arrivals_per_min": 6,
                "wait_time_s": 20,
                "visibility_timeout_s": 10,
                "processing_s": 4,
                "failure_percent": 20,
                "poison": True,
            },
            "Follow order 2: it comes back for as long as it is kept. Give the queue a dead-letter "
            "queue under More.",
        ),
    ),
    not_modelled=(
        "A short poll asks some of SQS's servers only, so it can also miss an order that is "
        "there. Here it sees them all.",
        "SQS delivers in about the order of sending. Here the ready order that was sent first "
        "always comes first, and an order that was deleted never comes again, as it rarely may.",
        f"A receive brings one order; on SQS it may bring up to {RECEIVE_MAX_MESSAGES} for the "
        "price of one request.",
        f"Requests take no time, and each is billed once: a larger order than {CHUNK_KIB} KiB "
        "would count as several.",
        "Every order takes equally long to work on, and no consumer extends the visibility "
        "timeout while it works (ChangeMessageVisibility), which is the usual remedy.",
    ),
    sources=(
        Source("Short and long polling", GUIDE + "sqs-short-and-long-polling.html"),
        Source("Visibility timeout", GUIDE + "sqs-visibility-timeout.html"),
        Source("Dead-letter queues", GUIDE + "sqs-dead-letter-queues.html"),
        Source("Prices", "https://aws.amazon.com/sqs/pricing/"),
    ),
)
