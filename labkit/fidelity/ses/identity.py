"""An identity: an address or a domain, and whether its owner has said yes.

address   Pending ── the link in the mail, within 24 hours ──▶ Success      else Failed
domain    Pending ── a record in its zone, within 72 hours ──▶ Success      else Failed
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.moto_api._internal import mock_random
from moto.ses import models as moto_ses

from labkit.fidelity.mailbox import Mail, deliver
from labkit.fidelity.ses.common import limit, now

_TOKEN_BYTES, _DKIM_TOKENS, _DKIM_CHARS = 32, 3, 32
_SENDER = "Amazon Web Services <no-reply-aws@amazon.com>"


class Identity(moto_ses.EmailIdentity):
    """An identity that waits to be verified."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.token = mock_random.randbytes(_TOKEN_BYTES).hex()
        self.dkim_tokens = [
            mock_random.get_random_string(_DKIM_CHARS, lower_case=True) for _ in range(_DKIM_TOKENS)
        ]
        self.restart()

    @property
    def is_domain(self) -> bool:
        """Whether this is a domain."""
        return str(self.identity_type) == "DOMAIN"

    def restart(self) -> None:
        """Begin to verify, once more if it is not the first time."""
        self._verified = False
        name = "domain_verification_life_s" if self.is_domain else "verification_life_s"
        self._until = now() + timedelta(seconds=limit(name))

    @property
    def status(self) -> str:
        """Pending, Success or Failed, as the v1 API says it."""
        if not self._verified and now() <= self._until and self.is_domain and self._is_published():
            self._verified = True
        if self._verified:
            return "Success"
        return "Pending" if now() <= self._until else "Failed"

    @property
    def is_verified(self) -> bool:
        """Whether mail can be sent in its name."""
        return self.status == "Success"

    def ask(self, region: str) -> None:
        """Send the owner of the address a link to click."""
        link = f"https://email-verification.{region}.amazonaws.com/?Context={self.token}"
        deliver(
            Mail(
                self.email_identity,
                _SENDER,
                f"Amazon Web Services - Email Address Verification Request in region {region}",
                "We have received a request to authorize this email address for use with Amazon "
                "SES. If you requested this verification, please go to the following URL to "
                "confirm that you are authorized to use this email address:",
                now(),
                link,
                self.token,
                self._visit,
            )
        )

    def _visit(self) -> str:
        if self.status == "Failed":
            return "The link has expired. Start the verification again."
        self._verified = True
        return f"You have successfully verified {self.email_identity}."

    def _is_published(self) -> bool:
        """Whether a zone of Route 53 has the domain's TXT record, or its three DKIM ones."""
        found = published()
        domain = self.email_identity.lower()
        if (f"_amazonses.{domain}.", "TXT", self.token) in found:
            return True
        return all(
            (f"{token}._domainkey.{domain}.", "CNAME", f"{token}.dkim.amazonses.com") in found
            for token in self.dkim_tokens
        )

    @property
    def get_response_object(self) -> dict[str, Any]:
        """The identity as GetEmailIdentity has it."""
        return super().get_response_object | self._shown()

    @property
    def list_response_object(self) -> dict[str, Any]:
        """The identity as ListEmailIdentities has it."""
        shown = self._shown()
        shown["SendingEnabled"] = shown.pop("VerifiedForSendingStatus")
        return super().list_response_object | shown

    def _shown(self) -> dict[str, Any]:
        return {
            "VerifiedForSendingStatus": self.is_verified,
            "VerificationStatus": self.status.upper(),
        }


def published() -> set[tuple[str, str, str]]:
    """Name, type and value of each record in the sandbox's public zones."""
    import sys

    if "moto.route53.models" not in sys.modules:
        return set()
    from moto.route53.models import route53_backends

    found = set()
    backends: Any = (backend for _, _, backend in route53_backends.iter_backends())
    for backend in backends:
        for record in (one for zone in backend.zones.values() for one in zone.rrsets):
            for value in record.records or ():
                found.add((record.name, record.type, str(value).strip('"').rstrip(".")))
    return found
