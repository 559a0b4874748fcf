"""What labkit says in a notebook has one look: a plain text and an HTML form of a `Note`.

Words are written once, with `code` between backticks. The text form keeps the backticks and
wraps at 88 characters; the HTML form makes them <code> and marks the state with a coloured
edge, taken from the page's tokens where there is a page and from the light palette elsewhere.
Both are the same on every run, so that notebooks can be compared strictly.
"""

from __future__ import annotations

import html
import re
import textwrap
from dataclasses import dataclass

from labkit.explorables.palette import LIGHT

WIDTH = 88


@dataclass(frozen=True, repr=False)
class Note:
    """A few words for the learner: a head, paragraphs, and perhaps code to copy."""

    head: str
    paragraphs: tuple[str, ...] = ()
    state: str = "accent"  # a token of the palette: ready, flight, done, failed, old, accent
    code: str = ""

    def __repr__(self) -> str:
        first, *rest = self.paragraphs or ("",)
        parts = [_wrapped(f"{self.head} {first}".strip()), *map(_wrapped, rest)]
        if self.code:
            parts.append(textwrap.indent(self.code, "    "))
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        first, *rest = self.paragraphs or ("",)
        body = [f"<p><strong>{_spans(self.head)}</strong> {_spans(first)}".rstrip() + "</p>"]
        body += [f"<p>{_spans(paragraph)}</p>" for paragraph in rest]
        if self.code:
            body.append(f"<pre><code>{html.escape(self.code)}</code></pre>")
        edge = f"border-left:4px solid var(--lk-{self.state},{LIGHT[self.state]})"
        style = f"{edge};padding-left:0.8em"
        return f'<div class="lk-note lk-{self.state}" style="{style}">{"".join(body)}</div>'


def _wrapped(paragraph: str) -> str:
    """`paragraph` in lines of at most `WIDTH`; a line break in it stays one."""
    lines = paragraph.split("\n")
    return "\n".join(
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) for line in lines
    )


def _spans(text: str) -> str:
    """HTML of `text`, what stands between backticks as code, line breaks kept."""
    escaped = html.escape(text, quote=False).replace("\n", "<br>")
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escaped)
