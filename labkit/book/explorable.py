"""An `{explorable}` in a page is a figure that computes, with controls, where scripts run.

    ```{explorable} sqs_polling
    :preset: short
    :compact:
    ```

`:preset:` chooses what it shows at first; `:compact:` leaves the rarer controls, the tasks and the
small print to the explorable's own page. `{explorable-index}` shows all of them as pictures; with
`:small:` as thumbnails without their questions.

Pages with an explorable get its script and style; the engines are fetched by the script when a
reader comes near. What the script fetches of ours is written next to it when the book is built.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from labkit import explorables
from labkit.book.engine import LIBRARIES, core_bundle, libraries, library_bundle, own_bundle
from labkit.book.explorable_html import page_part, picture
from labkit.errors import LabError

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx

SCRIPT = "explorable.mjs"
STYLE = "explorable.css"
PICTURE_STYLE = "pictures.css"  # of the index of all figures
TEXT_STYLE = "desk.css"  # of explorables that have texts to write
PATH_STYLE = "path.css"
DECISION_STYLE = "decision.css"  # of what `lab.why()` shows
HOME = "chapters/explorables"
LABKIT = Path(explorables.__file__).parents[1]


class ExplorableDirective(SphinxDirective):
    """Puts the explorable of a slug into the page, once."""

    required_arguments = 1
    option_spec: ClassVar = {"preset": directives.unchanged_required, "compact": directives.flag}

    def run(self) -> list[Node]:
        """The explorable as HTML, or an error that says what is wrong with the directive."""
        slug = self.arguments[0]
        note_code(self)
        shown = self.env.temp_data.setdefault("labkit_explorables", set())
        if slug in shown:
            raise self.error(f"The explorable {slug} is in this page already; a page has it once.")
        shown.add(slug)
        try:
            explorable = explorables.load(slug)
            preset = self.options.get("preset")
            start = explorable.values(**(explorable.preset(preset).values if preset else {}))
            html = page_part(
                explorable, start, home(self, slug), "compact" in self.options, libraries(slug)
            )
        except LabError as error:
            raise self.error(str(error)) from error
        return [nodes.raw("", html, format="html")]


class IndexDirective(SphinxDirective):
    """Shows every explorable as a picture that leads to its page."""

    option_spec: ClassVar = {"small": directives.flag}

    def run(self) -> list[Node]:
        """The pictures as HTML."""
        note_code(self)
        small = "small" in self.options
        cards = [
            picture(explorables.load(slug), home(self, slug), small) for slug in explorables.SLUGS
        ]
        kind = "lk-explorables lk-small" if small else "lk-explorables"
        html = f'<ul class="{kind}" role="list">{"".join(cards)}</ul>'
        return [nodes.raw("", html, format="html")]


def home(directive: SphinxDirective, slug: str) -> str:
    """The address of the explorable's own page as seen from the present one; nothing on that."""
    here, there = directive.env.docname, f"{HOME}/{slug}"
    if there not in directive.env.found_docs:
        raise directive.error(f"The explorable {slug} has no page of its own: write {there}.md.")
    return "" if here == there else directive.env.app.builder.get_relative_uri(here, there)


def note_code(directive: SphinxDirective) -> None:
    """Let Sphinx read the page again when the code of any explorable or model changes."""
    for folder in ("explorables", "models", *LIBRARIES):
        for path in sorted((LABKIT / folder).rglob("*.py")):
            directive.env.note_dependency(str(path))


def add_assets(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Give a page that holds an explorable its script and styles, and pictures theirs."""
    body = context.get("body", "")
    if "<lk-explorable" in body:
        app.add_js_file(SCRIPT, type="module")
        app.add_css_file(STYLE)
    if 'class="lk-explorables' in body:
        app.add_css_file(PICTURE_STYLE)
    if "lk-x-desk" in body:
        app.add_css_file(TEXT_STYLE)
    if "lk-x-path" in body:
        app.add_css_file(PATH_STYLE)
    if "lk-decision" in body:
        app.add_css_file(DECISION_STYLE)


def write_bundles(app: Sphinx, failure: Exception | None) -> None:
    """Write the Python that the pages load, beside the script that loads it."""
    if failure or app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", "explorables")
    folder.mkdir(parents=True, exist_ok=True)
    bundles = {"core": core_bundle()}
    bundles |= {slug: own_bundle(slug) for slug in explorables.SLUGS}
    bundles |= {f"library-{name}": library_bundle(name) for name in LIBRARIES}
    for name, text in bundles.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the directives, the assets of the pages that use them, and the bundles."""
    app.add_directive("explorable", ExplorableDirective)
    app.add_directive("explorable-index", IndexDirective)
    app.connect("html-page-context", add_assets, priority=400)  # before the frame sorts them
    app.connect("build-finished", write_bundles)
