"""An API made of an OpenAPI document, version 2.0 (Swagger) or 3, with API Gateway's extensions.

    paths                     resources, methods, parameters, models of bodies, responses
    x-amazon-apigateway-…     integrations, authorizers, validators, gateway responses, policy

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

import json
from typing import Any

from labkit.facts import fact
from labkit.fidelity.apigateway.common import bad_request

_X = "x-amazon-apigateway-"
_VERBS = ("get", "put", "post", "delete", "options", "head", "patch", _X + "any-method")
_PLACES = {"query": "querystring", "path": "path", "header": "header"}

Document = dict[str, Any]


def read(text: str) -> Document:
    """The document of a request's body, in JSON or YAML; BadRequestException if it is none."""
    from moto.apigateway.utils import deserialize_body

    try:
        found = deserialize_body(text)
    except Exception as error:
        raise bad_request(f"Unable to parse the API definition: {error}") from error
    version = str(found.get("swagger") or found.get("openapi") or "")
    if not version.startswith(("2.", "3.")) or not isinstance(found.get("paths"), dict):
        raise bad_request("Invalid OpenAPI input.")
    return found


class Builder:
    """Makes the parts of a REST API of moto's out of a document."""

    def __init__(self, backend: Any, api: Any, document: Document) -> None:
        self.backend, self.api, self.document = backend, api, document
        self._authorizers: dict[str, str] = {}
        self._validators: dict[str, str] = {}

    def build(self) -> None:
        """Add to the API whatever the document says."""
        document, api = self.document, self.api
        api.binaryMediaTypes = list(document.get(_X + "binary-media-types") or api.binaryMediaTypes)
        api.api_key_source = document.get(_X + "api-key-source") or api.api_key_source
        if document.get(_X + "policy"):
            api.policy = json.dumps(document[_X + "policy"])
        for name, schema in self._schemas().items():
            api.add_model(name, "", json.dumps(self._led(schema)), "application/json")
        for name, wanted in (document.get(_X + "request-validators") or {}).items():
            made = api.create_request_validator(
                name=name,
                validateRequestBody=bool(wanted.get("validateRequestBody")),
                validateRequestParameters=bool(wanted.get("validateRequestParameters")),
            )
            self._validators[name] = made.id
        for kind, response in (document.get(_X + "gateway-responses") or {}).items():
            api.put_gateway_response(
                kind,
                response.get("statusCode"),
                response.get("responseParameters"),
                response.get("responseTemplates"),
            )
        self._make_authorizers()
        for path, item in document["paths"].items():
            resource = self._resource(path)
            for verb in _VERBS:
                if verb in item:
                    name = "ANY" if verb.startswith(_X) else verb.upper()
                    self._method(resource, name, item[verb], item.get("parameters") or [])

    def _schemas(self) -> Document:
        inside = self.document.get("components") or {}
        return dict(self.document.get("definitions") or inside.get("schemas") or {})

    def _led(self, schema: Any) -> Any:
        """A schema whose references to others lead to the models of the API."""
        if isinstance(schema, list):
            return [self._led(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            name = str(schema["$ref"]).rsplit("/", 1)[-1]
            where = f"https://apigateway.amazonaws.com/restapis/{self.api.id}/models/{name}"
            return {"$ref": where}
        return {name: self._led(one) for name, one in schema.items()}

    def _resource(self, path: str) -> Any:
        """The resource of a path, made with its parents if it is not there."""
        found = {resource.get_path(): resource for resource in self.api.resources.values()}
        here, parent = "", found["/"]
        for part in path.strip("/").split("/") if path.strip("/") else []:
            here += f"/{part}"
            if here not in found:
                found[here] = self.backend.create_resource(self.api.id, parent.id, part)
            parent = found[here]
        return parent

    # ---- authorizers ----

    def _make_authorizers(self) -> None:
        for name, scheme in self._security().items():
            wanted = scheme.get(_X + "authorizer")
            if not wanted:
                continue
            source = wanted.get("identitySource")
            made = self.backend.create_authorizer(
                self.api.id,
                name,
                str(wanted["type"]).upper(),
                provider_arns=wanted.get("providerARNs"),
                authorizer_uri=wanted.get("authorizerUri"),
                authorizer_credentials=wanted.get("authorizerCredentials"),
                identity_source=source or f"method.request.header.{scheme.get('name')}",
                authorizer_result_ttl=wanted.get("authorizerResultTtlInSeconds"),
            )
            made.identity_validation_expression = wanted.get("identityValidationExpression")
            self._authorizers[name] = made.id

    def _security(self) -> dict[str, Document]:
        inside = self.document.get("components") or {}
        named = self.document.get("securityDefinitions") or inside.get("securitySchemes")
        return dict(named or {})

    def _authorization(self, operation: Document) -> Document:
        """How a method is authorized, by the operation's security or that of all."""
        found: Document = {"authorization_type": "NONE", "api_key_required": False}
        schemes = self._security()
        for needed in operation.get("security", self.document.get("security")) or []:
            for name, scopes in needed.items():
                scheme = schemes.get(name) or {}
                if name in self._authorizers:
                    pool = scheme.get(_X + "authtype") == "cognito_user_pools"
                    found["authorization_type"] = "COGNITO_USER_POOLS" if pool else "CUSTOM"
                    found["authorizer_id"] = self._authorizers[name]
                    found["authorization_scopes"] = list(scopes) or None
                elif scheme.get(_X + "authtype") == "awsSigv4":
                    found["authorization_type"] = "AWS_IAM"
                elif str(scheme.get("name", "")).lower() == "x-api-key":
                    found["api_key_required"] = True
        return found

    # ---- methods ----

    def _method(self, resource: Any, verb: str, operation: Document, shared: list[Any]) -> None:
        parameters = [*shared, *(operation.get("parameters") or [])]
        validator = operation.get(_X + "request-validator") or self.document.get(
            _X + "request-validator"
        )
        self.backend.put_method(
            self.api.id,
            resource.id,
            verb,
            request_parameters={
                f"method.request.{_PLACES[one['in']]}.{one['name']}": bool(one.get("required"))
                for one in parameters
                if one.get("in") in _PLACES
            },
            request_models=self._body_models(operation, parameters, resource, verb),
            operation_name=operation.get("operationId"),
            request_validator_id=self._validators.get(validator or ""),
            **self._authorization(operation),
        )
        where = (self.api.id, resource.id, verb)
        for status, response in (operation.get("responses") or {}).items():
            headers = {
                f"method.response.header.{name}": False for name in response.get("headers") or {}
            }
            self.backend.put_method_response(*where, str(status), None, headers)
        if _X + "integration" in operation:
            self._integration(where, operation[_X + "integration"])

    def _body_models(
        self, operation: Document, parameters: list[Document], resource: Any, verb: str
    ) -> dict[str, str]:
        """The model of a body by media type; a schema written in place gets a name."""
        found: dict[str, Any] = {
            kind: one.get("schema")
            for kind, one in ((operation.get("requestBody") or {}).get("content") or {}).items()
        }
        for one in parameters:
            if one.get("in") == "body":
                found["application/json"] = one.get("schema")
        named = {}
        for kind, schema in found.items():
            if not schema:
                continue
            name = str(schema.get("$ref", "")).rsplit("/", 1)[-1] or f"{verb}{resource.id}"
            if "$ref" not in schema:
                self.api.add_model(name, "", json.dumps(self._led(schema)), kind)
            named[kind] = name
        return named

    def _integration(self, where: tuple[str, str, str], wanted: Document) -> None:
        kind = str(wanted.get("type", "")).upper()
        made = self.backend.put_integration(
            *where,
            kind,
            wanted.get("uri") or "",
            wanted.get("httpMethod"),
            credentials=wanted.get("credentials"),
            request_templates=wanted.get("requestTemplates"),
            passthrough_behavior=str(wanted.get("passthroughBehavior", "WHEN_NO_MATCH")).upper(),
            request_parameters=wanted.get("requestParameters"),
            content_handling=wanted.get("contentHandling"),
            connection_type=wanted.get("connectionType"),
        )
        made.cache_key_parameters = list(wanted.get("cacheKeyParameters") or [])
        made.cache_namespace = wanted.get("cacheNamespace") or where[1]
        made.timeout_in_millis = int(
            wanted.get("timeoutInMillis") or fact("apigateway.integration_timeout_default_ms")
        )
        for pattern, response in (wanted.get("responses") or {}).items():
            self.backend.put_integration_response(
                *where,
                str(response.get("statusCode", "200")),
                None if pattern == "default" else pattern,
                dict(response.get("responseTemplates") or {}),
                response.get("responseParameters") or {},
                response.get("contentHandling"),
            )
