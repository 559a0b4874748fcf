"""Where moto is not AWS: rules that correct it, and the ledger of what stays different."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from labkit.fidelity.registry import Row, rows, rule

if TYPE_CHECKING:
    from labkit.sandbox import Sandbox

__all__ = ["Row", "install", "ledger", "open_sandbox", "rule"]


def open_sandbox(seed: str) -> Sandbox:
    """The sandbox of the process, opened afresh, with every rule in force."""
    from labkit.sandbox import Sandbox

    sandbox = Sandbox.open(seed)
    install(sandbox)
    return sandbox


def install(sandbox: Sandbox) -> None:
    """Let nothing past but what is signed, allowed and as the rules have it, until it closes."""
    from labkit.fidelity import rulebook
    from labkit.fidelity.authorisation import authoriser
    from labkit.fidelity.faults import Faults
    from labkit.fidelity.presigned import PresignedCheck
    from labkit.fidelity.signature import SignatureCheck

    sandbox.choke.hooks.append(PresignedCheck())
    sandbox.choke.hooks.append(SignatureCheck())
    authoriser.install(sandbox)
    sandbox.choke.hooks.append(Faults(sandbox))
    rulebook.install(sandbox)


def ledger(service: str | None = None) -> tuple[Row, ...]:
    """How the sandbox stands to AWS, for one service or for all that have rules."""
    from labkit.fidelity.rulebook import SERVICES, package_of

    for name in SERVICES if service is None else {service} & SERVICES.keys():
        import_module(package_of(name))
    return rows(service)
