"""http://NAME.us-east-1.elasticbeanstalk.com, answered by the environment that has the name now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from labkit.errors import UsageError
from labkit.runtime.gateway.entrances import as_response, body_of
from labkit.sandbox import guard

if TYPE_CHECKING:
    from labkit.runtime.beanstalk.environment import Environment
    from labkit.runtime.beanstalk.service import Beanstalk

_HOST = re.compile(r"^([a-z0-9-]+)\.[a-z0-9-]+\.elasticbeanstalk\.com$")


def cname(prefix: str) -> str:
    """The host of an environment with this prefix."""
    return f"{prefix.lower()}.{guard.REGION}.elasticbeanstalk.com"


def holder(beanstalk: Beanstalk, host: str) -> Environment:
    """The environment that has an address now; UsageError if none has."""
    found = beanstalk.at(host.lower())
    if found is None:
        raise UsageError(
            f"No environment has the name {host}.",
            "An environment's name is there from its creation until it is terminated.",
            "lab.beanstalk shows each environment with its address.",
        )
    return found


def open_for(beanstalk: Beanstalk) -> None:
    """Answer requests of this process until the sandbox closes."""

    def answer(request: Any) -> Any:
        url = urlsplit(request.url)
        host = url.netloc.split(":")[0].lower()
        if not _HOST.match(host):
            return None
        found = holder(beanstalk, host).answer(
            url.path, str(request.method).upper(), url.query, body_of(request.body)
        )
        return as_response(request.url, found.status, found.headers, found.body)

    answering = guard.answer_with(answer)
    answering.__enter__()
    beanstalk.sandbox.on_close(lambda: answering.__exit__(None, None, None))
