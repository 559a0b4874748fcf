"""The small strokes of an SVG: numbers, colours, text, and the refusal of what is not drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.errors import BrokenLab
from labkit.explorables.palette import LIGHT
from labkit.explorables.theme import TRANSPARENT

if TYPE_CHECKING:
    from typing import Any

LINE_SPACING = 1.3
DASHES = {"solid": "", "dot": "3,3", "dash": "9,9", "longdash": "15,15", "dashdot": "9,3,3,3"}


def num(value: float) -> str:
    """A length in pixels, to two decimals.

    >>> num(3.14159), num(20.0), num(-0.001)
    ('3.14', '20', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def escape(text: str) -> str:
    """`text` as it must stand in XML."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def paint(colour: str) -> str:
    """The CSS for a colour token: it follows the page's theme, or is the light one elsewhere.

    >>> paint("@ready")
    'var(--lk-ready,#6941c6)'
    """
    if colour == TRANSPARENT:
        return "none"
    if colour[:1] != "@" or colour[1:] not in LIGHT:
        raise BrokenLab(
            f"A figure has the colour {colour!r}.",
            f"Figures name colours by token, so that they follow the theme: {', '.join(LIGHT)}.",
        )
    return f"var(--lk-{colour[1:]},{LIGHT[colour[1:]]})"


def check(place: str, given: dict[str, Any], drawn: str, unseen: str = "") -> None:
    """Raise unless every key of `given` is one that is drawn, or one that a still does not show."""
    known = f"{drawn} {unseen}".split()
    for key in given:
        if key not in known:
            raise BrokenLab(
                f"{place} has {key!r}, which the SVG does not draw.",
                f"It draws {', '.join(sorted(drawn.split()))}.",
                "Say it with one of these, or teach labkit.explorables.svg.",
            )


def one_of(place: str, value: Any, *known: Any) -> Any:
    """`value`, which must be one of `known`."""
    if value not in known:
        raise BrokenLab(f"{place} is {value!r}.", f"The SVG draws {', '.join(map(repr, known))}.")
    return value


def stroke(line: dict[str, Any], default_width: float = 2) -> str:
    """The attributes of a line: colour, width, dashes."""
    check("A line", line, "color width dash", "shape simplify")
    dash = DASHES[one_of("A line's dash", line.get("dash", "solid"), *DASHES)]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    width = num(line.get("width", default_width))
    return f'stroke="{paint(line["color"])}" stroke-width="{width}"{dashes}'


def lines_of(text: str) -> list[str]:
    """The lines of a plotly text, which breaks them with <br>."""
    return text.replace("<br />", "<br>").replace("<br/>", "<br>").split("<br>")


def width_of(text: str, size: float) -> float:
    """About how wide the longest line of `text` is, in pixels."""
    return max(len(_plain(line)) for line in lines_of(text)) * size * 0.55


def write(
    text: str, x: float, y: float, font: dict[str, Any], *, anchor: str = "middle", turn: float = 0
) -> str:
    """`text` with the middle of its height at `y`, and `x` at its start, middle or end."""
    check("A font", font, "size color weight", "family")
    size = font["size"]
    lines = lines_of(text)
    top = y + 0.35 * size - (len(lines) - 1) / 2 * LINE_SPACING * size
    spans = [
        f'<tspan x="{num(x)}" y="{num(top + row * LINE_SPACING * size)}">{_spans(line)}</tspan>'
        for row, line in enumerate(lines)
    ]
    bold = f' font-weight="{font["weight"]}"' if "weight" in font else ""
    turned = f' transform="rotate({num(turn)} {num(x)} {num(y)})"' if turn else ""
    look = f'text-anchor="{anchor}" font-size="{num(size)}" fill="{paint(font["color"])}"'
    return f"<text {look}{bold}{turned}>{''.join(spans)}</text>"


def _spans(line: str) -> str:
    """The line in XML: <b> and <i> become spans, any other tag is refused."""
    drawn = escape(line)
    for tag, style in (("b", 'font-weight="700"'), ("i", 'font-style="italic"')):
        drawn = drawn.replace(f"&lt;{tag}&gt;", f"<tspan {style}>")
        drawn = drawn.replace(f"&lt;/{tag}&gt;", "</tspan>")
    if "&lt;" in drawn:
        raise BrokenLab(f"A text has a tag other than <b>, <i> and <br>: {line!r}.")
    return drawn


def _plain(line: str) -> str:
    for tag in ("<b>", "</b>", "<i>", "</i>"):
        line = line.replace(tag, "")
    return line
