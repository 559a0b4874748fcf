"""A presigned address carries the signature in its query: whoever holds it may use it for a while.

    the signer's secret ─▶ signature over method, host, path, query ─▶ an address, good until …
                                                                            │
                       anybody, with any HTTP client and no credentials ────┘

Two protocols are about. `X-Amz-Signature` and its fellows are Signature Version 4, for every
service. `Signature`, `Expires` and `AWSAccessKeyId` are the old Version 2 of S3, which boto3
still makes by default in us-east-1 (`Config(signature_version="s3v4")` asks for the new one).

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html

The time that counts is the sandbox's. Whose the access key is, and what its owner may do, the
authoriser asks.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

from labkit.facts import fact
from labkit.fidelity.authorisation.errors import refusal
from labkit.fidelity.signature import Signed, canonical, secret_of, signature, text_to_sign
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Answer, Exchange, Params

_NEEDED = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Expires",
)
_OLD = ("Signature", "Expires", "AWSAccessKeyId")
_STAMP = "%Y%m%dT%H%M%SZ"
_ISO = "%Y-%m-%dT%H:%M:%SZ"


class PresignedCheck:
    """A hook of the choke point that refuses addresses that are expired, altered or incomplete."""

    def before(self, exchange: Exchange) -> Answer | None:
        """Refuse what its signature in the query does not prove."""
        if exchange.operation == "PostObject":
            from labkit.fidelity.s3 import post

            post.check(exchange)
            return None
        args = exchange.request.args
        if not args or "Authorization" in exchange.request.headers:
            _refuse_two_ways(exchange)
            return None
        if any(name in args for name in _NEEDED):
            _check(exchange, _signed(exchange))
        elif exchange.service == "s3" and any(name in args for name in ("Signature", _OLD[2])):
            _check_old(exchange)
        else:
            return None
        _count_query_as_headers(exchange)
        return None

    def after(self, exchange: Exchange, result: Callable[[], Params]) -> Answer | None:
        """Leave every answer as it is."""


def _refuse_two_ways(exchange: Exchange) -> None:
    args = exchange.request.args
    if args and exchange.service == "s3" and (_NEEDED[0] in args or _OLD[0] in args):
        raise AwsError(
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
            "query string parameter or the Authorization header should be specified",
            400,
            ArgumentName="Authorization",
            ArgumentValue=exchange.request.headers["Authorization"],
        )


# ---- Version 4 ----


def _signed(exchange: Exchange) -> Signed:
    """What the query says of the signature; AwsError for what cannot be read."""
    args = exchange.request.args
    if any(name not in args for name in _NEEDED):
        raise _unreadable(
            "Query-string authentication version 4 requires the X-Amz-Algorithm, "
            "X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and "
            "X-Amz-Expires parameters."
        )
    try:
        access_key, day, region, service, _ = args["X-Amz-Credential"].split("/")
    except ValueError:
        raise _unreadable(
            "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; "
            'expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
        ) from None
    try:
        at = datetime.strptime(args["X-Amz-Date"], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise _unreadable(
            "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
        ) from None
    return Signed(
        access_key,
        day,
        region,
        service,
        tuple(args["X-Amz-SignedHeaders"].split(";")),
        args["X-Amz-Signature"],
        args["X-Amz-Date"],
        at,
    )


def _unreadable(sentence: str) -> AwsError:
    return AwsError("AuthorizationQueryParametersError", sentence, 400)


def _check(exchange: Exchange, signed: Signed) -> None:
    life_s = _life_s(exchange)
    refuse_late(exchange, signed.at + timedelta(seconds=life_s), {"X-Amz-Expires": life_s})
    if exchange.service == "s3":
        _refuse_unsigned_headers(exchange, signed)
    secret = secret_of(exchange, signed.access_key)
    if secret is None:
        return  # the authoriser says that nobody knows the key
    request = canonical(exchange, signed.headers, presigned=True)
    if hmac.compare_digest(signed.signature, signature(exchange, signed, secret, presigned=True)):
        return
    if exchange.service != "s3":
        raise refusal(exchange, "wrong signature")
    raise mismatch(
        signed.access_key,
        signed.signature,
        text_to_sign(signed, request),
        CanonicalRequest=request,
        CanonicalRequestBytes=_bytes_of(request),
    )


def _life_s(exchange: Exchange) -> int:
    """For how many seconds the address is good, within what AWS takes."""
    text, longest_s = exchange.request.args["X-Amz-Expires"], int(fact("s3.presign_max_s"))
    if not text.lstrip("-").isdigit():
        raise _unreadable("X-Amz-Expires should be a number")
    if int(text) < 0:
        raise _unreadable("X-Amz-Expires must be non-negative")
    if int(text) > longest_s:
        raise _unreadable(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given "
            f"X-Amz-Expires must be less than {longest_s} seconds"
        )
    return int(text)


def refuse_late(exchange: Exchange, until: datetime, told: dict[str, object]) -> None:
    """Refuse a request that arrives after `until`, by the sandbox's clock."""
    if exchange.at.replace(microsecond=0) <= until:
        return
    told |= {"Expires": f"{until:{_ISO}}", "ServerTime": f"{exchange.at:{_ISO}}"}
    raise AwsError("AccessDenied", "Request has expired", 403, **told)


