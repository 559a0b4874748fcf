"""Amazon Resource Names: `arn:partition:service:region:account:resource`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from labkit.policy.glob import ANY, ONE, matches

FIELDS = 6


def split_arn(text: str) -> list[str] | None:
    """The six fields of an ARN, the last with its own colons kept, or None for another text.

    >>> split_arn("arn:aws:sqs:us-east-1:123456789012:orders")[5]
    'orders'
    """
    fields = text.split(":", FIELDS - 1)
    return fields if len(fields) == FIELDS and fields[0] == "arn" else None


def account_of(text: str) -> str:
    """The account in an ARN; empty where the ARN names none (as those of buckets) or is no ARN."""
    fields = split_arn(text)
    return fields[4] if fields else ""


def arn_matches(pattern: str, value: str, fields: list[str] | None) -> bool:
    """Whether an ARN fits a pattern field by field: a wildcard stays within its field.

    The last field may hold colons, and a star that ends the pattern early covers the fields that
    are left. `fields` is `split_arn(value)`.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
    """
    if pattern == ANY:
        return True
    if fields is None:
        return matches(pattern, value)
    wanted = pattern.split(":", FIELDS - 1)
    if len(wanted) < FIELDS and not pattern.endswith(ANY):
        return False
    for i in range(len(wanted)):
        if wanted[i] != fields[i] and not matches(wanted[i], fields[i]):
            return False
    return True


def completed(text: str) -> str:
    """The pattern of a Resource element with a star for each field that it leaves out.

    >>> completed("arn:aws:sqs")
    'arn:aws:sqs:*:*:*'
    """
    missing = FIELDS - 1 - text.count(":")
    return text + ":*" * missing if text.startswith("arn:") and missing > 0 else text


def stays_within_fields(pattern: str) -> bool:
    """Whether a wildcard of the first five fields stands where it cannot reach past a colon.

    In a Resource element a star that ends its field may; any other wildcard may not.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards
    """
    for field in pattern.split(":", FIELDS - 1)[: FIELDS - 1]:
        if ONE in field or ANY in field[:-1]:
            return True
    return False
