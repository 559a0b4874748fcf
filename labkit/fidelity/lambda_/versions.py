"""Versions and aliases, and how many events at once they may handle."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.lambda_.common import API, GUIDE, backend, constraint, invalid, limit
from labkit.fidelity.registry import differs, rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange


@rule(
    "lambda",
    "CreateAlias",
    "UpdateAlias",
    when="before",
    follows=GUIDE + "configuring-alias-routing.html",
    corrects="moto lets an alias split its traffic with $LATEST",
)
def an_alias_splits_its_traffic_between_published_versions(exchange: Exchange) -> None:
    """An alias splits its traffic between two published versions.

    InvalidParameterValueException where one of them is $LATEST, where they are the same, or of two
    roles; ValidationException for a weight that is not from 0 to 1 (messages: unverified).
    """
    asked, known = exchange.params, backend(exchange)
    weights = (asked.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    if not weights:
        return
    name = str(asked["FunctionName"])
    main = (
        asked.get("FunctionVersion") or known.get_alias(str(asked["Name"]), name).function_version
    )
    if main == "$LATEST" or "$LATEST" in weights:
        raise invalid("$LATEST is not supported for an alias pointing to more than 1 version")
    if len(weights) > 1:
        raise invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
    ((second, weight),) = weights.items()
    if not 0 <= float(weight) <= 1:
        rule_ = "Map value must satisfy constraint: [Member must have value less than or equal to 1"
        rule_ += ", Member must have value greater than or equal to 0]"
        raise constraint(weights, "routingConfig.additionalVersionWeights", rule_)
    one, two = known.get_function(name, main), known.get_function(name, second)
    if second == main:
        raise invalid(f"The second version of an alias must be another one than its first: {main}")
    if one.role != two.role:
        raise invalid("Two versions behind one alias must have the same execution role.")


@rule(
    "lambda",
    "CreateAlias",
    when="before",
    follows=API + "CreateAlias.html",
    corrects="moto calls the error ConflictException, which the service model does not know",
)
def an_alias_is_there_once(exchange: Exchange) -> None:
    """A function has an alias of a name once.

    ResourceConflictException, with the ARN.
    """
    asked, known = exchange.params, backend(exchange)
    name, alias = str(asked["FunctionName"]), str(asked.get("Name", ""))
    if alias in [one.name for one in known.list_aliases(name)]:
        arn = f"{known.get_function(name).function_arn}:{alias}"
        raise AwsError("ResourceConflictException", f"Alias already exists: {arn}", 409)


@rule(
    "lambda",
    "CreateAlias",
    when="before",
    follows=API + "CreateAlias.html",
    corrects="moto takes a number as the name of an alias",
)
def an_alias_has_a_name_that_is_no_number(exchange: Exchange) -> None:
    """An alias is not called like a version.

    ValidationException with the pattern.
    """
    name = str(exchange.params.get("Name", ""))
    if name.isdigit():
        rule_ = "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"
        raise constraint(name, "name", rule_)


@rule(
    "lambda",
    "DeleteFunction",
    when="before",
    follows=API + "DeleteFunction.html",
    corrects="moto deletes a version that an alias points to",
)
def a_version_that_an_alias_points_to_stays(exchange: Exchange) -> None:
    """A version is not deleted while an alias leads to it, and $LATEST not by itself.

    ResourceConflictException (message: as seen in 2022); InvalidParameterValueException for $LATEST
    (message: unverified).
    """
    asked, known = exchange.params, backend(exchange)
    qualifier = str(asked.get("Qualifier") or "")
    if qualifier == "$LATEST":
        raise invalid("$LATEST version cannot be deleted without deleting the function.")
    if not qualifier.isdigit():
        return
    name = str(asked["FunctionName"])
    used = [alias.name for alias in known.list_aliases(name) if _leads_to(alias, qualifier)]
    if used:
        raise AwsError(
            "ResourceConflictException",
            "Unable to delete version because the following aliases reference it: "
            f"[{', '.join(used)}]",
            409,
        )


def _leads_to(alias: Any, version: str) -> bool:
    weights = (alias.routing_config or {}).get("AdditionalVersionWeights") or {}
    return str(alias.function_version) == version or version in weights


@rule(
    "lambda",
    "PutFunctionConcurrency",
    when="before",
    follows=API + "PutFunctionConcurrency.html",
    corrects="moto gives away all of the account's concurrency",
)
def a_hundred_executions_stay_unreserved(exchange: Exchange) -> None:
    """Reserved concurrency leaves at least 100 executions for the other functions.

    InvalidParameterValueException, naming the minimum.
    """
    asked, known = exchange.params, backend(exchange)
    function = known.get_function(str(asked["FunctionName"]))
    others = sum(
        int(one.reserved_concurrency or 0)
        for one in known.list_functions()
        if one.function_name != function.function_name
    )
    least = limit("unreserved_concurrency_min")
    wish = int(asked["ReservedConcurrentExecutions"])
    if limit("account_concurrency_default") - others - wish < least:
        raise invalid(
            "Specified ReservedConcurrentExecutions for function decreases account's "
            f"UnreservedConcurrentExecution below its minimum value of [{least}]."
        )


@rule(
    "lambda",
    "AddPermission",
    when="before",
    follows=API + "AddPermission.html",
    corrects="moto adds a second statement of the same id",
)
def a_statement_s_id_is_there_once(exchange: Exchange) -> None:
    """A function's policy has a statement id once.

    ResourceConflictException: The statement id provided already exists.
    """
    asked = exchange.params
    function = backend(exchange).get_function(str(asked["FunctionName"]))
    taken = {statement.get("Sid") for statement in function.policy.statements}
    if asked.get("StatementId") in taken:
        sentence = (
            f"The statement id ({asked['StatementId']}) provided already exists. Please provide a "
            "new statement id, or remove the existing statement."
        )
        raise AwsError("ResourceConflictException", sentence, 409)


@rule(
    "lambda",
    "CreateEventSourceMapping",
    when="before",
    follows=API + "CreateEventSourceMapping.html",
    corrects="moto makes a second mapping, and breaks down at a batch that is too large",
)
def a_mapping_is_there_once_with_a_batch_that_its_source_allows(exchange: Exchange) -> None:
    """A function has one mapping for a source, whose batches are as large as the source allows.

    ResourceConflictException, or InvalidParameterValueException (messages: unverified); a queue's
    visibility timeout must be as long as the function's timeout.
    """
    asked, known = exchange.params, backend(exchange)
    arn = str(asked.get("EventSourceArn", ""))
    function = known.get_function(str(asked["FunctionName"]))
    for mapping in known.list_event_source_mappings(arn, None):
        if mapping.function_arn == function.function_arn:
            raise AwsError(
                "ResourceConflictException",
                f"An event source mapping with event source arn ({arn}) and function "
                f"({function.function_name}) already exists. Please update or delete the existing "
                f"mapping with UUID {mapping.uuid}",
                409,
            )
    most = 10 if arn.endswith(".fifo") else 10_000
    if int(asked.get("BatchSize") or 1) > most:
        rule_ = f"Member must have value less than or equal to {most}"
        raise constraint(asked["BatchSize"], "batchSize", rule_)
    _refuse_a_short_visibility(arn, function)


def _refuse_a_short_visibility(arn: str, function: Any) -> None:
    from moto.sqs.models import sqs_backends

    if ":sqs:" not in arn:
        return
    _, _, _, region, account, name = arn.split(":")
    queue: Any = sqs_backends[account][region].queues.get(name)
    if queue is not None and int(queue.visibility_timeout) < int(function.timeout):
        raise invalid(
            f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than Function "
            f"timeout: {function.timeout} seconds"
        )


differs(
    "lambda",
    "A function that is deleted and made anew has its versions numbered from 1 again.",
    "A version number is never used again, not even then.",
    source=GUIDE + "configuration-versions.html",
)
