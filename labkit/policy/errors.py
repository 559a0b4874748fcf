"""What is wrong with a policy, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.errors import UsageError

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong (`severity` "error") or doubtful ("warning") in a policy.

    `path` leads to it, as `Statement[1].Condition.StringEquals`; `rule` is the rule it breaks;
    `value` is what stands there.
    """

    path: str
    rule: str
    value: Any
    severity: str = "error"


class PolicyError(UsageError):
    """A policy that AWS would refuse; `findings` holds every error, the text tells the first."""

    def __init__(self, findings: list[Finding]) -> None:
        first = findings[0]
        self.findings = findings
        self.path = first.path
        more = len(findings) - 1
        super().__init__(
            f"{first.path or 'The policy'}: {first.rule}",
            f"Found {shown(first.value)}.",
            f"{more} more in .findings." if more else "",
        )


class Notes:
    """Findings, in the order in which a reader makes them."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def error(self, path: str, rule: str, value: Any) -> None:
        """Note that `value` breaks the rule."""
        self.findings.append(Finding(path, rule, value))

    def warning(self, path: str, rule: str, value: Any) -> None:
        """Note that `value` is doubtful, and why."""
        self.findings.append(Finding(path, rule, value, "warning"))

    def broken(self, path: str, rule: str, value: Any) -> bool:
        """Note the rule as broken, and say so; an empty rule is kept."""
        if rule:
            self.error(path, rule, value)
        return bool(rule)


def shown(value: Any) -> str:
    """A value of any depth in a few words, safe to print."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
