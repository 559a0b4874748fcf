"""Lambda without Docker: functions run their code, and what triggers them does.

environments   where the code runs: processes, the Runtime API, warm and cold
child          what runs in such a process
targets        which version of which function is meant
concurrency    how many events at once, and whom Lambda turns away
calls          Invoke
invocation     one invocation
provisioned    environments that are started beforehand
agenda         what is to be done later, and `settle`
asynchronous   events that nobody waits for, and their retries
destinations   where Lambda sends what came of them
sources        queues and streams that are polled, and what pushes events
gateway        what answers at the addresses of APIs and functions
functions      from moto's model of a function to the outcome of an invocation
outcome        what came of an invocation
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labkit.fidelity import Row
    from labkit.runtime.agenda import Ran
    from labkit.runtime.functions import Functions
    from labkit.sandbox.sandbox import Sandbox

_installed: list[Sandbox] = []
_current: list[Functions] = []


def open_sandbox(seed: str) -> Sandbox:
    """The sandbox of the process, opened afresh, with every rule and a Lambda that runs."""
    from labkit import fidelity

    _load_rules()  # first: a service that moto has loaded already is taken up at the opening
    sandbox = fidelity.open_sandbox(seed)
    install(sandbox)
    return sandbox


def install(sandbox: Sandbox) -> None:
    """Let the functions of `sandbox` run their code, until it closes."""
    from labkit.runtime.gateway import entrances

    entrances.open_for(sandbox)
    _installed.append(sandbox)
    sandbox.on_close(_current.clear)
    sandbox.on_close(_installed.clear)


def is_installed() -> bool:
    """Whether the open sandbox runs its functions."""
    return bool(_installed)


def ledger(service: str | None = None) -> tuple[Row, ...]:
    """How the sandbox stands to AWS, with what runs in it."""
    from labkit import fidelity

    _load_rules()
    return fidelity.ledger(service)


def _load_rules() -> None:
    """The rules come into force when moto loads the services that they are about."""
    import labkit.runtime.calls
    import labkit.runtime.gateway.flushing
    import labkit.runtime.provisioned
    import labkit.runtime.sources.hooks
    import labkit.runtime.sources.mappings
    import labkit.runtime.sources.rules  # noqa: F401


def running() -> Functions:
    """The functions of the open sandbox; what runs them is made when it is first asked for."""
    from labkit.runtime.functions import Functions
    from labkit.sandbox.sandbox import Sandbox

    if not _current:
        _current.append(Functions(Sandbox.current()))
    return _current[0]


def settle() -> list[Ran]:
    """Move the clock until no event waits for a function; what was done on the way."""
    return running().agenda.settle() if _current else []


def billed() -> tuple[tuple[int, int], ...]:
    """Memory in MB and milliseconds of each invocation so far, whoever set it off."""
    return tuple(_current[0].billed) if _current else ()