def _refuse_unsigned_headers(exchange: Exchange, signed: Signed) -> None:
    sent = sorted(str(name).lower() for name in exchange.request.headers.keys())  # noqa: SIM118
    unsigned = [n for n in sent if n.startswith("x-amz-") and n not in signed.headers]
    if unsigned:
        raise AwsError(
            "AccessDenied",
            "There were headers present in the request which were not signed",
            403,
            HeadersNotSigned=", ".join(unsigned),
        )


def mismatch(access_key: str, given: str, text: str, **more: object) -> AwsError:
    """The error for a signature that is not that of `text`; S3 shows what it has compared."""
    return AwsError(
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check "
        "your key and signing method.",
        403,
        AWSAccessKeyId=access_key,
        StringToSign=text,
        SignatureProvided=given,
        StringToSignBytes=_bytes_of(text),
        **more,
    )


def _bytes_of(text: str) -> str:
    return " ".join(f"{byte:02x}" for byte in text.encode())


# ---- Version 2 ----


def _check_old(exchange: Exchange) -> None:
    args = exchange.request.args
    if any(name not in args for name in _OLD):
        raise AwsError(
            "AccessDenied",
            "Query-string authentication requires the Signature, Expires and AWSAccessKeyId "
            "parameters",
            403,
        )
    if not args["Expires"].isdigit():
        raise AwsError(
            "AccessDenied", f"Invalid date (should be seconds since epoch): {args['Expires']}", 403
        )
    refuse_late(exchange, datetime.fromtimestamp(int(args["Expires"]), UTC), {})
    secret = secret_of(exchange, args["AWSAccessKeyId"])
    if secret is None:
        return
    text, expected = _old_signature(exchange, secret)
    if not hmac.compare_digest(args["Signature"], expected):
        raise mismatch(args["AWSAccessKeyId"], args["Signature"], text)


def _old_signature(exchange: Exchange, secret: str) -> tuple[str, str]:
    """The text that Version 2 signs, and its signature, by botocore's own signer."""
    from botocore.auth import HmacV1Auth
    from botocore.compat import HTTPHeaders
    from botocore.credentials import Credentials

    request, args = exchange.request, exchange.request.args
    headers = HTTPHeaders()
    for name, value in request.headers.items():
        headers[name] = value
    for name, value in args.items():  # boto3 puts what it signed as headers into the query
        if name.startswith("x-amz-") or name in ("content-md5", "content-type"):
            headers[name] = value
    signer: Any = HmacV1Auth(Credentials(args["AWSAccessKeyId"], secret))
    signer._get_date = lambda: args["Expires"]  # has the place of the date in the text
    split = _as_path_style(exchange)
    text = signer.canonical_string(request.method, split, headers)
    return text, signer.sign_string(text)


def _as_path_style(exchange: Exchange) -> SplitResult:
    """The address with the bucket in its path, which is how Version 2 signs it."""
    request, bucket = exchange.request, exchange.handler.bucket_name
    path = request.raw_path
    if not request.host.startswith(("s3.", "s3-", "127.", "localhost")):
        path = f"/{bucket}{path}"
    split = urlsplit(str(request.url))
    return split._replace(path=path)


def _count_query_as_headers(exchange: Exchange) -> None:
    """What was signed as a header may travel in the query, where moto does not look for it."""
    environ = exchange.request.environ
    for name, value in exchange.request.args.items():
        lower = name.lower()
        if lower in ("x-amz-security-token", "content-type") or not lower.startswith("x-amz-"):
            continue
        if name not in _NEEDED:
            environ.setdefault("HTTP_" + lower.upper().replace("-", "_"), value)
