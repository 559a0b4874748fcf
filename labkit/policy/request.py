"""What is asked: who wants to do what to which resource, in which context."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from labkit.errors import UsageError
from labkit.policy.arn import account_of, split_arn
from labkit.policy.caller import Caller

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True)
class Request:
    """One call to be authorised.

    `principal` is an ARN, a service name such as `lambda.amazonaws.com`, or `"*"` for an
    anonymous caller. `action` is `service:Action`. `resource` is an ARN, or `"*"` for an action
    that has no resource. `context` maps condition keys to a string, number, bool, or a list of
    them; keys that follow from the principal need not be given, but for aws:PrincipalArn of a
    session whose role has a path. `resource_account` is needed where the ARN names no account and
    the resource is not the caller's own, as for a bucket of another account.
    """

    principal: str
    action: str
    resource: str
    context: dict[str, Any] = field(default_factory=dict)
    resource_account: str | None = None


class Subject:
    """A request made ready for matching: parsed once, then compared with many statements."""

    def __init__(self, request: Request) -> None:
        service, _, name = request.action.partition(":")
        if not service or not name:
            raise UsageError(
                f"action must be service:Action, got {request.action!r}.",
                "",
                "Write it as in a policy, for example 's3:GetObject'.",
            )
        self.request = request
        self.action_lower = request.action.lower()
        self.resource = request.resource
        self.fields = split_arn(request.resource)
        self._context: dict[str, tuple[str, ...]] | None = None
        behind = ""
        for key in request.context:
            if key.lower() == "aws:principalarn":
                behind = str(request.context[key])
        self.caller = Caller(request.principal, behind)
        owner = request.resource_account or account_of(request.resource) or self.caller.account
        self.same_account = bool(owner) and owner == self.caller.account

    def found(self, key: str) -> tuple[str, ...] | None:
        """The values of a condition key (lower case), or None where the request lacks it."""
        if self._context is None:
            self._context = {}
            derived = self.caller.keys()
            for name in derived:
                self._context[name] = (derived[name],)
            given = self.request.context
            for name in given:
                self._context[name.lower()] = _texts(given[name])
        return self._context.get(key)

    def single(self, key: str) -> str | None:
        """The value of a key that has exactly one, for use in a policy variable."""
        values = self.found(key)
        return values[0] if values is not None and len(values) == 1 else None


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return tuple([text_of(item) for item in items])
    return (text_of(value),)


def text_of(value: Any) -> str:
    """A value of a policy or a context as the text that AWS compares."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    return str(value)
