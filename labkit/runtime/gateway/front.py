"""The front door of one sandbox: every request to a stage or to a function's address.

Requests are served in turn, and kept in `requests` for those who want to see what came.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from labkit.errors import UsageError
from labkit.fidelity.authorisation import authoriser
from labkit.runtime.gateway import addresses, function_urls
from labkit.runtime.gateway.addresses import Place
from labkit.runtime.gateway.authorizers import Said
from labkit.runtime.gateway.cache import Cache
from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.http_api import HttpApis
from labkit.runtime.gateway.limits import Limits
from labkit.runtime.gateway.messages import Incoming, Outgoing, json_answer
from labkit.runtime.gateway.refusals import WHY
from labkit.runtime.gateway.rest import RestApis
from labkit.sandbox import determinism

if TYPE_CHECKING:
    from labkit.sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class Served:
    """A request that came to the front door, and its end; times are virtual.

    `api_id` is the function's URL id where it came to a function's own address. `resource` is
    the path or the route that it met, `why` what stands in the execution log on AWS.
    """

    at: datetime
    ended_at: datetime
    api_id: str
    stage: str
    method: str
    path: str
    status: int
    resource: str = ""
    from_cache: bool = False
    why: str = ""


class Gateway:
    """Serves requests to deployed stages and to functions' own addresses."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.requests: list[Served] = []
        self.limits = Limits()
        self.answers: Cache[Outgoing] = Cache()
        self.opinions: Cache[Said] = Cache()
        turn = sandbox.choke.turn
        self._rest = RestApis(turn, self.limits, self.answers, self.opinions)
        self._http = HttpApis(turn, self.limits, self.opinions)

    def serve(self, place: Place, incoming: Incoming) -> Outgoing | None:
        """The answer to a request; None if nothing is at that place: no name server knows it."""
        with self.sandbox.choke.turn:
            serve = self._find(place, incoming)
            if serve is None:
                return None
            call, handler = serve
            answer: Outgoing = handler()
            self._finish(call, answer)
            return answer

    def _find(self, place: Place, incoming: Incoming) -> Any:
        if place.kind == "lambda-url":
            function = addresses.find_function(place)
            if function is None:
                return None
            call = self._call(place, incoming, function, "$default", place.path)
            return call, lambda: function_urls.serve(call, function)
        found = addresses.find_rest(place)
        if found is not None:
            backend, api = found
            stage, rest = addresses.split_stage(place.path)
            call = self._call(place, incoming, backend, stage, rest)
            return call, lambda: self._rest.serve(call, backend, api)
        found = addresses.find_http(place)
        if found is None:
            return None
        backend, api = found
        stage, rest = addresses.split_stage(place.path)
        if stage not in api.stages or stage == "$default":
            stage, rest = "$default", place.path
        elif place.region == "" and stage == "$default":
            rest = rest or "/"
        call = self._call(place, incoming, backend, stage, rest)
        if api.protocol_type != "HTTP":
            return call, _no_websocket
        return call, lambda: self._http.serve(call, api)

    def _call(self, place: Place, incoming: Incoming, owner: Any, stage: str, path: str) -> Call:
        from moto.moto_api._internal import mock_random

        region = str(getattr(owner, "region_name", "") or owner.region)
        incoming.host = addresses.host_of(place, region)
        with determinism.dispatching():
            request_id = str(mock_random.uuid4())
        digest = base64.b64encode(hashlib.sha256(request_id.encode()).digest()).decode()
        return Call(
            incoming=incoming,
            account=str(owner.account_id),
            region=region,
            api_id=place.id,
            stage=stage,
            path=path,
            at=self.sandbox.clock.now,
            request_id=request_id,
            extended_id=digest.replace("/", "-").replace("+", "_")[:15] + "=",
            source_ip=authoriser.current().source_ip,
        )

    def _finish(self, call: Call, answer: Outgoing) -> None:
        now, incoming = self.sandbox.clock.now, call.incoming
        if incoming.method == "HEAD":
            answer.body = b""
        answer.headers.set("Content-Length", str(len(answer.body)))
        answer.headers.set("Date", f"{now:%a, %d %b %Y %H:%M:%S} GMT")
        answer.headers.set("Connection", "keep-alive")
        self.requests.append(
            Served(
                at=call.at,
                ended_at=now,
                api_id=call.api_id,
                stage=call.stage,
                method=incoming.method,
                path=call.path or "/",
                status=answer.status,
                resource=call.resource_path,
                from_cache=call.found_in_cache,
                why=answer.why or answer.headers.get(WHY) or "",
            )
        )

    def invoke_url(self, api_id: str, stage: str, path: str = "") -> str:
        """Where a stage answers a browser or curl on this machine; UsageError if it is none."""
        place = Place("execute-api", api_id, "", "")
        rest, http = addresses.find_rest(place), addresses.find_http(place)
        found = rest or http
        if found is None:
            raise UsageError(
                f"There is no API {api_id!r}.",
                "An API has the id that CreateRestApi or CreateApi returned.",
                "apigateway.get_rest_apis() and apigatewayv2.get_apis() list them.",
            )
        stages = found[1].stages
        if stage not in stages:
            raise UsageError(
                f"The API {api_id} has no stage {stage!r}.",
                f"It has {', '.join(map(repr, stages)) or 'none: it is not deployed'}.",
                "apigateway.create_deployment(restApiId=..., stageName=...) makes one.",
            )
        parts = [] if http and stage == "$default" else [stage]
        below = "/".join([*parts, path.lstrip("/")] if path else parts)
        return f"{self.sandbox.endpoint_url}/execute-api/{api_id}/{below}"


def _no_websocket() -> Outgoing:
    why = "labkit does not serve WebSocket APIs; on AWS a client would upgrade the connection."
    return json_answer(501, {"message": "Not simulated"}, {WHY: why})
