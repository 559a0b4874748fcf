"""A request may ask only whether it would be allowed. Whoever may not was told so before."""

from __future__ import annotations

from labkit.fidelity.ec2.common import API
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_OPERATIONS = (
    "CopySnapshot",
    "CreateImage",
    "CreateVolume",
    "DescribeImages",
    "DescribeInstanceStatus",
    "DescribeKeyPairs",
    "DescribeSecurityGroups",
    "DescribeSnapshots",
    "DescribeVolumes",
    "DescribeVolumesModifications",
    "DescribeVpcs",
    "GetEbsDefaultKmsKeyId",
    "GetEbsEncryptionByDefault",
    "ModifyInstanceMetadataOptions",
    "ResetEbsDefaultKmsKeyId",
    "RunInstances",
)


@rule(
    "ec2",
    *_OPERATIONS,
    when="before",
    follows=API + "DescribeVolumes.html",
    corrects="moto does some of what was only asked about",
)
def a_dry_run_of_a_look_is_no_look(exchange: Exchange) -> None:
    """With DryRun nothing is done and nothing shown; what is allowed is answered with an error.

    DryRunOperation: Request would have succeeded, but DryRun flag is set. Without permission it
    is UnauthorizedOperation, with an encoded message.
    """
    if exchange.params.get("DryRun"):
        raise AwsError(
            "DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412
        )
