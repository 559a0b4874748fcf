"""A link to a page of the book is plain text while that page is still to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.environment import BuildEnvironment


def to_page(env: BuildEnvironment, docname: str, text: str) -> Node:
    """A link to the page `docname` that reads `text`, or the text alone."""
    if docname not in env.found_docs:
        return nodes.inline("", text)
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{docname}",
        refdoc=env.docname,
        refexplicit=True,
    )
