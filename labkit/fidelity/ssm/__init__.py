"""Parameter Store as AWS has it: secrets under keys of KMS, tiers, policies that end in time.

writing, policies, reading      what is refused, and what is answered more fully
parameter, secrets              the model in the place of moto's
ledger                          what else there is to say
"""

from __future__ import annotations

from moto.ssm import models as moto_ssm

from labkit.fidelity.ssm import ledger, policies, reading, writing
from labkit.fidelity.ssm.parameter import Backend, Parameter
from labkit.sandbox.sandbox import Sandbox

__all__ = ["ledger", "policies", "reading", "writing"]


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's parameters and backends until the sandbox closes."""
    original, original_backend = moto_ssm.Parameter, moto_ssm.ssm_backends.backend

    def put_back() -> None:
        vars(moto_ssm).update(Parameter=original)
        moto_ssm.ssm_backends.backend = original_backend

    sandbox.on_close(put_back)
    vars(moto_ssm).update(Parameter=Parameter)
    moto_ssm.ssm_backends.backend = Backend
