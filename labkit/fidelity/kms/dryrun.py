"""A request may ask only whether it would succeed. Whatever refuses has refused before."""

from __future__ import annotations

from labkit.fidelity.kms.common import CRYPTOGRAPHIC, GUIDE
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange


@rule(
    "kms",
    *CRYPTOGRAPHIC,
    "CreateGrant",
    "RetireGrant",
    "RevokeGrant",
    when="instead",
    follows=GUIDE + "testing-permissions.html",
    corrects="moto does what was only asked about",
)
def a_dry_run_does_nothing(exchange: Exchange) -> None:
    """With DryRun nothing is done; what would have succeeded is answered with an error of its own.

    DryRunOperationException: The request would have succeeded, but the DryRun option is set.
    """
    if exchange.params.get("DryRun"):
        raise AwsError(
            "DryRunOperationException",
            "The request would have succeeded, but the DryRun option is set.",
        )
