"""IAM as AWS has it: rules on requests, and an account that someone lives in."""

from __future__ import annotations

from moto.iam import models as moto_iam

from labkit.fidelity.iam.backend import Backend, User
from labkit.sandbox.sandbox import Sandbox


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's users and accounts until the sandbox closes."""
    original_user, original_backend = moto_iam.User, moto_iam.iam_backends.backend

    def put_back() -> None:
        vars(moto_iam).update(User=original_user)
        moto_iam.iam_backends.backend = original_backend

    sandbox.on_close(put_back)
    vars(moto_iam).update(User=User)
    moto_iam.iam_backends.backend = Backend
    moto_iam.iam_backends.clear()
