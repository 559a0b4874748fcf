"""The examples in the docstrings of labkit.policy are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import labkit.policy

MODULES = ["labkit.policy"] + [
    f"labkit.policy.{each.name}" for each in pkgutil.iter_modules(labkit.policy.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name):
    results = doctest.testmod(importlib.import_module(name))

    assert results.failed == 0
