"""What an identity may be called, what its owner has to publish, and what has been sent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from moto.ses.models import ses_backends

from labkit.fidelity.registry import rule
from labkit.fidelity.ses.common import API, invalid
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_ADDRESS = re.compile(r"[^@\s<>]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+")
_KEPT = timedelta(days=14)


def backend_of(exchange: Exchange) -> Any:
    """SES of the account in the Region that the request is for."""
    return ses_backends[exchange.account][exchange.region]


@rule(
    "ses",
    "VerifyEmailIdentity",
    "VerifyEmailAddress",
    when="before",
    follows=API + "VerifyEmailIdentity.html",
    corrects="moto verifies any text",
)
def an_address_to_be_verified_is_one(exchange: Exchange) -> None:
    """What is to be verified as an address is one.

    InvalidParameterValue: Invalid email address<…>.
    """
    address = exchange.params["EmailAddress"]
    if not _ADDRESS.fullmatch(address):
        raise invalid(f"Invalid email address<{address}>.")


@rule(
    "ses",
    "SendEmail",
    "SendRawEmail",
    "SendTemplatedEmail",
    "SendBulkTemplatedEmail",
    when="before",
    follows=API + "SendEmail.html",
    corrects="moto ignores it",
)
def a_configuration_set_must_be_there(exchange: Exchange) -> None:
    """A message is sent with a configuration set that exists.

    ConfigurationSetDoesNotExist: Configuration set <…> does not exist.
    """
    name = exchange.params.get("ConfigurationSetName")
    if name and name not in backend_of(exchange).config_sets:
        raise AwsError(
            "ConfigurationSetDoesNotExist", f"Configuration set <{name}> does not exist."
        )


@rule(
    "ses",
    "VerifyDomainIdentity",
    when="after",
    follows=API + "VerifyDomainIdentity.html",
    corrects="moto has one token for all",
)
def a_domain_gets_a_record_of_its_own(exchange: Exchange, answer: Params) -> Params:
    """A domain is verified by a TXT record of its own, _amazonses under its name.

    VerificationToken: a TXT record that you must publish to the DNS server of your domain.
    """
    identity = backend_of(exchange).email_identities[exchange.params["Domain"].lower()]
    if identity.status == "Failed":
        identity.restart()
    return answer | {"VerificationToken": identity.token}


@rule(
    "ses",
    "VerifyDomainDkim",
    when="after",
    follows=API + "VerifyDomainDkim.html",
    corrects="moto has the same tokens for all",
)
def a_domain_gets_keys_of_its_own(exchange: Exchange, answer: Params) -> Params:
    """DKIM is set up with three CNAME records of the domain's own.

    DkimTokens; publishing them verifies the domain, too.
    """
    identity = backend_of(exchange).email_identities[exchange.params["Domain"].lower()]
    return answer | {"DkimTokens": list(identity.dkim_tokens)}


@rule(
    "ses",
    "GetIdentityDkimAttributes",
    when="after",
    follows=API + "GetIdentityDkimAttributes.html",
    corrects="moto says Success at once",
)
def dkim_waits_for_its_records(exchange: Exchange, answer: Params) -> Params:
    """DKIM of a domain is pending until its records are published.

    DkimVerificationStatus: Pending, then Success.
    """
    held, shown = backend_of(exchange).email_identities, {}
    for name, attributes in (answer.get("DkimAttributes") or {}).items():
        identity = held.get(name)
        if identity is None or not identity.is_domain:
            shown[name] = attributes | {
                "DkimEnabled": False,
                "DkimVerificationStatus": "NotStarted",
            }
        else:
            shown[name] = {
                "DkimEnabled": identity.is_verified,
                "DkimVerificationStatus": identity.status,
                "DkimTokens": list(identity.dkim_tokens),
            }
    return answer | {"DkimAttributes": shown}


@rule(
    "ses",
    "GetSendStatistics",
    when="instead",
    follows=API + "GetSendStatistics.html",
    corrects="moto counts everything as now",
)
def statistics_come_in_quarters_of_an_hour(exchange: Exchange) -> Params:
    """What was sent in the last two weeks is counted by quarters of an hour.

    Each data point contains statistics for a 15-minute period of time.
    """
    sent: dict[Any, int] = {}
    start = exchange.at - _KEPT
    for at, count in backend_of(exchange).all_sent:
        if at > start:
            slot = at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)
            sent[slot] = sent.get(slot, 0) + count
    points = [
        {"Timestamp": slot, "DeliveryAttempts": count, "Bounces": 0, "Complaints": 0, "Rejects": 0}
        for slot, count in sorted(sent.items())
    ]
    return {"SendDataPoints": points}
