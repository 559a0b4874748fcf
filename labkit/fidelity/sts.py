"""STS: who the caller is."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Params
from labkit.sandbox.principals import LEARNER_ARN

_API = "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"


@rule(
    "sts",
    "GetCallerIdentity",
    when="after",
    follows=_API,
    corrects="moto answers the ARN arn:aws:sts::123456789012:user/moto, which no user can have",
)
def the_caller_is_a_user_of_the_account(
    exchange: Exchange, answer: dict[str, Any]
) -> Params | None:
    """Whoever has not asked for other credentials is the IAM user `learner`.

    The answer names the user or the assumed role that signed the request.
    """
    if exchange.principal != LEARNER_ARN:
        return None
    return answer | {"Arn": LEARNER_ARN, "UserId": "AIDACKCEVSQ6C2EXAMPLE"}
