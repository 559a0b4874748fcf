"""A link to a page of the book is plain text while that page is still to come."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes


def to_page(docname: str, text: str) -> addnodes.pending_xref:
    """A link to the page `docname` that reads `text`; of a page that is not there, the text alone.

    Sphinx falls back to the text without a word, since the reference asks for no warning.
    """
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{docname}",
        refexplicit=True,
        refwarn=False,
    )
