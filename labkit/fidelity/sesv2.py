"""What the v2 API of SES adds to the rules of `ses`, which hold for both."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.registry import differs, rule
from labkit.fidelity.ses.common import limit
from labkit.fidelity.ses.identities import backend_of
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_API = "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_"
_KINDS = ("ToAddresses", "CcAddresses", "BccAddresses")
_CODES = {
    "Maximum sending rate exceeded.": "TooManyRequestsException",
    "Daily message quota exceeded.": "LimitExceededException",
}


@rule(
    "sesv2",
    "GetAccount",
    when="instead",
    follows=_API + "GetAccount.html",
    corrects="moto does not have the operation",
)
def an_account_is_in_the_sandbox(exchange: Exchange) -> Params:
    """The account says that it has no production access, and what it can send.

    ProductionAccessEnabled: if the value is false, your account is in the sandbox.
    """
    return {
        "ProductionAccessEnabled": False,
        "SendingEnabled": True,
        "EnforcementStatus": "HEALTHY",
        "DedicatedIpAutoWarmupEnabled": False,
        "SendQuota": {
            "Max24HourSend": float(limit("sandbox_daily_max")),
            "MaxSendRate": float(limit("sandbox_rate_max")),
            "SentLast24Hours": float(backend_of(exchange).sent_last_day),
        },
    }


@rule(
    "sesv2",
    "SendEmail",
    when="before",
    follows=_API + "SendEmail.html",
    corrects="moto sends any number at any rate",
)
def the_v2_api_has_codes_of_its_own(exchange: Exchange) -> None:
    """The v2 API refuses what the v1 API does, under other codes.

    TooManyRequestsException, LimitExceededException, BadRequestException, MessageRejected.
    """
    params: Any = exchange.params
    source = params.get("FromEmailAddress") or ""
    recipients = [one for kind in _KINDS for one in params.get("Destination", {}).get(kind) or ()]
    if not source or not recipients:
        return  # a raw message says so in its head
    refused = backend_of(exchange).refusal(source, recipients)
    if refused is None or refused.code == "MessageRejected":
        return
    words = str(refused.message)
    raise AwsError(_CODES.get(words, "BadRequestException"), words)


differs(
    "sesv2",
    "The v2 API has identities, messages and configuration sets; templates only the v1 API.",
    "CreateEmailTemplate, and SendEmail with Content.Template or SendBulkEmail.",
    source=_API + "CreateEmailTemplate.html",
)
