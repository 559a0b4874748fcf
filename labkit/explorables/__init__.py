"""The interactive figures: controls and a pure function from their values to a figure.

One module a slug, each with an `EXPLORABLE`. `parts` has what they are made of, `palette` the
colours they name. Everything here runs unchanged under CPython and under MicroPython in the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.errors import UnknownSlug

if TYPE_CHECKING:
    from labkit.explorables.parts import Explorable

SLUGS = (
    "api_throttle",
    "backoff",
    "beanstalk_deployments",
    "dynamodb_capacity",
    "ebs_burst",
    "ebs_curves",
    "ec2_pricing",
    "envelope_encryption",
    "iam_evaluation",
    "lambda_concurrency",
    "sqs_polling",
)


def load(slug: str) -> Explorable:
    """The explorable of that slug; imports its module and nothing of the others.

    Raises UnknownSlug with the slugs there are.
    """
    if slug not in SLUGS:
        raise UnknownSlug(f"There is no explorable {slug!r}.", f"There are: {', '.join(SLUGS)}.")
    # MicroPython has no importlib; __import__ with a fromlist gives the module in both.
    module = __import__(f"labkit.explorables.{slug}", None, None, ["EXPLORABLE"])
    explorable: Explorable = module.EXPLORABLE
    return explorable
