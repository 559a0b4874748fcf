"""Who calls, and how a policy's Principal element names callers.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.errors import UsageError
from labkit.policy.arn import split_arn
from labkit.policy.digits import is_digits

if TYPE_CHECKING:
    from typing import Any

# How directly a Principal element names a caller. It decides what else must allow the call.
DIRECT = "direct"  # the user, the session, the service, or everyone: needs no other allow
BOUNDED = "bounded"  # the role or user behind a session: boundary and session policy still count
ACCOUNT = "account"  # the caller's account: delegates to that account's identity policies

# Identity providers that a trust policy names by their domain rather than by an ARN.
_PROVIDERS = (
    "cognito-identity.amazonaws.com",
    "accounts.google.com",
    "graph.facebook.com",
    "www.amazon.com",
)


class Caller:
    """A principal as a request carries it, with the names by which policies may know it.

    `kind` is one of user, root, role, role-session, federated-user, service, provider (whose
    token or assertion comes in place of an identity) and anonymous. The last three have no
    `account`. `behind` is the ARN of the role or user that a session came from.
    """

    def __init__(self, text: str, behind: str = "") -> None:
        self.text = text
        self.account = ""
        self.partition = "aws"
        self.name = ""
        self.behind = ""
        fields = split_arn(text)
        if fields is None:
            self.kind = _kind_of_name(text)
            return
        self.kind, self.name = _kind_of_arn(fields)
        if self.kind == "provider":
            return
        self.partition, self.account = fields[1], fields[4]
        iam = f"arn:{self.partition}:iam::{self.account}:"
        if self.kind == "role-session":
            # The session's ARN leaves out the role's path; aws:PrincipalArn has it.
            self.behind = behind or iam + "role/" + self.name
        elif self.kind == "federated-user":
            self.behind = iam + "user/" + self.name

    @property
    def root_arn(self) -> str:
        """The ARN by which policies name the caller's account."""
        return f"arn:{self.partition}:iam::{self.account}:root"

    @property
    def service_linked(self) -> bool:
        """Whether the caller is a service-linked role, which no SCP or RCP restricts."""
        return ":role/aws-service-role/" in (self.behind or self.text)

    def keys(self) -> dict[str, str]:
        """The global condition keys that follow from the principal, with keys in lower case.

        An anonymous caller has few of them.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
        """
        keys = {"aws:principaltype": _TYPES[self.kind]}
        if self.kind == "anonymous":
            keys["aws:userid"] = "anonymous"
            return keys
        service = self.kind == "service"
        keys["aws:principalisawsservice"] = "true" if service else "false"
        if service:
            keys["aws:principalservicename"] = self.text
        if self.account:
            keys["aws:principalaccount"] = self.account
            keys["aws:principalarn"] = self.behind if self.kind == "role-session" else self.text
        if self.kind == "user":
            keys["aws:username"] = self.name
        elif self.kind == "root":
            keys["aws:userid"] = self.account
        elif self.kind == "federated-user":
            keys["aws:userid"] = self.account + ":" + self.name
        return keys


_TYPES = {
    "user": "User",
    "root": "Account",
    "role": "AssumedRole",
    "role-session": "AssumedRole",
    "federated-user": "FederatedUser",
    "service": "Service",
    "provider": "FederatedUser",
    "anonymous": "Anonymous",
}


def _kind_of_name(text: str) -> str:
    if text == "*":
        return "anonymous"
    if text in _PROVIDERS:
        return "provider"
    if "." not in text:
        raise _no_principal(text)
    return "service"


def _kind_of_arn(fields: list[str]) -> tuple[str, str]:
    """The kind of principal that an ARN's fields name, and the name that identifies it."""
    service, parts = fields[2], fields[5].split("/")
    if service == "sts" and parts[0] == "assumed-role" and len(parts) > 2:
        return "role-session", parts[1]
    if service == "sts" and parts[0] == "federated-user" and len(parts) > 1:
        return "federated-user", parts[1]
    if service == "iam" and parts[0] in ("saml-provider", "oidc-provider"):
        return "provider", "/".join(parts[1:])
    if service == "iam" and parts[0] in ("user", "role") and len(parts) > 1:
        return parts[0], parts[-1]
    if service == "iam" and fields[5] == "root":
        return "root", "root"
    raise _no_principal(":".join(fields))


def _no_principal(text: str) -> UsageError:
    return UsageError(
        f"principal must be one that AWS authenticates, or '*', got {text!r}.",
        "It is the ARN of a user, a role, a session or a root user, or the name of a service.",
        "For example 'arn:aws:iam::123456789012:user/ana' or 'lambda.amazonaws.com'.",
    )


class PrincipalSet:
    """What a Principal or NotPrincipal element lists.

    `named` holds (type, value) pairs in the order written, for explanations.
    Not modelled: S3's canonical user ids, which name nobody here.
    """

    def __init__(self, element: Any) -> None:
        self.named: list[tuple[str, str]] = []
        if element == "*":
            self.named.append(("AWS", "*"))
        else:
            for kind in sorted(element):
                values = element[kind]
                for value in [values] if isinstance(values, str) else values:
                    self.named.append((kind, value))
        self.everyone = ("AWS", "*") in self.named
        self._aws = {_full(value) for kind, value in self.named if kind == "AWS"}
        self._services = {value for kind, value in self.named if kind == "Service"}
        self._providers = {value for kind, value in self.named if kind == "Federated"}

    def strength(self, caller: Caller) -> str:
        """How directly the caller is named: DIRECT, BOUNDED, ACCOUNT, or empty for not at all."""
        if self.everyone:
            return DIRECT
        if not caller.account:
            return DIRECT if self._lists(caller) else ""
        if caller.text in self._aws:
            # An account's root user is named by the ARN that stands for the whole account.
            return BOUNDED if caller.kind == "role" else DIRECT
        if caller.behind and caller.behind in self._aws:
            return BOUNDED
        return ACCOUNT if caller.root_arn in self._aws else ""

    def unlisted(self, caller: Caller) -> str:
        """What keeps a NotPrincipal element from exempting the caller; empty if it is exempt.

        AWS checks the account first, then the role, then the session, so each must be listed.
        """
        if self.everyone:
            return ""
        if not caller.account:
            return "" if self._lists(caller) else caller.text
        chain = [caller.root_arn, caller.behind, caller.text]
        for arn in chain:
            if arn and arn not in self._aws:
                return arn
        return ""

    def _lists(self, caller: Caller) -> bool:
        """Whether a caller without an account is named, as a service or as a provider."""
        if caller.kind == "service":
            return caller.text in self._services
        return caller.kind == "provider" and caller.text in self._providers


def _full(value: str) -> str:
    """A bare account id written out as the ARN that means the same."""
    return f"arn:aws:iam::{value}:root" if is_digits(value) else value
