"""No chapter types a number that AWS sets: it quotes the fact, with its source."""

from __future__ import annotations

from pathlib import Path

import pytest

from labkit.facts.typed import services_of, typed_by_hand

CHAPTERS = Path(__file__).parents[2] / "chapters"
PAGES = sorted(CHAPTERS.rglob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(CHAPTERS).as_posix())
def test_a_chapter_quotes_facts_instead_of_typing_numbers(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = typed_by_hand(text, services_of(page.stem, text))

    assert not found, "\n".join(
        [f"{page.name}: write {{fact}}`id`, or {{typed}}`…` if the number only looks like one:"]
        + [f"  {typed}" for typed in found]
    )
