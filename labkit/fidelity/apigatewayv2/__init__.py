"""HTTP APIs as AWS has them; what answers at their addresses is labkit.runtime.gateway's.

settings    what moto leaves out
ledger      what else there is to say
"""

from __future__ import annotations

from labkit.fidelity.apigatewayv2 import ledger, settings

__all__ = ["ledger", "settings"]
