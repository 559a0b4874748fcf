"""A sandbox with an Elastic Beanstalk, and an application in two versions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labkit import runtime
from labkit.runtime import beanstalk
from labkit.runtime.beanstalk.service import Beanstalk
from labkit.sandbox import Sandbox

GOOD = """\
import os

def application(environ, start_response):
    known = environ["PATH_INFO"] in ("/", "/orders")
    start_response("200 OK" if known else "404 Not Found", [("Content-Type", "text/plain")])
    return [f"v1 {environ['PATH_INFO']} {os.environ.get('SEATS', 'none')}".encode()]
"""
RAISES = "    if environ['PATH_INFO'] == '/orders': raise KeyError\n"
BAD = GOOD.replace("    known =", RAISES + "    known =")
DOWN = "import nothing_of_that_name\n"
FOUR = {"aws:autoscaling:asg": {"MinSize": 4}}
URL = "http://tickets.us-east-1.elasticbeanstalk.com"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    opened = runtime.open_sandbox("beanstalk")
    yield opened
    opened.close()


@pytest.fixture
def eb(sandbox: Sandbox) -> Beanstalk:
    made = beanstalk.of(sandbox)
    for label, code in (("v1", GOOD), ("v2", BAD.replace("v1", "v2")), ("v3", DOWN)):
        made.create_version(label, {"application.py": code})
    return made


@pytest.fixture
def tickets(eb: Beanstalk) -> Beanstalk:
    """An environment of four instances that runs v1 and is Ready."""
    eb.create_environment("tickets", "v1", options=FOUR, clients_ask=("/orders",))
    eb.wait("tickets")
    return eb
