"""A sound question of each kind, to be spoilt in one respect."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

Entry = dict[str, Any]

CHOICE: Entry = {
    "id": "sqs-two-workers",
    "claims": ["sqs-visibility"],
    "domain": "development",
    "kind": "choice",
    "stem": "Worker A holds the only order of a queue.\n\nWhat does worker B get when it asks?",
    "options": [
        {
            "id": id,
            "text": f"Worker B gets {id}.",
            "correct": id == "nothing",
            "why": "A receive hides a message from every other receive.",
        }
        for id in ("nothing", "an-error", "a-copy", "the-order")
    ],
}

NUMBER: Entry = {
    "id": "sqs-seconds",
    "claims": ["sqs-visibility"],
    "domain": "development",
    "kind": "number",
    "stem": "After how many seconds can the order be received again?",
    "answer": 30,
    "unit": "seconds",
    "tolerance": 1,
    "why": "That is how long a receive hides a message.",
    "slips": [{"value": 60, "why": "That is twice as long as the message is hidden."}],
    "proof": "print(15 + 15)\n",
}


@pytest.fixture
def choice() -> Callable[..., Entry]:
    """Makes a sound choice question with some of its fields replaced."""
    return lambda **fields: copy.deepcopy(CHOICE) | fields


@pytest.fixture
def number() -> Callable[..., Entry]:
    """Makes a sound number question with some of its fields replaced."""
    return lambda **fields: copy.deepcopy(NUMBER) | fields
