"""How many events Lambda handles at once, and whom it turns away.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.facts import fact
from labkit.runtime.targets import Target

if TYPE_CHECKING:
    from labkit.runtime.environments.pool import Pool

OF_THE_FUNCTION = "ReservedFunctionConcurrentInvocationLimitExceeded"
OF_THE_ACCOUNT = "ConcurrentInvocationLimitExceeded"


def reason_to_throttle(pool: Pool, target: Target) -> str | None:
    """Why an event cannot be handled now; None if it can.

    A function with reserved concurrency has that and no more; the others share what is left of
    the account's.
    """
    reserved = _reserved(target.function)
    if reserved is not None:
        return OF_THE_FUNCTION if pool.at_work(target.name) >= reserved else None
    others = _reserved_by_all(target.function)
    left = int(fact("lambda.account_concurrency_default")) - sum(others.values())
    shared = pool.at_work() - sum(pool.at_work(name) for name in others)
    return OF_THE_ACCOUNT if shared >= left else None


def is_reserved_away(target: Target) -> bool:
    """Whether the function's reserved concurrency is zero: nothing will be handled."""
    return _reserved(target.function) == 0


def _reserved(function: Any) -> int | None:
    """The reserved concurrency of a function, which all its versions share."""
    latest = _backend(function).get_function(function.function_name)
    value = latest.reserved_concurrency
    return None if value is None else int(value)


def _reserved_by_all(function: Any) -> dict[str, int]:
    """What the functions of an account and Region have reserved, by name."""
    return {
        one.function_name: int(one.reserved_concurrency)
        for one in _backend(function).list_functions()
        if one.reserved_concurrency is not None
    }


def _backend(function: Any) -> Any:
    from moto.awslambda.models import lambda_backends

    return lambda_backends[function.account_id][function.region]
