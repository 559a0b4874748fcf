"""What API Gateway says by itself, when a request does not get to what is behind a method.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from labkit.runtime.gateway.messages import Headers, Outgoing

WHY = "x-labkit-why"  # what stands in the execution log on AWS

# For each type of gateway response: its status, the word in x-amzn-ErrorType, the sentence.
_TYPES: dict[str, tuple[int, str, str | None]] = {
    "ACCESS_DENIED": (403, "AccessDeniedException", "Forbidden"),
    "API_CONFIGURATION_ERROR": (500, "InternalServerErrorException", "Internal server error"),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, "AuthorizerConfigurationException", None),
    "AUTHORIZER_FAILURE": (500, "AuthorizerFailureException", None),
    "BAD_REQUEST_BODY": (400, "BadRequestException", "Invalid request body"),
    "BAD_REQUEST_PARAMETERS": (400, "BadRequestException", "Missing required request parameters"),
    "DEFAULT_4XX": (403, "ForbiddenException", "Forbidden"),
    "DEFAULT_5XX": (500, "InternalServerErrorException", "Internal server error"),
    "EXPIRED_TOKEN": (403, "ExpiredTokenException", "The security token is expired"),
    "INTEGRATION_FAILURE": (
        504,
        "InternalServerErrorException",
        "Network error communicating with endpoint",
    ),
    "INTEGRATION_TIMEOUT": (504, "InternalServerErrorException", "Endpoint request timed out"),
    "INVALID_API_KEY": (403, "ForbiddenException", "Forbidden"),
    "INVALID_SIGNATURE": (403, "InvalidSignatureException", None),
    "MISSING_AUTHENTICATION_TOKEN": (
        403,
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
    ),
    "QUOTA_EXCEEDED": (429, "LimitExceededException", "Limit Exceeded"),
    "RESOURCE_NOT_FOUND": (404, "NotFoundException", "Not Found"),
    "REQUEST_TOO_LARGE": (413, "RequestTooLargeException", "Request Too Long"),
    "THROTTLED": (429, "TooManyRequestsException", "Too Many Requests"),
    "UNAUTHORIZED": (401, "UnauthorizedException", "Unauthorized"),
    "UNSUPPORTED_MEDIA_TYPE": (
        415,
        "UnsupportedMediaTypeException",
        "Unsupported Media Type",
    ),
}
_UNSET = "unset"


class Refused(Exception):
    """API Gateway answers by itself: `kind` is a type of gateway response, `why` for the learner.

    `key` is the member of the answer that holds the sentence: authorization writes it high.
    """

    def __init__(
        self,
        kind: str,
        message: str | None = _UNSET,
        *,
        why: str = "",
        status: int | None = None,
        word: str = "",
        key: str = "message",
    ) -> None:
        usual_status, usual_word, sentence = _TYPES[kind]
        self.kind, self.why, self.key = kind, why, key
        self.status = status or usual_status
        self.word = word or usual_word
        self.message = sentence if message == _UNSET else message
        super().__init__(f"{kind}: {self.message}. {why}")


def answer(
    refused: Refused, customised: Mapping[str, Any], value_of: Callable[[str], Any]
) -> Outgoing:
    """What goes out for a refusal: the API's own gateway response, or AWS's.

    `value_of` tells a variable of `$context`, or of the request.
    """
    status, headers = refused.status, Headers([("Content-Type", "application/json")])
    body = json.dumps({refused.key: refused.message}, separators=(",", ":"))
    general = "DEFAULT_4XX" if refused.status < 500 else "DEFAULT_5XX"
    own = customised.get(refused.kind) or customised.get(general)
    if own is not None:
        status = int(own.status_code or status)
        template = (own.response_templates or {}).get("application/json")
        if template is not None:
            body = _filled(template, refused, value_of)
    headers.set("x-amzn-ErrorType", refused.word)
    for name, expression in ((own.response_parameters or {}) if own is not None else {}).items():
        value = _value(str(expression), value_of)
        if value is not None:
            headers.set(name.removeprefix("gatewayresponse.header."), value)
    if refused.why and refused.status >= 500:
        headers.set(WHY, refused.why)
    return Outgoing(status, headers, body.encode(), refused.why)


def _value(expression: str, value_of: Callable[[str], Any]) -> str | None:
    if expression.startswith("'"):
        return expression.strip("'")
    value = value_of(expression)
    return None if value is None else str(value)


def _filled(template: str, refused: Refused, value_of: Callable[[str], Any]) -> str:
    """A body's template with its variables filled in; it is no VTL.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
    """
    known = {
        "context.error.message": refused.message,
        "context.error.messageString": json.dumps(refused.message),
        "context.error.responseType": refused.kind,
        "context.error.validationErrorString": refused.why,
    }

    def fill(found: re.Match[str]) -> str:
        name = found[1].rstrip(".")
        value = known[name] if name in known else value_of(name)
        return "" if value is None else str(value)

    return re.sub(r"\$\{?((?:context|stageVariables|method)\.[\w.-]+)\}?", fill, template)
