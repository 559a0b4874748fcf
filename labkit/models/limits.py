"""A parameter of a model stays within the range that AWS, or the model, allows."""

from __future__ import annotations

from labkit.errors import UsageError


def within(name: str, value: float, minimum: float, maximum: float) -> None:
    """Nothing happens when `value` is `minimum` to `maximum`, both included.

    Raises UsageError, with the name, the range and the value found, when it is not.
    """
    if not minimum <= value <= maximum:
        raise UsageError(
            f"{name} must be {minimum} to {maximum}, got {value}.",
            next_step="Choose a value within that range.",
        )
