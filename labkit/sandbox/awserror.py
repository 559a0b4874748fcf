"""An error as AWS sends it, in whatever protocol the request came."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class AwsError(ServiceException):
    """Raised on the server's side, it reaches boto3 as a ClientError with this code and message.

    A code that the service's own model lists (as `QueueDoesNotExist`) brings its HTTP status
    along; others are sent with `status`, or 400. S3 says more than code and message:
    `details` are the further elements of its answer, as `Expires="2026-01-05T09:01:00Z"`.
    """

    def __init__(
        self, code: str, message: str, status: int | None = None, **details: object
    ) -> None:
        super().__init__(code, message)
        self.status = status
        self.details = details
