"""HTTP endpoints behind a method: on this machine, or what the sandbox itself answers.

The guard lets nothing else through; AWS would ask the endpoint, wherever it is.
"""

from __future__ import annotations

from labkit.runtime.gateway.messages import Headers, Outgoing, Pairs
from labkit.runtime.gateway.refusals import Refused
from labkit.sandbox.guard import NetworkRefused
from labkit.sandbox.turn import Turn

_PATIENCE_S = 5  # of real time
_NOT_PASSED_ON = {"host", "connection", "content-length", "accept-encoding", "transfer-encoding"}


def ask(turn: Turn, method: str, url: str, headers: Pairs, body: bytes) -> Outgoing:
    """What an endpoint answers; the turn is lent meanwhile, as it may ask the sandbox too."""
    import urllib3

    fields = urllib3.HTTPHeaderDict()
    for name, value in headers:
        if name.lower() not in _NOT_PASSED_ON:
            fields.add(name, value)
    try:
        with turn.lent(), urllib3.PoolManager(retries=False, timeout=_PATIENCE_S) as pool:
            got = pool.request(method, url, headers=fields, body=body or None, redirect=False)
    except NetworkRefused as refused:
        raise Refused(
            "INTEGRATION_FAILURE",
            why=f"The endpoint {url} is not on this machine, and labkit asks no other: "
            f"no request went to {refused.host}. AWS would have asked it.",
        ) from None
    except urllib3.exceptions.TimeoutError as slow:
        raise Refused(
            "INTEGRATION_TIMEOUT", why=f"{url} did not answer in {_PATIENCE_S} real seconds."
        ) from slow
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise Refused("INTEGRATION_FAILURE", why=f"{url} did not answer: {error}") from error
    kept = [pair for pair in got.headers.items() if pair[0].lower() not in _NOT_PASSED_ON]
    return Outgoing(got.status, Headers(kept), got.data)
