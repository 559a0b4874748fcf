"""A version of a function, as its execution environments need to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Spec:
    """One version of a function.

    `code` is its deployment package and `layers` those of its layers, each a zip's bytes.
    """

    arn: str  # with the version
    name: str
    version: str
    runtime: str
    handler: str
    code: bytes
    layers: tuple[bytes, ...] = ()
    timeout_s: int = 3
    memory_mib: int = 128
    variables: Mapping[str, str] = field(default_factory=dict)
    role: str = ""
    region: str = "us-east-1"
    log_group: str = ""
    revision: str = ""  # environments of an earlier one are not used again
    provisioned: bool = False  # started beforehand
