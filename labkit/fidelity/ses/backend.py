"""The account's identities and mail in a Region, in SES's sandbox.

sent ──▶ counted against the quotas ──▶ each recipient's inbox, receipt rules, notifications
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import getaddresses
from functools import partial
from typing import Any

from moto.ses import models as moto_ses
from moto.ses import urls
from moto.ses.utils import get_random_message_id

from labkit.fidelity.mailbox import Mail, deliver
from labkit.fidelity.ses import feedback, receiving
from labkit.fidelity.ses.common import SIMULATOR, address_of, domain_of, invalid, limit, now
from labkit.fidelity.ses.identity import Identity
from labkit.fidelity.ses.message import HEADERS, KINDS, composed, data_of, filled, parsed, text_of
from labkit.sandbox.awserror import AwsError

_DAY = timedelta(days=1)


class Backend(moto_ses.SESBackend):
    """SES of one Region."""

    email_identities: dict[str, Identity]  # type: ignore[assignment]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.all_sent: list[tuple[datetime, int]] = []  # when, to how many
        self.free_at = now()

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module

    # ---- identities ----

    def identity_of(self, address: str) -> Identity | None:
        """The verified identity behind an address: itself, or its domain or one above it."""
        names = [address]
        labels = domain_of(address).split(".")
        names += [".".join(labels[i:]) for i in range(len(labels) - 1)]
        by_name = {name.lower(): one for name, one in self.email_identities.items()}
        for name in names:
            found = by_name.get(name.lower())
            if found is not None and found.is_verified:
                return found
        return None

    def _is_verified_address(self, source: str) -> bool:
        return self.identity_of(address_of(source)) is not None

    def verify_email_identity(self, address: str) -> None:
        """Ask the owner of an address, again if that is so."""
        address = address_of(address)
        identity = self.email_identities.get(address)
        if identity is None:
            self.create_email_identity_v2(address, None, None, None)
        elif not identity.is_verified:
            identity.restart()
            identity.ask(self.region_name)

    verify_email_address = verify_email_identity

    def create_email_identity_v2(self, email_identity: str, *args: Any, **kwargs: Any) -> Any:
        """Add an identity; the owner of an address is asked."""
        if email_identity in self.email_identities:
            raise AwsError(
                "AlreadyExistsException", f"Email identity {email_identity} already exist."
            )
        identity: Any = super().create_email_identity_v2(email_identity, *args, **kwargs)
        if not identity.is_domain:
            identity.ask(self.region_name)
        return identity

    def delete_identity(self, identity: str) -> None:
        """Forget an identity, verified or not."""
        self.email_identities.pop(identity, None)

    def list_verified_email_addresses(self) -> list[str]:
        """The addresses whose owners have said yes."""
        return [
            name
            for name, identity in self.email_identities.items()
            if identity.is_verified and not identity.is_domain
        ]

    def get_identity_verification_attributes(self, identities: list[str] | None = None) -> Any:
        """How far the verification of each is; a domain shows the value of its record."""
        found: dict[str, dict[str, str]] = {}
        for name in identities or ():
            identity = self.email_identities.get(name)
            if identity is not None:
                token = {"VerificationToken": identity.token} if identity.is_domain else {}
                found[name] = {"VerificationStatus": identity.status, **token}
        return found

    # ---- quotas ----

    @property
    def sent_last_day(self) -> int:
        """To how many recipients mail was sent in the last 24 hours."""
        return sum(count for at, count in self.all_sent if now() - at < _DAY)

    def get_send_quota(self) -> Any:
        """What can be sent, and what was."""
        return moto_ses.SESQuota(self.sent_last_day)

    def refusal(self, source: str, recipients: list[str]) -> AwsError | None:
        """Why a message is not sent, if it is not."""
        return (
            _misfit(recipients, source)
            or self._unknown(source, recipients)
            or self._too_much(len(recipients))
        )

    def _unknown(self, source: str, recipients: list[str]) -> AwsError | None:
        """The identities of a message that are not verified."""
        sender, *readers = [address_of(text) for text in (source, *recipients)]
        asked = [sender, *(one for one in readers if domain_of(one) != SIMULATOR)]
        unknown = dict.fromkeys(one for one in asked if self.identity_of(one) is None)
        if not unknown:
            return None
        return AwsError(
            "MessageRejected",
            "Email address is not verified. The following identities failed the check in "
            f"region {self.region_name.upper()}: {', '.join(unknown)}",
        )

    def _too_much(self, count: int) -> AwsError | None:
        """Whether the sandbox's quota or its rate stands in the way."""
        if self.sent_last_day + count > limit("sandbox_daily_max"):
            return AwsError("Throttling", "Daily message quota exceeded.")
        if now() < self.free_at:
            return AwsError("Throttling", "Maximum sending rate exceeded.")
        return None

    # ---- sending ----

    def send_email(
        self, source: str, subject: str, body: str, destinations: dict[str, list[str]]
    ) -> Any:
        """Send a message that comes in parts."""
        recipients = _flat(destinations)
        id = self._send(source, recipients, lambda: composed(source, destinations, subject, body))
        message = moto_ses.Message(id, source, subject, body, destinations)
        self.sent_messages.append(message)
        return message

    def send_raw_email(self, source: str, destinations: list[str], raw_data: str) -> Any:
        """Send a message as it is; it goes to `destinations`, or else to whom its head names."""
        message = parsed(raw_data)
        sender = source or str(message["From"] or "")
        named = [str(message[header]) for header in HEADERS if message[header]]
        recipients = destinations or [address for _, address in getaddresses(named)]
        id = self._send(sender, recipients, lambda: message)
        raw = moto_ses.RawMessage(id, sender, recipients, raw_data)
        self.sent_messages.append(raw)
        return raw

    def send_templated_email(
        self, source: str, template: str, template_data: str, destinations: dict[str, list[str]]
    ) -> Any:
        """Send a template filled with data; one that cannot be filled is taken, and lost."""
        held = self._template(template)
        data = data_of(template_data)
        recipients = _flat(destinations)
        id = self._send(source, recipients, lambda: filled(held, data, source, destinations))
        message = moto_ses.TemplateMessage(id, source, template, template_data, destinations)
        self.sent_messages.append(message)
        return message

    def send_bulk_templated_email(
        self, source: str, template: str, template_data: str, destinations: list[Any]
    ) -> Any:
        """Send a template to many, each with data of its own."""
        held = self._template(template)
        most = limit("bulk_destinations_max")
        if len(destinations) > most:
            raise AwsError("MessageRejected", "Too many destinations.")
        everybody = [one for entry in destinations for one in _flat(entry["Destination"])]
        refused = self.refusal(source, everybody)
        if refused is not None:
            raise refused
        ids = []
        for entry in destinations:
            data = data_of(entry.get("ReplacementTemplateData") or template_data)
            to = entry["Destination"]
            self.free_at = now()  # the whole call has been let in
            fill = partial(filled, held, data, source, to)
            ids.append(self._send(source, _flat(to), fill))
        self.free_at = now() + timedelta(seconds=len(everybody) / limit("sandbox_rate_max"))
        return moto_ses.BulkTemplateMessage(ids, source, template, template_data, destinations)

    def _template(self, name: str) -> dict[str, str]:
        held = self.templates.get(name)
        if held is None:
            raise AwsError("TemplateDoesNotExist", f"Template {name} does not exist")
        return held

    def delete_template(self, name: str) -> None:
        """Forget a template, if it is there."""
        self.templates.pop(name, None)

    def _send(
        self, source: str, recipients: list[str], make: Callable[[], EmailMessage | None]
    ) -> str:
        refused = self.refusal(source, recipients)
        if refused is not None:
            if refused.code == "MessageRejected":
                self.rejected_messages_count += 1
            raise refused
        message = make()
        size = len(message.as_bytes()) if message is not None else 0
        most = limit("message_v1_max_bytes")
        if size > most:
            raise invalid(f"Message length is more than {most} bytes long: '{size}'.")
        self.all_sent.append((now(), len(recipients)))
        self.free_at = now() + timedelta(seconds=len(recipients) / limit("sandbox_rate_max"))
        self.sent_message_count += len(recipients)
        id = str(get_random_message_id())
        if message is not None:
            self._post(id, source, [address_of(one) for one in recipients], message)
        return id

    def _post(self, id: str, source: str, recipients: list[str], message: EmailMessage) -> None:
        for address in recipients:
            if domain_of(address) == SIMULATOR:
                continue
            deliver(Mail(address, source, str(message["Subject"] or ""), text_of(message), now()))
            receiving.arrive(self, address, id, message)
        feedback.tell(self, id, source, recipients)


def _misfit(recipients: list[str], source: str) -> AwsError | None:
    """What is wrong with the addresses of a message."""
    most = limit("recipients_max")
    if not recipients:
        return invalid("Missing required header 'To'.")
    if len(recipients) > most:
        return invalid(f"Recipient count exceeds {most}.")
    addresses = [address_of(text) for text in (source, *recipients)]
    if any("@" not in one or not domain_of(one) for one in addresses):
        return invalid("Missing final '@domain'")
    return None


def _flat(destinations: dict[str, list[str]]) -> list[str]:
    return [address for kind in KINDS for address in destinations.get(kind) or ()]
