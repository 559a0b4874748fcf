"""Which texts are made of the ten ASCII digits; Unicode has others that `isdigit` takes."""

from __future__ import annotations

_DIGITS = "0123456789"


def is_digits(text: str) -> bool:
    """Whether the text is a whole number, written out.

    >>> is_digits("42"), is_digits("\u00b2"), is_digits("")
    (True, False, False)
    """
    for c in text:
        if c not in _DIGITS:
            return False
    return bool(text)
