"""Policies compile once: a text, or a dict unchanged since, that was seen is not read again."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from labkit.policy.document import Policy, compile_policy

if TYPE_CHECKING:
    from typing import Any

_KEPT = 512
_dicts: dict[int, tuple[Any, Any, Policy]] = {}
_texts: dict[str, Policy] = {}


def compiled(policy: Any) -> Policy:
    """The policy compiled; PolicyError if AWS would refuse it."""
    if isinstance(policy, Policy):
        return policy
    return _of_text(policy) if isinstance(policy, str) else _of_dict(policy)


def _of_text(text: str) -> Policy:
    if text not in _texts:
        if len(_texts) >= _KEPT:
            _texts.clear()
        _texts[text] = compile_policy(text)
    return _texts[text]


def _of_dict(policy: Any) -> Policy:
    """Holding the dict keeps its id its own; the copy tells of changes."""
    known = _dicts.get(id(policy))
    if known is not None and known[1] == policy:
        return known[2]
    ready = compile_policy(policy)
    if len(_dicts) >= _KEPT:
        _dicts.clear()
    _dicts[id(policy)] = (policy, deepcopy(policy), ready)
    return ready
