"""Once labkit is imported, no call from this process reaches any host but this machine.

Learners run code that creates and deletes things, with whatever credentials their machine
holds. So `import labkit` arms the guard, in this process and in its Python children:

    the environment     example credentials, no profile, no session token, no config files
    boto3's transport   refuses every host that is not this machine (also for old clients)
    requests, urllib    likewise, so that the message names the host that was asked for
    sockets             an audit hook on connect, name look-ups and datagrams: whatever is left
    other programs      curl, git and the like find a dead proxy and example credentials

There is no parameter that turns it off. An open sandbox answers AWS's hosts instead, through
`answer_with`; everything else is refused with NetworkRefused.

Only the standard library is used here: a Python child may run where labkit is not installed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from labkit.sandbox.imports import watch

CHILD_FLAG = "LABKIT_GUARD"
REGION = "us-east-1"
ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"  # the example key of AWS's own documentation
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

# An address of this machine where nothing listens: other programs' requests end there.
_DEAD_HOST, _DEAD_PORT = "127.255.255.254", 9
_DEAD_PROXY = f"http://{_DEAD_HOST}:{_DEAD_PORT}"
_OWN_NAMES = {"", "localhost", "localhost.localdomain", "ip6-localhost", "0.0.0.0", "::", "::1"}

# Given a request on its way to a host, the open sandbox returns a response, or None if the host
# is none of AWS's.
Answer = Callable[[Any], Any]
_answers: list[Answer] = []
_armed = False


class NetworkRefused(BaseException):
    """The guard stopped a call to a host that is not this machine.

    It derives from BaseException so that `except Exception` in a retry loop or an AWS tool
    cannot swallow it. `host` is the host that was asked for.
    """

    def __init__(self, host: str) -> None:
        self.host = host
        way_out = (
            f"The open sandbox answers AWS's own endpoints in {REGION} and the other public "
            "regions; it has no service at this host. Check endpoint_url and the region."
            if _answers
            else "Open a sandbox first, lab = labkit.start(...), and it answers AWS's endpoints."
        )
        super().__init__(
            f"labkit refused a connection to {host}: since `import labkit` this Python process "
            "reaches no host but this machine, so that no exercise can touch a real account. "
            f"{way_out} To reach the network, use a Python process that does not import labkit."
        )


def arm() -> None:
    """Mask the environment and refuse every other host, for good; a second call does nothing."""
    global _armed  # noqa: PLW0603 - the guard belongs to the process, as sys.addaudithook does
    if _armed:
        return
    _armed = True
    if os.environ.get(CHILD_FLAG) != "1":
        # A child keeps its environment: the parent masked it, and may have put the sandbox's
        # endpoint or a role's credentials there.
        _mask_environment()
    sys.addaudithook(_audit)
    watch("botocore.httpsession", _wrap_botocore)
    watch("requests.adapters", _wrap_requests)
    watch("urllib3.connectionpool", _wrap_urllib3)


@contextmanager
def answer_with(answer: Answer) -> Iterator[None]:
    """While this is entered, `answer` is asked before a request to another host is refused.

    The last that was entered is asked first.
    """
    _answers.insert(0, answer)
    try:
        yield
    finally:
        _answers.remove(answer)


def is_this_machine(host: str | bytes | None) -> bool:
    """Whether `host` names this machine: a loopback address, localhost, or nothing at all."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    name = name.strip("[]").split("%")[0].lower().removeprefix("::ffff:")
    if name.startswith("127."):
        return all(character in "0123456789." for character in name)
    return name in _OWN_NAMES


def _mask_environment() -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        AWS_ACCESS_KEY_ID=ACCESS_KEY_ID,
        AWS_SECRET_ACCESS_KEY=SECRET_ACCESS_KEY,
        AWS_DEFAULT_REGION=REGION,
        AWS_REGION=REGION,
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled",  # or moto has no DynamoDB Streams
    )
    os.environ.pop("BOTO_CONFIG", None)
    for scheme in ("http", "https", "ftp", "all"):
        os.environ[f"{scheme}_proxy"] = os.environ[f"{scheme.upper()}_PROXY"] = _DEAD_PROXY
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = "localhost,127.0.0.1,::1"
    # Python children find a sitecustomize that arms the guard there too. A directory on
    # PYTHONPATH works for an editable and a normal install alike; `python -I` ignores it, and
    # is left with example credentials and the dead proxy.
    os.environ[CHILD_FLAG] = "1"
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "child")
    paths = [here, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))


def _host_of(url: str) -> str | None:
    from urllib.parse import urlsplit  # here, because most processes never need it

    return urlsplit(url).hostname


