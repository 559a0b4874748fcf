"""A sandbox has its rules whatever moto was asked before it was opened."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from labkit.sandbox import Sandbox
bare = Sandbox.open("bare")
bare.client("lambda").list_functions()
bare.close()
from labkit import runtime
opened = runtime.open_sandbox("tests")
print(opened.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"])
"""


def test_rules_hold_where_moto_had_the_service_before() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )

    assert done.stdout.strip() == "1000", done.stderr[-2000:]
