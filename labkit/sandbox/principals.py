"""Who signed a request."""

from __future__ import annotations

from typing import Any

ACCOUNT_ID = "123456789012"
LEARNER_ARN = f"arn:aws:iam::{ACCOUNT_ID}:user/learner"


def principal_of(access_key: str, account: str) -> str:
    """The user or assumed role that owns `access_key`; the learner owns every key unknown here."""
    from moto.iam.models import iam_backends

    iam = iam_backends[account]["aws"]
    if access_key not in iam.access_keys:
        return LEARNER_ARN
    role_session = _assumed_role(access_key, account)
    if role_session is not None:
        return str(role_session.arn)
    user = iam.get_user_from_access_key_id(access_key)
    return str(user.arn) if user else LEARNER_ARN


def _assumed_role(access_key: str, account: str) -> Any:
    from moto.sts.models import sts_backends

    return sts_backends[account]["aws"].get_assumed_role_from_access_key(access_key)
