"""Questions in a page: `{quiz}` lays them out as forms that also read without scripts.

    ```{quiz} sqs
    ```

    ```{quiz} iam
    :ids: iam-deny-wins, iam-role-not-user
    ```

The first asks the whole bank of a chapter, the second some of its questions. A page gets the
script and the style of questions when it holds any, be it from here or from a lab's stored output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from labkit import questions
from labkit.errors import UsageError
from labkit.questions.form import quiz

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx

SCRIPT = "quiz.mjs"
STYLE = "quiz.css"


class Quiz(SphinxDirective):
    """Shows the questions of a chapter, or those that `ids` names."""

    required_arguments = 1
    option_spec: ClassVar = {"ids": directives.unchanged_required}

    def run(self) -> list[Node]:
        """The forms, as HTML; the page is built anew when the bank changes."""
        slug = self.arguments[0]
        self.env.note_dependency(str(questions.BANKS / f"{slug}.json"))
        try:
            bank = questions.load(slug)
            ids = [id.strip() for id in self.options.get("ids", "").split(",") if id.strip()]
            asked = [bank.get(id) for id in ids] if ids else list(bank)
        except UsageError as error:
            raise self.error(str(error)) from error
        return [nodes.raw("", quiz(asked, slug, anchored=True), format="html")]


def add_assets(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Give the page the script and the style of questions if it holds one."""
    if "<lk-quiz" in context.get("body", ""):
        app.add_css_file(STYLE)
        app.add_js_file(SCRIPT, type="module")


def setup(app: Sphinx) -> None:
    """Register the directive and the assets of the pages that use it."""
    app.add_directive("quiz", Quiz)
    app.connect("html-page-context", add_assets, priority=400)  # before the frame sorts them
