"""Request validators: required parameters, and a body that fits its model.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
"""

from __future__ import annotations

import json
from typing import Any

from labkit.fidelity.apigateway.snapshot import Snapshot
from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.mapping import media_type, of_request
from labkit.runtime.gateway.refusals import Refused


def validate(call: Call, method: Any, api: Snapshot) -> None:
    """Refuse a request that the method's validator does not let pass."""
    validator = api.validators.get(method.request_validator_id or "")
    if validator is None:
        return
    if validator.validate_request_parameters:
        _parameters(call, method)
    if validator.validate_request_body:
        _body(call, method, api)


def _parameters(call: Call, method: Any) -> None:
    required = [name for name, needed in (method.request_parameters or {}).items() if needed]
    missing = [name.split(".", 3)[3] for name in required if not of_request(call, name)]
    if missing:
        sentence = f"Missing required request parameters: [{', '.join(missing)}]"
        raise Refused("BAD_REQUEST_PARAMETERS", sentence)


def _body(call: Call, method: Any, api: Snapshot) -> None:
    models = method.request_models or {}
    name = models.get(media_type(call.incoming.headers)) or models.get("$default")
    model = api.models.get(name or "")
    if model is None:
        return  # a body of another media type is not validated
    try:
        document = json.loads(call.text())
    except ValueError as error:
        raise Refused("BAD_REQUEST_BODY", why=f"The body is no JSON: {error}") from error
    wrong = _first_error(document, json.loads(model.schema), api)
    if wrong:
        raise Refused("BAD_REQUEST_BODY", why=wrong)


def _first_error(document: Any, schema: Any, api: Snapshot) -> str:
    """Why a document does not fit a schema of draft 4; empty if it does."""
    from jsonschema import Draft4Validator
    from jsonschema.exceptions import best_match
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT4

    def other_model(uri: str) -> Resource[Any]:
        """`$ref` to another model of the API names it at the end of an address."""
        known = api.models.get(uri.rsplit("/", 1)[-1])
        return Resource.from_contents(
            json.loads(known.schema) if known is not None else {}, default_specification=DRAFT4
        )

    registry: Registry[Any] = Registry(retrieve=other_model)  # type: ignore[call-arg]
    error = best_match(Draft4Validator(schema, registry=registry).iter_errors(document))
    return "" if error is None else f"[{error.message}]"
