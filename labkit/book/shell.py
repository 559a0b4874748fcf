"""The frame round every page is drawn from the table of contents: navigation, sections, assets.

The theme's `layout.html` draws it; here its parts are made. Of Sphinx's own style sheets and
scripts a page gets none, and the search page the scripts that search.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

HERE = Path(__file__).parent
STATIC = HERE / "static"
STYLES = ("labkit.css", "shell.css", "prose.css", "parts.css", "code.css", "print.css")
SEARCH_SCRIPTS = ("documentation_options.js", "doctools.js", "sphinx_highlight.js")
NOT_OURS = ("mystnb.", "pygments.css", "basic.css", "pygments_dark.css")


@dataclass(frozen=True)
class Entry:
    """One line of the navigation and the pages below it."""

    title: str
    href: str
    current: bool
    children: tuple[Entry, ...]

    @property
    def open(self) -> bool:
        """Whether the page that is shown is this one or one below it."""
        return self.current or any(child.open for child in self.children)


@dataclass(frozen=True)
class Part:
    """A captioned group of the navigation."""

    caption: str
    entries: tuple[Entry, ...]
    open: bool


def navigation(app: Sphinx, pagename: str) -> list[Part]:
    """The parts of `_toc.yml` as the page `pagename` links to them; its own part is open."""
    site = app.config.external_site_map

    def entry(docname: str) -> Entry:
        document = site[docname]
        title = document.title or app.env.titles[docname].astext()
        href = app.builder.get_relative_uri(pagename, docname) or "#"
        children = tuple(entry(str(child)) for child in document.child_files())
        return Entry(title, href, docname == pagename, children)

    parts = []
    for tree in site.root.subtrees:
        entries = tuple(entry(str(item)) for item in tree.items)
        parts.append((tree.caption or "", entries))
    anywhere = any(entry.open for _, entries in parts for entry in entries)
    return [
        Part(caption, entries, not anywhere or any(entry.open for entry in entries))
        for caption, entries in parts
    ]


def sections(env: BuildEnvironment, pagename: str) -> Iterator[tuple[str, str]]:
    """Anchor and heading of each section right under the page's title."""
    toc = env.tocs.get(pagename)
    if toc is None or not toc.children or len(toc[0]) < 2:
        return
    for item in toc[0][1]:
        for reference in item.findall(nodes.reference):
            yield reference["anchorname"], reference.astext()
            break


def frame(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _: object) -> None:
    """Give the layout what it draws, and take away the assets that no page of ours needs."""
    context["parts"] = navigation(app, pagename)
    context["sections"] = list(sections(app.env, pagename))
    context["about"] = app.env.metadata.get(pagename, {})
    context["css_files"] = [
        css for css in context["css_files"] if not filename(css).startswith(NOT_OURS)
    ]
    if pagename != "search":
        context["script_files"] = [
            js for js in context["script_files"] if filename(js) not in SEARCH_SCRIPTS
        ]


def filename(asset: Any) -> str:
    """The file of a style sheet or script, below `_static/`."""
    return str(asset.filename).rpartition("_static/")[2]


def front_door(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page at the site's root, which opens the landing page."""
    if app.config.root_doc != "index":
        yield "index", {}, "redirect.html"


def add_static(app: Sphinx) -> None:
    """Let Sphinx copy the book's style sheets, scripts and engines."""
    app.config.html_static_path.append(str(STATIC))


def setup(app: Sphinx) -> None:
    """Register the theme and its assets."""
    app.add_html_theme("labkit", str(HERE / "theme"))
    for style in STYLES:
        app.add_css_file(style)
    app.add_js_file("book.js", defer="defer")
    app.connect("builder-inited", add_static)
    app.connect("html-page-context", frame)
    app.connect("html-collect-pages", front_door)
