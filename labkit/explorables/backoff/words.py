"""What the figure says in words and in large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.backoff.shop import contest, rush, seconds_text
from labkit.explorables.controls import number_text
from labkit.explorables.parts import Big
from labkit.models.backoff.contest import ITEM
from labkit.models.backoff.waits import DECORRELATED, EQUAL, EXPONENTIAL, FULL, NONE
from labkit.models.sums import rounded

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.backoff.contest import Contest

HOW = {
    EQUAL: "Half of each wait is sure and half is chance",
    FULL: "Each wait is a random part of what exponential backoff would wait",
    DECORRELATED: "Each wait is random, up to three times the last one",
}


def numbers(**values: Any) -> tuple[Big, ...]:
    """The numbers that matter, over the whole contest."""
    found = contest(values)
    done_us = found.done_us()
    plain = contest(values, EXPONENTIAL)
    return (
        Big("Calls", found.calls, "", _compared(found, plain)),
        Big(
            "In vain",
            found.in_vain,
            "",
            f"{number_text(rounded(found.in_vain / found.params.clients, 1))} for each client",
            "@failed" if found.in_vain else "@ink",
        ),
        Big("Last one done", *_split(found.end_us), _compared_time(found, plain)),
        Big("Half of them done", *_split(done_us[(len(done_us) - 1) // 2])),
        Big("Most at once", rush(found), "calls", "within 50 ms, after the first"),
    )


def _split(time_us: float) -> tuple[str, str]:
    number, _, unit = seconds_text(time_us).partition("\u00a0")
    return number, unit


def _compared(found: Contest, plain: Contest) -> str:
    if found.params.strategy == EXPONENTIAL:
        return ""
    return f"{number_text(plain.calls)} without jitter"


def _compared_time(found: Contest, plain: Contest) -> str:
    if found.params.strategy == EXPONENTIAL:
        return ""
    return f"{seconds_text(plain.end_us)} without jitter"


def reading(**values: Any) -> str:
    """What the figure shows and why, in three plain sentences."""
    found = contest(values)
    clients = found.params.clients
    wish = "change one item" if found.params.resource == ITEM else "be served once"
    text = (
        f"{number_text(clients)} clients that each want to {wish} make {number_text(found.calls)} "
        f"calls, {number_text(found.in_vain)} of them in vain, and the last is done after "
        f"{seconds_text(found.end_us)}."
    )
    return f"{text} {_why(values, found)}"


def _why(values: Any, found: Contest) -> str:
    strategy = found.params.strategy
    full = contest(values, FULL)
    against = f"{number_text(full.calls)} calls and {seconds_text(full.end_us)} with full jitter"
    if strategy == NONE:
        return (
            f"Whoever is refused is back at once, and so is everybody else: against {against}. It "
            f"may end soon here, as what is called answers just as fast under any load; in truth "
            f"that load would slow it down."
        )
    if strategy == EXPONENTIAL:
        return (
            f"Whoever is refused together waits equally long and meets again, after a longer wait "
            f"each time: against {against}."
        )
    plain = contest(values, EXPONENTIAL)
    return (
        f"{HOW[strategy]}, so that a crowd comes back scattered: without jitter it takes "
        f"{number_text(plain.calls)} calls and {seconds_text(plain.end_us)}."
    )
