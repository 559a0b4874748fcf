"""A text that the reader writes, with marks in its margin that say what came of each line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.errors import UsageError
from labkit.explorables.controls import check_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CHARACTERS_MAX = 6000  # what a link can carry when it is packed


@dataclass(frozen=True)
class Mark:
    """A sign beside a line, in the colour of a token; `says` what it means.

    A flaw is something to mend: it is listed below the text, with its `column` to go to.
    """

    line: int
    sign: str
    tone: str
    says: str
    column: int = 1
    is_flaw: bool = False


@dataclass(frozen=True)
class Text:
    """A text of several lines, such as a policy.

    `marks(**values)` gives the marks in its margin, which may depend on every control; `told`
    sums the text up in two or three words, for where it is folded away. `blank` is what a reader
    who finds it empty may begin with.
    """

    name: str
    label: str
    start: str
    marks: Callable[..., tuple[Mark, ...]]
    told: Callable[[str], str]
    blank: str = ""
    more: bool = False
    help: str = ""

    kind = "text"

    def __post_init__(self) -> None:
        check_name(self.name)
        self.accept(self.start)

    def accept(self, value: Any) -> str:
        """`value` itself, if it is a text that is not too long; otherwise a UsageError."""
        if not isinstance(value, str):
            raise UsageError(f"{self.name} must be a text, got {value!r}.")
        if len(value) > CHARACTERS_MAX:
            raise UsageError(
                f"{self.name} has {len(value)} characters.", f"It has at most {CHARACTERS_MAX}."
            )
        return value

    def text(self, value: str) -> str:
        """The text summed up."""
        return self.told(value)


def lines_of(text: str) -> int:
    """How many lines a text has; an empty one has one.

    >>> lines_of(""), lines_of("a"), lines_of("a\\nb")
    (1, 1, 2)
    """
    return text.count("\n") + 1
