"""A sandbox for a test, and Python processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator

import pytest

from labkit.sandbox import Sandbox

# Look real, are none: the guard must not rely on an environment without credentials.
REAL_LOOKING = {
    "AWS_ACCESS_KEY_ID": "AKIAQ7N3XH2VZ5LTDWKM",
    "AWS_SECRET_ACCESS_KEY": "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",
    "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEXample",
    "AWS_PROFILE": "production",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL_SQS": "https://sqs.eu-west-1.api.aws",
}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A fresh sandbox without rules, closed after the test."""
    opened = Sandbox.open("tests")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def child(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Runs code in a fresh Python with the environment of someone who has an AWS account.

    Nothing of this process's guard is left in it. The fixture returns what the code printed;
    the code must not fail.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "LABKIT_")) and "proxy" not in name.lower()
    }
    environment["PYTHONPATH"] = ""
    config = tmp_path_factory.mktemp("home") / "config"
    config.write_text("[profile production]\nregion = eu-west-1\n")
    environment["AWS_CONFIG_FILE"] = str(config)

    def run(code: str, **more: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)],
            env={**environment, **REAL_LOOKING, **more},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run
