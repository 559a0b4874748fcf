"""A `{diagram}` stands in the page as inline SVG, so that it takes the page's colours.

    ```{diagram} sqs_states
    :alt: States of a message. Sending puts it …
    The caption, if there is one.
    ```

The drawing is `chapters/figures/<name>.svg`. Where `<name>_narrow.svg` lies beside it, a narrow
screen shows that one. What a picture shows must also be said: `:alt:` is required.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from xml.etree import ElementTree

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from labkit.errors import BrokenLab, nearest

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

SVG = "http://www.w3.org/2000/svg"


class picture(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """A drawing with its markup in `wide` and, if it has one, in `narrow`; children caption it."""


class Diagram(SphinxDirective):
    """Inlines a drawing of `chapters/figures/`."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[Node]:
        """The drawing, or an error that says what is missing."""
        name = self.arguments[0]
        alt = " ".join(self.options.get("alt", "").split())
        if not alt:
            raise self.error(f"The diagram {name} needs an :alt: that says what it shows.")
        folder = Path(self.env.srcdir, "chapters", "figures")
        wide, narrow = folder / f"{name}.svg", folder / f"{name}_narrow.svg"
        if not wide.exists():
            known = sorted(path.stem for path in folder.glob("*.svg"))
            raise self.error(
                f"There is no drawing chapters/figures/{name}.svg. "
                f"The nearest is {nearest(name, known) or 'far off'}."
            )
        node = picture()
        self.set_source_info(node)
        for width, path in (("wide", wide), ("narrow", narrow)):
            if path.exists():
                self.env.note_dependency(str(path))
                try:
                    node[width] = inline(path.read_text(encoding="utf-8"), path.stem, alt)
                except BrokenLab as error:
                    raise self.error(str(error)) from error
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def inline(svg: str, name: str, alt: str) -> str:
    """The markup of a drawing for a page that may hold others: named, scalable, its ids its own.

    >>> inline('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 4" width="9"/>', "a", "Bar.")
    '<svg viewBox="0 0 9 4" role="img" aria-label="Bar." style="--lk-drawn: 9px" />'
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise BrokenLab(f"The drawing {name}.svg is not well-formed XML: {error}.") from error
    box = root.get("viewBox", "").split()
    if len(box) != 4:
        raise BrokenLab(f"The drawing {name}.svg has no viewBox, so that it cannot be scaled.")
    for attribute in ("width", "height"):
        root.attrib.pop(attribute, None)
    root.set("role", "img")
    root.set("aria-label", alt)
    root.set("style", f"--lk-drawn: {box[2]}px")
    _own_ids(root, name)
    ElementTree.register_namespace("", SVG)
    text = ElementTree.tostring(root, encoding="unicode")
    return text.replace(f' xmlns="{SVG}"', "", 1)


def _own_ids(root: ElementTree.Element, name: str) -> None:
    """Put the drawing's name before every id in it, and before every use of one."""
    ids = {element.get("id"): f"{name}-{element.get('id')}" for element in root.iter()}
    ids.pop(None, None)
    for element in root.iter():
        for attribute, value in element.attrib.items():
            if attribute == "id":
                element.set("id", ids[value])
            elif attribute.endswith("href") and value[1:] in ids:
                element.set(attribute, "#" + str(ids[value[1:]]))
            else:
                new = re.sub(r"url\(#([^)]+)\)", lambda use: f"url(#{ids[use[1]]})", value)
                element.set(attribute, new)


def visit_picture(self: HTML5Translator, node: picture) -> None:
    """Draw the picture, and a narrow one beside it if there is one."""
    self.body.append('<figure class="lk-diagram">\n')
    if "narrow" in node:
        self.body.append(f'<div class="lk-wide">{node["wide"]}</div>\n')
        self.body.append(f'<div class="lk-narrow">{node["narrow"]}</div>\n')
    else:
        self.body.append(node["wide"] + "\n")
    if node.children:
        self.body.append("<figcaption>\n")


def depart_picture(self: HTML5Translator, node: picture) -> None:
    """Close the picture and its caption."""
    self.body.append("</figcaption></figure>\n" if node.children else "</figure>\n")


def setup(app: Sphinx) -> None:
    """Register the directive and its node."""
    app.add_directive("diagram", Diagram)
    app.add_node(picture, html=(visit_picture, depart_picture))
