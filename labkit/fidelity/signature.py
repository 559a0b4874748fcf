"""A signature shows that the caller has the secret, and that nobody has touched the request.

    secret ─▶ day ─▶ Region ─▶ service ─▶ signing key
                                              │
    method, path, query, headers, body ─▶ text to sign ─▶ signature

Each arrow is an HMAC or a hash, so that nothing leads back to the secret, and the signing key is
good for one day, Region and service. AWS keeps the secret too, goes the same way, and compares.
The time in the request is signed with the rest: a copy of the request is worthless soon after.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

Whose an access key is, and what may go unsigned, the authoriser asks. Signatures in the query
string (presigned addresses) are looked at in `presigned`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote

from labkit.facts import fact
from labkit.fidelity.authorisation.callers import iam_of
from labkit.fidelity.authorisation.credentials import session_of
from labkit.fidelity.authorisation.errors import family, refusal
from labkit.sandbox import guard
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params
from labkit.units import SECONDS_PER_MINUTE

_ALGORITHM = "AWS4-HMAC-SHA256"
_PARTS = re.compile(r"(Credential|SignedHeaders|Signature)=([^,\s]+)")
_MINUTES_OLD = int(fact("aws.signature_max_age_s")) // SECONDS_PER_MINUTE
_MAX_AGE = timedelta(seconds=int(fact("aws.signature_max_age_s")))
_MAX_AGE_S3 = timedelta(seconds=int(fact("aws.signature_max_age_s3_s")))
_STAMP = "%Y%m%dT%H%M%SZ"


class SignatureCheck:
    """A hook of the choke point that refuses what its signature does not prove."""

    def before(self, exchange: Exchange) -> Params | None:
        """Refuse a request from another time, and one that its signature does not fit."""
        signed = Signed.of(exchange)
        secret = secret_of(exchange, signed.access_key) if signed else None
        if signed is None or secret is None:
            return None
        _refuse_another_time(exchange, signed.at)
        if not hmac.compare_digest(signed.signature, signature(exchange, signed, secret)):
            raise refusal(exchange, "wrong signature")
        return None

    def after(self, exchange: Exchange, result: Callable[[], Params]) -> Params | None:
        """Leave every answer as it is."""


@dataclass(frozen=True)
class Signed:
    """What an `Authorization` header says: who signed, for where and when, which headers."""

    access_key: str
    day: str
    region: str
    service: str
    headers: tuple[str, ...]
    signature: str
    stamp: str  # 20260105T090000Z
    at: datetime

    @classmethod
    def of(cls, exchange: Exchange) -> Signed | None:
        """The parts of the header; None if there is none, or none of Signature Version 4.

        Raises AwsError (IncompleteSignature) if a part is missing.
        """
        header = str(exchange.request.headers.get("Authorization", ""))
        if not header.startswith(_ALGORITHM):
            return None
        parts = dict(_PARTS.findall(header))
        stamp = str(exchange.request.headers.get("X-Amz-Date", ""))
        try:
            access_key, day, region, service, _ = parts["Credential"].split("/")
            names = tuple(parts["SignedHeaders"].split(";"))
            # Read as ISO, since strptime takes ten times as long.
            at = datetime.fromisoformat(stamp.removesuffix("Z")).replace(tzinfo=UTC)
            return cls(access_key, day, region, service, names, parts["Signature"], stamp, at)
        except (KeyError, ValueError) as missing:
            raise _incomplete(header) from missing


def signature(exchange: Exchange, signed: Signed, secret: str, presigned: bool = False) -> str:
    """The signature that the request must bear if it was signed with `secret`."""
    key = signing_key(secret, signed.day, signed.region, signed.service)
    request = canonical(exchange, signed.headers, presigned)
    return _hmac(key, text_to_sign(signed, request)).hex()


def text_to_sign(signed: Signed, request: str) -> str:
    """What is signed: the time, for where, and the digest of the canonical request."""
    scope = f"{signed.day}/{signed.region}/{signed.service}/aws4_request"
    return "\n".join((_ALGORITHM, signed.stamp, scope, _sha256(request.encode())))


def secret_of(exchange: Exchange, access_key: str) -> str | None:
    """The secret that goes with an access key; None if it is not known."""
    if access_key == guard.ACCESS_KEY_ID:
        return guard.SECRET_ACCESS_KEY
    session = session_of(access_key)
    if session is not None:
        return session.secret_key
    key = iam_of(exchange.account).access_keys.get(access_key)
    return str(key.secret_access_key) if key else None


def canonical(exchange: Exchange, names: tuple[str, ...], presigned: bool = False) -> str:
    """The request in the one form in which both sides sign it.

    An address that is presigned holds its own signature, which is left out, and S3 does not ask
    for a digest of the body, which nobody knew when it was signed.
    """
    request, headers = exchange.request, exchange.request.headers
    path = request.raw_path
    if exchange.service != "s3":  # whose keys are signed as they are sent
        path = quote(path, safe="/-_.~")
    query = request.query_string.decode()
    if query:
        pairs = [pair for pair in query.split("&") if not pair.startswith("X-Amz-Signature=")]
        query = "&".join(sorted(f"{pair}{'' if '=' in pair else '='}" for pair in pairs))
    lines = [f"{name}:{' '.join(str(headers.get(name, '')).split())}" for name in names]
    body = headers.get("X-Amz-Content-SHA256")
    if presigned and exchange.service == "s3":
        body = body or "UNSIGNED-PAYLOAD"
    body = body or _sha256(request.get_data())
    return "\n".join((request.method, path, query, *lines, "", ";".join(names), body))


@lru_cache(maxsize=64)
def signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    """The key that a secret comes to for one day, Region and service."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _refuse_another_time(exchange: Exchange, signed_at: datetime) -> None:
    """Refuse what was signed too long ago, or in the future, by the sandbox's clock.

    What comes over HTTP was signed by another program, whose clock is its own.
    """
    age = exchange.at.replace(microsecond=0) - signed_at
    most = _MAX_AGE_S3 if exchange.service == "s3" else _MAX_AGE
    if exchange.over_http or abs(age) <= most:
        return
    speaks = family(exchange)
    if speaks == "s3":
        sentence = "The difference between the request time and the current time is too large."
        raise AwsError("RequestTimeTooSkewed", sentence, 403)
    if speaks == "ec2":
        raise AwsError("RequestExpired", "Request has expired.", 400)
    signed, now = (f"{time:{_STAMP}}" for time in (signed_at, exchange.at))
    if age > most:
        edge = f"{exchange.at - most:{_STAMP}} ({now} - {_MINUTES_OLD} min.)"
        sentence = f"Signature expired: {signed} is now earlier than {edge}"
    else:
        edge = f"{exchange.at + most:{_STAMP}} ({now} + {_MINUTES_OLD} min.)"
        sentence = f"Signature not yet current: {signed} is still later than {edge}"
    wrong = refusal(exchange, "wrong signature")
    raise AwsError(wrong.code, sentence, wrong.status)


def _incomplete(header: str) -> AwsError:
    sentence = (
        "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters, "
        f"and a date. Authorization={header.split(' ', 1)[0]}"
    )
    return AwsError("IncompleteSignature", sentence, 400)
