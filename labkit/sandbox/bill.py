"""A bill has lines of quantity times price, their sum, and notes on how to read it.

It shows itself as aligned text and as HTML, where each price links to its source.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from labkit.facts import get

HEAD = "What these calls would have cost on AWS"
COLUMNS = ("service", "item", "quantity", "$ a million", "amount")
WIDTH = 88

Row = tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One item of a bill; without a price it is only counted, so that nothing goes unsaid."""

    service: str
    item: str
    quantity: Decimal
    unit_price_usd: Decimal | None
    amount_usd: Decimal | None
    fact_ids: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Bill:
    """What calls would have cost: the lines, their sum, and what is not in it."""

    lines: tuple[Line, ...]
    total_usd: Decimal
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        rows = [COLUMNS, *self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        notes = [textwrap.fill(note, WIDTH) for note in self.notes]
        return "\n".join([HEAD, "", *(_aligned(row, widths) for row in rows), "", *notes])

    def _repr_html_(self) -> str:
        *rows, total = self._rows()
        body = "".join(
            _tr("td", (*map(html.escape, row[:3]), _linked(row[3], line), html.escape(row[4])))
            for row, line in zip(rows, self.lines, strict=True)
        )
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        # What stands between two dollars is no formula: MathJax keeps out of these classes.
        return (
            f'<div class="lk-bill tex2jax_ignore mathjax_ignore"><table><caption>{HEAD}</caption>'
            f"<thead>{_tr('th', COLUMNS)}</thead><tbody>{body}</tbody>"
            f"<tfoot>{_tr('td', total)}</tfoot></table><ul>{notes}</ul></div>"
        )

    def _rows(self) -> list[Row]:
        """The lines and, last, the total, all as words."""
        prices = [line.unit_price_usd for line in self.lines]
        columns = (
            [*(line.service for line in self.lines), "total"],
            [*(line.item for line in self.lines), ""],
            [*(f"{line.quantity.normalize():,f}" for line in self.lines), ""],
            [*_column([price and price * 1_000_000 for price in prices]), ""],
            _column([*(line.amount_usd for line in self.lines), self.total_usd], "$", "not priced"),
        )
        return list(zip(*columns, strict=True))


def _column(amounts: Sequence[Decimal | None], sign: str = "", missing: str = "") -> list[str]:
    """Amounts in full, all with the same number of decimal places."""
    exponents = [int(amount.normalize().as_tuple().exponent) for amount in amounts if amount]
    places = max(2, -min(exponents, default=0))
    return [missing if a is None else f"{sign}{a:,.{places}f}" for a in amounts]


def _aligned(row: Row, widths: Sequence[int]) -> str:
    words = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    numbers = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join(words + numbers).rstrip()


def _tr(tag: str, cells: Iterable[str]) -> str:
    sides = ("left", "left", "right", "right", "right")
    return "<tr>{}</tr>".format(
        "".join(
            f'<{tag} style="text-align:{side}">{cell}</{tag}>'
            for side, cell in zip(sides, cells, strict=True)
        )
    )


def _linked(price: str, line: Line) -> str:
    """A price as a link to where it can be read."""
    for fact in map(get, line.fact_ids):
        title = html.escape(f"{fact.label}, as of {fact.as_of}, from {fact.source}")
        price = f'<a href="{html.escape(fact.url)}" title="{title}">{price}</a>'
    return price
