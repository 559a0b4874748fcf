"""One line of a Condition block: an operator, a key and the values that it may have.

Keys of one operator, and operators of one block, must all hold; of the values one must match.
A negated operator turns that round: it holds when no value matches. A value of the policy whose
variable has no value, and a value of the request that the operator cannot read, match nothing.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.policy.operators import OPERATORS, Operator, split_operator
from labkit.policy.variables import Template

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Why a condition holds or does not; Reason.code of an explanation.
MATCHED = "condition_matched"
NO_MATCH = "condition_no_match"
KEY_MISSING = "condition_key_missing"
HOLDS_WITHOUT_KEY = "condition_holds_without_key"
MANY_VALUES = "condition_key_has_many_values"
UNREADABLE = "condition_value_unreadable"


class Condition:
    """A compiled condition; `verdict` says whether a request's values meet it, and why."""

    def __init__(self, operator: str, key: str, values: list[str], variables: bool) -> None:
        parts = split_operator(operator)
        if parts is None:
            raise ValueError(operator)
        self.operator = operator
        self.key = key
        self.key_lower = key.lower()
        self.values = values
        self.qualifier, name, self.if_exists = parts
        self.null = name == "Null"
        self._operator = OPERATORS.get(name)
        self._told: list[Template] = []
        self._templates: list[Template] = []
        self._fixed: list[Any] = []
        if self._operator is not None:
            self._prepare(self._operator, variables)

    def _prepare(self, operator: Operator, variables: bool) -> None:
        for value in self.values:
            template = Template(value, variables and operator.variables, operator.wildcards)
            self._told.append(template)
            if template.pieces is None:
                ready = operator.prepare(template.fixed)
                if ready is not None:
                    self._fixed.append(ready)
            else:
                self._templates.append(template)

    def told(self, value_of: Callable[[str], str | None]) -> list[str]:
        """The values for people, with variables filled in that have a value."""
        if self._operator is None:
            return self.values
        return [template.told(value_of) for template in self._told]

    def verdict(
        self, found: tuple[str, ...] | None, value_of: Callable[[str], str | None]
    ) -> tuple[bool, str]:
        """Whether it holds for the key's values (None: the request lacks the key), and the code."""
        if found and (self.qualifier or self.null) and not any(found):
            found = None  # an empty text is a null dataset
        operator = self._operator
        if operator is None:
            return self._null(found)
        if not found:
            holds = self._holds_without_key(operator.negated)
            return holds, HOLDS_WITHOUT_KEY if holds else KEY_MISSING
        if len(found) > 1 and not self.qualifier:
            return False, MANY_VALUES
        wanted = self._wanted(operator, value_of)
        met = [_matches(operator, wanted, value) != operator.negated for value in found]
        if all(met) if self.qualifier == "ForAllValues" else any(met):
            return True, MATCHED
        readable = [value for value in found if operator.prepare(value) is not None]
        return False, NO_MATCH if readable else UNREADABLE

    def _null(self, found: tuple[str, ...] | None) -> tuple[bool, str]:
        wanted = "false" if found else "true"
        for value in self.values:
            if value.lower() == wanted:
                return True, MATCHED if found else HOLDS_WITHOUT_KEY
        return False, NO_MATCH if found else KEY_MISSING

    def _holds_without_key(self, negated: bool) -> bool:
        """Without the key: ForAllValues, …IfExists and negated operators hold, others do not.

        ForAnyValue needs a value to match, whatever it is attached to, unless …IfExists waives it.
        """
        if self.qualifier == "ForAnyValue":
            return self.if_exists
        return self.if_exists or negated or self.qualifier == "ForAllValues"

    def _wanted(self, operator: Operator, value_of: Callable[[str], str | None]) -> list[Any]:
        if not self._templates:
            return self._fixed
        wanted = list(self._fixed)
        for template in self._templates:
            text = template.fill(value_of)
            ready = None if text is None else operator.prepare(text)
            if ready is not None:
                wanted.append(ready)
        return wanted


def _matches(operator: Operator, wanted: list[Any], value: str) -> bool:
    """Whether a value of the request matches any wanted one; one that cannot be read does not."""
    ready = operator.prepare(value)
    if ready is None:
        return False
    return any(operator.test(each, ready) for each in wanted)
