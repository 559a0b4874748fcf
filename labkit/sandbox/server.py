"""The sandbox speaks HTTP too, on this machine only, over the same state.

Other processes need it: Lambda functions, the `aws` command, a browser.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from labkit.sandbox import determinism
from labkit.sandbox.choke import not_simulated
from labkit.sandbox.clock import Clock
from labkit.sandbox.unread import announced_bytes, is_too_long, leave_unread

# Answers a WSGI request that is for it, or returns None.
Door = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes] | None]

_POLL_S = 0.02  # how long a stop may take to be noticed


class Server:
    """moto's HTTP server on a free port of the loopback interface, from now until `close`.

    Each of `doors` is asked first, and may be added later.
    """

    def __init__(self, clock: Clock, doors: Sequence[Door] = ()) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler
        from werkzeug.serving import make_server

        class QuietHandler(MotoRequestHandler):
            def log(self, *_: Any) -> None:
                """Say nothing: the call log knows more."""

            def run_wsgi(self) -> None:
                """Do not ask for a body that nothing takes; hang up when the refusal is said."""
                if is_too_long(announced_bytes(self.headers)):
                    del self.headers["Expect"]
                    self.close_connection = True
                super().run_wsgi()

            def make_environ(self) -> Any:
                """The request as WSGI has it, without a body that nothing takes."""
                environ = super().make_environ()
                environ["labkit.headers"] = list(self.headers.items())  # in their own spelling
                size = announced_bytes(self.headers)
                if is_too_long(size):
                    leave_unread(environ, size)
                return environ

            def date_time_string(self, timestamp: float | None = None) -> str:
                """The Date header tells the sandbox's time."""
                return super().date_time_string(timestamp or clock.now.timestamp())

        server: Any = make_server(
            "127.0.0.1",
            0,
            _behind(doors, DomainDispatcherApplication(_make_app)),
            threaded=True,
            request_handler=QuietHandler,
        )
        server.daemon_threads = True
        self._server = server
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_S,), name="labkit-http", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens, as boto3 takes it for `endpoint_url`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop listening; requests under way are finished first."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _behind(doors: Sequence[Door], moto_s: Any) -> Any:
    """A WSGI application that asks the doors, and moto's when none of them answers."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        for door in doors:
            answer = door(environ, start_response)
            if answer is not None:
                return answer
        return moto_s(environ, start_response)

    return application


def _make_app(service: Any) -> Any:
    """moto's WSGI application of a service, made without a trace in the sandbox's state."""
    from moto.backends import get_backend
    from moto.core.base_backend import BackendDict
    from moto.moto_server import werkzeug_app

    # moto lets pages of any origin in, everywhere; a bucket of S3 has rules about that.
    vars(werkzeug_app)["DISABLE_GLOBAL_CORS"] = service == "s3"
    with determinism.aside():
        try:
            backends = get_backend(service)
        except ImportError:
            return _lacking(service)
        before = dict(backends) if isinstance(backends, BackendDict) else {}
        app = werkzeug_app.create_backend_app(service)
        if isinstance(backends, BackendDict) and not before:
            backends.clear()
    return app


def _lacking(service: str) -> Any:
    """A WSGI application that says what the sandbox does not have."""
    body = json.dumps({"__type": "NotSimulated", "message": str(not_simulated(service))}).encode()

    def application(_: Any, start_response: Any) -> list[bytes]:
        start_response(
            "501 Not Implemented",
            [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", str(len(body)))],
        )
        return [body]

    return application
