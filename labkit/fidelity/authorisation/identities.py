"""The part of a lab that is about who calls, what they may do, and why."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.fidelity.authorisation.authoriser import Authoriser
    from labkit.fidelity.authorisation.why import Why
    from labkit.sandbox.calllog import Call


class Enforcement:
    """Whether the policies decide every call; left, as a `with` block, it is as it was before."""

    def __init__(self, authoriser: Authoriser, enforced: bool) -> None:
        self._authoriser = authoriser
        self._before = authoriser.enforced
        authoriser.enforced = enforced

    def __enter__(self) -> Enforcement:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._authoriser.enforced = self._before

    def __repr__(self) -> str:
        if self._authoriser.enforced:
            return "IAM is enforced: the policies decide every call from now on."
        return "IAM is not enforced: every call of an identity that exists goes through."


class Identities(ABC):
    """What a lab offers on identities; whatever is imported is imported when it is used."""

    @abstractmethod
    def _assert_open(self, what: str) -> None:
        """Raise ClosedLab, naming the call, if the lab is closed."""

    def enforce_iam(self, enforced: bool = True) -> Enforcement:
        """Let the policies decide every call from now on, or stop; also `with lab.enforce_iam():`.

        The learner's own credentials are those of an administrator, so that a lab can be laid
        out either way.
        """
        self._assert_open("lab.enforce_iam")
        from labkit.fidelity.authorisation import authoriser

        return Enforcement(authoriser.current(), enforced)

    def as_user(self, name: str) -> Any:
        """A boto3 session of an IAM user. Raises UsageError, with the nearest name."""
        self._assert_open("lab.as_user")
        from labkit.fidelity.authorisation import people

        return people.as_user(name)

    def as_role(self, role: str, session_name: str = "lab", by: Any = None, **passed: Any) -> Any:
        """A boto3 session of a role, opened by sts:AssumeRole as the learner, or as session `by`.

        `role` is a name or an ARN; what else is passed (ExternalId, DurationSeconds, Policy …)
        goes to AssumeRole, and a role that does not trust the caller refuses, as on AWS.
        """
        self._assert_open("lab.as_role")
        from labkit.fidelity.authorisation import people

        return people.as_role(role, session_name, by, **passed)

    def on_instance(self, instance_id: str) -> Any:
        """A boto3 session as a program on a running EC2 instance makes it: with no credentials.

        boto3 asks the instance's metadata for those of its role, and renews them. Raises
        UsageError if no such instance is running.
        """
        self._assert_open("lab.on_instance")
        from labkit.fidelity import instance_metadata

        return instance_metadata.on_instance(instance_id)

    def as_root(self) -> Any:
        """A boto3 session of the account's root user."""
        self._assert_open("lab.as_root")
        from labkit.fidelity.authorisation import people

        return people.as_root()

    def as_account(self, account: str) -> Any:
        """A boto3 session of an administrator of another account, given by its 12 digits."""
        self._assert_open("lab.as_account")
        from labkit.fidelity.authorisation import people

        return people.as_account(account)

    def mfa_code(self, seed: str | bytes) -> str:
        """What an authenticator app shows now for the seed of a virtual MFA device."""
        self._assert_open("lab.mfa_code")
        from labkit.fidelity.authorisation import authoriser
        from labkit.fidelity.iam import totp

        return totp.code(seed, authoriser.current().sandbox.clock.now)

    def why(self, call: Call | None = None) -> Why:
        """The path to the last decision of the policies, or to that on a call of the log.

        Raises LabError where nothing was decided.
        """
        self._assert_open("lab.why")
        from labkit.fidelity.authorisation import why

        return why.why(call)
