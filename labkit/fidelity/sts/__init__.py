"""STS as AWS has it: rules on requests, and sessions that end.

identity   who the caller is
roles      AssumeRole
web        AssumeRoleWithWebIdentity
tokens     GetSessionToken, GetFederationToken, DecodeAuthorizationMessage
mfa        second factors
ledger     what else there is to say
"""

from labkit.fidelity.sts import identity, ledger, mfa, roles, tokens, web

__all__ = ["identity", "ledger", "mfa", "roles", "tokens", "web"]
