"""The process that runs `aws` commands, one after the other, each in a fork of it.

It reads a command from its standard input and writes what came of it to its standard output; while
a command runs, these two belong to the command's waiting. See runner.py.
"""

import contextlib
import json
import logging
import os
import random
import sys
import tempfile
import traceback
from typing import Any

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(__file__))))
_now = [0.0]
_pipes = [0, 1]  # from and to the sandbox's process


def _read() -> Any:
    """The next line, byte by byte: what comes after it is for somebody else."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(_pipes[0], 1)
        if not byte:
            os._exit(0)
        line += byte
    return json.loads(line)


def _write(**said: object) -> None:
    os.write(_pipes[1], json.dumps(said).encode() + b"\n")


def _sleep(seconds: float) -> None:
    _write(sleep=seconds)
    _now[0] = _read()["now"]


def _aws(arguments: list[str]) -> int:
    """Be the `aws` command."""
    from awscli.clidriver import main

    sys.argv = ["aws", *arguments]
    try:
        return int(main() or 0)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    finally:
        for handler in logging.getLogger().handlers[:]:
            logging.getLogger().removeHandler(handler)
        sys.stdout.flush()
        sys.stderr.flush()


def _run(asked: Any, stdout: Any, stderr: Any, typed: Any) -> int:
    """Run a command with these files in the place of the terminal."""
    os.environ.update(asked["env"])
    drawn = random.Random(asked["seed"])
    os.urandom = vars(random)["_urandom"] = drawn.randbytes
    random.seed(asked["seed"])
    typed.write(asked["typed"].encode())
    typed.seek(0)
    for file, descriptor in ((typed, 0), (stdout, 1), (stderr, 2)):
        os.dup2(file.fileno(), descriptor)
    return _aws(asked["arguments"])


def _serve(asked: Any) -> None:
    with contextlib.ExitStack() as files:
        stdout, stderr, typed = (files.enter_context(tempfile.TemporaryFile()) for _ in range(3))
        if hasattr(os, "fork"):
            pid = os.fork()
            if pid == 0:
                code = 255
                try:
                    code = _run(asked, stdout, stderr, typed)
                except BaseException:
                    traceback.print_exc()
                    sys.stderr.flush()
                finally:
                    os._exit(code & 255)
            _, status = os.waitpid(pid, 0)
            code = os.waitstatus_to_exitcode(status)
        else:
            code = _run(asked, stdout, stderr, typed)
        said = []
        for file in (stdout, stderr):
            file.seek(0)
            said.append(file.read().decode("utf-8", "replace"))
    _write(exit_code=code, stdout=said[0], stderr=said[1])


def _prepare() -> None:
    """Load awscli and what most commands need of it, so that every fork has it."""
    from awscli.botocore.loaders import Loader
    from awscli.clidriver import create_clidriver
    from awscli.customizations.overridesslcommonname import SSL_COMMON_NAMES

    # Version 1 sends SQS, RDS and four others to older names of their endpoints, whatever
    # AWS_ENDPOINT_URL says.
    SSL_COMMON_NAMES.clear()

    models: dict[Any, Any] = {}
    begin = Loader.__init__

    def begin_with_models(loader: Any, *args: Any, **kwargs: Any) -> None:
        begin(loader, *args, **kwargs)
        loader._cache = models

    Loader.__init__ = begin_with_models
    driver = create_clidriver()
    driver.session.get_available_services()
    for service in ("s3", "sts", "iam"):
        driver.session.create_client(
            service, "us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
        )


def main() -> None:
    """Take the sandbox's time, load awscli, and serve commands until the other side hangs up."""
    sys.path.append(_ROOT)
    from labkit.runtime.child import passing

    _pipes[:] = [os.dup(0), os.dup(1)]
    first = _read()
    _now[0] = first["now"]
    passing.turn(lambda: _now[0], _sleep)
    _prepare()

    _serve(first)
    while True:
        asked = _read()
        _now[0] = asked["now"]
        _serve(asked)


if __name__ == "__main__":
    main()
