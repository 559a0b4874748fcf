"""A Jupyter kernel goes on living in real time around a sandbox whose clock stands still."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

OPEN = """
import asyncio, time, uuid
import boto3
import ipywidgets
from labkit import fidelity

def message_id():
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    return sqs.send_message(QueueUrl=url, MessageBody="2 seats")["MessageId"], uuid.uuid4()
"""

CELLS = [
    OPEN,
    "sandbox = fidelity.open_sandbox('sqs'); first = message_id()",
    "sandbox = fidelity.open_sandbox('sqs'); slider = ipywidgets.IntSlider(); display(slider)",
    "print(message_id() == first)",
    "sandbox = fidelity.open_sandbox('sqs'); other = ipywidgets.IntSlider()",
    "print(other.comm.comm_id != slider.comm.comm_id)",
    "began = time.monotonic(); await asyncio.sleep(0.05); print(time.monotonic() - began >= 0.05)",
    "sandbox.clock.advance(hours=12)",
    "print(time.time() > 1_780_000_000, sandbox.clock.now.hour)",
    "boto3.client('sqs').receive_message(QueueUrl=boto3.client('sqs').create_queue("
    "QueueName='posters')['QueueUrl'], WaitTimeSeconds=20).get('Messages')",
    "import urllib.request\n"
    "try:\n    urllib.request.urlopen('https://example.com')\n"
    "except BaseException as refusal:\n    print(type(refusal).__name__)",
]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """What each cell printed or showed, as text."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    return [
        "".join(
            output.get("text") or output.get("data", {}).get("text/plain", "")
            for output in cell.outputs
        ).strip()
        for cell in notebook.cells
    ]


def test_a_widget_that_was_shown_does_not_shift_the_ids(texts: list[str]) -> None:
    assert texts[3] == "True"


def test_two_sandboxes_in_one_kernel_have_different_comm_ids(texts: list[str]) -> None:
    assert texts[5] == "True"


def test_asyncio_sleeps_in_real_time(texts: list[str]) -> None:
    assert texts[6] == "True"


def test_the_clock_moves_and_says_so(texts: list[str]) -> None:
    assert texts[7] == "09:00:00 → 21:00:00 (virtual)"
    assert texts[8] == "True 21"


def test_a_long_poll_returns_at_once(texts: list[str]) -> None:
    assert texts[9] == ""


def test_the_guard_stands_in_a_kernel(texts: list[str]) -> None:
    assert texts[10] == "NetworkRefused"
