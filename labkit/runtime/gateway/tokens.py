"""JSON Web Tokens: who issued one, for whom, until when, and that nobody has touched it.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

from __future__ import annotations

import json
from typing import Any

from labkit.runtime.gateway.backends import ask
from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.mapping import of_request
from labkit.runtime.gateway.refusals import Refused
from labkit.sandbox.turn import Turn

_WELL_KNOWN = "/.well-known/"


def _unauthorized(why: str) -> Refused:
    return Refused("UNAUTHORIZED", why=why)


def authorize_jwt(call: Call, authorizer: Any, scopes: list[str], turn: Turn) -> None:
    """Let a request of an HTTP API pass whose token the issuer signed for this audience."""
    configured = {
        name[:1].lower() + name[1:]: value for name, value in (authorizer.jwt_config or {}).items()
    }
    sources = authorizer.identity_source or ["$request.header.Authorization"]
    source = sources if isinstance(sources, str) else sources[0]
    token = of_request(call, source.removeprefix("$").replace("request.", "method.request.", 1))
    claims = read(call, token, str(configured.get("issuer", "")), turn)
    named = claims.get("aud", claims.get("client_id"))
    audiences = named if isinstance(named, list) else [named]
    if not set(audiences) & set(configured.get("audience") or []):
        raise _unauthorized(f"The token is for {audiences}, not for {configured.get('audience')}.")
    granted = _scopes(claims)
    if scopes and not set(scopes) & set(granted):
        raise Refused("ACCESS_DENIED", why=f"The token has none of the scopes {scopes}.")
    told = {name: _text(value) for name, value in claims.items()}
    call.authorizer = {"jwt": {"claims": told, "scopes": granted or None}}


def authorize_user_pool(call: Call, authorizer: Any, scopes: list[str], turn: Turn) -> None:
    """Let a request of a REST API pass whose token one of the authorizer's user pools signed."""
    token = of_request(call, authorizer.identity_source or "method.request.header.Authorization")
    wrong = _unauthorized("There is no token.")
    for arn in authorizer.provider_arns or []:
        region, pool = arn.split(":")[3], arn.rsplit("/", 1)[-1]
        try:
            claims = read(call, token, f"https://cognito-idp.{region}.amazonaws.com/{pool}", turn)
        except Refused as refused:
            wrong = refused
            continue
        wanted = "access" if scopes else "id"
        if claims.get("token_use") != wanted:
            raise _unauthorized(f"The method wants an {wanted} token.")
        if scopes and not set(scopes) & set(_scopes(claims)):
            raise _unauthorized(f"The token has none of the scopes {scopes}.")
        call.authorizer = {"claims": {name: _text(value) for name, value in claims.items()}}
        return
    raise wrong


def read(call: Call, token: str | None, issuer: str, turn: Turn) -> dict[str, Any]:
    """The claims of a token that the issuer signed and that is in force; Refused otherwise."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    if not token:
        raise _unauthorized("There is no token.")
    bare = token.removeprefix("Bearer ").removeprefix("bearer ").strip()
    keys = KeySet.import_key_set(_keys_of(issuer, turn))
    try:
        claims = dict(jwt.decode(bare, keys, algorithms=["RS256", "RS384", "RS512"]).claims)
    except (JoseError, ValueError) as error:
        raise _unauthorized(f"The token is not one that {issuer} signed: {error}") from error
    now = call.at.timestamp()
    if claims.get("iss") != issuer:
        raise _unauthorized(f"The token was issued by {claims.get('iss')}, not by {issuer}.")
    if "exp" not in claims or float(claims["exp"]) <= now:
        raise _unauthorized("The token has expired, by the sandbox's clock.")
    if float(claims.get("nbf", 0)) > now or float(claims.get("iat", 0)) > now:
        raise _unauthorized("The token is not in force yet, by the sandbox's clock.")
    return claims


def _keys_of(issuer: str, turn: Turn) -> Any:
    """The issuer's public keys, where its discovery document says, or where they usually are."""
    where = f"{issuer.rstrip('/')}{_WELL_KNOWN}jwks.json"
    try:
        found = ask(turn, "GET", f"{issuer.rstrip('/')}{_WELL_KNOWN}openid-configuration", [], b"")
        if found.status == 200:
            where = str(json.loads(found.body)["jwks_uri"])
    except (Refused, ValueError, KeyError, LookupError):
        pass  # moto's user pools have the keys only
    try:
        return json.loads(ask(turn, "GET", where, [], b"").body)
    except (Refused, ValueError) as error:
        raise _unauthorized(f"The keys of {issuer} cannot be had at {where}: {error}") from error


def _scopes(claims: dict[str, Any]) -> list[str]:
    given = claims.get("scope", claims.get("scp")) or []
    return given.split() if isinstance(given, str) else list(given)


def _text(value: Any) -> str:
    """A claim as an event holds it: lists in brackets, as API Gateway writes them."""
    if isinstance(value, list):
        return f"[{' '.join(str(one) for one in value)}]"
    return value if isinstance(value, str) else json.dumps(value)
