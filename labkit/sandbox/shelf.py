"""All boto3 sessions of the process read AWS's service models off one shelf.

A session loads the model of a service when its first client is made, 90 ms for STS and 250 ms for
EC2, and keeps it for itself. A lab makes a session for each user and each role, and would read
the same files again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

from labkit.sandbox.imports import watch

_installed: list[bool] = []


def install() -> None:
    """Let every new botocore session share its loader; a second call is harmless."""
    if not _installed:
        _installed.append(True)
        watch("botocore.session", _sharing)


@contextmanager
def _sharing(module: ModuleType) -> Iterator[None]:
    yield
    names = vars(module)
    if "create_loader" in names:
        names["create_loader"] = _shared(names["create_loader"])


def _shared(create: Callable[..., Any]) -> Callable[..., Any]:
    @cache
    def create_loader(search_path_string: str | None = None) -> Any:
        loader = create(search_path_string)
        loader._search_paths = _Paths(loader.search_paths)
        return loader

    return create_loader


class _Paths(list[str]):
    """Each boto3 session appends its own folder, which is the same each time."""

    def append(self, path: str) -> None:
        """Add a path that is not there yet."""
        if path not in self:
            super().append(path)
