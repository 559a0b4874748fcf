"""Multi-Region keys: one material under one id in several Regions."""

from __future__ import annotations

from labkit.fidelity.kms.common import API, asked_key
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange


@rule(
    "kms",
    "ReplicateKey",
    when="before",
    follows=API + "ReplicateKey.html",
    corrects="moto replicates any key, and as often as it is asked",
)
def only_a_multi_region_key_is_replicated(exchange: Exchange) -> None:
    """Only a multi-Region primary key is replicated, and once to each Region.

    UnsupportedOperationException and AlreadyExistsException; their words are unverified.
    """
    key, region = asked_key(exchange), exchange.params["ReplicaRegion"]
    if not key.multi_region or key.multi_region_configuration["MultiRegionKeyType"] != "PRIMARY":
        raise AwsError(
            "UnsupportedOperationException", f"{key.arn} is not a multi-Region primary key."
        )
    there = [entry["Region"] for entry in key.multi_region_configuration["ReplicaKeys"]]
    if region == exchange.region or region in there:
        raise AwsError("AlreadyExistsException", f"{key.arn} is in {region} already.")