# ---- the transports that carry AWS's calls ----


def _through_the_guard(request: Any, send: Callable[[], Any], build: Callable[[Any], Any]) -> Any:
    """Send to this machine, or let the sandbox answer, or refuse."""
    host = _host_of(request.url)
    if is_this_machine(host):
        return send()
    for answer in _answers:
        response = answer(request)
        if response is not None:
            return build(response)
    raise NetworkRefused(host or request.url)


@contextmanager
def _wrap_botocore(module: ModuleType) -> Iterator[None]:
    yield
    session: Any = module.URLLib3Session
    original = session.send

    def send(self: Any, request: Any) -> Any:
        return _through_the_guard(
            request, lambda: original(self, request), lambda response: response
        )

    session.send = send


@contextmanager
def _wrap_requests(module: ModuleType) -> Iterator[None]:
    yield
    adapter: Any = module.HTTPAdapter
    original = adapter.send

    def send(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        def build(response: Any) -> Any:
            from urllib3 import HTTPResponse

            return self.build_response(
                request,
                HTTPResponse(
                    body=response.raw,
                    headers=response.headers,
                    status=response.status_code,
                    preload_content=False,
                ),
            )

        return _through_the_guard(request, lambda: original(self, request, *args, **kwargs), build)

    adapter.send = send


class _Asked:
    """A request of urllib3's as the sandbox reads it."""

    def __init__(self, pool: Any, method: str, url: str, body: Any, headers: Any) -> None:
        port = "" if pool.port in (None, 80, 443) else f":{pool.port}"
        start = f"{pool.scheme}://{pool.host}{port}"
        self.method, self.body, self.headers = method, body, headers or pool.headers or {}
        self.url = url if url.startswith(("http://", "https://")) else start + url


@contextmanager
def _wrap_urllib3(module: ModuleType) -> Iterator[None]:
    """Requests that a program sends by urllib3 itself; requests and botocore are met above."""
    yield
    pool_class: Any = module.HTTPConnectionPool
    original = pool_class.urlopen

    def urlopen(
        self: Any, method: str, url: str, body: Any = None, headers: Any = None, **kwargs: Any
    ) -> Any:
        def build(response: Any) -> Any:
            from urllib3 import HTTPResponse

            return HTTPResponse(
                body=response.raw,
                headers=response.headers,
                status=response.status_code,
                preload_content=kwargs.get("preload_content", True),
                request_method=method,
            )

        return _through_the_guard(
            _Asked(self, method, url, body, headers),
            lambda: original(self, method, url, body, headers, **kwargs),
            build,
        )

    pool_class.urlopen = urlopen


# ---- everything else that can leave the process ----


def _audit(event: str, args: tuple[Any, ...]) -> None:
    check = _CHECKS.get(event)
    if check is not None:
        check(*args)


def _check_url(url: Any, *_: Any) -> None:
    if isinstance(url, str) and url.split(":", 1)[0].lower() in {"http", "https", "ftp"}:
        _check_host(_host_of(url))


def _check_http_connection(connection: Any, *_: Any) -> None:
    # A kept-alive connection opened before labkit was imported is met here.
    _check_host(getattr(connection, "_tunnel_host", None) or connection.host)


def _check_host(host: Any, *_: Any) -> None:
    if isinstance(host, str | bytes | None) and not is_this_machine(host) and not _is_own(host):
        raise NetworkRefused(host.decode() if isinstance(host, bytes) else str(host))


def _is_own(host: str | bytes | None) -> bool:
    """Looking up this machine's own name is harmless; Jupyter does it."""
    import socket  # loaded already, or no socket event could have come

    return host == socket.gethostname()


def _check_address(_socket: Any, address: Any) -> None:
    # AF_INET and AF_INET6 addresses are tuples that begin with a host; AF_UNIX ones are paths.
    if isinstance(address, tuple) and address and isinstance(address[0], str | bytes):
        if address[:2] == (_DEAD_HOST, _DEAD_PORT):
            raise NetworkRefused("a host behind a proxy")
        if not is_this_machine(address[0]):
            raise NetworkRefused(str(address[0]))


_CHECKS: dict[str, Callable[..., None]] = {
    "urllib.Request": _check_url,
    "http.client.connect": _check_http_connection,
    "http.client.send": _check_http_connection,
    "socket.getaddrinfo": _check_host,
    "socket.gethostbyname": _check_host,
    "socket.gethostbyaddr": _check_host,
    "socket.connect": _check_address,
    "socket.sendto": _check_address,
    "socket.sendmsg": _check_address,
}
