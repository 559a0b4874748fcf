"""The Sphinx extension that makes the chapters a book: roles, directives, theme and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.book import (
    boxes,
    cells,
    diagram,
    differs,
    explorable,
    facts,
    labcard,
    links,
    parts,
    quiz,
    shell,
    syllabus,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

MODULES = (
    shell,
    boxes,
    cells,
    diagram,
    differs,
    explorable,
    facts,
    labcard,
    links,
    parts,
    quiz,
    syllabus,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the theme, every role and every directive with Sphinx."""
    # Jupyter Book sets this value for an extension that we do not load.
    app.add_config_value("comments_config", {}, "html")
    for module in MODULES:
        module.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
