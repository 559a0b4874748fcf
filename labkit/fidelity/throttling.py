"""Each service has its own way to say that it cannot serve a request now: a code, words, a status.

    S3       SlowDown, 503                      SQS      RequestThrottled, 403
    EC2      RequestLimitExceeded, 503          Lambda   TooManyRequestsException, 429
    reads and writes of DynamoDB and Kinesis    ProvisionedThroughputExceededException, 400
    the rest                                    what the operation's model lists, else Throttling
                                                (query) or ThrottlingException (JSON), 400

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html

The words of SQS, EC2 and KMS are quoted from issues of the SDKs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from labkit.sandbox.awserror import AwsError


class Refusal(NamedTuple):
    """What goes out instead of an answer."""

    code: str
    words: str
    status: int

    def error(self) -> AwsError:
        """The refusal as an error to be raised on the server's side."""
        from moto.core.errors import COMMON_ERROR_CODES

        if self.code not in COMMON_ERROR_CODES:  # or moto warns of a code that no model lists
            COMMON_ERROR_CODES.append(self.code)
        return AwsError(*self)


_THROTTLES = {
    "s3": Refusal("SlowDown", "Please reduce your request rate.", 503),
    "ec2": Refusal("RequestLimitExceeded", "Request limit exceeded.", 503),
    "sqs": Refusal("RequestThrottled", "Request is throttled.", 403),
    "lambda": Refusal("TooManyRequestsException", "Rate Exceeded.", 429),
    "kms": Refusal(
        "ThrottlingException",
        "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
        400,
    ),
}
_MODELLED = (  # by preference: the first that the operation lists
    "ProvisionedThroughputExceededException",
    "TooManyRequestsException",
    "ThrottlingException",
    "ThrottledException",
)
_TABLE_TOO_FAST = (
    "The level of configured provisioned throughput for the table was exceeded. Consider "
    "increasing your provisioning level with the UpdateTable API."
)
# Codes that are the same everywhere, or are S3's, whose model lists none of them.
_COMMON = {
    refusal.code: refusal
    for refusal in (
        Refusal("InternalError", "We encountered an internal error. Please try again.", 500),
        Refusal("InternalFailure", "The request processing has failed.", 500),
        Refusal("ServiceUnavailable", "Service is unable to handle request.", 503),
        Refusal("SlowDown", "Please reduce your request rate.", 503),
        Refusal("AccessDenied", "Access Denied", 403),
    )
}


def operations_of(service: str) -> list[str]:
    """The operations of a service as AWS names them; none of a service that boto3 lacks."""
    from botocore.exceptions import UnknownServiceError

    try:
        return list(_model(service).operation_names)
    except UnknownServiceError:
        return []


def throttle_of(service: str, operation: str) -> Refusal:
    """How `service` throttles a request for `operation`."""
    if service in _THROTTLES:
        return _THROTTLES[service]
    model = _model(service)
    listed = {shape.name: shape for shape in model.operation_model(operation).error_shapes}
    for name in _MODELLED:
        if name in listed:
            table = service == "dynamodb" and name == _MODELLED[0]
            return _modelled(listed[name], _TABLE_TOO_FAST if table else "Rate exceeded")
    xml = model.protocol in ("query", "rest-xml") or "awsQueryCompatible" in model.metadata
    return Refusal("Throttling" if xml else "ThrottlingException", "Rate exceeded", 400)


def refusal_of(service: str, operation: str, code: str) -> Refusal:
    """The refusal of that code; its words are the code itself where AWS has none for all cases."""
    throttle = throttle_of(service, operation)
    if code == throttle.code:
        return throttle
    if code in _COMMON:
        return _COMMON[code]
    for shape in _model(service).error_shapes:
        if code in (shape.name, shape.metadata.get("error", {}).get("code")):
            return _modelled(shape, code)
    return Refusal(code, code, 400)


def _modelled(shape: Any, words: str) -> Refusal:
    error = shape.metadata.get("error", {})
    fault = shape._shape_model.get("fault")  # the server's, which botocore does not pass on
    status = error.get("httpStatusCode", 500 if fault else 400)
    return Refusal(error.get("code", shape.name), words, status)


def _model(service: str) -> Any:
    from moto.core.utils import get_service_model

    return get_service_model(service)
