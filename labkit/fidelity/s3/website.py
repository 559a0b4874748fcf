"""A bucket's website: pages at an address of its own, for anybody whom the bucket's policy lets.

    http://posters.s3-website-us-east-1.amazonaws.com/shows/ ─▶ shows/index.html
                                                    /shows  ─▶ 302 to /shows/
                                                    /gone   ─▶ 404 with the error document

https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from labkit.fidelity.authorisation import authoriser
from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import GUIDE, bucket_of
from labkit.sandbox.choke import Exchange, Reply

_SENTENCES = {
    "NoSuchBucket": (404, "Not Found", "The specified bucket does not exist"),
    "NoSuchWebsiteConfiguration": (
        404,
        "Not Found",
        "The specified bucket does not have a website configuration",
    ),
    "NoSuchKey": (404, "Not Found", "The specified key does not exist."),
    "AccessDenied": (403, "Forbidden", "Access Denied"),
    "MethodNotAllowed": (
        405,
        "Method Not Allowed",
        "The specified method is not allowed against this resource.",
    ),
}


@rule(
    "s3",
    "GET of a website",
    "HEAD of a website",
    when="instead",
    follows=GUIDE + "IndexDocumentSupport.html",
    corrects="moto answers at a website's address as at that of the API",
)
def a_folder_of_a_website_shows_its_index_document(exchange: Exchange) -> Reply:
    """At a bucket's website address a folder shows its index document, anything else itself.

    A folder without its slash is redirected to it; errors are pages of HTML.
    """
    bucket = bucket_of(exchange)
    if bucket is None:
        return _error("NoSuchBucket", BucketName=exchange.handler.bucket_name)
    if not bucket.website_configuration:
        return _error("NoSuchWebsiteConfiguration", BucketName=bucket.name)
    site = Site(exchange, bucket, _read(bucket.website_configuration))
    return site.page(exchange.handler.parse_key_name())


@rule(
    "s3",
    "PUT of a website",
    "POST of a website",
    "DELETE of a website",
    when="instead",
    follows=GUIDE + "WebsiteEndpoints.html",
    corrects="moto writes at a website's address",
)
def a_website_is_read_only(exchange: Exchange) -> Reply:
    """A website answers GET and HEAD only.

    405 MethodNotAllowed, as a page.
    """
    return _error("MethodNotAllowed", Method=exchange.request.method, ResourceType="OBJECT")


def _read(document: Any) -> dict[str, Any]:
    """The website configuration as dictionaries and lists, without its namespace."""

    def value(element: Any) -> Any:
        children = list(element)
        if not children:
            return element.text or ""
        if element.tag.endswith("RoutingRules"):
            return [value(child) for child in children]
        return {child.tag.rpartition("}")[2]: value(child) for child in children}

    found: dict[str, Any] = value(ElementTree.fromstring(document))
    return found


@dataclass(frozen=True)
class Site:
    """A bucket's website, as one request meets it."""

    exchange: Exchange
    bucket: Any
    settings: dict[str, Any]

    def page(self, key: str) -> Reply:
        """What is shown at a key: a page, a redirection, an error."""
        everything = self.settings.get("RedirectAllRequestsTo")
        if everything:
            return _redirect(self.exchange, everything, key)
        redirected = self._routed(key, "")
        if redirected is not None:
            return redirected
        suffix = self.settings["IndexDocument"]["Suffix"]
        wanted = key + suffix if not key or key.endswith("/") else key
        if self._is_readable(wanted):
            return self._shown(wanted, 200)
        if wanted == key and self._holds(f"{key}/{suffix}"):
            return 302, {"Location": f"/{quote(key)}/"}, ""
        return self._missing(key, self._holds(wanted))

    def _routed(self, key: str, status: str) -> Reply | None:
        """Where a routing rule leads, of those for an error `status` or for none."""
        for found in self.settings.get("RoutingRules") or ():
            condition = found.get("Condition") or {}
            if condition.get("HttpErrorCodeReturnedEquals", "") == status and _starts(found, key):
                return _redirect(self.exchange, found["Redirect"], _renamed(found, key))
        return None

    def _holds(self, key: str) -> bool:
        return hasattr(self.bucket.keys.get(key), "value")

    def _is_readable(self, key: str) -> bool:
        policy = authoriser.current()
        return self._holds(key) and policy.anybody_may_read(self.exchange, self.bucket.name, key)

    def _missing(self, key: str, is_there: bool) -> Reply:
        """A page is not there, or not for everybody; who may not list is not told which."""
        may_list = authoriser.current().anybody_may_list(self.exchange, self.bucket.name)
        code = "AccessDenied" if is_there or not may_list else "NoSuchKey"
        status = _SENTENCES[code][0]
        redirected = self._routed(key, str(status))
        if redirected is not None:
            return redirected
        document = str((self.settings.get("ErrorDocument") or {}).get("Key", ""))
        if document and self._is_readable(document):
            return self._shown(document, status)
        return _error(code, **({"Key": key} if code == "NoSuchKey" else {}))

    def _shown(self, key: str, status: int) -> Reply:
        held = self.bucket.keys.get(key)
        if held.website_redirect_location:
            return 301, {"Location": held.website_redirect_location}, ""
        headers = {
            name: value
            for name, value in {**held.response_dict, **held.metadata}.items()
            if name.lower() in ("etag", "last-modified", "content-type", "cache-control")
        }
        headers["content-length"] = str(held.size)
        return status, headers, b"" if self.exchange.request.method == "HEAD" else held.value


def _starts(found: Any, key: str) -> bool:
    return key.startswith((found.get("Condition") or {}).get("KeyPrefixEquals", ""))


def _renamed(found: Any, key: str) -> str:
    """The key that a rule redirects to."""
    redirect = found["Redirect"]
    if "ReplaceKeyWith" in redirect:
        return str(redirect["ReplaceKeyWith"])
    if "ReplaceKeyPrefixWith" in redirect:
        prefix = (found.get("Condition") or {}).get("KeyPrefixEquals", "")
        return str(redirect["ReplaceKeyPrefixWith"]) + key.removeprefix(prefix)
    return key


def _redirect(exchange: Exchange, redirect: dict[str, str], key: str) -> Reply:
    protocol = redirect.get("Protocol", "http")
    host = redirect.get("HostName", exchange.request.host)
    status = int(redirect.get("HttpRedirectCode", 301))
    return status, {"Location": f"{protocol}://{host}/{quote(key)}"}, ""


def _error(code: str, **details: str) -> Reply:
    """An error as a website shows it: a page."""
    status, phrase, sentence = _SENTENCES[code]
    told = {"Code": code, "Message": sentence, **details}
    lines = "".join(f"<li>{name}: {value}</li>\n" for name, value in told.items())
    title = f"{status} {phrase}"
    page = (
        f"<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n"
        f"<ul>\n{lines}</ul>\n<hr/>\n</body>\n</html>\n"
    )
    return status, {"Content-Type": "text/html; charset=utf-8"}, page
