"""AWS for developers, hands on: labs against a sandbox that behaves like AWS.

Importing labkit arms the guard: from then on no call from this process can reach AWS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.sandbox import guard

if TYPE_CHECKING:
    from labkit.lab import Lab

__all__ = ["explore", "start"]
__version__ = "0.1.0"

guard.arm()


def start(slug: str) -> Lab:
    """Open the lab of `slug` in a fresh sandbox, closing an earlier one."""
    from labkit.lab import start as start_lab

    return start_lab(slug)


def explore(slug: str, **values: Any) -> Any:
    """Show the explorable of `slug` with its controls; `values` set where they begin."""
    from labkit.widgets.explore import explore as show

    return show(slug, **values)
