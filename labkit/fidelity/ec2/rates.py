"""What a volume of each type may be: its size, its IOPS, its throughput, and their ratios."""

from __future__ import annotations

from labkit.facts import fact
from labkit.fidelity.ec2.common import limit
from labkit.sandbox.awserror import AwsError

TYPES = ("gp2", "gp3", "io1", "io2", "st1", "sc1", "standard")
WITH_IOPS = ("gp3", "io1", "io2")
PROVISIONED = ("io1", "io2")


def size_refusal(kind: str, size_gib: int) -> str:
    """Why a volume of that type cannot be that large; empty if it can."""
    least, most = limit(f"ebs.{kind}_size_min_gib"), limit(f"ebs.{kind}_size_max_gib")
    if size_gib < least:
        return f"Volume of {size_gib}GiB is too small for volume type {kind}; minimum is {least}GiB"
    if size_gib > most:
        return f"Volume of {size_gib}GiB is too large for volume type {kind}; maximum is {most}GiB"
    return ""


def iops_refusal(kind: str, size_gib: int, iops: int) -> str:
    """Why a volume of that type and size cannot have so many IOPS; empty if it can."""
    least, most = limit(f"ebs.{kind}_iops_min"), limit(f"ebs.{kind}_iops_max")
    if iops < least:
        return f"Volume iops of {iops} is too low; minimum is {least}."
    if iops > most:
        return f"Volume iops of {iops} is too high; maximum is {most}."
    highest = limit(f"ebs.{kind}_iops_per_gib_max")
    if iops > highest * size_gib and not (kind == "gp3" and iops <= least):
        ratio = iops / size_gib
        return f"Iops to volume size ratio of {ratio:.6f} is too high; maximum is {highest}"
    return ""


def throughput_refusal(throughput_mib: int, iops: int) -> str:
    """Why a gp3 volume with so many IOPS cannot have that throughput; empty if it can."""
    least = limit("ebs.gp3_throughput_min_mib")
    most = limit("ebs.gp3_throughput_max_mib")
    if throughput_mib < least:
        return f"Throughput of {throughput_mib} MiB/s is too low; minimum is {least} MiB/s."
    if throughput_mib > most:
        return f"Throughput of {throughput_mib} MiB/s is too high; maximum is {most} MiB/s."
    highest = float(fact("ebs.gp3_throughput_per_iops_max_mib"))
    if throughput_mib > highest * iops:
        return (
            f"Throughput (MiBps) to iops ratio of {throughput_mib / iops:.6f} is too high; "
            f"maximum is {highest:.6f} MiBps per iops."
        )
    return ""


def unknown(kind: str) -> AwsError:
    """The error for a type that does not exist."""
    sentence = f"Unsupported volume type '{kind}' for volume creation."
    return AwsError("UnknownVolumeType", sentence)


def unsupported(kind: str, iops: int | None, throughput_mib: int | None) -> AwsError | None:
    """The error for a parameter that the type does not take, or lacks; None if all is well."""
    if iops is not None and kind not in WITH_IOPS:
        sentence = f"The parameter iops is not supported for {kind} volumes."
        return AwsError("InvalidParameterCombination", sentence)
    if throughput_mib is not None and kind != "gp3":
        sentence = f"The parameter throughput is not supported for {kind} volumes."
        return AwsError("InvalidParameterCombination", sentence)
    if iops is None and kind in PROVISIONED:
        sentence = f"The parameter iops must be specified for {kind} volumes."
        return AwsError("MissingParameter", sentence)
    return None


def refusal(
    kind: str, size_gib: int, iops: int | None, throughput_mib: int | None
) -> AwsError | None:
    """The error for a volume that cannot be; None if it can."""
    if kind not in TYPES:
        return unknown(kind)
    error = unsupported(kind, iops, throughput_mib)
    if error is not None:
        return error
    given = iops if iops is not None else limit("ebs.gp3_iops_default")
    sentence = (
        size_refusal(kind, size_gib)
        or (iops is not None and iops_refusal(kind, size_gib, iops))
        or (throughput_mib is not None and throughput_refusal(throughput_mib, given))
    )
    return AwsError("InvalidParameterValue", sentence) if sentence else None
