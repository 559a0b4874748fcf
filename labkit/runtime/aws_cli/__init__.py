"""The real `aws` command against the sandbox: `lab.aws("s3api list-buckets")`.

    ran       what a command printed, its exit code, and the calls that it made
    runner    `lab.aws`: a home with `~/.aws`, and the process that runs commands
    child     what runs in that process

The command is awscli's own, unchanged. It has a home of its own, so nobody's profiles are touched,
the sandbox's endpoint and the sandbox's time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labkit.runtime.aws_cli.runner import AwsCli
    from labkit.sandbox.sandbox import Sandbox

_open: list[AwsCli] = []


def of(sandbox: Sandbox) -> AwsCli:
    """The `aws` of a sandbox; it is made when it is first asked for."""
    from labkit.runtime.aws_cli.runner import AwsCli

    if not _open or _open[0].sandbox is not sandbox:
        _open[:] = [AwsCli(sandbox)]
        sandbox.on_close(_open[0].close)
        sandbox.on_close(_open.clear)
    return _open[0]
