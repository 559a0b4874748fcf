"""boto3 sessions of others: a user, a role, the root user, an administrator of another account.

Their credentials are real ones of the sandbox. Those of a user are made beside its own access
keys, of which AWS allows two, and are the same in every run.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from labkit.errors import UsageError, nearest
from labkit.facts import fact
from labkit.fidelity.authorisation.authoriser import current
from labkit.fidelity.authorisation.callers import add_root_key, iam_of
from labkit.fidelity.authorisation.credentials import Session, remember
from labkit.fidelity.authorisation.policies import role_by_arn
from labkit.sandbox import determinism
from labkit.sandbox.principals import ACCOUNT_ID
from labkit.sandbox.sandbox import Sandbox

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def as_user(name: str, account: str = ACCOUNT_ID) -> Any:
    """A boto3 session of an IAM user; UsageError if the account has none of that name."""
    iam = iam_of(account)
    if name not in iam.users:
        close = nearest(name, [*iam.users])
        raise UsageError(
            f"There is no user {name!r}.",
            "lab.as_user takes the name of a user that IAM has.",
            f"Did you mean {close!r}?" if close else 'iam.create_user(UserName="ana") makes one.',
        )
    return _session(*_key_of(iam, name))


def as_role(role: str, session_name: str = "lab", by: Any = None, **passed: Any) -> Any:
    """A boto3 session of a role, opened by AssumeRole; `by` is the session that asks.

    `role` is a name or an ARN; what else is passed goes to AssumeRole. Where AWS would refuse,
    so does this: a ClientError.
    """
    arn = role if role.startswith("arn:") else _arn_of_role(role)
    sts = (by or Sandbox.current().session).client("sts")
    given = sts.assume_role(RoleArn=arn, RoleSessionName=session_name, **passed)["Credentials"]
    return _session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def as_root(account: str = ACCOUNT_ID) -> Any:
    """A boto3 session of an account's root user."""
    access_key, secret = _made_up(f"root of {account}")
    add_root_key(access_key, account)
    _put_key(iam_of(account), None, access_key, secret)
    return _session(access_key, secret)


def as_account(account: str) -> Any:
    """A boto3 session of an administrator of another account."""
    if not (account.isdigit() and len(account) == len(ACCOUNT_ID)):
        raise UsageError(f"An account id has {len(ACCOUNT_ID)} digits, got {account!r}.")
    iam = iam_of(account)  # before the next line, so that IAM's rules come into force
    from labkit.fidelity.iam.backend import add_administrator

    access_key, secret = _made_up(f"administrator of {account}")
    if access_key not in iam.access_keys:
        with determinism.aside():
            add_administrator(iam, "administrator", access_key, secret)
    return _session(access_key, secret)


def session_for_service(role_arn: str, service: str, session_name: str) -> Session:
    """Credentials of a role for a service that runs something in its name, if the role trusts it.

    For a function of Lambda, a task of ECS, an instance of EC2. UsageError where the trust policy
    does not let the service in.
    """
    role = role_by_arn(role_arn)
    decision = current().decide(service, "sts:AssumeRole", role_arn)
    if role is None or not decision.allowed:
        raise UsageError(f"The role {role_arn} does not exist, or does not trust {service}.")
    account, now = role.arn.split(":")[4], Sandbox.current().clock.now
    access_key, secret = _made_up(f"{service} {role_arn} {session_name} {now}", "ASIA")
    _put_key(iam_of(account), None, access_key, secret)
    iam_of(account).access_keys[access_key].role_arn = role_arn
    session = Session(
        access_key=access_key,
        secret_key=secret,
        token=sha256(access_key.encode()).hexdigest(),
        principal=f"arn:aws:sts::{account}:assumed-role/{role.name}/{session_name}",
        user_id=f"{role.id}:{session_name}",
        account=account,
        issued_at=now,
        expires_at=now + timedelta(seconds=int(fact("iam.role_session_max_s"))),
        role_arn=role_arn,
    )
    remember(session)
    return session


def as_service(role_arn: str, service: str, session_name: str) -> Any:
    """A boto3 session of a role that a service has taken on."""
    session = session_for_service(role_arn, service, session_name)
    return _session(session.access_key, session.secret_key, session.token)


def _arn_of_role(name: str) -> str:
    roles = {role.name: str(role.arn) for role in iam_of(ACCOUNT_ID).roles.values()}
    if name not in roles:
        close = nearest(name, [*roles])
        raise UsageError(
            f"There is no role {name!r}.",
            "lab.as_role takes the name or the ARN of a role.",
            f"Did you mean {close!r}?" if close else "iam.create_role(...) makes one.",
        )
    return roles[name]


def _key_of(iam: Any, name: str) -> tuple[str, str]:
    """An access key of a user that is not among those that IAM lists."""
    access_key, secret = _made_up(f"user {name} of {iam.account_id}")
    _put_key(iam, name, access_key, secret)
    return access_key, secret


def _put_key(iam: Any, user_name: str | None, access_key: str, secret: str) -> None:
    """Let an account know an access key; the learner's next ids are as if nothing had been."""
    from moto.iam.models import AccessKey

    if access_key in iam.access_keys:
        return
    make: Any = AccessKey
    with determinism.aside():
        key = make(user_name, prefix=access_key[:4], account_id=iam.account_id)
    key.access_key_id, key.secret_access_key = access_key, secret
    iam.access_keys[access_key] = key


def _made_up(whose: str, prefix: str = "AKIA") -> tuple[str, str]:
    """An access key and its secret, which follow from whose they are."""
    digest = sha256(whose.encode())
    id = "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest.digest()[:16])
    return prefix + id, digest.hexdigest()[:40]


def _session(access_key: str, secret: str, token: str | None = None) -> Any:
    import boto3

    make: Callable[..., Any] = boto3.Session
    return make(
        aws_access_key_id=access_key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        region_name=Sandbox.current().session.region_name,
    )
