"""A message: made of its parts, read from its text, filled in from a template."""

from __future__ import annotations

import email
import email.policy
import json
from email.message import EmailMessage
from typing import Any

from moto.ses.template import parse_template

from labkit.fidelity.ses.common import invalid, now

HEADERS = ("To", "Cc", "Bcc")
KINDS = ("ToAddresses", "CcAddresses", "BccAddresses")


def composed(
    source: str, destinations: dict[str, list[str]], subject: str, body: str
) -> EmailMessage:
    """A message of the parts that a request has."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = source
    for header, kind in zip(HEADERS, KINDS, strict=True):
        if header != "Bcc" and destinations.get(kind):
            message[header] = ", ".join(destinations[kind])
    message["Subject"] = subject
    message["Date"] = now()
    message.set_content(body or "", cte="8bit")
    return message


def parsed(raw: str) -> EmailMessage:
    """A message from its text."""
    found: Any = email.message_from_string(raw, policy=email.policy.SMTP)
    return found  # type: ignore[no-any-return]


def text_of(message: EmailMessage) -> str:
    """What a reader sees of a message."""
    body: Any = message.get_body(("plain", "html"))
    return str(body.get_content()).rstrip("\n") if body is not None else ""


def data_of(text: str) -> dict[str, Any]:
    """The data for a template, from its JSON."""
    try:
        data = json.loads(text)
    except (TypeError, ValueError) as error:
        raise invalid("The template data is invalid") from error
    if not isinstance(data, dict):
        raise invalid("The template data is invalid")
    return data


def filled(
    template: dict[str, str], data: dict[str, Any], source: str, to: dict[str, list[str]]
) -> EmailMessage | None:
    """A template with its blanks filled in, or None if something for them is missing."""
    from moto.ses.exceptions import MissingRenderingAttributeException

    parts = {}
    for part in ("subject_part", "text_part", "html_part"):
        try:
            parts[part] = parse_template(str(template.get(part) or ""), data)
        except MissingRenderingAttributeException:
            return None
    return composed(source, to, parts["subject_part"], parts["text_part"] or parts["html_part"])
