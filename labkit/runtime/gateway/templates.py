"""Mapping templates: VTL, with what API Gateway lets a template see.

$input            the body and the parameters
$context          who, when, which
$stageVariables   the stage's
$util             escaping, Base64, JSON

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.jsonpath import look_up
from labkit.runtime.gateway.messages import single
from labkit.runtime.gateway.refusals import Refused
from labkit.runtime.gateway.velocity import JavaMap, as_java, as_json

_ESCAPED = {"'": "\\'", "/": "\\/"}


class Input:
    """`$input`: the body, and what the request says besides."""

    def __init__(self, call: Call, body: str) -> None:
        self.body = body
        self._call = call
        self._document: Any = None
        self._parsed = False

    def _json(self) -> Any:
        if not self._parsed:
            self._parsed = True
            try:
                self._document = json.loads(self.body) if self.body.strip() else {}
            except ValueError:
                self._document = self.body
        return self._document

    def path(self, path: str) -> Any:
        """What lies at a JSONPath, to work with."""
        return as_java(look_up(self._json(), path))

    def json(self, path: str) -> str:
        """What lies at a JSONPath, as JSON."""
        found = look_up(self._json(), path)
        return '""' if found is None else as_json(found)

    def params(self, name: str | None = None) -> Any:
        """A parameter from the path, the query or the headers, in that order; or all of them."""
        kinds = {
            "path": dict(self._call.path_parameters),
            "querystring": single(self._call.incoming.query_pairs),
            "header": single(self._call.headers()),
        }
        if name is None:
            return as_java(kinds)
        if name in kinds and name not in kinds["querystring"]:
            return as_java(kinds[name])
        for values in kinds.values():
            if name in values:
                return values[name]
        return self._call.incoming.headers.get(name) or ""


class Util:
    """`$util`: what a template needs to write JSON and addresses."""

    def escapeJavaScript(self, text: Any) -> str:  # noqa: N802 - as templates call it
        """A text made fit to stand in a string of JavaScript."""
        escaped = json.dumps(str(text))[1:-1]
        return "".join(_ESCAPED.get(one, one) for one in escaped)

    def parseJson(self, text: Any) -> Any:  # noqa: N802
        """A JSON text as an object."""
        return as_java(json.loads(str(text)))

    def urlEncode(self, text: Any) -> str:  # noqa: N802
        """A text made fit for an address."""
        return quote_plus(str(text))

    def urlDecode(self, text: Any) -> str:  # noqa: N802
        """The text that was made fit for an address."""
        return unquote_plus(str(text))

    def base64Encode(self, text: Any) -> str:  # noqa: N802
        """A text in Base64."""
        return base64.b64encode(str(text).encode()).decode()

    def base64Decode(self, text: Any) -> str:  # noqa: N802
        """The text behind some Base64."""
        return base64.b64decode(str(text)).decode("utf-8", "replace")


class Overrides:
    """What a template has set in `$context.requestOverride` or `responseOverride`."""

    def __init__(self) -> None:
        self.context: dict[str, Any] = {}

    @property
    def status(self) -> int | None:
        """The status that a response's template wants."""
        wish = self.context.get("responseOverride", {}).get("status")
        return None if wish in (None, "") else int(wish)

    @property
    def headers(self) -> dict[str, str]:
        """The headers that a response's template wants."""
        found = self.context.get("responseOverride", {}).get("header", {})
        return {str(name): str(value) for name, value in found.items()}


def render(template: str, call: Call, body: str, overrides: Overrides | None = None) -> str:
    """A template's text, filled in for a request (or its response) with that body."""
    import airspeed  # type: ignore[import-untyped]

    context = as_java(call.context())
    for name in ("requestOverride", "responseOverride"):
        context[name] = JavaMap(
            header=JavaMap(), path=JavaMap(), querystring=JavaMap(), status=None
        )
    if overrides is not None:
        overrides.context = context
    known = {
        "input": Input(call, body),
        "context": context,
        "stageVariables": as_java(dict(call.stage_variables)),
        "util": Util(),
    }
    try:
        return str(_compiled(template).merge(known))
    except (airspeed.TemplateError, ValueError, TypeError, KeyError) as error:
        raise Refused(
            "API_CONFIGURATION_ERROR", why=f"A mapping template failed: {error}"
        ) from error


@lru_cache(maxsize=256)
def _compiled(text: str) -> Any:
    import airspeed

    template = airspeed.Template(text)
    template.ensure_compiled()
    _silence(template.root_element, airspeed.FormalReference)
    return template


def _silence(element: Any, reference: type) -> None:
    """Let a reference that leads nowhere say nothing, as API Gateway has it, not its own text."""
    if isinstance(element, reference):
        vars(element)["silent"] = "!"
    inner = element if isinstance(element, list | tuple) else vars(element).values()
    for one in inner:
        if isinstance(one, list | tuple) or type(one).__module__ == reference.__module__:
            _silence(one, reference)
