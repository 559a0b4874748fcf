"""SES as AWS has it: identities that wait for a click, a sandbox with its quota, mail that arrives.

identities, receipts            what is refused, and what is answered more fully
identity, message, backend      the model in the place of moto's
feedback, receiving             what a sender is told, and what becomes of mail that comes in
ledger                          what else there is to say
"""

from __future__ import annotations

from moto.ses import models as moto_ses

from labkit.fidelity.ses import identities, ledger, receipts
from labkit.fidelity.ses.backend import Backend
from labkit.fidelity.ses.identity import Identity
from labkit.sandbox.sandbox import Sandbox

__all__ = ["identities", "ledger", "receipts"]


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's identities and backends until the sandbox closes."""
    original, original_backend = moto_ses.EmailIdentity, moto_ses.ses_backends.backend

    def put_back() -> None:
        vars(moto_ses).update(EmailIdentity=original)
        moto_ses.ses_backends.backend = original_backend

    sandbox.on_close(put_back)
    vars(moto_ses).update(EmailIdentity=Identity)
    moto_ses.ses_backends.backend = Backend
