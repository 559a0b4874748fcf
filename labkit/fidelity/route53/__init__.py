"""Route 53 as AWS has it: batches that are refused whole, changes that take a minute, answers.

records              what is refused
changes, answers     what is told of a change, and of a name
backend              the model in the place of moto's
ledger               what else there is to say
"""

from __future__ import annotations

from moto.route53 import models as moto_route53
from moto.route53 import urls
from moto.route53.responses import Route53

from labkit.fidelity.route53 import answers, changes, ledger, records
from labkit.fidelity.route53.backend import Backend
from labkit.sandbox.sandbox import Sandbox

# The one address that moto lacks; without rules it answers that there is no such operation.
urls.url_paths.setdefault(r"{0}/(?P<api_version>[\d_-]+)/testdnsanswer", Route53.dispatch)

__all__ = ["answers", "changes", "ledger", "records"]


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's backend until the sandbox closes."""
    original = moto_route53.route53_backends.backend

    def put_back() -> None:
        moto_route53.route53_backends.backend = original

    sandbox.on_close(put_back)
    moto_route53.route53_backends.backend = Backend
