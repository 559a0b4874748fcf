"""The tags of a resource, wherever moto keeps them."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.authorisation.callers import iam_of
from labkit.policy.arn import split_arn


def tags_of(arn: str) -> dict[str, str]:
    """The tags of the resource of an ARN; none for one that is not there or has none.

    A bucket's tags count for access only where attribute-based access control is turned on for
    the bucket, which moto does not have; so they are not given.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
    """
    fields = split_arn(arn)
    if fields is None or "*" in arn or fields[2] == "s3":
        return {}
    if fields[2] == "iam":
        return _of_iam(fields, arn)
    for backend in _backends(fields):
        if fields[2] == "kinesis":
            stream = backend.streams.get(fields[5].removeprefix("stream/"))
            return dict(stream.tags) if stream is not None else {}
        if fields[2] == "ecr":
            return dict(backend.tagger.get_tag_dict_for_resource(arn))
        for resource in backend.iter_tagged_resources():
            if resource.arn == arn:
                return dict(resource.tags)
    return {}


def _backends(fields: list[str]) -> list[Any]:
    """moto's backends of the service in an ARN, of those that are in use."""
    from moto.core.base_backend import BackendDict

    registry: Any = BackendDict
    found = []
    for backends in list(registry._instances):
        if not isinstance(backends.backend, type) or fields[4] not in backends:
            continue
        name = getattr(backends.backend, "SERVICE_NAMESPACE", "") or backends.service_name
        regions = backends[fields[4]]
        if name == fields[2] and fields[3] in set(regions):
            found.append(regions[fields[3]])
    return found


def _of_iam(fields: list[str], arn: str) -> dict[str, str]:
    iam = iam_of(fields[4])
    kind = fields[5].split("/", 1)[0]
    if kind == "user":
        return dict(iam.tagger.get_tag_dict_for_resource(arn))
    if kind == "role":
        roles = (role for role in iam.roles.values() if role.arn == arn)
        return written(next((role.tags for role in roles), None))
    policy = iam.managed_policies.get(arn)
    return written(policy.get_tags()) if policy is not None else {}


def written(value: Any) -> dict[str, str]:
    """Tags as a parameter holds them, in whichever of AWS's forms, as a plain dict.

    >>> written([{"Key": "stage", "Value": "test"}])
    {'stage': 'test'}
    """
    if isinstance(value, dict):
        return {str(key): str(text) for key, text in value.items() if isinstance(text, str)}
    found = {}
    for tag in value if isinstance(value, list) else []:
        if not isinstance(tag, dict):
            continue
        lower = {name.lower(): text for name, text in tag.items()}
        name = lower.get("key", lower.get("tagkey"))
        if name is not None:
            found[str(name)] = str(lower.get("value", lower.get("tagvalue", "")))
    return found
