"""Who the caller is, and whose an access key is."""

from __future__ import annotations

from labkit.fidelity.authorisation.credentials import session_of
from labkit.fidelity.registry import rule
from labkit.fidelity.sts.common import API, caller_of
from labkit.sandbox.choke import Exchange, Params


@rule(
    "sts",
    "GetCallerIdentity",
    when="instead",
    follows=API + "GetCallerIdentity.html",
    corrects="moto answers the ARN arn:aws:sts::123456789012:user/moto, which no user can have",
)
def the_caller_is_a_user_of_the_account(exchange: Exchange) -> Params:
    """Whoever has not asked for other credentials is the IAM user `learner`.

    The answer names the user, the assumed role, the federated user or the root user that signed
    the request. It needs no permission.
    """
    caller = caller_of(exchange)
    return {"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn}


@rule(
    "sts",
    "GetAccessKeyInfo",
    when="instead",
    follows=API + "GetAccessKeyInfo.html",
    corrects="moto looks for the key among users only",
)
def an_access_key_tells_its_account(exchange: Exchange) -> Params | None:
    """GetAccessKeyInfo knows temporary access keys too.

    It answers the account that an access key belongs to, whether or not the key is still good.
    """
    session = session_of(str(exchange.params.get("AccessKeyId", "")))
    return {"Account": session.account} if session is not None else None
