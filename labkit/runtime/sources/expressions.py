"""When a schedule is due: `rate(5 minutes)`, `cron(0 9 ? * MON-FRI *)`, `at(2026-01-05T10:00:00)`.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((.+)\)")
_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_DAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_DAYS = {name: number for number, name in enumerate(_DAY_NAMES, 1)}
_FIELDS = 6
_LAST_YEAR = 2199


def next_time(expression: str, after: datetime) -> datetime | None:
    """The first moment later than `after`; None if there is none, or this cannot read it.

    Not modelled: `L`, `W` and `#` in a cron expression.

    >>> next_time("cron(30 9 ? * MON *)", datetime(2026, 1, 5, 9, 30, tzinfo=UTC)).isoformat()
    '2026-01-12T09:30:00+00:00'
    """
    if found := _RATE.fullmatch(expression):
        return after + int(found[1]) * _UNITS[found[2]]
    if found := _AT.fullmatch(expression):
        at = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
        return at if at > after else None
    found = _CRON.fullmatch(expression)
    fields = found[1].split() if found else []
    return _of_cron(fields, after) if len(fields) == _FIELDS else None


def _of_cron(fields: list[str], after: datetime) -> datetime | None:
    try:
        minutes = _values(fields[0], 0, 59)
        hours = _values(fields[1], 0, 23)
        days = _values(fields[2], 1, 31)
        months = _values(fields[3], 1, 12, _MONTHS)
        weekdays = _values(fields[4], 1, 7, _DAYS)
        years = _values(fields[5], 1970, _LAST_YEAR)
    except ValueError:
        return None
    for year in (year for year in years if year >= after.year):
        for month in months:
            if (year, month) < (after.year, after.month):
                continue
            for day in range(1, monthrange(year, month)[1] + 1):
                date = datetime(year, month, day, tzinfo=UTC)
                # Sunday is 1 here and 6 in Python.
                if date.date() < after.date() or day not in days:
                    continue
                if (date.weekday() + 1) % 7 + 1 not in weekdays:
                    continue
                for hour in hours:
                    for minute in minutes:
                        at = date.replace(hour=hour, minute=minute)
                        if at > after:
                            return at
    return None


def _values(field: str, low: int, high: int, names: dict[str, int] | None = None) -> list[int]:
    """The values that a field allows, in order; ValueError where it is not understood."""
    found: set[int] = set()
    for part in field.upper().split(","):
        span, _, step = part.partition("/")
        if span in ("*", "?"):
            first, last = low, high
        else:
            ends = [int((names or {}).get(end, end)) for end in span.split("-")]
            first = ends[0]
            last = ends[-1] if len(ends) > 1 or not step else high
        found.update(range(first, last + 1, int(step or 1)))
    return sorted(value for value in found if low <= value <= high)
