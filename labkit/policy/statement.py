"""One statement of a policy, compiled, and the reasons why it applies to a request or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.policy.arn import arn_matches, stays_within_fields
from labkit.policy.caller import DIRECT, PrincipalSet
from labkit.policy.conditions import Condition
from labkit.policy.glob import GlobSet, matches, wild
from labkit.policy.request import Subject
from labkit.policy.variables import resource_template

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True)
class Reason:
    """One comparison that was made.

    `code` says what came of it: `action` or `resource` with `_matched` or `_no_match`;
    `principal` with how directly it is named (labkit.policy.caller) or `_no_match`; each with
    `not_` before it for NotAction and its kin; or a code of labkit.policy.conditions. `key` is
    the element or the condition (`StringEquals aws:username`), `expected` what the policy says,
    with variables filled in that have a value, `actual` what the request has.
    """

    code: str
    key: str
    expected: Any
    actual: Any


class Statement:
    """A compiled statement; `effect` is "Allow" or "Deny"."""

    def __init__(self, source: dict[str, Any], index: int, variables: bool) -> None:
        self.index = index
        self.effect: str = source["Effect"]
        self.sid: str = source.get("Sid", "")
        self.not_action = "NotAction" in source
        self.actions = as_list(source["NotAction" if self.not_action else "Action"])
        self._actions = GlobSet([wild(action.lower()) for action in self.actions])
        self.not_resource = "NotResource" in source
        name = "NotResource" if self.not_resource else "Resource"
        # A policy without the element, such as a trust policy, is about what it is attached to.
        resources = as_list(source[name]) if name in source else []
        self._resources = [resource_template(text, variables) for text in resources]
        fixed = [t.fixed for t in self._resources if t.pieces is None]
        self._whole = GlobSet([p for p in fixed if not stays_within_fields(p)])
        self._fielded = [p for p in fixed if stays_within_fields(p)]
        self._templates = [t for t in self._resources if t.pieces is not None]
        self.not_principal = "NotPrincipal" in source
        principal = source.get("NotPrincipal", source.get("Principal"))
        self.principals = None if principal is None else PrincipalSet(principal)
        self.conditions: list[Condition] = []
        block = source.get("Condition", {})
        for operator in sorted(block):
            for key in sorted(block[operator]):
                values = as_list(block[operator][key])
                self.conditions.append(Condition(operator, key, values, variables))

    def applies(self, subject: Subject, always_deny: bool = False) -> str:
        """How directly the statement names the caller if all of it matches, else empty.

        A statement without Principal is attached to the caller and counts as DIRECT.
        `always_deny` says that the caller has a permissions boundary: NotPrincipal, which goes
        with Deny alone, then exempts nobody.
        """
        if self._actions.hit(subject.action_lower) == self.not_action:
            return ""
        if self._resources and self._has_resource(subject) == self.not_resource:
            return ""
        strength = self._strength(subject, always_deny)
        if strength:
            for condition in self.conditions:
                found = subject.found(condition.key_lower)
                if not condition.verdict(found, subject.single)[0]:
                    return ""
        return strength

    def _has_resource(self, subject: Subject) -> bool:
        if self._whole.hit(subject.resource):
            return True
        for pattern in self._fielded:
            if arn_matches(pattern, subject.resource, subject.fields):
                return True
        for template in self._templates:
            filled = template.fill(subject.single)
            if filled is None:
                continue
            if stays_within_fields(filled):
                if arn_matches(filled, subject.resource, subject.fields):
                    return True
            elif matches(filled, subject.resource):
                return True
        return False

    def _strength(self, subject: Subject, always_deny: bool) -> str:
        if self.principals is None:
            return DIRECT
        if not self.not_principal:
            return self.principals.strength(subject.caller)
        return DIRECT if always_deny or self.principals.unlisted(subject.caller) else ""

    def reasons(self, subject: Subject, always_deny: bool = False) -> list[Reason]:
        """Every comparison of this statement with the request, in the order AWS lists elements."""
        request = subject.request
        reasons = []
        if self.principals is not None:
            reasons.append(self._principal_reason(subject, always_deny))
        hit = self._actions.hit(subject.action_lower)
        key = "NotAction" if self.not_action else "Action"
        reasons.append(Reason(_code(key, hit), key, self.actions, request.action))
        if self._resources:
            hit = self._has_resource(subject)
            key = "NotResource" if self.not_resource else "Resource"
            listed = [template.told(subject.single) for template in self._resources]
            reasons.append(Reason(_code(key, hit), key, listed, request.resource))
        for condition in self.conditions:
            found = subject.found(condition.key_lower)
            code = condition.verdict(found, subject.single)[1]
            key = condition.operator + " " + condition.key
            wanted = condition.told(subject.single)
            reasons.append(Reason(code, key, wanted, list(found) if found else None))
        return reasons

    def _principal_reason(self, subject: Subject, always_deny: bool) -> Reason:
        assert self.principals is not None
        caller = subject.caller
        listed = [value for _, value in self.principals.named]
        if self.not_principal:
            missing = self.principals.unlisted(caller)
            code = "not_principal_matched" if missing else "not_principal_no_match"
            if always_deny:
                code = "not_principal_boundary"
            return Reason(code, "NotPrincipal", listed, missing or caller.text)
        strength = self.principals.strength(caller)
        code = "principal_" + (strength or "no_match")
        return Reason(code, "Principal", listed, caller.text)


_CODES = {
    "Action": ("action_matched", "action_no_match"),
    "NotAction": ("not_action_no_match", "not_action_matched"),
    "Resource": ("resource_matched", "resource_no_match"),
    "NotResource": ("not_resource_no_match", "not_resource_matched"),
}


def _code(key: str, listed: bool) -> str:
    """The code for an element: a NotAction that lists the action keeps the statement away."""
    return _CODES[key][0 if listed else 1]


def as_list(value: Any) -> list[Any]:
    """A single value of a policy as the list that it stands for."""
    return list(value) if isinstance(value, (list, tuple)) else [value]
