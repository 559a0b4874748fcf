"""Policies compile once: a dict seen before, and not changed since, is not read again."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from labkit.policy.document import Policy, compile_policy

if TYPE_CHECKING:
    from typing import Any

_KEPT = 512
_memo: dict[int, tuple[Any, Any, Policy]] = {}


def compiled(policy: Any) -> Policy:
    """The policy compiled. Holding the dict keeps its id its own; the copy tells of changes."""
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, str):
        return compile_policy(policy)
    known = _memo.get(id(policy))
    if known is not None and known[1] == policy:
        return known[2]
    ready = compile_policy(policy)
    if len(_memo) >= _KEPT:
        _memo.clear()
    _memo[id(policy)] = (policy, deepcopy(policy), ready)
    return ready
