"""The Sphinx extension that makes the chapters a book: roles, directives, theme and scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent
STATIC = HERE / "static"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the theme and every directive with Sphinx."""
    app.add_html_theme("labkit", str(HERE / "theme"))
    # Jupyter Book sets this value for an extension that we do not load.
    app.add_config_value("comments_config", {}, "html")
    app.connect("builder-inited", lambda app: app.config.html_static_path.append(str(STATIC)))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
