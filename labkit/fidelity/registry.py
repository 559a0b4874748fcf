"""A rule is a small function that says what AWS does where moto does something else.

    @rule("sqs", "SendMessage", when="before", follows="https://…", corrects="moto accepts it")
    def an_empty_body_is_refused(exchange):
        \"\"\"An empty message body is refused.

        MissingParameter: the request must contain the parameter MessageBody.
        \"\"\"

The name is a sentence, and `test_` before it is the name of its test. The docstring is its row in
the ledger: the first line says what happens here, the rest what AWS does. That test runs twice,
with the rules, where it must pass, and on moto alone, where it must fail: the canary, which
falls over on the day that moto mends itself and the rule can go.

Where the mending is in moto's model rather than at a request, a class takes the place of moto's
and `corrected` enters the row.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from labkit.errors import BrokenLab

Kind = Literal["as on AWS", "corrected", "differs"]
When = Literal["before", "instead", "after"]
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Row:
    """One line of the ledger: how a behaviour of the sandbox stands to AWS.

    `behaviour` is what happens here, `aws` what happens there; `test` names the test that
    shows it (none for a difference) and `source` the page that it follows.
    """

    service: str
    kind: Kind
    behaviour: str
    aws: str
    test: str
    source: str


@dataclass(frozen=True)
class Rule:
    """A correction of moto, registered for some operations of a service."""

    service: str
    operations: tuple[str, ...]
    when: When
    follows: str
    corrects: str  # what moto does
    function: Callable[..., Any]

    @property
    def name(self) -> str:
        """A sentence in snake case, as `an_empty_body_is_refused`."""
        return str(self.function.__name__)

    def row(self) -> Row:
        """The rule's line in the ledger, from its docstring."""
        behaviour, _, aws = (inspect.getdoc(self.function) or "").partition("\n\n")
        if not behaviour or not aws:
            raise BrokenLab(f"The rule {self.name} has no docstring of two parts for the ledger.")
        return Row(
            self.service,
            "corrected",
            " ".join(behaviour.split()),
            " ".join(aws.split()),
            f"test_{self.name}",
            self.follows,
        )


_rules: list[Rule] = []
_rows: list[Row] = []


def rule(
    service: str,
    *operations: str,
    when: When,
    follows: str,
    corrects: str,
) -> Callable[[Function], Function]:
    """Register a function for requests of `operations`.

    before    moto's handler: called with the exchange; refuses by raising an AwsError
    instead   of moto's handler, if no rule refused: returns the answer, or None to let moto serve
    after     a success: called with the exchange and the answer as boto3 sees it; may return a
              better one
    """

    def register(function: Function) -> Function:
        _rules.append(Rule(service, operations, when, follows, corrects, function))
        return function

    return register


def corrected(service: str, behaviour: str, aws: str, *, test: str, source: str) -> None:
    """Note in the ledger what a class of labkit's does right in the place of moto's."""
    _rows.append(Row(service, "corrected", behaviour, aws, test, source))


def as_on_aws(service: str, behaviour: str, aws: str, *, test: str, source: str) -> None:
    """Note in the ledger that moto does `behaviour` right by itself, as `test` shows."""
    _rows.append(Row(service, "as on AWS", behaviour, aws, test, source))


def differs(service: str, behaviour: str, aws: str, *, source: str) -> None:
    """Note in the ledger what is not simulated: `behaviour` is what happens here instead."""
    _rows.append(Row(service, "differs", behaviour, aws, "", source))


def rules(service: str | None = None) -> tuple[Rule, ...]:
    """The registered rules, in the order in which they are applied."""
    return tuple(rule for rule in _rules if service in (None, rule.service))


def rows(service: str | None = None) -> tuple[Row, ...]:
    """The ledger so far: what is corrected, what is right by itself, what differs."""
    found = [rule.row() for rule in rules(service)]
    return (*found, *(row for row in _rows if service in (None, row.service)))
