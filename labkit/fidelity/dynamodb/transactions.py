"""All or nothing: how many items, and what a token is good for."""

from __future__ import annotations

from labkit.fidelity.dynamodb.common import API, backend_of, limit, refused
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params


@rule(
    "dynamodb",
    "TransactWriteItems",
    when="instead",
    follows=API + "TransactWriteItems.html",
    corrects="moto carries it out again",
)
def a_transaction_with_the_same_token_is_done_once(exchange: Exchange) -> Params | None:
    """A transaction that is sent again with its token succeeds and changes nothing.

    For ten minutes; with other parameters the answer is IdempotentParameterMismatchException.
    """
    backend, token = backend_of(exchange), exchange.params.get("ClientRequestToken")
    if not token or not backend.token_is_fresh(token):
        return None
    if backend.done[token][1] != exchange.params["TransactItems"]:
        raise AwsError(
            "IdempotentParameterMismatchException",
            "Provided idempotency token was already used with different request parameters",
        )
    return {}


@rule(
    "dynamodb",
    "TransactWriteItems",
    when="after",
    follows=API + "TransactWriteItems.html",
    corrects="moto forgets the token",
)
def a_token_is_for_one_transaction(exchange: Exchange, answer: Params) -> None:
    """A token cannot be used for another transaction meanwhile.

    IdempotentParameterMismatchException.
    """
    token = exchange.params.get("ClientRequestToken")
    backend = backend_of(exchange)
    if token and not backend.token_is_fresh(token):
        backend.done[token] = (exchange.at, exchange.params["TransactItems"])


@rule(
    "dynamodb",
    "TransactGetItems",
    "TransactWriteItems",
    when="before",
    follows=API + "TransactGetItems.html",
    corrects="moto reads 25 items at most",
)
def a_transaction_has_a_limited_number_of_items(exchange: Exchange) -> None:
    """A transaction reads or writes 100 items at most.

    ValidationException: Member must have length less than or equal to 100.
    """
    most = limit("transaction_max_items")
    if len(exchange.params["TransactItems"]) > most:
        raise refused(
            "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: "
            f"Member must have length less than or equal to {most}"
        )
