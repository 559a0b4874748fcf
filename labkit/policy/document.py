"""A policy document, checked and compiled.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.policy.errors import Finding, PolicyError
from labkit.policy.grammar import DEFAULT_VERSION, has_variables
from labkit.policy.kinds import kind_of, sizes
from labkit.policy.reader import Reader
from labkit.policy.statement import Statement, as_list

if TYPE_CHECKING:
    from typing import Any


class Policy:
    """A policy compiled for evaluation; `statements` in the order written."""

    def __init__(self, source: dict[str, Any]) -> None:
        variables = has_variables(source.get("Version", DEFAULT_VERSION))
        written = as_list(source["Statement"])
        self.statements = [Statement(written[i], i, variables) for i in range(len(written))]
        self.allows = [s for s in self.statements if s.effect == "Allow"]
        self.denies = [s for s in self.statements if s.effect == "Deny"]


def compile_policy(policy: Any) -> Policy:
    """Compile a policy given as a dict or as JSON text; PolicyError names every error in it."""
    reader = Reader(kind_of(""))
    source = reader.policy(policy)
    errors = [finding for finding in reader.notes.findings if finding.severity == "error"]
    if errors:
        raise PolicyError(errors)
    return Policy(source)


def validate(policy: Any, kind: str = "") -> list[Finding]:
    """Everything wrong or doubtful in a policy, in the order it stands there.

    `kind` says where the policy is attached and adds the rules and the size limit of that place;
    labkit.policy.kinds has the list. UsageError for a kind that is not in it.
    """
    reader = Reader(kind_of(kind))
    reader.policy(policy)
    findings = reader.notes.findings
    well_formed = not [finding for finding in findings if finding.severity == "error"]
    return findings + sizes(policy, kind_of(kind)) if well_formed else findings
