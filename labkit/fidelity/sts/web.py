"""AssumeRoleWithWebIdentity: a token of an identity provider in the place of a signature.

    token ──→ issuer ──→ a provider of the account ──→ audience ──→ trust policy ──→ credentials
              (iss)      that IAM knows                (aud)        (aud, sub, …)

The token's signature is not verified here: there is no provider to fetch a key from.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from labkit.fidelity.authorisation import authoriser
from labkit.fidelity.authorisation.callers import iam_of
from labkit.fidelity.authorisation.policies import role_by_arn
from labkit.fidelity.registry import rule
from labkit.fidelity.sts.common import API, session_policies
from labkit.fidelity.sts.roles import session_of_role
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_API = API + "AssumeRoleWithWebIdentity.html"

# Providers that AWS knows by itself; a trust policy names them without an ARN.
_KNOWN = (
    "cognito-identity.amazonaws.com",
    "accounts.google.com",
    "graph.facebook.com",
    "www.amazon.com",
)


class Claims:
    """What a token says: who issued it, for whom, about whom, and until when."""

    def __init__(self, token: str) -> None:
        try:
            _, payload, _ = token.split(".")
            said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
            self.issuer = str(said["iss"]).removeprefix("https://")
            self.subject = str(said["sub"])
            self.expires_at = datetime.fromtimestamp(float(said["exp"]), UTC)
        except (ValueError, KeyError, TypeError) as error:
            raise AwsError(
                "InvalidIdentityToken", "The ID Token provided is not a valid JWT.", 400
            ) from error
        audience = said.get("aud", [])
        self.audiences = [audience] if isinstance(audience, str) else [*audience]
        self.said: dict[str, Any] = said

    def keys(self) -> dict[str, Any]:
        """The condition keys that a trust policy may ask for."""
        found: dict[str, Any] = {
            f"{self.issuer}:aud": self.audiences[0] if len(self.audiences) == 1 else self.audiences,
            f"{self.issuer}:sub": self.subject,
        }
        for name in ("amr", "email", "oaud"):
            if name in self.said:
                found[f"{self.issuer}:{name}"] = self.said[name]
        return found


@rule(
    "sts",
    "AssumeRoleWithWebIdentity",
    when="before",
    follows=_API,
    corrects="moto takes any text as a token",
)
def a_token_is_of_a_provider_that_the_account_knows(exchange: Exchange) -> None:
    """A web identity token must come from a provider of the account, for one of its audiences.

    InvalidIdentityToken for another issuer or audience, ExpiredTokenException for an old token
    (messages: unverified).
    """
    claims = Claims(str(exchange.params.get("WebIdentityToken", "")))
    if exchange.at >= claims.expires_at:
        raise AwsError(
            "ExpiredTokenException",
            f"Token expired: current date/time {int(exchange.at.timestamp())} must be before the "
            f"expiration date/time {int(claims.expires_at.timestamp())}",
        )
    if claims.issuer in _KNOWN:
        return
    account = _account(exchange)
    provider = iam_of(account).open_id_providers.get(_arn(account, claims.issuer))
    if provider is None:
        raise AwsError(
            "InvalidIdentityToken",
            f"No OpenIDConnect provider found in your account for https://{claims.issuer}",
        )
    if not set(claims.audiences) & set(provider.client_id_list):
        raise AwsError("InvalidIdentityToken", "Incorrect token audience")


@rule(
    "sts",
    "AssumeRoleWithWebIdentity",
    when="before",
    follows=_API,
    corrects="moto does not look at the role",
)
def a_role_must_trust_the_token(exchange: Exchange) -> None:
    """The trust policy must allow the provider, on its conditions on audience and subject.

    AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity.
    """
    claims = Claims(str(exchange.params.get("WebIdentityToken", "")))
    account = _account(exchange)
    known = claims.issuer in _KNOWN
    principal = claims.issuer if known else _arn(account, claims.issuer)
    decision = authoriser.current().decide(
        principal,
        "sts:AssumeRoleWithWebIdentity",
        str(exchange.params.get("RoleArn", "")),
        claims.keys() | {"sts:RoleSessionName": str(exchange.params.get("RoleSessionName", ""))},
    )
    if not decision.allowed:
        raise AwsError(
            "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403
        )


@rule(
    "sts",
    "AssumeRoleWithWebIdentity",
    when="instead",
    follows=_API,
    corrects="moto answers nothing of the token, and credentials that never expire",
)
def a_web_identity_has_a_session_of_the_role(exchange: Exchange) -> Params:
    """The answer names the token's subject, audience and provider beside the credentials.

    They are credentials of the role, and expire as those of AssumeRole do.
    """
    claims = Claims(str(exchange.params["WebIdentityToken"]))
    answer = session_of_role(
        exchange, {"policies": session_policies(exchange), "context": claims.keys()}
    )
    provider = claims.issuer if claims.issuer in _KNOWN else _arn(_account(exchange), claims.issuer)
    return answer | {
        "SubjectFromWebIdentityToken": claims.subject,
        "Audience": claims.audiences[0] if claims.audiences else "",
        "Provider": provider,
    }


def _account(exchange: Exchange) -> str:
    role = role_by_arn(str(exchange.params.get("RoleArn", "")))
    return role.arn.split(":")[4] if role is not None else exchange.account


def _arn(account: str, issuer: str) -> str:
    return f"arn:aws:iam::{account}:oidc-provider/{issuer}"
