"""Which policies a queue takes."""

from __future__ import annotations

import json

from labkit.fidelity.authorisation.strangers import strangers_in
from labkit.fidelity.registry import rule
from labkit.fidelity.sqs.common import API
from labkit.policy import validate
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange


@rule(
    "sqs",
    "CreateQueue",
    "SetQueueAttributes",
    when="before",
    follows=API + "SetQueueAttributes.html",
    corrects="moto breaks down on a text that is no JSON, and keeps any other",
)
def a_queue_takes_a_policy_that_it_can_evaluate(exchange: Exchange) -> None:
    """A queue's policy is well-formed, not too long, and names users and roles that exist.

    InvalidAttributeValue. An empty text takes the policy away.
    """
    text = (exchange.params.get("Attributes") or {}).get("Policy")
    if not text:
        return
    errors = [one for one in validate(text, "resource-sqs") if one.severity == "error"]
    if errors or strangers_in(json.loads(text)["Statement"]):
        raise AwsError("InvalidAttributeValue", "Invalid value for the parameter Policy.")
