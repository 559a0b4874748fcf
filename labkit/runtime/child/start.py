"""The first thing that runs in a function's process.

    python -S -P start.py              what it needs to know stands in LABKIT_... variables

It cuts the process off from every host but this machine, gives it the sandbox's time and a
`/tmp` of its own, and then becomes what AWS runs: its runtime client, or labkit's own.
"""

import http.client
import os
import sys
import threading

_HERE = os.path.dirname(os.path.abspath(__file__))
_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(_HERE)))  # where labkit lies


def _end_with_the_parent() -> None:
    """The parent holds the other end of standard input, and never writes."""
    os.read(0, 1)
    os._exit(1)


def _ask_to_sleep(address: str, seconds: float) -> None:
    connection = http.client.HTTPConnection(address)
    connection.request("POST", "/labkit/sleep", str(seconds))
    connection.getresponse().read()
    connection.close()


def _seed(value: str) -> None:
    """What the function draws by chance is the same in every run of a lab."""
    import random

    drawn = random.Random(value)
    os.urandom = vars(random)["_urandom"] = drawn.randbytes
    random.seed(value)


def main() -> None:
    """Prepare the process, then serve invocations until it is stopped."""
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    known = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("LABKIT_")}
    os.environ.pop("PYTHONHASHSEED")  # has done its work
    address = os.environ["AWS_LAMBDA_RUNTIME_API"]

    os.environ["LABKIT_GUARD"] = "1"  # a child: its environment is as the sandbox made it
    sys.path.insert(0, _ROOT)
    from labkit.runtime.child import passing, scratch  # labkit itself arms the guard

    passing.install(known["LABKIT_CLOCK"], lambda seconds: _ask_to_sleep(address, seconds))
    libraries = known["LABKIT_PACKAGES"].split(os.pathsep)
    scratch.install(known["LABKIT_TMP"], (*libraries, _ROOT, sys.prefix, sys.base_prefix))
    _seed(known["LABKIT_SEED"])
    sys.path[:1] = known["LABKIT_PATH"].split(os.pathsep)
    sys.path += libraries
    os.chdir(os.environ["LAMBDA_TASK_ROOT"])

    if known["LABKIT_DRIVER"] == "awslambdaric":
        from awslambdaric import bootstrap
        from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

        bootstrap.run(os.environ["_HANDLER"], LambdaRuntimeClient(address))
    else:
        sys.path.append(_ROOT)
        from labkit.runtime.child import client

        client.run(os.environ["_HANDLER"], address)


main()
