"""Every link of the built book leads somewhere: to a page, a place in it, or a file."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ADDRESSES = {"a": "href", "link": "href", "script": "src", "img": "src", "form": "action"}


class Page(HTMLParser):
    """The ids of a page and the addresses in it."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag's id and its address."""
        attributes = dict(attrs)
        if attributes.get("id"):
            self.ids.append(str(attributes["id"]))
        address = attributes.get(ADDRESSES.get(tag, ""))
        if address:
            self.addresses.append(address)


@cache
def read(path: Path) -> Page:
    """A page with its ids and addresses."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def test_every_link_within_the_book_leads_somewhere(site):
    dead = []
    for name in site.names():
        path = site.html / f"{name}.html"
        for address in read(path).addresses:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                dead.append(f"{name}: {address}: no such file")
            elif parts.fragment and unquote(parts.fragment) not in read(target).ids:
                dead.append(f"{name}: {address}: no such place in it")

    assert dead == []


def test_no_page_uses_an_id_twice(site):
    twice = {
        name: sorted({id for id in ids if ids.count(id) > 1})
        for name in site.names()
        for ids in [read(site.html / f"{name}.html").ids]
        if len(ids) != len(set(ids))
    }

    assert twice == {}
