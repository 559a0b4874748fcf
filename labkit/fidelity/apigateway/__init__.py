"""REST APIs as AWS has them; what answers at their addresses is labkit.runtime.gateway's.

snapshot      an API as it was when it was deployed
deployments   what a deployment keeps, and the stages that lead to it
settings      what is refused, and what moto loses of what it is given
patches       the updates that moto does not have
imports       APIs made of OpenAPI documents, which openapi reads
ledger        what is served, and what else there is to say

Nothing here loads moto before it is asked for: the front door and the ledger read this first.
"""

from __future__ import annotations

from typing import Any

from labkit.facts import fact
from labkit.fidelity.apigateway import deployments, imports, ledger, patches, settings
from labkit.sandbox.sandbox import Sandbox

__all__ = ["deployments", "imports", "ledger", "patches", "settings"]


def replace_models(sandbox: Sandbox) -> None:
    """Know the addresses that moto lacks; begin settings with the account's limits until it closes.

    What is asked for at those addresses, labkit.runtime.gateway does.
    """
    from moto.apigateway import urls
    from moto.apigateway.models import Stage
    from moto.apigateway.responses import APIGatewayResponse

    for kept in ("data", "authorizers"):
        urls.url_paths.setdefault(
            "{0}/restapis/(?P<function_id>[^/]+)/stages/(?P<stage_name>[^/]+)/cache/" + kept + "$",
            APIGatewayResponse.dispatch,
        )
    model: Any = Stage
    original = model._get_default_method_settings

    def put_back() -> None:
        model._get_default_method_settings = original

    def defaults(self: Any) -> dict[str, Any]:
        limits = {
            "throttlingRateLimit": float(fact("apigateway.rate_default_per_s")),
            "throttlingBurstLimit": int(fact("apigateway.burst_default")),
        }
        return {**original(self), **limits}

    sandbox.on_close(put_back)
    model._get_default_method_settings = defaults
