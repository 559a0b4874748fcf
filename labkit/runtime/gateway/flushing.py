"""A stage's cache is emptied on request, and what its authorizers said is forgotten."""

from __future__ import annotations

from labkit import runtime
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Reply

_API = "https://docs.aws.amazon.com/apigateway/latest/api/API_"


@rule(
    "apigateway",
    "FlushStageCache",
    when="instead",
    follows=_API + "FlushStageCache.html",
    corrects="moto has no such operation",
)
def a_stage_s_cache_can_be_flushed(exchange: Exchange) -> Reply:
    """FlushStageCache empties a stage's cache.

    The next requests go to what is behind.
    """
    asked = exchange.params
    runtime.running().gateway.answers.forget(asked["restApiId"], asked["stageName"])
    return 202, {}, ""


@rule(
    "apigateway",
    "FlushStageAuthorizersCache",
    when="instead",
    follows=_API + "FlushStageAuthorizersCache.html",
    corrects="moto has no such operation",
)
def what_authorizers_said_can_be_forgotten(exchange: Exchange) -> Reply:
    """FlushStageAuthorizersCache forgets what a stage's authorizers said.

    They are asked again.
    """
    asked, gateway = exchange.params, runtime.running().gateway
    gateway.opinions.forget(asked["restApiId"], asked["stageName"])
    return 202, {}, ""
