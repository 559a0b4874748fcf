"""The WSGI application of a bundle, run in this process as the Python platform runs it.

The platform looks for a callable `application` in application.py, or where WSGIPath says.

https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/create-deploy-python-container.html
"""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from wsgiref.util import setup_testing_defaults

from labkit.runtime.beanstalk.bundle import Bundle

OK = 200


@dataclass(frozen=True, repr=False)
class Answer:
    """What a request was answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def __repr__(self) -> str:
        return f"{self.status} {self.text}"


class Application:
    """A version's application; `broken` says why it does not start, or is empty."""

    def __init__(self, bundle: Bundle, path: str, properties: Mapping[str, str]) -> None:
        self._properties = dict(properties)
        self._serve: Callable[..., Any] | None = None
        self.broken = ""
        try:
            with _environment(self._properties):
                self._serve = _load(bundle, path)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            self.broken = f"{type(error).__name__}: {error}"

    def answer(
        self, path: str, method: str = "GET", query: str = "", body: bytes = b"", host: str = ""
    ) -> Answer:
        """The answer to a request; 502 from the proxy before it if the application never started,
        500 if it raised."""
        if self._serve is None:
            return plain(502, "Bad Gateway")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path or "/",
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "HTTP_HOST": host,
        }
        setup_testing_defaults(environ)
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            started[:] = [status, headers]

        try:
            with _environment(self._properties):
                parts = self._serve(environ, start_response)
                content = b"".join(parts)
            status, headers = started
        except Exception:
            return plain(500, "Internal Server Error")
        return Answer(int(status.split()[0]), tuple(headers), content)


def plain(status: int, text: str) -> Answer:
    """What the proxy or the load balancer itself answers."""
    return Answer(status, (("Content-Type", "text/plain"),), text.encode())


@contextmanager
def _environment(properties: Mapping[str, str]) -> Iterator[None]:
    """The environment properties are in `os.environ` meanwhile."""
    before = dict(os.environ)
    os.environ.update(properties)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _load(bundle: Bundle, path: str) -> Callable[..., Any]:
    """Import the application's module from the bundle, and let go of the module's name again."""
    name, _, attribute = path.partition(":")
    module_name = Path(name.replace("/", ".")).name.removesuffix(".py")
    before = set(sys.modules)
    with TemporaryDirectory() as folder:
        archive = Path(folder, "bundle.zip")
        with zipfile.ZipFile(archive, "w") as packed:
            for file, data in bundle.files.items():
                packed.writestr(file, data)
        sys.path.insert(0, str(archive))
        shadowed = sys.modules.pop(module_name, None)
        try:
            module = __import__(module_name, fromlist=["application"])
            return getattr(module, attribute or "application")  # type: ignore[no-any-return]
        finally:
            sys.path.remove(str(archive))
            sys.path_importer_cache.pop(str(archive), None)
            for loaded in set(sys.modules) - before:
                if str(archive) in str(getattr(sys.modules[loaded], "__file__", "")):
                    del sys.modules[loaded]
            if shadowed is not None:
                sys.modules[module_name] = shadowed
