"""What the rules of SES share: its limits, its addresses, its ways of saying no."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr

from labkit.facts import fact
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.sandbox import Sandbox

API = "https://docs.aws.amazon.com/ses/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/"

SIMULATOR = "simulator.amazonses.com"


def limit(name: str) -> int:
    """The value of the fact `ses.<name>`."""
    return int(fact(f"ses.{name}"))


def now() -> datetime:
    """The sandbox's time."""
    return Sandbox.current().clock.now


def address_of(text: str) -> str:
    """The bare address in `Ticket shop <tickets@example.com>`."""
    return parseaddr(text)[1]


def domain_of(address: str) -> str:
    """What stands behind the @."""
    return address.rsplit("@", 1)[-1].lower()


def invalid(sentence: str) -> AwsError:
    """A parameter that SES cannot take."""
    return AwsError("InvalidParameterValue", sentence)
