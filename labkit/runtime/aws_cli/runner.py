"""`lab.aws`: a home with `~/.aws`, and a process that has awscli loaded and runs its commands.

    this process                          the child
    ------------                          ---------
    {"arguments", "now", ...}   ───▶      a fork of it becomes `aws ...`
    {"now"}                     ◀─▶       {"sleep": 15}, as often as it waits
                                ◀───      {"exit_code", "stdout", "stderr"}

Starting Python and loading awscli takes 0.4 s, a fork of a process that has done so 0.03 s.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from labkit.errors import BrokenLab, UsageError
from labkit.runtime.aws_cli.ran import Ran
from labkit.sandbox import guard

if TYPE_CHECKING:
    from labkit.sandbox.sandbox import Sandbox

_CHILD = Path(__file__).with_name("child.py")
_OVERSTRUCK = re.compile(".\b")  # how a manual is printed bold
_OF_A_SHELL = {"|", ">", ">>", "<", "&&", "||", ";", "&", "2>", "2>&1"}


class AwsCli:
    """Runs `aws` commands; made by the lab, which has it as `lab.aws`.

    `home` is where the command's `~` is: its `.aws/config` and `.aws/credentials`, and the folder
    in which it runs. At first the profile `default` is you, in us-east-1.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._folder = TemporaryDirectory(prefix="labkit-aws-", ignore_cleanup_errors=True)
        self.home = Path(self._folder.name)
        self._child: subprocess.Popen[bytes] | None = None
        self._count = 0
        self.be_yourself()

    def be_yourself(self) -> None:
        """Let the profile `default` be you, in us-east-1, and be the only one."""
        (self.home / ".aws").mkdir(exist_ok=True)
        (self.home / ".aws" / "config").write_text(f"[default]\nregion = {guard.REGION}\n")
        credentials = self.home / ".aws" / "credentials"
        credentials.touch(mode=0o600)
        credentials.write_text(
            "[default]\n"
            f"aws_access_key_id = {guard.ACCESS_KEY_ID}\n"
            f"aws_secret_access_key = {guard.SECRET_ACCESS_KEY}\n"
        )

    def __call__(
        self,
        command: str | Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        input: str = "",
    ) -> Ran:
        """Run a command, as a line or as its arguments, with or without `aws` before it.

        `env` are variables besides, such as AWS_PROFILE; `input` is what is typed, for commands
        that ask. No shell reads the line: pipes and redirections belong into Python.
        """
        arguments = _arguments(command)
        began = self.sandbox.calls.mark()
        answer = self._run(arguments, dict(env or {}), input)
        return Ran(
            tuple(arguments),
            self._told(answer["stdout"]),
            self._told(answer["stderr"]),
            answer["exit_code"],
            tuple(self.sandbox.calls.since(began)),
        )

    def close(self) -> None:
        """End the process, and forget the home."""
        if self._child is not None:
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe is not None:
                    pipe.close()
            self._child.wait()
            self._child = None
        self._folder.cleanup()

    def _told(self, text: str) -> str:
        """What was printed, the same on every machine: `~` for the home, no overstriking."""
        return _OVERSTRUCK.sub("", text.replace(str(self.home), "~"))

    def _run(self, arguments: list[str], env: dict[str, str], typed: str) -> dict[str, Any]:
        child = self._started()
        assert child.stdin is not None
        assert child.stdout is not None
        self._count += 1
        _send(
            child.stdin,
            arguments=arguments,
            env=self._variables() | env,
            typed=typed,
            now=self.sandbox.clock.now.timestamp(),
            seed=f"{self.sandbox.seed}/aws/{self._count}",
        )
        while True:
            line = child.stdout.readline()
            if not line:
                self._child = None
                raise BrokenLab(
                    f"`aws {shlex.join(arguments)}` ended without a word.",
                    "The process that runs commands is gone; the next command starts another.",
                )
            said: dict[str, Any] = json.loads(line)
            if "sleep" not in said:
                return said
            self.sandbox.clock.advance(seconds=said["sleep"])
            _send(child.stdin, now=self.sandbox.clock.now.timestamp())

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._child = subprocess.Popen(
                [sys.executable, str(_CHILD)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=self.home,
                env=self._variables() | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")},
            )
        return self._child

    def _variables(self) -> dict[str, str]:
        """The whole environment of a command: nothing of the learner's own gets in."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
            "HOME": str(self.home),
            "USERPROFILE": str(self.home),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PAGER": "cat",
            "MANPAGER": "cat",
            "COLUMNS": "88",
            guard.CHILD_FLAG: "1",
            "AWS_ENDPOINT_URL": self.sandbox.endpoint_url,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def _arguments(command: str | Sequence[str]) -> list[str]:
    if isinstance(command, str):
        try:
            arguments = shlex.split(command)
        except ValueError as error:
            raise UsageError(
                f"The command cannot be split into its arguments: {error}.",
                "It is read as a shell reads it.",
                "Close every quote, or give a list of arguments.",
            ) from error
        of_a_shell = [each for each in arguments if each in _OF_A_SHELL]
        if of_a_shell:
            raise UsageError(
                f"The command has {of_a_shell[0]!r} in it.",
                "labkit runs `aws` itself, and no shell.",
                "Go on in Python with `.stdout` or `.json()`; or quote it, if it is a value.",
            )
    else:
        arguments = [str(each) for each in command]
    if arguments[:1] == ["aws"]:
        del arguments[0]
    return arguments


def _send(pipe: IO[bytes], **said: object) -> None:
    pipe.write(json.dumps(said).encode() + b"\n")
    pipe.flush()
