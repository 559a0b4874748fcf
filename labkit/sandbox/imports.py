"""A module can be prepared at the moment it is imported, without importing it first.

The guard must wrap botocore, and the sandbox must turn moto's clock, but neither may load them:
`import labkit` stays light. So a finder at the front of `sys.meta_path` waits for the names
that someone watches.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from types import ModuleType
from typing import Any

# What surrounds the loading of a module: code before its `yield` runs before the module's own
# code, code after it runs when the module is complete.
Loading = Callable[[ModuleType], AbstractContextManager[None]]

_watched: list[tuple[str, Loading]] = []


def watch(name: str, loading: Loading) -> None:
    """Surround the loading of `name` and of its submodules with `loading`.

    Modules that are loaded already go through it at once.
    """
    _watched.append((name, loading))
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    for loaded, module in sorted(sys.modules.items()):
        if _covers(name, loaded) and module is not None:
            with loading(module):
                pass


def _covers(watched: str, name: str) -> bool:
    return name == watched or name.startswith(watched + ".")


class _Finder:
    """Finds what the other finders find, and hangs the watchers on its loader."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        loadings = [loading for watched, loading in _watched if _covers(watched, name)]
        if not loadings:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    _surround(spec.loader, loadings)
                return spec
        return None


def _surround(loader: Any, loadings: list[Loading]) -> None:
    """Make this loader, which serves one module, run `loadings` around the module's code."""
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        with ExitStack() as stack:
            for loading in loadings:
                stack.enter_context(loading(module))
            execute(module)

    loader.exec_module = exec_module
