"""HTTP APIs as AWS has them; what answers at their addresses is labkit.runtime.gateway's.

settings                what moto leaves out
snapshot, deployments   what a stage serves
ledger                  what is served, and what else there is to say

Nothing here loads moto before it is asked for: the front door and the ledger read this first.
"""

from __future__ import annotations

from labkit.fidelity.apigatewayv2 import deployments, ledger, settings
from labkit.sandbox.sandbox import Sandbox

__all__ = ["deployments", "ledger", "settings"]


def replace_models(_: Sandbox) -> None:
    """Know the address that moto lacks."""
    from moto.apigatewayv2 import urls
    from moto.apigatewayv2.responses import ApiGatewayV2Response

    urls.url_paths.setdefault(
        "{0}/v2/apis/(?P<api_id>[^/]+)/deployments$", ApiGatewayV2Response.dispatch
    )
