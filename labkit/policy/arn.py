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

    The last field is the exception, since it may hold colons. A pattern with fewer than six
    fields is completed with wildcards. `fields` is `split_arn(value)`.
    """
    if pattern == ANY:
        return True
    if fields is None:
        return matches(pattern, value)
    wanted = pattern.split(":", FIELDS - 1)
    for i in range(len(wanted)):
        if wanted[i] != fields[i] and not matches(wanted[i], fields[i]):
            return False
    return True


def has_plain_head(pattern: str) -> bool:
    """Whether only the last of the six fields holds wildcards: then the whole is one glob."""
    fields = pattern.split(":", FIELDS - 1)
    if len(fields) < FIELDS:
        return False
    head = pattern[: len(pattern) - len(fields[5])]
    return ANY not in head and ONE not in head
