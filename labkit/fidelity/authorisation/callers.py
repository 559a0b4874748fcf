"""Who signed a request: the owner of its access key, if the credentials are good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labkit.fidelity.authorisation.credentials import Session, session_of
from labkit.fidelity.authorisation.errors import refusal
from labkit.sandbox.choke import Exchange
from labkit.sandbox.principals import ACCOUNT_ID


@dataclass(frozen=True)
class Caller:
    """Whoever calls: an ARN, or `*` for a request that nobody signed.

    `session` is there where the credentials are temporary; `user_name` where a user of IAM is the
    caller, or stands behind its session.
    """

    arn: str
    account: str = ""
    user_id: str = ""
    user_name: str = ""
    session: Session | None = None

    @property
    def is_root(self) -> bool:
        """Whether the account's root user calls."""
        return self.arn.endswith(":root")


ANONYMOUS = Caller("*")


def identify(exchange: Exchange) -> Caller:
    """The caller of a request; AwsError where AWS would not take the credentials."""
    key = access_key_of(exchange)
    if not key:
        return ANONYMOUS
    session = session_of(key)
    if session is not None:
        return _temporary(exchange, session)
    iam = iam_of(exchange.account)
    owned = iam.access_keys.get(key)
    user = iam.users.get(owned.user_name) if owned is not None else None
    if owned is None or user is None or owned.status != "Active":
        root = _root_of(key)
        if root is None:
            raise refusal(exchange, "unknown key")
        return root
    if _token(exchange):
        raise refusal(exchange, "wrong token")
    return Caller(user.arn, exchange.account, user.id, user.name)


def access_key_of(exchange: Exchange) -> str:
    """The access key in the header or, for a presigned address, in the query; empty for none."""
    if "Authorization" in exchange.request.headers:
        return exchange.access_key
    values = _signed_values(exchange)
    credential = values.get("x-amz-credential") or values.get("awsaccesskeyid") or ""
    return credential.split("/", 1)[0]


def _signed_values(exchange: Exchange) -> dict[str, str]:
    """The query, or the fields of a form that is sent to S3, by their names in lower case."""
    request = exchange.request
    values = request.form if exchange.operation == "PostObject" else request.args
    return {str(name).lower(): str(value) for name, value in values.items()}


def iam_of(account: str) -> Any:
    """moto's IAM of an account."""
    from moto.iam.models import iam_backends

    return iam_backends[account or ACCOUNT_ID]["aws"]


def _token(exchange: Exchange) -> str:
    in_header = exchange.request.headers.get("X-Amz-Security-Token")
    return str(in_header or _signed_values(exchange).get("x-amz-security-token", ""))


def _temporary(exchange: Exchange, session: Session) -> Caller:
    if _token(exchange) != session.token:
        raise refusal(exchange, "wrong token")
    if exchange.at >= session.expires_at:
        raise refusal(exchange, "expired")
    if exchange.service == "iam" and not session.may_call_iam:
        raise refusal(exchange, "wrong token")
    return Caller(session.principal, session.account, session.user_id, session.user_name, session)


# ---- root users, whose keys are made outside of IAM ----

_roots: dict[str, str] = {}


def add_root_key(access_key: str, account: str) -> None:
    """Let an access key be that of an account's root user."""
    _roots[access_key] = account


def forget_root_keys() -> None:
    """No root user has an access key."""
    _roots.clear()


def _root_of(access_key: str) -> Caller | None:
    account = _roots.get(access_key)
    return Caller(f"arn:aws:iam::{account}:root", account, account) if account else None
