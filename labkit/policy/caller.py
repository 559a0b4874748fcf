"""Who calls, and how a policy's Principal element names callers.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from typing import Any

from labkit.policy.arn import split_arn

# How directly a Principal element names a caller. It decides what else must allow the call.
DIRECT = "direct"  # the user, the session, the service, or everyone: needs no other allow
BOUNDED = "bounded"  # the role behind a session: boundary and session policy still count
ACCOUNT = "account"  # the caller's account: delegates to that account's identity policies


class Caller:
    """A principal as a request carries it, with the names by which policies may know it.

    `kind` is one of user, root, role, role-session, federated-user, service, provider (an
    identity provider in a role's trust policy) and anonymous. `behind` is the ARN of the role
    or user that a session came from.
    """

    def __init__(self, text: str, behind: str = "") -> None:
        self.text = text
        self.account = ""
        self.partition = "aws"
        self.name = ""
        self.behind = behind
        fields = split_arn(text)
        if fields is None:
            self.kind = "anonymous" if text == "*" else "service"
            return
        self.partition, self.account = fields[1], fields[4]
        self.kind, self.name = _kind_of(fields)
        if self.behind or not self.account:
            return
        iam = f"arn:{self.partition}:iam::{self.account}:"
        if self.kind == "role-session":
            self.behind = iam + "role/" + self.name
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
        """The global condition keys that follow from the principal, with keys in lower case."""
        service = self.kind == "service"
        keys = {"aws:principaltype": _TYPES[self.kind]}
        keys["aws:principalisawsservice"] = "true" if service else "false"
        if service:
            keys["aws:principalservicename"] = self.text
        if self.account:
            keys["aws:principalaccount"] = self.account
            session = self.kind == "role-session"
            keys["aws:principalarn"] = self.behind if session else self.text
        if self.kind == "user":
            keys["aws:username"] = self.name
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


def _kind_of(fields: list[str]) -> tuple[str, str]:
    """The kind of principal that an ARN's fields name, and the name that identifies it."""
    parts = fields[5].split("/")
    if fields[2] == "sts" and parts[0] == "assumed-role" and len(parts) > 1:
        return "role-session", parts[1]
    if fields[2] == "sts" and parts[0] == "federated-user":
        return "federated-user", parts[-1]
    if parts[0] in ("saml-provider", "oidc-provider"):
        return "provider", "/".join(parts[1:])
    if parts[0] in ("user", "role"):
        return parts[0], parts[-1]
    return "root", "root"


class PrincipalSet:
    """What a Principal or NotPrincipal element lists.

    `named` holds (type, value) pairs in the order written, for explanations.
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
        self.aws = {_full(value) for kind, value in self.named if kind == "AWS"}
        self.others = {value for kind, value in self.named if kind != "AWS"}

    def strength(self, caller: Caller) -> str:
        """How directly the caller is named: DIRECT, BOUNDED, ACCOUNT, or empty for not at all."""
        if self.everyone:
            return DIRECT
        if caller.text in self.others or caller.text in self.aws:
            # An account's root user is named by the ARN that stands for the whole account.
            return DIRECT
        if caller.behind and caller.behind in self.aws:
            return BOUNDED
        if caller.account and caller.root_arn in self.aws:
            return ACCOUNT
        return ""

    def unlisted(self, caller: Caller) -> str:
        """What keeps a NotPrincipal element from exempting the caller; empty if it is exempt.

        AWS checks the account first, then the role, then the session, so each must be listed.
        """
        if self.everyone or caller.text in self.others:
            return ""
        chain = [caller.root_arn] if caller.account else []
        if caller.kind in ("role-session", "federated-user"):
            chain.append(caller.behind)
        chain.append(caller.text)
        for arn in chain:
            if arn not in self.aws:
                return arn
        return ""


def _full(value: str) -> str:
    """A bare account id written out as the ARN that means the same."""
    return f"arn:aws:iam::{value}:root" if value.isdigit() else value
