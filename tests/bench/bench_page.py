"""What a reader waits for: a chapter's first visit, a figure's first drawing, and each redraw.

It opens the book that `make book` built, in the Chromium of the browser tests.
"""

from __future__ import annotations

import functools
import gzip
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.bench.row import Row
from tests.browser.conftest import (
    CHROMIUM_ARGUMENTS,
    CHROMIUM_NAMES,
    ROOT,
    Site,
    UnderSubPath,
)
from tests.browser.explorables import SUBJECTS, Subject, come_near, redraws_ms
from tests.browser.test_pages import CHAPTERS, ENGINES, FIRST_VISIT_AT_MOST_KB

FIRST_DRAWINGS = 5
WATCH_DRAWING = """document.addEventListener("lk-drawn", () => {
    window.lkDrawnAt ??= performance.now();
}, { capture: true });"""


def rows() -> Iterator[Row]:
    """The weights in kilobytes of gzip, then the times in milliseconds."""
    with served() as site, sync_playwright() as driver:
        found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
        browser = driver.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        for name in CHAPTERS:
            own_kb, engines_kb = weights_kb(browser, site, name)
            yield Row(f"first visit of {name}, gzip", own_kb, "KB", FIRST_VISIT_AT_MOST_KB)
            yield Row(f"engines of {name}, gzip", engines_kb, "KB", 700)
        for subject in SUBJECTS:
            first = [first_drawing_ms(browser, site, subject) for _ in range(FIRST_DRAWINGS)]
            slug = subject.slug
            yield Row(f"{slug}, page opened to first drawing", statistics.median(first), "ms")
            redraws = fifty_redraws_ms(browser, site, subject)
            yield Row(f"{slug}, redraw, median", statistics.median(redraws), "ms")
            p95 = statistics.quantiles(redraws, n=20)[-1]
            yield Row(f"{slug}, redraw, p95", p95, "ms", subject.redraw_p95_max_ms)
        browser.close()


@contextmanager
def served() -> Iterator[Site]:
    """The built book on a free port."""
    html = Path(ROOT, "_build", "html")
    if not (html / "index.html").exists():
        raise FileNotFoundError(f"There is no book in {html}: run `make book` first.")
    handler = functools.partial(UnderSubPath, directory=str(html))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Site(html, f"http://127.0.0.1:{server.server_port}/book/")
        server.shutdown()


def weights_kb(browser: Browser, site: Site, name: str) -> tuple[float, float]:
    """What the first visit of a page brings, and what its engines bring when they are wanted."""
    page = fresh_page(browser)
    responses: list[Response] = []
    # A bound method would not do: Playwright writes a mark on the handler.
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108
    page.goto(site.address(name), wait_until="networkidle")
    for figure in page.locator("lk-explorable").all():
        figure.scroll_into_view_if_needed()
        figure.locator(".lk-x-plot .main-svg").first.wait_for()
    page.wait_for_load_state("networkidle")
    sizes_kb = {
        response.url: len(gzip.compress(response.body(), mtime=0)) / 1000 for response in responses
    }
    page.context.close()
    engines_kb = sum(size for url, size in sizes_kb.items() if ENGINES in url)
    return sum(sizes_kb.values()) - engines_kb, engines_kb


def first_drawing_ms(browser: Browser, site: Site, subject: Subject) -> float:
    """From opening the figure's page, nothing cached, until its engines have drawn it."""
    page = fresh_page(browser)
    page.add_init_script(WATCH_DRAWING)
    page.goto(site.address(subject.page))
    come_near(page)
    page.wait_for_function("window.lkDrawnAt")
    drawn_at: float = page.evaluate("window.lkDrawnAt")
    page.context.close()
    return drawn_at


def fifty_redraws_ms(browser: Browser, site: Site, subject: Subject) -> list[float]:
    """From an input to the painted figure, fifty times."""
    page = fresh_page(browser)
    page.goto(site.address(subject.page))
    come_near(page)
    times = redraws_ms(page, subject, 50)
    page.context.close()
    return times


def fresh_page(browser: Browser) -> Page:
    """A page of a browser that has seen nothing yet."""
    return browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
