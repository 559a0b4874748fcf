"""The built book, served under a sub-path to a Chromium that can reach nothing else.

A page that asks any other host for anything, or writes an error to the console, fails its test
when the test ends: no test needs to say so. `LABKIT_BOOK_HTML` names a book built elsewhere.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Response,
    Route,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
SUB_PATH = "/book/"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # CI runs as root, where Chromium's own sandbox refuses to start
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Site:
    """A built book and the address it is served at."""

    html: Path
    url: str

    def address(self, name: str) -> str:
        """The address of a page by its document name: `chapters/sqs`."""
        return f"{self.url}{name}.html"

    def names(self) -> list[str]:
        """Every page of the book by its document name, in alphabetical order."""
        pages = self.html.rglob("*.html")
        found = (page.relative_to(self.html) for page in pages)
        return sorted(
            page.with_suffix("").as_posix() for page in found if not page.parts[0].startswith("_")
        )


@dataclass
class Watch:
    """What the pages of one test asked for and complained about."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)

    def follow(self, page: Page, site: Site) -> None:
        """Block every address outside the site, and write down what happens in the page."""

        def decide(route: Route) -> None:
            address = route.request.url
            if address.startswith((site.url, "data:", "blob:")):
                route.continue_()
            else:
                self.foreign.append(address)
                route.abort()

        def note_response(response: Response) -> None:
            self.responses.append(response)

        def note_message(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.errors.append(message.text)

        page.context.route("**/*", decide)
        page.on("response", note_response)
        page.on("console", note_message)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def assert_quiet(self) -> None:
        """Nothing left the site and nothing went wrong in the page."""
        assert self.foreign == [], f"the page asked other hosts: {self.foreign}"
        assert self.errors == [], f"the console shows errors: {self.errors}"


class UnderSubPath(SimpleHTTPRequestHandler):
    """Serves the book below SUB_PATH only, as a project site on a shared host would."""

    def translate_path(self, path: str) -> str:
        """Where the file for an address is; outside the sub-path there is none."""
        if not path.startswith(SUB_PATH):
            return os.devnull + "/nothing"
        return super().translate_path(path.removeprefix(SUB_PATH.rstrip("/")))

    def log_message(self, *_: Any) -> None:
        """Say nothing: the test reports what matters."""


class Server(ThreadingHTTPServer):
    """Says nothing of a browser that leaves a page before it has all of it."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what went wrong, unless it was the reader who left."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@functools.cache
def chromium_path() -> str:
    """The machine's own Chromium, or else Playwright's; empty if there is neither.

    Asked first while tests are collected: Playwright cannot be asked while it runs.
    """
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found:
        return found
    with sync_playwright() as driver:
        path = driver.chromium.executable_path
    return path if Path(path).exists() else ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a Chromium, skip one test for all that need one: the summary says so in one line."""
    needing = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    if not needing or chromium_path() or os.environ.get("LABKIT_REQUIRE_BROWSER") == "1":
        return
    reason = f"no Chromium found: {len(needing)} browser tests are left out"
    needing[0].add_marker(pytest.mark.skip(reason=reason))
    config.hook.pytest_deselected(items=needing[1:])
    items[:] = [item for item in items if item not in needing[1:]]


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The built book, served on a free port of loopback."""
    html = Path(os.environ.get("LABKIT_BOOK_HTML", ROOT / "_build" / "html"))
    if not (html / "index.html").exists():
        pytest.fail(f"there is no book in {html}: run `make book` first")
    handler = functools.partial(UnderSubPath, directory=str(html))
    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Site(html, f"http://127.0.0.1:{server.server_port}{SUB_PATH}")
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver that all tests share."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One headless Chromium."""
    if not chromium_path():
        pytest.fail("no Chromium found, and LABKIT_REQUIRE_BROWSER=1 asks for one")
    chromium = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the test's pages do; checked when the test ends."""
    watch = Watch()
    yield watch
    watch.assert_quiet()


Browse = Callable[..., Page]


@pytest.fixture
def browse(browser: Browser, site: Site, watch: Watch) -> Iterator[Browse]:
    """Opens fresh pages with any setting of a Playwright context: `color_scheme="dark"`."""
    contexts = []

    def open_page(**settings: Any) -> Page:
        settings.setdefault("viewport", {"width": 1440, "height": 900})
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        watch.follow(page, site)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(browse: Browse) -> Page:
    """A fresh page, 1440 px wide, in the light theme."""
    return browse(color_scheme="light")
