"""SNS as AWS has it: subscribers who are asked first, queues that must let SNS in.

topics, subscriptions, settings,
publishing, batches                  what is refused, and what is answered more fully
topic, backend                       the model in the place of moto's
delivery, envelope                   what reaches whom, and in which words
ledger                               what else there is to say
"""

from __future__ import annotations

from moto.sns import models as moto_sns

from labkit.fidelity.sns import batches, ledger, publishing, settings, subscriptions, topics
from labkit.fidelity.sns.backend import Backend
from labkit.fidelity.sns.common import limit
from labkit.fidelity.sns.topic import Subscription, Topic
from labkit.sandbox.sandbox import Sandbox

__all__ = ["batches", "ledger", "publishing", "settings", "subscriptions", "topics"]

_IN_PLACE = {
    "Subscription": Subscription,
    "Topic": Topic,
    "MAXIMUM_MESSAGE_LENGTH": limit("message_limit_max_bytes"),  # the rules know each topic's own
}


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's topics, subscriptions and backends until the sandbox closes."""
    originals = {name: getattr(moto_sns, name) for name in _IN_PLACE}
    original_backend = moto_sns.sns_backends.backend

    def put_back() -> None:
        vars(moto_sns).update(originals)
        moto_sns.sns_backends.backend = original_backend

    sandbox.on_close(put_back)
    vars(moto_sns).update(_IN_PLACE)
    moto_sns.sns_backends.backend = Backend
