"""What moto works out anew for every request, and what never changes, is worked out once."""

from __future__ import annotations

from functools import cache
from typing import Any

_installed: list[bool] = []


def install() -> None:
    """Let moto remember; a second call is harmless."""
    if _installed:
        return
    _installed.append(True)
    from moto.core import base_backend, responses

    # The names of a response class's methods, which it asks for at every request.
    names = vars(responses)
    names["method_names_from_class"] = cache(names["method_names_from_class"])

    # An account's backends are made once; moto looks for them among all of them each time.
    backends: Any = base_backend.BackendDict
    create = backends._create_account_specific_backend

    def create_once(self: Any, account_id: str) -> None:
        if not dict.__contains__(self, account_id):
            create(self, account_id)

    backends._create_account_specific_backend = create_once
