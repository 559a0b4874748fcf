"""The mail and the text messages that arrive in the sandbox: nobody reads them but the learner.

    SES   verification link, what is sent          ┐
    SNS   confirmation link, notifications, SMS    ├──▶ inbox("ana@example.com"), oldest first
                                                   ┘         └── mail.click() opens its link

Nothing leaves the machine. Every address has an inbox, as every address might exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakKeyDictionary

from labkit.errors import UsageError
from labkit.sandbox.sandbox import Sandbox

_arrived: WeakKeyDictionary[Sandbox, list[Mail]] = WeakKeyDictionary()


@dataclass(frozen=True, repr=False)
class Mail:
    """One message in an inbox; a text message has no subject."""

    to: str
    sender: str
    subject: str
    text: str
    at: datetime
    link: str = ""  # what the reader is asked to click
    token: str = ""  # what the link carries for ConfirmSubscription
    visit: Callable[[], str] | None = field(default=None, compare=False)

    def click(self) -> str:
        """Open the link, as the reader would, and say what the page says."""
        if self.visit is None:
            raise UsageError(
                f"The message {self.subject or self.text!r} has no link to click.",
                "Only messages that ask to verify or to confirm something have one.",
                "lab.mailbox(address) lists what has arrived.",
            )
        return self.visit()

    def __repr__(self) -> str:
        head = [f"{self.at:%Y-%m-%d %H:%M:%S}  from {self.sender}  to {self.to}"]
        head += [f"Subject: {self.subject}"] if self.subject else []
        return "\n".join([*head, "", self.text, *(["", self.link] if self.link else [])])


class Inbox(tuple[Mail, ...]):
    """What has arrived at one address, oldest first."""

    __slots__ = ()

    def __repr__(self) -> str:
        if not self:
            return "Nothing has arrived."
        return "\n\n----\n\n".join(map(repr, self))


def deliver(mail: Mail) -> None:
    """Put a message into the inbox of its recipient."""
    _arrived.setdefault(Sandbox.current(), []).append(mail)


def inbox(sandbox: Sandbox, address: str) -> Inbox:
    """What has arrived at an address or a telephone number; addresses differ not by case."""
    return Inbox(mail for mail in _arrived.get(sandbox, ()) if mail.to.lower() == address.lower())
