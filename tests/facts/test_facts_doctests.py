"""The examples in the docstrings of facts hold."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["labkit.facts", "labkit.facts.spell", "labkit.facts.typed"])
def test_the_examples_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))

    assert result.attempted > 0
    assert result.failed == 0
