"""What every figure looks like unless it says otherwise; the same in all three faces.

A figure dict holds what is its own: data, ranges, labels. `themed` lays the common look under it,
in colour tokens, before a face draws it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    Tree = dict[str, Any]

TRANSPARENT = "rgba(0,0,0,0)"

LAYOUT: Tree = {
    "font": {"size": 13, "color": "@ink"},
    "height": 420,
    "margin": {"l": 56, "r": 12, "t": 12, "b": 48},
    "paper_bgcolor": TRANSPARENT,
    "plot_bgcolor": TRANSPARENT,
    "showlegend": False,
    "hovermode": "closest",
    "hoverlabel": {"bgcolor": "@panel", "bordercolor": "@line", "font": {"color": "@ink"}},
    "dragmode": False,
}

AXIS: Tree = {
    "title": {"font": {"size": 13, "color": "@ink2"}, "standoff": 6},
    "tickfont": {"size": 12, "color": "@ink2"},
    "showgrid": True,
    "gridcolor": "@line",
    "gridwidth": 1,
    "zeroline": False,
    "showline": False,
    "linecolor": "@ink2",
    "ticks": "",
    "fixedrange": True,
    "automargin": False,
}


def themed(figure: Tree) -> Tree:
    """A copy of `figure` in which the common look fills what it leaves open."""
    layout = over(LAYOUT, figure["layout"])
    for key, value in figure["layout"].items():
        if is_axis(key):
            axis = dict(value)
            if isinstance(axis.get("title"), str):
                axis["title"] = {"text": axis["title"]}
            layout[key] = over(AXIS, axis)
    return {"data": figure["data"], "layout": layout}


def is_axis(key: str) -> bool:
    """Whether a layout's `key` holds an axis: xaxis, yaxis2 and so on."""
    return key[:5] in ("xaxis", "yaxis")


def over(below: Tree, above: Tree) -> Tree:
    """`below` with `above` laid over it, dict by dict.

    >>> over({"font": {"size": 13, "color": "@ink"}}, {"font": {"size": 20}})["font"]["size"]
    20
    """
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        both = isinstance(under, dict) and isinstance(value, dict)
        merged[key] = over(under, value) if both else value  # type: ignore[arg-type]
    return merged
