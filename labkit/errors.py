"""Every error that labkit raises on purpose is a LabError that teaches the next step.

    LabError
    ├── UsageError          a call of labkit's with a wrong value
    │   ├── UnknownSlug     no lab, explorable or chapter of that name
    │   ├── UnknownExercise the lab has no exercise of that id
    │   ├── UnknownFact     no fact of that id
    │   └── UnknownQuestion the chapter has no question of that id
    ├── ClosedLab           a call on a lab that was closed
    ├── NotSimulated        an AWS operation that the sandbox does not have
    └── BrokenLab           labkit's own fault: a rule, check or file is not as it should be

The guard's refusal is no LabError: it derives from BaseException, see labkit.sandbox.guard.
"""


class LabError(Exception):
    """What was wrong with which value, the rule, and the next step.

    `found`, `rule` and `next_step` are kept as fields besides the text, so that a widget or
    a test can use them one by one.
    """

    def __init__(self, found: str, rule: str = "", next_step: str = "") -> None:
        self.found = found
        self.rule = rule
        self.next_step = next_step
        super().__init__(" ".join(part for part in (found, rule, next_step) if part))


class UsageError(LabError):
    """A call of labkit's was given a value that it cannot take."""


class UnknownSlug(UsageError):
    """There is no lab, chapter or explorable of that name."""


class UnknownExercise(UsageError):
    """The open lab has no exercise of that id."""


class UnknownFact(UsageError):
    """There is no fact of that id."""


class UnknownQuestion(UsageError):
    """The chapter has no question of that id."""


class ClosedLab(LabError):
    """The lab was closed; nothing can be asked of it any more."""


class NotSimulated(LabError):
    """The sandbox does not have this AWS operation."""


class BrokenLab(LabError):
    """Labkit itself is not as it should be; the message says which part."""


def nearest(name: str, known: list[str]) -> str:
    """The one of `known` that a typing slip away from `name` would give, or an empty string."""
    try:
        import difflib
    except ImportError:  # in the page, MicroPython has none
        return ""
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return found[0] if found else ""
