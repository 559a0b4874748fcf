"""Policy variables: `${aws:username}`, with a default, or an escaped `${*}`, `${?}`, `${$}`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.policy.arn import completed, split_arn
from labkit.policy.glob import ANY, ONE, told, wild

if TYPE_CHECKING:
    from collections.abc import Callable

ESCAPES = ("*", "?", "$")


class Template:
    """A text of a policy whose variables are filled in for each request.

    A variable that the request has no single value for, and that has no default, cannot be
    filled: `fill` gives None, and the text matches nothing. `head` comes before the text, and
    holds no variables.
    """

    def __init__(self, text: str, variables: bool, wildcards: bool, head: str = "") -> None:
        self._text = head + text
        self.fixed = _literal(head + text, wildcards)
        self.pieces: list[tuple[str, str, str | None]] | None = None
        if variables and "${" in text:
            self.pieces = _pieces(text, wildcards)
            self.pieces.insert(0, (_literal(head, wildcards), "", None))

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
                return None  # no value, or one that would pose as a wildcard
            filled.append(value)
        return "".join(filled)

    def told(self, value_of: Callable[[str], str | None]) -> str:
        """The text for people: filled in, or as it was written if it cannot be."""
        filled = self.fill(value_of) if self.pieces else None
        return self._text if filled is None else told(filled)


def resource_template(text: str, variables: bool) -> Template:
    """A text of a Resource element: a variable may stand after the fifth colon, not before.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-resourceelement
    """
    whole = completed(text)
    fields = split_arn(whole)
    if fields is None:
        return Template(whole, False, True)
    return Template(fields[5], variables, True, whole[: len(whole) - len(fields[5])])


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
