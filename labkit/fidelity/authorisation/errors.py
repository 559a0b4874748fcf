"""A refusal of credentials is worded by each protocol in its own way.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from __future__ import annotations

from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_INVALID = "The security token included in the request is invalid."
_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details."
)
_EC2 = "AWS was not able to validate the provided access credentials"

# For each way in which credentials fail: how S3, EC2, the query services and those that speak
# JSON say so, as (code, sentence, status).
_REFUSALS: dict[str, dict[str, tuple[str, str, int]]] = {
    "unknown key": {
        "s3": (
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
            403,
        ),
        "ec2": ("AuthFailure", _EC2, 401),
        "query": ("InvalidClientTokenId", _INVALID, 403),
        "json": ("UnrecognizedClientException", _INVALID, 400),
    },
    "wrong token": {
        "s3": ("InvalidToken", "The provided token is malformed or otherwise invalid.", 400),
        "ec2": ("AuthFailure", _EC2, 401),
        "query": ("InvalidClientTokenId", _INVALID, 403),
        "json": ("UnrecognizedClientException", _INVALID, 400),
    },
    "expired": {
        "s3": ("ExpiredToken", "The provided token has expired.", 400),
        "ec2": ("RequestExpired", "Request has expired.", 400),
        "query": ("ExpiredToken", "The security token included in the request is expired", 403),
        "json": (
            "ExpiredTokenException",
            "The security token included in the request is expired",
            400,
        ),
    },
    "wrong signature": {
        "s3": (
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. "
            "Check your key and signing method.",
            403,
        ),
        "ec2": ("AuthFailure", _EC2, 401),
        "query": ("SignatureDoesNotMatch", _SIGNATURE, 403),
        "json": ("InvalidSignatureException", _SIGNATURE, 400),
    },
    "unsigned": {
        "s3": ("AccessDenied", "Access Denied", 403),
        "ec2": ("MissingParameter", "The request must contain the parameter AWSAccessKeyId", 400),
        "query": ("MissingAuthenticationToken", "Request is missing Authentication Token", 403),
        "json": ("MissingAuthenticationTokenException", "Missing Authentication Token", 400),
    },
}


def family(exchange: Exchange) -> str:
    """How a service words its refusals: s3, ec2, query or json."""
    from moto.core.utils import get_service_model

    if exchange.service in ("s3", "ec2"):
        return exchange.service
    model = get_service_model(exchange.service)
    if model.protocol in ("query", "rest-xml") or "awsQueryCompatible" in model.metadata:
        return "query"
    return "json"


def refusal(exchange: Exchange, why: str) -> AwsError:
    """The error that refuses the credentials of a request for the reason `why`."""
    code, sentence, status = _REFUSALS[why][family(exchange)]
    return AwsError(code, sentence, status)
