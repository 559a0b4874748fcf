"""An explorable works in JupyterLab after Run All: drawn, turned by keyboard, played, in the theme.

A real JupyterLab on loopback with a kernel, driven in Chromium; every other host is blocked.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site, Watch

START_S = 60
SLOW_MS = 60_000  # a kernel's first import of everything, on a busy machine
POLLING = 'import labkit\n\nlabkit.explore("sqs_polling")'
POLICIES = 'import labkit\n\nlabkit.explore("iam_evaluation")'
DECISION = """import boto3

lab = labkit.start("sqs")
with lab.enforce_iam():
    boto3.client("sqs").list_queues()
lab.why()"""


def notebook(*sources: str) -> str:
    """A notebook of these cells, not yet run."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{index}",
            "source": source,
            "execution_count": None,
            "metadata": {},
            "outputs": [],
        }
        for index, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    )


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A JupyterLab that knows nothing of the person who runs the tests."""
    home = tmp_path_factory.mktemp("jupyterlab")
    (home / "polling.ipynb").write_text(notebook(POLLING), encoding="utf-8")
    (home / "policies.ipynb").write_text(notebook(POLICIES, DECISION), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *(f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={home}"),
        *("--IdentityProvider.token=", "--ServerApp.password=", "--LabApp.news_url="),
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    folders = {
        name: str(home / name)
        for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    }
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            command, env={**os.environ, **folders}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_for(url, server, home / "log")
            yield Site(home, url)
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; fail with its log when it does not come up."""
    pause = threading.Event()
    until = time.monotonic() + START_S
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(url + "api", timeout=5).close()
        except OSError:
            pause.wait(0.2)
        else:
            return
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="module")
def shown(browser: Browser, lab: Site) -> Iterator[Page]:
    """The notebook of the queue after Run All."""
    yield from run_all(browser, lab, "polling")


@pytest.fixture(scope="module")
def policies(browser: Browser, lab: Site) -> Iterator[Page]:
    """The notebook of the policies after Run All."""
    yield from run_all(browser, lab, "policies")


def run_all(browser: Browser, lab: Site, name: str) -> Iterator[Page]:
    """A notebook after Run All, with nothing asked of any other host and no error."""
    context = browser.new_context(viewport={"width": 1300, "height": 1600})
    page, watch = context.new_page(), Watch()
    page.set_default_timeout(SLOW_MS)
    watch.follow(page, lab)
    page.goto(f"{lab.url}lab/tree/{name}.ipynb?reset")
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    expect(page.locator(".lk-explore .main-svg").first).to_be_visible(timeout=SLOW_MS)
    yield page
    watch.assert_quiet()
    context.close()


def reading(page: Page) -> Locator:
    """The sentence below the figure."""
    return page.locator(".lk-explore [role=status]").last


def test_a_control_turned_by_keyboard_changes_the_reading(shown: Page) -> None:
    expect(reading(shown)).to_contain_text("short polling answers at once")

    handle = shown.locator(".widget-slider", has_text="Wait time of a receive").locator(
        "[role=slider]"
    )
    handle.press("End")

    expect(reading(shown)).to_contain_text("or 20 seconds have passed")
    expect(shown.locator(".lk-explore")).to_contain_text("short polling: 4.45 million")


def test_a_preset_sets_the_controls_and_says_what_to_watch(shown: Page) -> None:
    shown.get_by_role("button", name="A poison message").click()

    expect(reading(shown)).to_contain_text("Order 2, the poison one, was received")
    expect(shown.locator(".lk-explore")).to_contain_text("Follow order 2")
    timeout = shown.locator(".widget-slider", has_text="Visibility timeout")
    expect(timeout).to_contain_text("10\u00a0s")


def test_playing_moves_the_figure(shown: Page) -> None:
    figure = shown.locator(".lk-explore-figure")
    expect(figure).to_contain_text("at 60 s")

    play = shown.locator(".widget-play button").first
    play.click()
    # A busy machine may skip a frame, so any later second will do.
    expect(figure).to_contain_text(re.compile(r"at (6[2-9]|[7-9]\d|1\d\d) s"))
    play.click()


def test_the_figure_follows_the_theme(shown: Page) -> None:
    texts = shown.locator(".lk-explore-figure svg text", has_text="The queue")
    expect(texts).to_have_css("fill", "rgb(27, 31, 36)")  # the ink of LIGHT
    shown.evaluate("document.body.dataset.jpThemeLight = 'false'")  # as a dark theme does

    expect(texts).to_have_css("fill", "rgb(230, 232, 234)")  # the ink of DARK


def test_a_policy_is_written_and_a_mistake_told_with_its_line(policies: Page) -> None:
    area = policies.locator(".lk-explore textarea").first
    begun = area.input_value()
    expect(reading(policies)).to_contain_text("Allowed: the identity policy allows it")

    area.fill(begun.replace('"Allow",', '"Allow"'))
    expect(policies.locator(".lk-explore")).to_contain_text("Line 6, column 23: A comma is missing")
    area.fill(begun.replace("s3:GetObject", "s3:PutObject"))

    expect(reading(policies)).to_contain_text("does not cover s3:GetObject")
    expect(policies.locator(".lk-x-path")).to_contain_text("ReadPosters Allow does not apply")
    area.fill(begun)


def test_a_preset_opens_its_field_and_the_request_can_be_sent_again(policies: Page) -> None:
    policies.get_by_role("button", name="The boundary takes it away").click()
    figure = policies.locator(".lk-explore-figure")
    expect(figure).to_contain_text("stopped at the permissions boundary")
    expect(policies.locator(".lk-explore textarea:visible")).to_have_value(re.compile("AtMostRead"))

    policies.locator(".lk-explore .widget-play button").first.click()

    expect(figure).to_contain_text("not asked yet")
    expect(figure).to_contain_text("stopped at the permissions boundary")


def test_a_decision_has_the_look_of_the_book(policies: Page) -> None:
    decision = policies.locator(".jp-OutputArea .lk-why")

    expect(decision).to_contain_text("the identity policy allows it")
    expect(decision).to_have_css("border-left-color", "rgb(26, 127, 75)")  # done, of LIGHT
