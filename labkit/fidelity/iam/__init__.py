"""IAM as AWS has it: rules on requests, and an account that someone lives in.

names, documents, managed, people     what may be put, and what must go first
passwords, factors, report            credentials of people
last_used                             when a key counts as used
simulate, positions                   the policy simulator
backend, aws_managed, totp            who is there, AWS's own policies, authenticator apps
ledger                                what else there is to say
"""

from __future__ import annotations

from moto.iam import models as moto_iam

from labkit.fidelity.authorisation import ledger as access
from labkit.fidelity.iam import (
    documents,
    factors,
    last_used,
    ledger,
    managed,
    names,
    passwords,
    people,
    report,
    simulate,
)
from labkit.fidelity.iam.backend import Backend, User
from labkit.sandbox.sandbox import Sandbox

__all__ = [
    "access",
    "documents",
    "factors",
    "last_used",
    "ledger",
    "managed",
    "names",
    "passwords",
    "people",
    "report",
    "simulate",
]


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
    last_used.watch(sandbox)
