"""What the texts of a policy may say: each `…_rule` gives the rule that a text breaks, or "".

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.policy.arn import FIELDS
from labkit.policy.digits import is_digits
from labkit.policy.operators import OPERATORS, split_operator

if TYPE_CHECKING:
    from typing import Any

VERSIONS = ("2012-10-17", "2008-10-17")
DEFAULT_VERSION = VERSIONS[1]
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_READS = (
    ("Numeric", "The value is a number, such as 10."),
    ("Date", "The value is a date such as 2026-01-05T09:00:00Z, or seconds since 1970."),
    ("Bool", "The value is true or false."),
    ("IpAddress", "The value is an address or a range, such as 203.0.113.0/24."),
    ("NotIpAddress", "The value is an address or a range, such as 203.0.113.0/24."),
)


def has_variables(version: Any) -> bool:
    """Whether `${…}` is a variable in that version; in the older one it is a literal text.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    """
    return bool(version == VERSIONS[0])


def control_rule(text: str) -> str:
    """Control characters, which the engine keeps for its wildcards too."""
    for c in text:
        if c < " " and c not in "\t\n\r":
            return "Control characters are not allowed."
    return ""


def sid_rule(text: str) -> str:
    """A Sid as IAM takes it; some services take more."""
    for c in text.lower():
        if c not in _LETTERS:
            return "A Sid has letters and digits only."
    return ""


def action_rule(text: str) -> str:
    """A star alone, or a service, a colon and a name that may have wildcards."""
    if text == "*":
        return ""
    service, colon, name = text.partition(":")
    if not colon or not service or not name:
        return "An action is * or service:Action, such as s3:GetObject."
    for c in service.lower():
        if c not in _LETTERS and c != "-":
            return "The service before the colon has letters, digits and hyphens only."
    for c in name.lower():
        if c not in _LETTERS and c not in "*?-_:":
            return "An action's name has letters and digits, with * and ? as wildcards."
    return ""


def resource_rule(text: str) -> str:
    """A star alone, or an ARN."""
    if text != "*" and not text.startswith("arn:"):
        return "A resource is * or an ARN, which begins with arn:."
    return ""


def resource_doubt(text: str) -> str:
    """What AWS takes, or may take, and what does not do what its author may think."""
    fields = text.split(":")
    for i in range(min(len(fields), FIELDS - 1)):
        if "${" in fields[i]:
            return "A variable stands after the fifth colon; before it, this is a literal text."
    head = "".join(fields[1:3])
    if "*" in head or "?" in head:
        return "The partition and the service of an ARN are written without wildcards."
    return ""


def is_complete_arn(text: str) -> bool:
    """Whether a resource has all six fields; a star alone has no fields to miss."""
    return text == "*" or text.count(":") >= FIELDS - 1


def principal_rule(kind: str, text: str) -> str:
    """A principal of a type: AWS, Service, Federated or CanonicalUser."""
    if not text:
        return "A principal has a name."
    if kind != "AWS" or text == "*" or (is_digits(text) and len(text) == 12):
        return ""
    if not text.startswith("arn:") and not text.startswith("AIDA") and not text.startswith("AROA"):
        return "An AWS principal is *, an account id or an ARN."
    if "*" in text or "?" in text:
        return "A principal is named in full; to match many, use aws:PrincipalArn."
    return ""


def value_rule(operator: str, text: str, variables: bool) -> str:
    """A value that the operator can read; a variable where it takes one."""
    parts = split_operator(operator)
    name = parts[1] if parts else ""
    if name == "Null":
        return "" if text.lower() in ("true", "false") else "The value of Null is true or false."
    known = OPERATORS.get(name)
    if known is None or (variables and known.variables and "${" in text):
        return ""
    if known.prepare(text) is not None:
        return ""
    for family, rule in _READS:
        if name.startswith(family):
            return rule if "${" not in text else rule + " It takes no policy variable."
    return ""
