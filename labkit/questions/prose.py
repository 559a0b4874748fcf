"""The texts of a question are strings in a small Markdown that can show themselves as HTML.

Paragraphs are separated by an empty line; single line breaks are spaces. Within a paragraph:
`code`, **strong** and *emphasis*. A paragraph between two lines of ``` is a block of code.
Everything else is text: HTML in it is shown, not obeyed.
"""

from __future__ import annotations

import html
import re

_BLOCKS = re.compile(r"^```\w*\n(?P<code>.*?)\n```$|(?P<text>(?:(?!\n\s*\n|\n```).)+)", re.S | re.M)
_CODE = re.compile(r"(`[^`]+`)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS = re.compile(r"\*(.+?)\*")


class Prose(str):
    """A text of a question; as a str it is the source, with `html` and `inline` the shown form.

    >>> Prose("Send it with `DelaySeconds=5`.").inline
    'Send it with <code>DelaySeconds=5</code>.'
    """

    __slots__ = ()

    @property
    def inline(self) -> str:
        """The text as one run of HTML, for places that hold no paragraphs."""
        return "".join(_run(piece) for piece in _CODE.split(" ".join(self.split())))

    @property
    def html(self) -> str:
        """The text as paragraphs and blocks of code."""
        return "".join(block.block_html for block in self.blocks)

    @property
    def blocks(self) -> tuple[Prose, ...]:
        """The paragraphs and blocks of code, each a text of its own."""
        found = (match.group().strip("\n") for match in _BLOCKS.finditer(self.strip()))
        return tuple(Prose(block) for block in found if block.strip())

    @property
    def is_code(self) -> bool:
        """Whether the text is a single block of code."""
        return self.startswith("```") and self.endswith("\n```")

    @property
    def block_html(self) -> str:
        """The HTML of a text that is a single block."""
        if self.is_code:
            return code_html("\n".join(self.splitlines()[1:-1]))
        return f"<p>{self.inline}</p>"


def code_html(code: str) -> str:
    """A block of code, which the keyboard can scroll where it is too wide."""
    return f'<pre tabindex="0"><code>{html.escape(code, quote=False)}</code></pre>'


def _run(piece: str) -> str:
    """One run of text between, or inside, the backticks of code."""
    if len(piece) > 2 and piece.startswith("`") and piece.endswith("`"):
        return f"<code>{html.escape(piece[1:-1], quote=False)}</code>"
    text = html.escape(piece, quote=False)
    return _EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", text))
