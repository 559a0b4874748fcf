"""Provisioned concurrency: environments that are started before anybody asks.

    asked for ──→ IN_PROGRESS ── a minute ──→ READY ── all at work ──→ the rest starts on demand

moto does not have these operations; what AWS documents of them is here in whole.
https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Any

from labkit import runtime
from labkit.facts import fact
from labkit.fidelity.registry import rule
from labkit.runtime.functions import spec_of
from labkit.runtime.targets import LATEST, Target, find
from labkit.sandbox import transport
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params, Reply
from labkit.sandbox.imports import watch

_API = "https://docs.aws.amazon.com/lambda/latest/api/API_"
_GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html"
_TAKES_S = 60  # AWS says that it takes a minute or two


@dataclass
class Config:
    """What was asked for, for one version or alias."""

    target: Target
    wanted: int
    asked_at: datetime
    ready: bool = False

    @property
    def key(self) -> str:
        """The ARN with the version or alias."""
        return self.target.arn

    def told(self) -> Params:
        """As the API tells it."""
        there = self.wanted if self.ready else 0
        at_work = runtime.running().pool.at_work(self.target.name)
        return {
            "RequestedProvisionedConcurrentExecutions": self.wanted,
            "AllocatedProvisionedConcurrentExecutions": there,
            "AvailableProvisionedConcurrentExecutions": max(0, there - at_work),
            "Status": "READY" if self.ready else "IN_PROGRESS",
            "LastModified": f"{self.asked_at:%Y-%m-%dT%H:%M:%S+0000}",
        }

    def start(self) -> None:
        """Start the environments, unless something else has been asked for meanwhile."""
        running = runtime.running()
        if running.provisioned.get(self.key) is self:
            running.pool.warm(spec_of(self.target.function), self.wanted)
            self.ready = True

    def end(self) -> None:
        """Let the environments grow old like any others."""
        runtime.running().pool.release(spec_of(self.target.function))


@rule(
    "lambda",
    "PutProvisionedConcurrencyConfig",
    when="instead",
    follows=_API + "PutProvisionedConcurrencyConfig.html",
    corrects="moto does not have it",
)
def a_version_s_environments_can_be_started_beforehand(exchange: Exchange) -> Params | Reply | None:
    """A version or an alias can have environments that are started beforehand.

    They are READY after a minute or two; an unpublished version is refused.
    """
    if not runtime.is_installed():
        return None
    target = _target(exchange)
    wanted = int(exchange.params["ProvisionedConcurrentExecutions"])
    if target.version == LATEST:
        sentence = "Provisioned Concurrency Configs cannot be applied to unpublished function"
        raise AwsError("InvalidParameterValueException", f"{sentence} versions.", 400)
    _refuse_too_many(target, wanted)
    return _prepare(Config(target, wanted, exchange.at)).told()


def _prepare(config: Config) -> Config:
    """Put a configuration in the place of an earlier one, and have it ready in a while."""
    running = runtime.running()
    earlier = running.provisioned.get(config.key)
    if earlier is not None:
        earlier.end()
    running.provisioned[config.key] = config
    running.agenda.after(_TAKES_S, config.start, recurs=True)
    return config


@rule(
    "lambda",
    "UpdateAlias",
    when="after",
    follows=_GUIDE,
    corrects="moto does not have provisioned concurrency",
)
def provisioned_concurrency_follows_its_alias(exchange: Exchange, answer: Params) -> None:
    """What is provisioned for an alias is started anew for the version that it is moved to.

    IN_PROGRESS for a minute or two; the environments of the earlier version are given up.
    """
    if not runtime.is_installed():
        return
    earlier = runtime.running().provisioned.get(str(answer["AliasArn"]))
    if earlier is None or earlier.target.version == str(answer["FunctionVersion"]):
        return
    function = _version(earlier.target.function, str(answer["FunctionVersion"]))
    target = Target(function, earlier.target.arn, earlier.target.qualifier)
    _prepare(Config(target, earlier.wanted, exchange.at))


@rule(
    "lambda",
    "DeleteFunction",
    when="after",
    follows=_API + "DeleteFunction.html",
    corrects="moto does not have provisioned concurrency",
)
def a_deleted_function_leaves_no_environment_behind(exchange: Exchange, answer: Params) -> None:
    """With a function go its environments, and what was provisioned for it.

    A function that is made anew under its name starts cold.
    """
    del answer
    if not runtime.is_installed() or exchange.params.get("Qualifier"):
        return
    running, name = runtime.running(), str(exchange.params["FunctionName"]).rsplit(":", 1)[-1]
    for key in [key for key, one in running.provisioned.items() if one.target.name == name]:
        del running.provisioned[key]
    running.pool.forget(name)


def _version(function: Any, version: str) -> Any:
    from moto.awslambda.models import lambda_backends

    backend: Any = lambda_backends[function.account_id][function.region]
    return backend.get_function(function.function_name, version)


def _refuse_too_many(target: Target, wanted: int) -> None:
    from moto.awslambda.models import lambda_backends

    function = target.function
    backend: Any = lambda_backends[function.account_id][function.region]
    reserved = backend.get_function(function.function_name).reserved_concurrency
    most = int(fact("lambda.account_concurrency_default"))
    most -= int(fact("lambda.unreserved_concurrency_min"))
    if reserved is not None and wanted > int(reserved):
        sentence = (
            f"Requested Provisioned Concurrency should not be greater than the "
            f"reservedConcurrentExecution for function: {reserved}"
        )
        raise AwsError("InvalidParameterValueException", sentence, 400)
    if wanted > most:
        sentence = f"Specified ConcurrentExecutions for function is greater than account's {most}."
        raise AwsError("InvalidParameterValueException", sentence, 400)


@rule(
    "lambda",
    "GetProvisionedConcurrencyConfig",
    when="instead",
    follows=_API + "GetProvisionedConcurrencyConfig.html",
    corrects="moto does not have it",
)
def provisioned_concurrency_can_be_looked_up(exchange: Exchange) -> Params | None:
    """What is provisioned for a version can be looked up.

    ProvisionedConcurrencyConfigNotFoundException where nothing is.
    """
    return _config(exchange).told() if runtime.is_installed() else None


@rule(
    "lambda",
    "ListProvisionedConcurrencyConfigs",
    when="instead",
    follows=_API + "ListProvisionedConcurrencyConfigs.html",
    corrects="moto does not have it",
)
def provisioned_concurrency_can_be_listed(exchange: Exchange) -> Params | None:
    """What is provisioned for a function can be listed.

    With the version or alias of each.
    """
    if not runtime.is_installed():
        return None
    name = find(exchange.account, exchange.region, str(exchange.params["FunctionName"])).name
    found = [one for one in runtime.running().provisioned.values() if one.target.name == name]
    listed = [{"FunctionArn": one.key, **one.told()} for one in found]
    return {"ProvisionedConcurrencyConfigs": listed}


@rule(
    "lambda",
    "DeleteProvisionedConcurrencyConfig",
    when="instead",
    follows=_API + "DeleteProvisionedConcurrencyConfig.html",
    corrects="moto does not have it",
)
def provisioned_concurrency_can_be_given_back(exchange: Exchange) -> Reply | None:
    """What is provisioned for a version can be given back.

    Status 204.
    """
    if not runtime.is_installed():
        return None
    config = runtime.running().provisioned.pop(_target(exchange).arn, None)
    if config is not None:
        config.end()
    return 204, {}, ""


@rule(
    "lambda",
    "GetAccountSettings",
    when="instead",
    follows=_API + "GetAccountSettings.html",
    corrects="moto does not have it",
)
def an_account_tells_its_limits(exchange: Exchange) -> Params:
    """An account tells how much concurrency it has, and how much of it is unreserved.

    The same, for the account's own limits.
    """
    from moto.awslambda.models import lambda_backends

    functions = list(lambda_backends[exchange.account][exchange.region].list_functions())
    limit = int(fact("lambda.account_concurrency_default"))
    reserved = sum(int(one.reserved_concurrency or 0) for one in functions)
    return {
        "AccountLimit": {
            "CodeSizeUnzipped": int(fact("lambda.unzipped_max_bytes")),
            "ConcurrentExecutions": limit,
            "UnreservedConcurrentExecutions": limit - reserved,
        },
        "AccountUsage": {
            "TotalCodeSize": sum(one.code_size for one in functions),
            "FunctionCount": len(functions),
        },
    }


def _target(exchange: Exchange) -> Target:
    asked = exchange.params
    name, qualifier = str(asked["FunctionName"]), asked.get("Qualifier")
    return find(exchange.account, exchange.region, name, qualifier)


def _config(exchange: Exchange) -> Config:
    config = runtime.running().provisioned.get(_target(exchange).arn)
    if config is None:
        raise AwsError(
            "ProvisionedConcurrencyConfigNotFoundException",
            "No Provisioned Concurrency Config found for this function",
            404,
        )
    return config


@contextmanager
def _with_paths(module: ModuleType) -> Iterator[None]:
    """moto answers at the addresses that it knows only."""
    yield
    paths, serve = vars(module)["url_paths"], vars(module)["LambdaResponse"].dispatch
    of_function = r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)"
    paths[of_function + "/provisioned-concurrency/?$"] = serve
    paths[r"{0}/(?P<api_version>[^/]+)/account-settings/?$"] = serve
    transport.forget_entrances()


watch("moto.awslambda.urls", _with_paths)
