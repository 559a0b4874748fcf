"""labkit's own runtime client, where AWS's has no wheel: the same protocol, the same payloads.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""

from __future__ import annotations

import decimal
import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

_API = "/2018-06-01/runtime"
_INDENT = "\u00a0"  # CloudWatch Logs strips ordinary blanks at the start of a line
_FIRST_WITH_UNICODE = 12
_here = {"request_id": ""}

Handler = Callable[[Any, Any], Any]


class Fault(Exception):
    """What is wrong with the function's code, by the name that AWS's client has for it."""

    def __init__(self, kind: str, sentence: str, trace: list[str] | None = None) -> None:
        super().__init__(sentence)
        self.error = {
            "errorMessage": sentence,
            "errorType": kind,
            "requestId": "",
            "stackTrace": trace or [],
        }


class Context:
    """What a handler is told about its invocation."""

    def __init__(self, headers: Any) -> None:
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's timeout, by the sandbox's clock."""
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message: object) -> None:
        """Write to the function's log."""
        sys.stdout.write(str(message))


class _Numbers(json.JSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, decimal.Decimal):
            return int(o) if o == o.to_integral_value() else float(o)
        return super().default(o)


def load(handler: str) -> Handler:
    """The function that `module.function` names; Fault if there is none."""
    module_name, dot, name = handler.rpartition(".")
    if not dot:
        sentence = f"Bad handler '{handler}': not enough values to unpack (expected 2, got 1)"
        raise Fault("Runtime.MalformedHandlerName", sentence)
    if module_name.split(".")[0] in sys.builtin_module_names:
        sentence = f"Cannot use built-in module {module_name} as a handler module"
        raise Fault("Runtime.BuiltInModuleConflict", sentence)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        sentence = f"Unable to import module '{module_name}': {error}"
        raise Fault("Runtime.ImportModuleError", sentence) from error
    except SyntaxError as error:
        where = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        sentence = f"Syntax error in module '{module_name}': {error}"
        raise Fault("Runtime.UserCodeSyntaxError", sentence, [where]) from error
    try:
        found: Handler = getattr(module, name)
    except AttributeError as error:
        sentence = f"Handler '{name}' missing on module '{module_name}'"
        raise Fault("Runtime.HandlerNotFound", sentence) from error
    return found


def answer(handler: Handler, event: bytes, context: Any) -> bytes:
    """What the handler returns, as AWS sends it on; Fault where it cannot be JSON."""
    try:
        loaded = json.loads(event)
    except ValueError as error:
        sentence = f"Unable to unmarshal input: {error}"
        raise Fault("Runtime.UnmarshalError", sentence) from error
    returned = handler(loaded, context)
    if isinstance(returned, bytes):
        return returned
    try:
        return json.dumps(returned, ensure_ascii=_only_ascii(), cls=_Numbers).encode()
    except Exception as error:
        sentence = f"Unable to marshal response: {error}"
        raise Fault("Runtime.MarshalError", sentence) from error


def _only_ascii() -> bool:
    """Up to Python 3.11 Lambda escapes whatever is not ASCII."""
    version = os.environ.get("AWS_EXECUTION_ENV", "").rpartition("python3.")[2]
    return version.isdigit() and int(version) < _FIRST_WITH_UNICODE


def described(error: BaseException, request_id: str = "") -> dict[str, Any]:
    """An exception as the payload of a failed invocation."""
    if isinstance(error, Fault):
        return {**error.error, "requestId": request_id}
    frames = traceback.extract_tb(error.__traceback__)
    outside = [frame for frame in frames if frame.filename != __file__]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": traceback.format_list(outside),
    }


def log_of(error: dict[str, Any]) -> str:
    """The line, of several lines, that an error leaves in the log."""
    head = ": ".join(filter(None, (f"[ERROR] {error['errorType']}", error["errorMessage"])))
    lines = [head, "Traceback (most recent call last):"]
    for trace in error["stackTrace"]:
        for line in trace.splitlines():
            bare = line.lstrip(" ")
            lines.append(_INDENT * (len(line) - len(bare)) + bare)
    return "\r".join(lines) + "\n"


class _Line(logging.Formatter):
    """`[INFO]	time	request id	message`, as Lambda formats what is logged."""

    converter = time.gmtime  # type: ignore[assignment]  # as Lambda sets it

    def format(self, record: logging.LogRecord) -> str:
        stamp = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03d}Z"
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return f"[{record.levelname}]\t{stamp}\t{_here['request_id']}\t{text}\n"


class _ToOutput(logging.StreamHandler[Any]):
    terminator = ""


def to_output(stream: Any) -> logging.Handler:
    """What is logged, written as Lambda writes it."""
    output = _ToOutput(stream)
    output.setFormatter(_Line())
    return output


def run(handler: str, address: str) -> None:
    """Ask for invocations and answer them, until the process is stopped."""
    sys.stdout.reconfigure(line_buffering=True, write_through=True)  # type: ignore[union-attr]
    logging.getLogger().addHandler(to_output(sys.stdout))
    function, wrong = begun(handler)
    if function is None:
        _post(address, "/init/error", wrong)
        sys.exit(1)
    while True:
        headers, event = _next(address)
        request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        what, body = handled(function, event, headers)
        _post(address, f"/invocation/{request_id}/{what}", body)


def begun(handler: str) -> tuple[Handler | None, bytes]:
    """The function, or None and what is wrong with its code, which stands in the log too."""
    try:
        return load(handler), b""
    except Exception as error:
        return None, _told(described(error))


def handled(function: Handler, event: bytes, headers: Any) -> tuple[str, bytes]:
    """`response` and what the function answers, or `error` and what it raised."""
    request_id = _here["request_id"] = headers["Lambda-Runtime-Aws-Request-Id"]
    os.environ["_X_AMZN_TRACE_ID"] = headers["Lambda-Runtime-Trace-Id"]
    try:
        return "response", answer(function, event, Context(headers))
    except Exception as error:
        return "error", _told(described(error, request_id))


def _told(wrong: dict[str, Any]) -> bytes:
    sys.stdout.write(log_of(wrong))
    return json.dumps(wrong, ensure_ascii=False).encode()


def _next(address: str) -> tuple[Any, bytes]:
    connection = http.client.HTTPConnection(address)
    connection.request("GET", f"{_API}/invocation/next")
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.headers, body


def _post(address: str, path: str, body: bytes) -> None:
    connection = http.client.HTTPConnection(address)
    connection.request("POST", _API + path, body)
    connection.getresponse().read()
    connection.close()
