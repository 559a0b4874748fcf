"""What a request asks for, and what a reply says, in the words of boto3.

The service models of botocore tell how parameters travel in each protocol; moto has the
parsers that read them on the server's side, botocore those that read the reply.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

Params = dict[str, Any]
Reply = tuple[int, dict[str, Any], Any]

# What tells the address of a bucket's website from that of its REST API.
WEBSITE_HOST = ".s3-website"
# Bodies that stream (an object of S3, a payload of Lambda) are kept in the log up to this size.
KEPT_STREAM_BYTES = 64 * 1024


def identify(handler: Any) -> tuple[str, Params]:
    """The operation that `handler` was asked for, and the parameters that the address holds."""
    if handler.service_name == "s3":
        return _identify_s3(handler)
    return handler._get_action() or "", handler.uri_match


def _identify_s3(handler: Any) -> tuple[str, Params]:
    """S3 by its own rules: the bucket may be in the host, the operation in the query string."""
    request = handler.request
    named: Params = {}
    if handler.bucket_name:
        named["Bucket"] = handler.bucket_name
        key = handler.parse_key_name()
        if key:
            named["Key"] = key
    if WEBSITE_HOST in request.host:
        return f"{request.method} of a website", named
    if request.method == "OPTIONS":
        return "OptionsObject", named
    if request.method == "POST" and "multipart/form-data" in str(request.content_type):
        return "PostObject", named | {"Key": handler.querystring.get("key", [""])[0]}
    for operation, required_args, required_headers in _s3_operations(request.method, len(named)):
        if all(
            name in request.args and value in (None, request.args[name])
            for name, value in required_args
        ) and all(name in request.headers for name in required_headers):
            return operation, named
    return f"{request.method} of S3", named


@cache
def _s3_operations(method: str, depth: int) -> list[tuple[str, list[Any], list[str]]]:
    """S3's operations at `depth` (0: the account, 1: a bucket, 2: an object), pickiest first."""
    found = []
    for name in _service("s3").operation_names:
        operation = _service("s3").operation_model(name)
        http, shape = operation.http_trait, operation.input_shape
        path = operation.http["requestUri"].split("?")[0]
        if operation.http["method"] != method or path.count("{") != depth:
            continue
        if path not in ("/", "/{Bucket}", "/{Bucket}/{Key+}"):
            continue
        args = dict(http.query_args)
        if shape is not None:
            args |= {arg: None for arg in shape.required_query_args if arg not in args}
        headers = shape.required_headers if shape is not None else []
        rank = (-len(args) - len(headers), operation.deprecated, name)
        found.append((rank, (name, list(args.items()), headers)))
    return [entry for _, entry in sorted(found)]


def _service(service: str) -> Any:
    from moto.core.utils import get_service_model

    return get_service_model(service)


def _operation(service: str, operation: str) -> Any:
    from botocore.model import OperationNotFoundError

    try:
        return _service(service).operation_model(operation)
    except OperationNotFoundError:
        return None


def _unwrapped(handler: Any) -> tuple[bytes, Any]:
    """Body and headers without the chunks that boto3 sends an object in.

    The headers are a copy: those of the request hold on to its body and its socket.
    """
    from botocore.awsrequest import HeadersDict

    headers = HeadersDict(
        {name.lower(): value for name, value in handler.normalized_request.headers.items()}
    )
    if "x-amz-decoded-content-length" in headers:
        headers["content-length"] = headers["x-amz-decoded-content-length"]
    if headers.get("content-encoding") == "aws-chunked":
        del headers["content-encoding"]
    return handler.body if handler.use_raw_body else handler.raw_body, headers


@dataclass(frozen=True)
class Source:
    """A request as it came in, small enough to keep, to be parsed when someone asks."""

    service: str
    operation: str
    protocol: str
    size: int  # bytes of the body, without the chunks that boto3 sends it in
    request: dict[str, Any]  # as moto's parsers take it

    @classmethod
    def of(cls, handler: Any, operation: str, url_params: Params) -> Source:
        """Take from `handler` what parsing will need."""
        request = handler.normalized_request
        service = handler.boto3_service_name
        model = _operation(service, operation)
        protocol = handler.determine_response_protocol(_service(service)) if model else ""
        body: bytes = handler.raw_body
        headers: Any = {}
        if protocol.startswith("rest"):  # in the others, parameters travel in the body alone
            body, headers = _unwrapped(handler)
        kept = (
            b"" if model and model.has_streaming_input and len(body) > KEPT_STREAM_BYTES else body
        )
        return cls(
            service,
            operation,
            protocol,
            len(body),
            {
                "method": request.method,
                "values": request.values,
                "headers": headers,
                "body": kept,
                "url_path": request.path,
                "url_params": url_params,
            },
        )

    @property
    def streams_out(self) -> bool:
        """Whether the reply's body is one stream, like an object of S3."""
        model = _operation(self.service, self.operation)
        return model is not None and bool(model.has_streaming_output)

    def params(self) -> Params:
        """The parameters as boto3 was given them; those of the address where boto3 has no call."""
        from moto.core.parse import PROTOCOL_PARSERS

        model = _operation(self.service, self.operation)
        if model is None or model.input_shape is None:
            return dict(self.request["url_params"])
        parser: Any = PROTOCOL_PARSERS[self.protocol](model)
        parsed: Params = parser.parse(self.request)
        return parsed

    def reply(self, reply: Reply) -> Params:
        """What boto3 returns for `reply`, or the `response` of the ClientError it raises."""
        from botocore.awsrequest import HeadersDict
        from botocore.parsers import create_parser

        model = _operation(self.service, self.operation)
        if model is None:
            return {}
        status, headers, body = reply
        raw = body.encode() if isinstance(body, str) else bytes(body or b"")
        streams = model.has_streaming_output and status < 300
        parsed: Params = create_parser(self.protocol).parse(
            {
                "status_code": status,
                "headers": HeadersDict({name: str(value) for name, value in headers.items()}),
                "body": io.BytesIO(raw) if streams else raw,
            },
            model.output_shape,
        )
        return {
            name: raw if isinstance(value, io.BytesIO) else value for name, value in parsed.items()
        }
