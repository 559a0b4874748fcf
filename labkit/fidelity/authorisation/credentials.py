"""Temporary credentials are handed out by STS, belong to a session, and expire on the clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Session:
    """What stands behind temporary credentials.

    `principal` is the ARN under which the session calls: an assumed role, a federated user, or
    for GetSessionToken the user itself. `policies` are its session policies. `tags` are its
    session tags; those in `transitive` go along into a role that the session assumes.
    """

    access_key: str
    secret_key: str
    token: str
    principal: str
    user_id: str
    account: str
    issued_at: datetime
    expires_at: datetime
    role_arn: str = ""
    user_name: str = ""
    policies: tuple[dict[str, Any], ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    transitive: frozenset[str] = frozenset()
    mfa_at: datetime | None = None
    source_identity: str = ""
    context: dict[str, Any] = field(default_factory=dict)  # keys that the session's origin gave

    @property
    def may_call_iam(self) -> bool:
        """Whether these credentials are taken by IAM: a role's are, and a user's with MFA.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html
        """
        federated = ":federated-user/" in self.principal
        return bool(self.role_arn) or (self.mfa_at is not None and not federated)


_sessions: dict[str, Session] = {}


def remember(session: Session) -> None:
    """Let requests that are signed with the session's access key be the session's."""
    _sessions[session.access_key] = session


def session_of(access_key: str) -> Session | None:
    """The session that owns an access key, expired or not; None for a key of none."""
    return _sessions.get(access_key)


def forget_all() -> None:
    """No temporary credentials are known any more."""
    _sessions.clear()
