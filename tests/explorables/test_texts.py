"""A text that a reader writes is taken as it is, within bounds, and can be laid out as a list."""

from __future__ import annotations

import doctest
from typing import Any
from xml.etree import ElementTree

import pytest

from labkit.errors import UsageError
from labkit.explorables import texts
from labkit.explorables.listing import path_list
from labkit.explorables.parts import Entry
from labkit.explorables.texts import CHARACTERS_MAX, Text


def text(**changes: Any) -> Text:
    given: dict[str, Any] = {
        "name": "note",
        "label": "Note",
        "start": "two\nlines",
        "marks": lambda **values: (),
        "told": lambda value: f"{len(value)} characters",
    }
    return Text(**(given | changes))


@pytest.mark.parametrize("value", ["", "{", "naïve ☂\n\t", "x" * CHARACTERS_MAX])
def test_any_text_is_accepted_as_it_is(value: str) -> None:
    assert text().accept(value) == value


@pytest.mark.parametrize("value", [None, 3, True, ["a"], {"a": "b"}])
def test_what_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(UsageError, match="note must be a text"):
        text().accept(value)


def test_a_text_too_long_for_a_link_is_refused_and_one_that_starts_so_cannot_be_made() -> None:
    long = "x" * (CHARACTERS_MAX + 1)

    with pytest.raises(UsageError, match=f"note has {CHARACTERS_MAX + 1} characters"):
        text().accept(long)
    with pytest.raises(UsageError, match="It has at most"):
        text(start=long)


def test_a_name_that_is_no_python_name_is_refused() -> None:
    with pytest.raises(UsageError, match="named 'No te'"):
        text(name="No te")


def test_it_is_summed_up_as_it_says() -> None:
    assert text().text("abc") == "3 characters"


def test_a_path_is_a_list_of_lists_with_every_word_escaped() -> None:
    below = Entry("<b>", 'says "no" & more', "✕", "@failed")
    path = (
        Entry("Gate", "shut", "✕", "@failed", (below,)),
        Entry("Next", "not asked", "○", "@ink2"),
    )

    tree = ElementTree.fromstring(path_list(path))

    tones = [item.get("data-tone") for item in tree.iter("li")]
    assert tones == ["failed", "failed", "ink2"]
    assert ["".join(p.itertext()) for p in tree.iter("p")] == [
        "Gate shut",
        '<b> says "no" & more',
        "Next not asked",
    ]
    assert all(sign.get("aria-hidden") == "true" for sign in tree.iter("span"))


def test_the_examples_in_the_docstrings_hold() -> None:
    result = doctest.testmod(texts)

    assert result.attempted > 0
    assert result.failed == 0
