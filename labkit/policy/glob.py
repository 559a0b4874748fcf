"""A pattern in which `*` stands for any characters and `?` for exactly one.

Inside a pattern the two wildcards are held as ANY and ONE, so that a `*` which came out of a
policy variable's value, or was escaped as `${*}`, stays an ordinary character.
"""

from __future__ import annotations

ANY = "\x00"
ONE = "\x01"


def wild(text: str) -> str:
    """`text` with its `*` and `?` turned into wildcards.

    >>> wild("a*") == "a" + ANY
    True
    """
    return text.replace("*", ANY).replace("?", ONE)


def told(pattern: str) -> str:
    """A pattern as people write it; a star that was escaped looks as one that was not.

    >>> told(wild("s3:Get*"))
    's3:Get*'
    """
    return pattern.replace(ANY, "*").replace(ONE, "?")


def matches(pattern: str, value: str) -> bool:
    """Whether `value` as a whole fits `pattern`, in time bounded by the product of their lengths.

    >>> matches(wild("s3:Get*"), "s3:GetObject"), matches(wild("tick?t"), "ticket")
    (True, True)
    """
    if ANY not in pattern and ONE not in pattern:
        return pattern == value
    # After each ANY, try ever longer stretches of the value.
    p = v = 0
    star = resume = -1
    while v < len(value):
        if p < len(pattern) and pattern[p] == ANY:
            star, resume = p, v
            p += 1
        elif p < len(pattern) and (pattern[p] == ONE or pattern[p] == value[v]):
            p += 1
            v += 1
        elif star >= 0:
            resume += 1
            p, v = star + 1, resume
        else:
            return False
    while p < len(pattern) and pattern[p] == ANY:
        p += 1
    return p == len(pattern)


class GlobSet:
    """Many patterns asked at once, the simple ones without walking through them."""

    def __init__(self, patterns: list[str]) -> None:
        self.everything = ANY in patterns
        self._exact = frozenset([p for p in patterns if ANY not in p and ONE not in p])
        self._prefixes = [p[:-1] for p in patterns if _is_prefix(p)]
        self._others = [p for p in patterns if p not in self._exact and not _is_prefix(p)]

    def hit(self, value: str) -> bool:
        """Whether any of the patterns fits the value."""
        if self.everything or value in self._exact:
            return True
        for prefix in self._prefixes:
            if value.startswith(prefix):
                return True
        for pattern in self._others:  # noqa: SIM110  (a generator costs more than the loop)
            if matches(pattern, value):
                return True
        return False


def _is_prefix(pattern: str) -> bool:
    """Whether the only wildcard is a star at the end."""
    return pattern.endswith(ANY) and pattern.count(ANY) == 1 and ONE not in pattern
