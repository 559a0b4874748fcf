"""The mock AWS: one moto session, the guard around it, the virtual clock, determinism, reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]


def __getattr__(name: str) -> Any:
    # `import labkit` needs this package for the guard alone, and must stay light.
    if name == "Sandbox":
        from labkit.sandbox.sandbox import Sandbox

        return Sandbox
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
