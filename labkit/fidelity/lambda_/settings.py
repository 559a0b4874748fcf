"""What a function may be made of: its settings, its package, its role."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from typing import Any

from labkit.fidelity.authorisation.authoriser import current
from labkit.fidelity.lambda_.common import API, GUIDE, backend, constraint, invalid, limit
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Params

_SETTINGS = ("CreateFunction", "UpdateFunctionConfiguration")
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated
_DEPRECATED = ("python2.7", "python3.6", "python3.7", "python3.8", "nodejs", "dotnetcore", "go1.x")
_LIVE_NODE = ("nodejs20.x", "nodejs22.x", "nodejs24.x", "nodejs26.x")
_RESERVED = (
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
)
_NAME = r"[a-zA-Z][a-zA-Z0-9_]+"


@rule(
    "lambda",
    *_SETTINGS,
    when="before",
    follows=API + "CreateFunction.html",
    corrects="moto takes any number of seconds and megabytes",
)
def a_timeout_and_the_memory_have_a_maximum(exchange: Exchange) -> None:
    """A function's timeout and its memory are no more than Lambda gives.

    ValidationException with the value and the largest that is allowed.
    """
    for name, field, most in (
        ("Timeout", "timeout", limit("timeout_max_s")),
        ("MemorySize", "memorySize", limit("memory_max_mib")),
    ):
        value = exchange.params.get(name)
        if value is not None and int(value) > most:
            rule_ = f"Member must have value less than or equal to {most}"
            raise constraint(value, field, rule_)


@rule(
    "lambda",
    *_SETTINGS,
    when="before",
    follows=GUIDE + "configuration-envvars.html",
    corrects="moto takes any environment",
)
def an_environment_has_a_largest_size_and_names_of_its_own(exchange: Exchange) -> None:
    """Environment variables have names that Lambda does not use itself, and together fit into 4 KB.

    InvalidParameterValueException, naming the reserved names, or the limit (messages: the last is
    as seen in 2024, the others unverified).
    """
    variables = (exchange.params.get("Environment") or {}).get("Variables") or {}
    taken = [name for name in variables if name in _RESERVED]
    if taken:
        raise invalid(
            "Lambda was unable to configure your environment variables because the environment "
            "variables you have provided contains reserved keys that are currently not supported "
            f"for modification. Reserved keys used in this request: {', '.join(taken)}"
        )
    for name in variables:
        if not re.fullmatch(_NAME, name):
            rule_ = (
                "Map keys must satisfy constraint: [Member must satisfy regular expression "
                f"pattern: {_NAME}]"
            )
            raise constraint(variables, "environment.variables", rule_)
    measured = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) > limit("environment_max_bytes"):
        raise invalid(
            "Lambda was unable to configure your environment variables because the environment "
            "variables you have provided exceeded the 4KB limit. String measured: " + measured
        )


@rule(
    "lambda",
    *_SETTINGS,
    when="before",
    follows=GUIDE + "lambda-runtimes.html",
    corrects="moto takes any runtime",
)
def a_runtime_is_one_that_lambda_still_has(exchange: Exchange) -> None:
    """A function has a runtime that is not deprecated.

    InvalidParameterValueException: the runtime parameter is no longer supported (message:
    unverified).
    """
    runtime = exchange.params.get("Runtime")
    if runtime is None:
        return
    old = runtime.startswith(_DEPRECATED) and runtime not in _LIVE_NODE
    if old:
        raise invalid(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating "
            "AWS Lambda functions. We recommend you use a supported runtime while creating or "
            "updating functions."
        )
    if runtime not in _runtimes():
        rule_ = f"Member must satisfy enum value set: [{', '.join(_runtimes())}]"
        raise constraint(runtime, "runtime", rule_)


def _runtimes() -> list[str]:
    from moto.core.utils import get_service_model

    return list(get_service_model("lambda").shape_for("Runtime").enum)


@rule(
    "lambda",
    *_SETTINGS,
    when="before",
    follows=GUIDE + "chapter-layers.html",
    corrects="moto takes any number of layers",
)
def a_function_has_five_layers_at_most(exchange: Exchange) -> None:
    """A function has five layers at most.

    InvalidParameterValueException (message: unverified).
    """
    layers, most = exchange.params.get("Layers") or [], limit("layers_max")
    if len(layers) > most:
        raise invalid(f"Cannot reference more than {most} layers.")


@rule(
    "lambda",
    *_SETTINGS,
    when="before",
    follows=GUIDE + "lambda-intro-execution-role.html",
    corrects="moto takes a role that Lambda may not take on",
)
def a_function_s_role_lets_lambda_in(exchange: Exchange) -> None:
    """A function's role must trust lambda.amazonaws.com.

    InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.
    """
    role = exchange.params.get("Role")
    if role and not current().decide("lambda.amazonaws.com", "sts:AssumeRole", role).allowed:
        raise invalid("The role defined for the function cannot be assumed by Lambda.")


@rule(
    "lambda",
    "CreateFunction",
    "UpdateFunctionCode",
    when="before",
    follows=API + "CreateFunction.html",
    corrects="moto takes any bytes for a package",
)
def a_package_is_a_zip_that_is_not_too_large(exchange: Exchange) -> None:
    """A deployment package is a zip file, and no more than 250 MB unzipped.

    InvalidParameterValueException: Could not unzip uploaded file, or Unzipped size must be smaller.
    """
    code = exchange.params.get("Code") or exchange.params
    given = code.get("ZipFile")
    if given is None:
        return
    data = base64.b64decode(given) if isinstance(given, str) else given
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as zipped:
            size = sum(entry.file_size for entry in zipped.infolist())
    except zipfile.BadZipFile:
        raise invalid(
            "Could not unzip uploaded file. Please check your file, then try to upload again."
        ) from None
    most = limit("unzipped_max_bytes")
    if size > most:
        raise invalid(f"Unzipped size must be smaller than {most} bytes")


@rule(
    "lambda",
    "CreateFunction",
    when="before",
    follows=API + "CreateFunction.html",
    corrects="moto takes any text as a name",
)
def a_function_s_name_has_no_blanks(exchange: Exchange) -> None:
    """A function's name is of letters, digits, hyphens and underscores, 64 at most.

    ValidationException with the pattern (message: shortened).
    """
    name = str(exchange.params.get("FunctionName", "")).rsplit(":", 1)[-1]
    if not re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", name):
        rule_ = "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+"
        raise constraint(name, "functionName", rule_)


# ---- dead letters ----


@rule(
    "lambda",
    *_SETTINGS,
    when="after",
    follows=GUIDE + "invocation-async-retain-records.html",
    corrects="moto forgets the dead-letter queue",
)
def a_function_keeps_its_dead_letter_queue(exchange: Exchange, answer: Params) -> Params | None:
    """A function's dead-letter queue is kept, shown, and used.

    DeadLetterConfig in every answer about the function.
    """
    wish = exchange.params.get("DeadLetterConfig")
    function: Any = backend(exchange).get_function(str(exchange.params["FunctionName"]))
    if wish is not None:
        function.dead_letter_arn = wish.get("TargetArn", "")
    return _with_dead_letters(function, answer)


@rule(
    "lambda",
    "GetFunctionConfiguration",
    when="after",
    follows=API + "GetFunctionConfiguration.html",
    corrects="moto forgets the dead-letter queue",
)
def a_configuration_names_the_dead_letter_queue(
    exchange: Exchange, answer: Params
) -> Params | None:
    """A function's configuration names its dead-letter queue.

    DeadLetterConfig, where there is one.
    """
    asked = exchange.params
    function = backend(exchange).get_function(str(asked["FunctionName"]), asked.get("Qualifier"))
    return _with_dead_letters(function, answer)


def _with_dead_letters(function: Any, answer: Params) -> Params | None:
    arn = getattr(function, "dead_letter_arn", "")
    if not arn:
        return None
    kept = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    return {**kept, "DeadLetterConfig": {"TargetArn": arn}}


@rule(
    "lambda",
    "UpdateFunctionConfiguration",
    "UpdateFunctionCode",
    when="before",
    follows=API + "UpdateFunctionConfiguration.html",
    corrects="moto does not find a version that it would have to refuse",
)
def a_published_version_cannot_be_changed(exchange: Exchange) -> None:
    """A published version keeps its code and settings for ever.

    InvalidParameterValueException (message: unverified).
    """
    name = str(exchange.params.get("FunctionName", ""))
    qualifier = name.rsplit(":", 1)[-1] if name.count(":") in (1, 7) else ""
    if qualifier and qualifier != "$LATEST":
        raise invalid("$LATEST is the only version that can be changed.")
