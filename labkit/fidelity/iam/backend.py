"""IAM's users and accounts as AWS has them: someone is there from the start, and limits hold."""

from __future__ import annotations

from typing import Any

from moto.iam import models as moto_iam
from moto.iam import urls

from labkit.fidelity.iam.aws_managed import load_one
from labkit.sandbox import determinism, guard
from labkit.sandbox.principals import ACCOUNT_ID

_original_user: Any = moto_iam.User
_original_backend: Any = moto_iam.IAMBackend

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
LEARNER = "learner"
LEARNER_ID = "AIDACKCEVSQ6C2EXAMPLE"


def _id(prefix: str, drawn: str) -> str:
    """AWS's ids say what they are of: AIDA a user, AGPA a group, ANPA a managed policy.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    return prefix + drawn.upper()[:17]


class User(_original_user):  # type: ignore[misc]
    """A user who may have a permissions boundary."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.id: str = _id("AIDA", self.id)
        self.permissions_boundary_arn: str | None = None

    @property
    def permissions_boundary(self) -> dict[str, str] | None:
        """The boundary as GetUser tells it."""
        if not self.permissions_boundary_arn:
            return None
        return {
            "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
            "PermissionsBoundaryArn": self.permissions_boundary_arn,
        }


class Backend(_original_backend):  # type: ignore[misc]
    """An account's IAM; in the learner's account there is a user `learner`, an administrator."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        if account_id == ACCOUNT_ID and self.partition == "aws":
            with determinism.aside():
                add_administrator(self, LEARNER, guard.ACCESS_KEY_ID, guard.SECRET_ACCESS_KEY)
                self.users[LEARNER].id = LEARNER_ID

    def create_group(self, group_name: str, path: str = "/") -> Any:
        """A group whose id begins as AWS's do."""
        group = super().create_group(group_name, path)
        group.id = _id("AGPA", group.id)
        return group

    def create_policy(self, *args: Any, **kwargs: Any) -> Any:
        """A managed policy whose id begins as AWS's do."""
        policy = super().create_policy(*args, **kwargs)
        policy.id = _id("ANPA", policy.id)
        return policy

    def create_instance_profile(self, *args: Any, **kwargs: Any) -> Any:
        """An instance profile whose id begins as AWS's do."""
        profile = super().create_instance_profile(*args, **kwargs)
        profile.id = _id("AIPA", profile.id)
        return profile

    def update_user(self, user_name: str, *args: Any, **kwargs: Any) -> None:
        """A user that is renamed keeps its access keys."""
        user = self.get_user(user_name)
        super().update_user(user_name, *args, **kwargs)
        for key in self.access_keys.values():
            if key.user_name == user_name:
                key.user_name = user.name

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module


def add_administrator(iam: Any, name: str, access_key: str, secret_key: str) -> None:
    """Let an account have a user who may do everything, with an access key that is known."""
    user = iam.users.get(name) or iam.create_user(iam.region_name, name)
    load_one(iam, ADMINISTRATOR)
    if ADMINISTRATOR not in user.managed_policies:
        iam.managed_policies[ADMINISTRATOR].attach_to(user)
    key = user.create_access_key(prefix="AKIA")
    key.access_key_id, key.secret_access_key = access_key, secret_key
    iam.access_keys[access_key] = key
