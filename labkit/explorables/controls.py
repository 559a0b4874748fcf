"""The controls of an explorable: what a hand can turn, and what each value looks like in words.

A control is any of `Slider`, `Choice`, `Toggle`, `Playhead` and `labkit.explorables.texts.Text`.
Each has a `name` (the keyword that `figure` takes), a `label`, a `start`, `accept(value)`, which
gives the value back or raises, and `text(value)`, which is the value as people read it, with its
unit. A control checks itself when it is made, so one that starts outside its own range cannot be
imported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Values = dict[str, Any]

LOG_STOPS = 150  # steps of a logarithmic slider from end to end
STOPS_MAX = 400  # more cannot be told apart by hand


def number_text(value: float) -> str:
    """A number as people read it: grouped thousands, three significant digits below 100.

    >>> number_text(1234567), number_text(0.0512), number_text(20.0), number_text(3.14159)
    ('1,234,567', '0.0512', '20', '3.14')
    """
    if value < 0:
        return "-" + number_text(-value)
    if value >= 100 or value == int(value):
        digits = str(int(value + 0.5))
        grouped = digits[-3:]
        for end in range(len(digits) - 3, 0, -3):
            grouped = digits[max(0, end - 3) : end] + "," + grouped
        return grouped
    decimals = 2 - math.floor(math.log10(value))
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(text: str, unit: str) -> str:
    """`text` and `unit` with a no-break space between them, or `text` alone without a unit."""
    return f"{text}\u00a0{unit}" if unit else text


def is_number(value: Any) -> bool:
    """Whether `value` is a finite number; True and False are not numbers here."""
    if value is True or value is False or not isinstance(value, (int, float)):
        return False
    return math.isfinite(value)


@dataclass(frozen=True)
class Slider:
    """A number between `minimum` and `maximum`, both included.

    With `log`, equal ways along the slider multiply the value equally, and `at` rounds to two
    significant digits, and with `whole` to whole numbers. Without it the face moves in steps of
    `step`. Values between steps are accepted: a link may hold one.
    """

    name: str
    label: str
    minimum: float
    maximum: float
    start: float
    step: float = 1
    unit: str = ""
    log: bool = False
    whole: bool = False
    more: bool = False
    help: str = ""

    kind = "slider"

    def __post_init__(self) -> None:
        check_name(self.name)
        if not self.minimum < self.maximum:
            raise UsageError(
                f"The slider {self.name} runs from {self.minimum} to {self.maximum}.",
                "A slider's minimum is below its maximum.",
            )
        if self.log and self.minimum <= 0:
            raise UsageError(
                f"The slider {self.name} is logarithmic and begins at {self.minimum}.",
                "A logarithmic slider begins above 0.",
            )
        if self.step <= 0:
            raise UsageError(
                f"The slider {self.name} moves in steps of {self.step}.", "A step is above 0."
            )
        if self._steps() >= STOPS_MAX:
            raise UsageError(
                f"The slider {self.name} has {math.ceil(self._steps()) + 1} stops.",
                f"More than {STOPS_MAX} cannot be told apart by hand.",
                "Give it a larger step, or log=True.",
            )
        self.accept(self.start)

    def _steps(self) -> float:
        return LOG_STOPS if self.log else (self.maximum - self.minimum) / self.step

    def accept(self, value: Any) -> float:
        """`value` itself, if it is a number within the range; otherwise a UsageError."""
        if not is_number(value) or not self.minimum <= value <= self.maximum:
            low, high = self.text(self.minimum), self.text(self.maximum)
            raise UsageError(
                f"{self.name} must be {low} to {high}, got {value!r}.",
                next_step="Choose a value within that range.",
            )
        number: float = value
        return number

    def text(self, value: float) -> str:
        """`value` with the slider's unit, as the face prints it beside the slider."""
        return with_unit(number_text(value), self.unit)

    def at(self, position: float) -> float:
        """The value at `position`, 0 (left end) to 1 (right end)."""
        if not self.log:
            steps = math.floor(position * (self.maximum - self.minimum) / self.step + 0.5)
            return min(self.maximum, self.minimum + steps * self.step)
        value: float = self.minimum * (self.maximum / self.minimum) ** position
        digits = 0 if self.whole and value < 10 else 1 - math.floor(math.log10(value))
        return min(self.maximum, max(self.minimum, round(value, digits)))

    def position(self, value: float) -> float:
        """Where `value` lies, 0 (left end) to 1 (right end)."""
        if not self.log:
            return (value - self.minimum) / (self.maximum - self.minimum)
        return math.log(value / self.minimum) / math.log(self.maximum / self.minimum)

    def stops(self, also: float | None = None) -> list[float]:
        """The values at which the slider stops, from low to high, and `also` if it is given.

        >>> Slider("wait_time_s", "Wait", 0, 20, 0, step=5).stops(also=7)
        [0, 5, 7, 10, 15, 20]
        """
        steps = self._steps()
        values = {self.at(min(1, index / steps)) for index in range(math.ceil(steps) + 1)}
        if also is not None:
            values.add(also)
        return sorted(values)


