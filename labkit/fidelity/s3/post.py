"""A form may be posted to a bucket by whoever holds a signed policy, if it is as the policy says.

    the signer ─▶ policy: until when, which fields, how many bytes ─▶ signature
                                                                         │
    a browser's form: key, policy, signature, …, file ──▶ every condition holds ──▶ an object

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from labkit.fidelity.presigned import mismatch
from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import API, find_key
from labkit.fidelity.signature import secret_of, signing_key
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params, Reply

# Fields that a policy need not mention.
_FREE = {"policy", "file", "awsaccesskeyid", "signature", "x-amz-signature"}
_OF_SIGNER = {"x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token"}


def check(exchange: Exchange) -> None:
    """Refuse a form whose policy is not signed, over, or says something else than the form."""
    fields = fields_of(exchange)
    if not fields.get("key"):
        raise AwsError(
            "InvalidArgument",
            "Bucket POST must contain a field named 'key'.  If it is specified, please check the "
            "order of the fields.",
            400,
            ArgumentName="key",
            ArgumentValue="",
        )
    if "policy" not in fields:
        return  # nobody's form: the bucket's policy decides
    _check_signature(exchange, fields)
    try:
        policy = json.loads(base64.b64decode(fields["policy"]))
        until = datetime.strptime(policy["expiration"].split(".")[0].rstrip("Z"), _TIME)
        conditions = policy["conditions"]
    except (ValueError, KeyError, AttributeError, binascii.Error):
        raise AwsError("InvalidPolicyDocument", "Invalid Policy: Invalid JSON.", 400) from None
    if exchange.at > until.replace(tzinfo=UTC):
        raise _invalid("Policy expired.")
    _check_conditions(exchange, fields, conditions)
    # No rule sees a redirection: `a_form_is_answered_as_it_asks` makes it instead of moto.
    exchange.handler.querystring.pop("success_action_redirect", None)


_TIME = "%Y-%m-%dT%H:%M:%S"


def fields_of(exchange: Exchange) -> dict[str, str]:
    """The fields of the form by their names in lower case, `${filename}` put in."""
    fields = {str(name).lower(): str(text) for name, text in exchange.request.form.items()}
    key = exchange.handler.querystring.get("key")
    return fields | ({"key": key[0]} if key else {})


def _invalid(why: str) -> AwsError:
    return AwsError("AccessDenied", f"Invalid according to Policy: {why}", 403)


def _check_signature(exchange: Exchange, fields: dict[str, str]) -> None:
    policy = fields["policy"]
    if "x-amz-signature" in fields:
        access_key, day, region, service, _ = fields.get("x-amz-credential", "////").split("/")
        given = fields["x-amz-signature"]
    else:
        access_key, given = fields.get("awsaccesskeyid", ""), fields.get("signature", "")
    secret = secret_of(exchange, access_key)
    if secret is None:
        return  # the authoriser says that nobody knows the key
    if "x-amz-signature" in fields:
        key = signing_key(secret, day, region, service)
        expected = hmac.digest(key, policy.encode(), "sha256").hex()
    else:
        digest = hmac.digest(secret.encode(), policy.encode(), "sha1")
        expected = base64.b64encode(digest).decode()
    if not hmac.compare_digest(given, expected):
        raise mismatch(access_key, given, policy)


def _check_conditions(exchange: Exchange, fields: dict[str, str], conditions: list[Any]) -> None:
    named: set[str] = set()
    values = fields | {"bucket": exchange.handler.bucket_name}
    for condition in conditions:
        if isinstance(condition, dict):
            for name, value in condition.items():
                named.add(name.lower())
                shown = ["eq", f"${name}", value]
                _must_hold(values.get(name.lower(), "") == str(value), shown)
        elif condition[0] == "content-length-range":
            _must_be_of_size(len(exchange.handler.body), int(condition[1]), int(condition[2]))
        else:
            operator, name, value = condition
            named.add(name.lstrip("$").lower())
            found = values.get(name.lstrip("$").lower(), "")
            holds = found.startswith(value) if operator == "starts-with" else found == value
            _must_hold(holds, condition)
    extra = [
        name
        for name in fields
        if name not in named | _FREE | _OF_SIGNER and not name.startswith("x-ignore-")
    ]
    if extra:
        raise _invalid(f"Extra input fields: {', '.join(sorted(extra))}")


def _must_hold(holds: bool, condition: list[Any]) -> None:
    if not holds:
        raise _invalid(f"Policy Condition failed: {json.dumps(condition)}")


def _must_be_of_size(size: int, least: int, most: int) -> None:
    if size > most:
        raise AwsError(
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
            400,
            ProposedSize=size,
            MaxSizeAllowed=most,
        )
    if size < least:
        raise AwsError(
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
            400,
            ProposedSize=size,
            MinSizeAllowed=least,
        )


@rule(
    "s3",
    "PostObject",
    when="after",
    follows=API + "RESTObjectPOST.html",
    corrects="moto leaves out the ETag and the Location, and the document of a 201",
)
def a_form_is_answered_as_it_asks(exchange: Exchange, _: Params) -> Reply | None:
    """A form is answered with 204, or as its success_action_status or redirection asks.

    With the ETag and the Location; 201 brings an XML document, 303 takes the browser on.
    """
    fields, reply = fields_of(exchange), exchange.reply
    key = find_key(exchange, fields["key"])
    if reply is None or key is None:
        return None
    headers = reply[1]
    bucket = exchange.handler.bucket_name
    location = f"https://{bucket}.s3.amazonaws.com/{fields['key']}"
    headers |= {"ETag": key.etag, "x-amz-server-side-encryption": str(key.encryption)}
    if key.version_id != "null":
        headers["x-amz-version-id"] = key.version_id
    redirect = fields.get("success_action_redirect")
    if redirect:
        etag = key.etag.replace('"', "%22")
        join = "&" if "?" in redirect else "?"
        headers["Location"] = f"{redirect}{join}bucket={bucket}&key={fields['key']}&etag={etag}"
        return 303, headers, ""
    headers["Location"] = location
    wished = fields.get("success_action_status")
    if wished != "201":
        return (200 if wished == "200" else 204), headers, ""
    document = {"Location": location, "Bucket": bucket, "Key": fields["key"], "ETag": key.etag}
    inside = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in document.items())
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    headers["Content-Type"] = "application/xml"
    return 201, headers, f"{head}<PostResponse>{inside}</PostResponse>"
