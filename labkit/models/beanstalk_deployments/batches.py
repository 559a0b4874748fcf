"""The options BatchSize and BatchSizeType become a number of instances.

https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
"""

from __future__ import annotations

import math

from labkit.errors import UsageError
from labkit.models.beanstalk_deployments.settings import INSTANCES_MAX
from labkit.models.limits import within

PERCENTAGE, FIXED = "Percentage", "Fixed"


def batch_of(instances: int, size: int, kind: str = PERCENTAGE) -> int:
    """How many instances a batch has for the options BatchSize and BatchSizeType.

    AWS does not say how it rounds a percentage; this rounds up, to one at least.

    >>> batch_of(4, 25), batch_of(5, 30), batch_of(8, 5, FIXED)
    (1, 2, 5)
    """
    if kind not in (PERCENTAGE, FIXED):
        raise UsageError(f"kind is {kind!r}.", f"It is {PERCENTAGE} or {FIXED}.")
    within("size", size, 1, 100 if kind == PERCENTAGE else INSTANCES_MAX)
    count = size if kind == FIXED else math.ceil(instances * size / 100 - 1e-9)
    return max(1, min(instances, count))