@dataclass(frozen=True)
class Choice:
    """One of `options`, which are pairs of a value and the label that people read."""

    name: str
    label: str
    options: tuple[tuple[Any, str], ...]
    start: Any
    more: bool = False
    help: str = ""

    kind = "choice"

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.options) < 2:
            raise UsageError(
                f"The choice {self.name} has {len(self.options)} options.",
                "A choice has at least two.",
            )
        self.accept(self.start)

    def accept(self, value: Any) -> Any:
        """The option equal to `value`; otherwise a UsageError that lists the options."""
        for option, _ in self.options:
            if option == value:
                return option
        known = ", ".join(repr(option) for option, _ in self.options)
        raise UsageError(f"{self.name} must be one of {known}, got {value!r}.")

    def text(self, value: Any) -> str:
        """The label of `value`."""
        for option, label in self.options:
            if option == value:
                return label
        return str(value)


@dataclass(frozen=True)
class Toggle:
    """On or off."""

    name: str
    label: str
    start: bool
    more: bool = False
    help: str = ""

    kind = "toggle"

    def __post_init__(self) -> None:
        check_name(self.name)
        self.accept(self.start)

    def accept(self, value: Any) -> bool:
        """`value` itself, if it is True or False; otherwise a UsageError."""
        if value is not True and value is not False:
            raise UsageError(f"{self.name} must be True or False, got {value!r}.")
        return bool(value)

    def text(self, value: bool) -> str:
        """The word on or off."""
        return "on" if value else "off"


@dataclass(frozen=True)
class Playhead:
    """A moment of the figure's own time, with play, pause, step and speed.

    `end_s` is where the time ends: a number, or a function of the other values when they change
    it. A step forward or back is `step_s`; playing at speed 1 takes `steps_per_s` of them in a
    second of real time. `start` is where the playhead rests before anyone has touched it.

    With `replay` the figure is whole until it is played, and again once another control is
    turned: `start` then lies beyond every end, and stands for the end wherever that is. `where`
    names the moment, where it is a place rather than a number of seconds.
    """

    name: str
    label: str
    end_s: float | Callable[[Values], float]
    step_s: float
    start: float = 0
    help: str = ""
    steps_per_s: float = 10
    replay: bool = False
    where: Callable[[Values], str] | None = None

    kind = "playhead"
    more = False
    unit = "s"

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.step_s <= 0:
            raise UsageError(
                f"The playhead {self.name} moves in steps of {self.step_s} s.",
                "A step is above 0.",
            )

    def end(self, values: Values) -> float:
        """Where the time ends under `values`, in seconds."""
        return self.end_s(values) if callable(self.end_s) else self.end_s

    def accept(self, value: Any) -> float:
        """`value` itself, if it is a number of seconds, 0 or more; otherwise a UsageError."""
        if not is_number(value) or value < 0:
            raise UsageError(f"{self.name} must be 0 s or more, got {value!r}.")
        number: float = value
        return number

    def within(self, values: Values) -> float:
        """The moment that `values` have, or the end if that comes before it."""
        value: float = values[self.name]
        if not self.replay:
            return min(value, self.end(values))
        return self.start if value >= self.start or value >= self.end(values) else value

    def says(self, values: Values) -> str:
        """The moment as people read it beside the playhead."""
        return self.where(values) if self.where else self.text(values[self.name])

    def text(self, value: float) -> str:
        """The moment in seconds, with one decimal where it has one."""
        return with_unit(number_text(math.floor(value * 10 + 0.5) / 10), self.unit)


def check_name(name: str) -> None:
    """A control's name is a Python name, since `figure` takes it as a keyword."""
    letters = name.replace("_", "a")
    if not letters or not all("a" <= c <= "z" or "0" <= c <= "9" for c in letters):
        raise UsageError(
            f"A control is named {name!r}.", "A name is lower-case letters, digits and _."
        )
