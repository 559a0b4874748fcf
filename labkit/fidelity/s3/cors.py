"""Which pages of other origins a browser may let read a bucket.

A browser asks first, with OPTIONS; S3 answers by the first rule that fits.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html
"""

from __future__ import annotations

import re
from typing import Any

from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import API, GUIDE, bucket_by_name, bucket_of, header
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Reply

_METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE")
_VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
# AWS misspells a word, which is taken apart here for the sake of the spelling checker.
_NOT_ALLOWED = (
    "CORSResponse: This CORS request is not allowed. This is usually because the evalu"
    "tion of Origin, request method / Access-Control-Request-Method or "
    "Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
)


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _fits(patterns: list[str], text: str) -> bool:
    """Whether a text fits one of the patterns, of which each may hold one star."""
    return any(
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text, re.IGNORECASE)
        for pattern in patterns
    )


def matching(bucket: Any, origin: str, method: str, headers: list[str]) -> Any:
    """The first rule that lets an origin use a method with these headers, or None."""
    for found in bucket.cors if bucket is not None else ():
        if (
            _fits(_listed(found.allowed_origins), origin)
            and method in _listed(found.allowed_methods)
            and all(_fits(_listed(found.allowed_headers), name) for name in headers)
        ):
            return found
    return None


def allowing(found: Any, origin: str) -> dict[str, str]:
    """The headers of an answer that a browser needs to see."""
    anybody = "*" in _listed(found.allowed_origins)
    headers = {
        "Access-Control-Allow-Origin": "*" if anybody else origin,
        "Access-Control-Allow-Methods": ", ".join(_listed(found.allowed_methods)),
        "Vary": _VARY,
    }
    if not anybody:
        headers["Access-Control-Allow-Credentials"] = "true"
    if found.exposed_headers:
        headers["Access-Control-Expose-Headers"] = ", ".join(_listed(found.exposed_headers))
    if found.max_age_seconds is not None:
        headers["Access-Control-Max-Age"] = str(found.max_age_seconds)
    return headers


@rule(
    "s3",
    "OptionsObject",
    when="instead",
    follows=API + "RESTOPTIONSobject.html",
    corrects="moto mixes all rules into one, and allows what no rule allows",
)
def a_browser_is_told_what_a_rule_allows(exchange: Exchange) -> Reply:
    """A browser's question (OPTIONS) is answered by the first CORS rule that fits.

    AccessForbidden (403) if none does, or the bucket has no rules; BadRequest without an Origin.
    """
    origin = header(exchange, "Origin")
    method = header(exchange, "Access-Control-Request-Method")
    asked = header(exchange, "Access-Control-Request-Headers")
    if not origin:
        sentence = "Insufficient information. Origin request header needed."
        raise AwsError("BadRequest", sentence, 400)
    if method not in _METHODS:
        raise AwsError("BadRequest", f"Invalid Access-Control-Request-Method: {method}", 400)
    bucket = bucket_of(exchange)
    if bucket is None or not bucket.cors:
        raise _forbidden("CORSResponse: CORS is not enabled for this bucket.", method, exchange)
    names = [name.strip() for name in asked.split(",") if name.strip()]
    found = matching(bucket, origin, method, names)
    if found is None:
        raise _forbidden(_NOT_ALLOWED, method, exchange)
    headers = allowing(found, origin)
    if names:
        headers["Access-Control-Allow-Headers"] = ", ".join(names).lower()
    return 200, headers, ""


def _forbidden(sentence: str, method: str, exchange: Exchange) -> AwsError:
    kind = "OBJECT" if exchange.handler.parse_key_name() else "BUCKET"
    return AwsError("AccessForbidden", sentence, 403, Method=method, ResourceType=kind)


@rule(
    "s3",
    "PutBucketCors",
    when="before",
    follows=GUIDE + "ManageCorsUsing.html",
    corrects="moto's message names the method only",
)
def cors_rules_are_about_methods_of_s3(exchange: Exchange) -> None:
    """A CORS rule is about GET, PUT, POST, DELETE and HEAD; an origin holds one star at most.

    InvalidRequest.
    """
    for found in (exchange.params.get("CORSConfiguration") or {}).get("CORSRules", []):
        for method in found.get("AllowedMethods", []):
            if method not in _METHODS:
                raise AwsError(
                    "InvalidRequest",
                    f"Found unsupported HTTP method in CORS config. Unsupported method is {method}",
                    400,
                )
        for origin in found.get("AllowedOrigins", []):
            if origin.count("*") > 1:
                raise AwsError(
                    "InvalidRequest",
                    f'AllowedOrigin "{origin}" can not have more than one wildcard.',
                    400,
                )


def headers_of(handler: Any) -> dict[str, Any]:
    """What a plain answer says to a page of another origin; in the place of moto's method."""
    origin = handler.headers.get("Origin")
    if not origin:
        return {}
    bucket = bucket_by_name(handler.bucket_name)
    found = matching(bucket, origin, handler.method, [])
    return allowing(found, origin) if found is not None else {}
