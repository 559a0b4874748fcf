"""The values of the controls become a function of the shop, and a minute of it.

Limits that AWS would refuse are brought within what it allows, and the words say so. A moving
playhead changes nothing of the minute, so the runs made last are kept.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from labkit.facts import get
from labkit.models.lambda_concurrency.bill import bill
from labkit.models.lambda_concurrency.function import UNRESERVED_MIN, Params, run
from labkit.models.lambda_concurrency.traffic import rate_at

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.lambda_concurrency.bill import Bill
    from labkit.models.lambda_concurrency.function import Trace

    Values = dict[str, Any]

SYNC, ASYNC = "sync", "async"
NOT_RESERVED = -1
KEPT_RUNS = 3

_kept: list[tuple[Params, Trace]] = []


def params(values: Values) -> Params:
    """What the model needs to know, from the values of the controls."""
    account = int(values["account"])
    reserved = None
    if values["reserved"] != NOT_RESERVED:
        reserved = min(int(values["reserved"]), account - UNRESERVED_MIN)
    most = account - UNRESERVED_MIN if reserved is None else reserved
    return Params(
        values["shape"],
        values["rate_per_s"],
        values["duration_s"],
        values["init_s"],
        account,
        int(account * values["others_percent"] / 100 + 0.5),
        reserved,
        min(int(values["provisioned"]), most),
        values["caller"] == ASYNC,
    )


def minute(values: Values) -> Trace:
    """What happens in the minute."""
    wanted = params(values)
    for known, trace in _kept:
        if known == wanted:
            return trace
    trace = run(wanted)
    _kept.insert(0, (wanted, trace))
    del _kept[KEPT_RUNS:]
    return trace


def month(values: Values) -> Bill:
    """What a month of such minutes costs."""
    return bill(minute(values), values["memory_mib"], values["minutes_per_day"])


def asked_at(values: Values, at_s: float) -> float:
    """How many environments the events of that moment would keep busy: rate × duration."""
    duration_s: float = values["duration_s"]
    return rate_at(values["shape"], values["rate_per_s"], at_s) * duration_s


def most_asked(values: Values) -> float:
    """The same at the highest rate."""
    most: float = values["rate_per_s"] * values["duration_s"]
    return most


def others_at_work(values: Values) -> int:
    """What the other functions have of the account: never what this function was given."""
    given = params(values)
    own = given.provisioned if given.reserved is None else given.reserved
    return min(given.others, given.account - own)


def wait_percentile_s(trace: Trace, percent: float) -> float:
    """How long that part of the handled events waited at most before the handler began."""
    rank = math.ceil(trace.handled * percent / 100)
    for seconds, count in trace.waits_s:
        rank -= count
        if rank <= 0:
            return seconds
    return 0.0


def price_note() -> str:
    """The price that is reckoned with, and when it held."""
    price = get("lambda.price_gb_s_usd")
    return f"at {float(price.value):.10f} USD a GB-second, as of {price.as_of}"
