"""Dates of policies as seconds since 1970; the page's Python has no datetime.

Conditions take the W3C profiles of ISO 8601, or a number of seconds since 1970-01-01T00:00:00Z.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from labkit.policy.digits import is_digits
from labkit.units import SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def parse_date(text: str) -> float | None:
    """Seconds since 1970 in UTC, or None for a text that is no date.

    >>> parse_date("2026-01-05T09:00:00Z")
    1767603600.0
    """
    number = parse_number(text)
    if number is not None and "-" not in text[1:] and len(text) > 4:
        return number
    day, _, clock = text.partition("T")
    days = _days(day)
    if days is None:
        return None
    if not clock:
        return float(days * SECONDS_PER_DAY)
    seconds = _clock(clock)
    return None if seconds is None else days * SECONDS_PER_DAY + seconds


def parse_number(text: str) -> float | None:
    """The value of a decimal number, or None; infinities and not-a-number are no numbers."""
    digits = text[1:] if text[:1] in ("-", "+") else text
    if not digits or not (is_digits(digits[0]) or digits[0] == "."):
        return None
    for c in digits:
        if not (is_digits(c) or c in ".eE+-"):
            return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value - value == 0 else None  # an infinity less itself is not nought


def _days(text: str) -> int | None:
    """Days from 1970-01-01 to a date given as YYYY, YYYY-MM or YYYY-MM-DD."""
    parts = text.split("-")
    if len(parts) > 3 or len(parts[0]) != 4:
        return None
    for part in parts:
        if not is_digits(part):
            return None
    year = int(parts[0])
    month = int(parts[1]) if len(parts) > 1 else 1
    day = int(parts[2]) if len(parts) > 2 else 1
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= 12:
        return None
    length = 29 if month == 2 and leap else _MONTH_LENGTHS[month - 1]
    if not 1 <= day <= length:
        return None
    past = year - 1
    days = past * 365 + past // 4 - past // 100 + past // 400 - 719162
    days += sum(_MONTH_LENGTHS[: month - 1]) + (1 if leap and month > 2 else 0)
    return days + day - 1


def _clock(text: str) -> float | None:
    """Seconds of the day for hh:mm[:ss[.fraction]] followed by Z or an offset such as +02:00."""
    offset = 0
    if text[-1:] in ("Z", "z"):
        text = text[:-1]
    else:
        at = max(text.rfind("+"), text.rfind("-"))
        if at < 0:
            return None
        sign = 1 if text[at] == "+" else -1
        shift = _hours_minutes(text[at + 1 :])
        if shift is None:
            return None
        offset, text = sign * shift, text[:at]
    parts = text.split(":")
    if len(parts) not in (2, 3):
        return None
    base = _hours_minutes(":".join(parts[:2]))
    seconds = parse_number(parts[2]) if len(parts) == 3 else 0.0
    if base is None or seconds is None or not 0 <= seconds < SECONDS_PER_MINUTE + 1:
        return None
    return base + seconds - offset


def _hours_minutes(text: str) -> int | None:
    hours, _, minutes = text.partition(":")
    if not is_digits(hours) or not is_digits(minutes):
        return None
    if int(hours) > 24 or int(minutes) > 59:
        return None
    return int(hours) * SECONDS_PER_HOUR + int(minutes) * SECONDS_PER_MINUTE
