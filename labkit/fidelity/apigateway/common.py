"""What the rules of API Gateway share."""

from __future__ import annotations

from typing import Any

from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

API = "https://docs.aws.amazon.com/apigateway/latest/api/API_"
GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"


def bad_request(sentence: str) -> AwsError:
    """BadRequestException with a sentence."""
    return AwsError("BadRequestException", sentence, 400)


def backend_of(exchange: Exchange) -> Any:
    """moto's REST APIs in the account and Region of the request."""
    from moto.apigateway.models import apigateway_backends

    return apigateway_backends[exchange.account][exchange.region]


def api_of(exchange: Exchange) -> Any:
    """The REST API that a request names; moto's NotFoundException if it is not there."""
    return backend_of(exchange).get_rest_api(exchange.params["restApiId"])


def method_of(exchange: Exchange) -> Any:
    """The method that a request names."""
    asked = exchange.params
    resource = backend_of(exchange).get_resource(asked["restApiId"], asked["resourceId"])
    return resource.get_method(asked["httpMethod"])
