"""A learner's study copy in JupyterLab: Run All, a prediction, an explorable, a wrong answer."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from labkit import questions
from labkit.cli.take import cleared

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 60
RUN_ALL_WITHIN_MS = 120_000
SHOWN_WITHIN_MS = 20_000

# The promise of the command settles when the last cell has run; the kernel reports what failed.
RUN_ALL = "() => jupyterapp.commands.execute('notebook:run-all-cells')"
FIND = """cell_id => {
    const notebook = jupyterapp.shell.currentWidget.content;
    const index = notebook.widgets.findIndex(cell => cell.model.id === cell_id);
    if (index < 0) throw new Error(`no cell ${cell_id}`);
    return index;
}"""
SCROLL_TO = """async index => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'start');
}"""
TYPE_AND_RUN = """async ([index, source]) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    if (source !== null) notebook.widgets[index].model.sharedModel.setSource(source);
    await jupyterapp.commands.execute('notebook:run-cell');
}"""
TEXTS = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code')
    .map(cell => [cell.model.id, cell.model.executionCount, cell.model.outputs.toJSON()])"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab on a free port, on a fresh study copy, with no settings of this machine."""
    home = tmp_path_factory.mktemp("learner")
    notebooks = home / "my-labs"
    notebooks.mkdir()
    lab = (ROOT / "labs" / "sqs.ipynb").read_text(encoding="utf-8")
    (notebooks / "sqs.ipynb").write_text(cleared(lab), encoding="utf-8")
    quiet = home / "config" / "labconfig" / "page_config.json"
    quiet.parent.mkdir(parents=True)
    announcements = {"@jupyterlab/apputils-extension:announcements": True}
    quiet.write_text(json.dumps({"disabledExtensions": announcements}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *(f"--port={port}", "--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1"),
            *("--IdentityProvider.token=", f"--notebook-dir={notebooks}"),
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ],
        env={
            **os.environ,
            "HOME": str(home),
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "LABKIT_DATA_DIR": str(home / "progress"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=home,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(server, url)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(server: subprocess.Popen[bytes], url: str) -> None:
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/api", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)  # noqa: TID251 (a real server, in real time)
    pytest.fail("JupyterLab did not start")


@pytest.fixture(scope="module")
def studied(browser: Browser, address: str) -> Iterator[Page]:
    """The study copy after Run All, in a browser that can reach JupyterLab and nothing else."""
    foreign: list[str] = []
    errors: list[str] = []

    def decide(route: Route) -> None:
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.route("**/*", decide)
    page = context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/lab/tree/sqs.ipynb")
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
        "?.connectionStatus === 'connected'",
        timeout=READY_WITHIN_S * 1000,
    )
    page.set_default_timeout(RUN_ALL_WITHIN_MS)
    page.evaluate(RUN_ALL)
    page.set_default_timeout(SHOWN_WITHIN_MS)
    yield page
    context.close()
    assert foreign == [], f"JupyterLab asked other hosts: {foreign}"
    assert errors == [], f"the console shows errors: {errors}"


def cell(page: Page, cell_id: str) -> Any:
    """The cell of that id, scrolled to: JupyterLab lays out only what can be seen."""
    index = page.evaluate(FIND, cell_id)
    page.evaluate(SCROLL_TO, index)
    found = page.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')
    expect(found).to_be_visible(timeout=SHOWN_WITHIN_MS)
    return found


def type_and_run(page: Page, cell_id: str, source: str | None = None) -> None:
    page.evaluate(TYPE_AND_RUN, [page.evaluate(FIND, cell_id), source])


def test_run_all_runs_every_cell_and_fails_in_none(studied: Page) -> None:
    cells = studied.evaluate(TEXTS)

    assert [count for _, count, _ in cells] == list(range(1, len(cells) + 1))
    failed = [id for id, _, outputs in cells for out in outputs if out["output_type"] == "error"]
    assert failed == []


def test_a_prediction_is_answered_by_keyboard_and_explained(studied: Page) -> None:
    question = questions.load("sqs").get("sqs-predict-empty-poll")
    wrong = question.options[1]
    asked = cell(studied, "predict-empty-poll")
    choices = asked.get_by_role("radio")
    expect(choices).to_have_count(len(question.options))
    assert not wrong.correct

    choices.first.focus()
    studied.keyboard.press("ArrowDown")
    expect(choices.nth(1)).to_be_checked()
    asked.get_by_role("button", name="Check").click()

    expect(asked).to_contain_text(wrong.why.split("`")[0].strip())


def test_the_explorable_answers_to_a_preset_and_ticks_a_task(studied: Page) -> None:
    shown = cell(studied, "explore")
    reading = "short polling answers at once"
    expect(shown.get_by_text(reading).first).to_be_visible()
    expect(shown.locator(".js-plotly-plot")).to_be_visible()

    shown.get_by_role("button", name="Long polling the same").click()

    expect(shown.get_by_text(reading)).to_have_count(0)


def test_a_wrong_answer_is_told_what_is_wrong_and_a_right_one_passes(studied: Page) -> None:
    ask = 'refunds = sqs.get_queue_url(QueueName="refunds")["QueueUrl"]\n'
    type_and_run(studied, "long-polling-begin")
    type_and_run(
        studied,
        "long-polling-start",
        ask + "for _ in range(5):\n    sqs.receive_message(QueueUrl=refunds)",
    )
    type_and_run(studied, "long-polling-check")
    checked = cell(studied, "long-polling-check")
    expect(checked).to_contain_text("Not right yet. 5 receives, all at")

    answer = "answer = sqs.receive_message(QueueUrl=refunds, WaitTimeSeconds=20)"
    type_and_run(studied, "long-polling-start", ask + answer)
    type_and_run(studied, "long-polling-check")

    expect(cell(studied, "long-polling-check")).to_contain_text("Passed. The receive waited")
