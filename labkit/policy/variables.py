"""Policy variables: `${aws:username}`, with a default, or an escaped `${*}`, `${?}`, `${$}`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

from collections.abc import Callable

from labkit.policy.glob import ANY, ONE, wild

ESCAPES = ("*", "?", "$")


class Template:
    """A text of a policy whose variables are filled in for each request.

    A variable that the request has no single value for, and that has no default, cannot be
    filled: `fill` gives None, and what holds the text does not match.
    """

    def __init__(self, text: str, variables: bool, wildcards: bool) -> None:
        self.text = text
        self.pieces = _pieces(text, wildcards) if variables and "${" in text else None
        self.fixed = (wild(text) if wildcards else text) if self.pieces is None else ""

    def fill(self, value_of: Callable[[str], str | None]) -> str | None:
        """The text for one request; `value_of` gives a context key's single value or None."""
        if self.pieces is None:
            return self.fixed
        filled = []
        for literal, key, default in self.pieces:
            if not key:
                filled.append(literal)
                continue
            value = value_of(key)
            if value is None:
                value = default
            if value is None or ANY in value or ONE in value:
                return None
            filled.append(value)
        return "".join(filled)


def _pieces(text: str, wildcards: bool) -> list[tuple[str, str, str | None]]:
    """`text` as (literal, key, default) triples; a literal has no key."""
    pieces: list[tuple[str, str, str | None]] = []
    rest = text
    while rest:
        start = rest.find("${")
        end = rest.find("}", start)
        if start < 0 or end < 0:
            pieces.append((_literal(rest, wildcards), "", None))
            break
        if start:
            pieces.append((_literal(rest[:start], wildcards), "", None))
        name = rest[start + 2 : end].strip()
        if name in ESCAPES:
            pieces.append((name, "", None))
        else:
            pieces.append(_variable(name))
        rest = rest[end + 1 :]
    return pieces


def _literal(text: str, wildcards: bool) -> str:
    return wild(text) if wildcards else text


def _variable(name: str) -> tuple[str, str, str | None]:
    """`aws:PrincipalTag/team, 'none'` as a key and its default."""
    comma = name.find(",")
    if comma < 0:
        return ("", name.lower(), None)
    default = name[comma + 1 :].strip()
    if len(default) >= 2 and default[0] == "'" and default[-1] == "'":
        default = default[1:-1]
    return ("", name[:comma].strip().lower(), default)
