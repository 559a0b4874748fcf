"""What came of a command."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.errors import UsageError

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call


@dataclass(frozen=True, repr=False)
class Ran:
    """A command that has ended: its texts, its exit code, and the calls to AWS that it made.

    The exit code is 0 if all is well, 2 for what is no command (or files that `aws s3` could not
    copy), 1 for transfers of `aws s3` that failed, 255 if the service refused, or anything else.
    Version 2 of the command tells more apart: 252 for no command, 253 for a setting, 254 for a
    refusal.
    https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html
    """

    arguments: tuple[str, ...]
    stdout: str
    stderr: str
    exit_code: int
    calls: tuple[Call, ...]

    @property
    def operations(self) -> list[str]:
        """The operations that it called, in their order."""
        return [call.operation for call in self.calls]

    def json(self) -> Any:
        """What it printed, read as JSON. Raises UsageError if it is none."""
        try:
            return json.loads(self.stdout)
        except ValueError as error:
            raise UsageError(
                f"What the command printed is no JSON: {self.stdout[:80]!r}.",
                "Commands print JSON with `--output json`, which is the default.",
                f"Its exit code is {self.exit_code}.",
            ) from error

    def __repr__(self) -> str:
        lines = [f"$ aws {shlex.join(self.arguments)}", self.stdout.rstrip("\n")]
        if self.stderr.strip():
            lines.append(self.stderr.strip("\n"))
        if self.exit_code:
            lines.append(f"[exit code {self.exit_code}]")
        return "\n".join(line for line in lines if line)
