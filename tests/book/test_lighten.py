"""What the page loads is the same program in fewer bytes."""

import pytest

from labkit.book.lighten import lighten
from labkit.errors import BrokenLab


@pytest.mark.parametrize(
    ("source", "lighter"),
    [
        pytest.param('"""What it is."""\nx = 1  # why\n', "x = 1\n", id="docstring and comment"),
        pytest.param("x: int = 1\ny: str\n", "x = 1\n", id="annotated names"),
        pytest.param(
            "def f(a: int, *, b: str = 'c') -> None:\n    '''Do.'''\n",
            "def f(a, *, b='c'):\n    pass\n",
            id="a function that only has words",
        ),
        pytest.param(
            "class A:\n    '''An A.'''\n    x: int\n    y: int = 2\n",
            "class A:\n    y = 2\n",
            id="a class",
        ),
        pytest.param(
            "if TYPE_CHECKING:\n    from typing import Any\nx = 1\n", "x = 1\n", id="for checkers"
        ),
        pytest.param("LIMIT = 3\n'''Why three.'''\n", "LIMIT = 3\n", id="a note under a constant"),
    ],
)
def test_words_for_people_and_checkers_are_left_out(source: str, lighter: str) -> None:
    assert lighten(source) == lighter


def test_a_string_that_is_used_stays() -> None:
    source = "def f():\n    return 'docstring'\n"

    assert lighten(source) == source


@pytest.mark.parametrize(
    ("source", "words"),
    [
        pytest.param("[*a, b]", r"a \* in a display: \[\*a, b\]", id="star in a list"),
        pytest.param("f((*a, b))", r"a \* in a display", id="star in a tuple"),
        pytest.param("{**a, 'b': 1}", r"a \*\* in a display", id="stars in a dict"),
        pytest.param("match a:\n    case 1:\n        pass", "a match statement", id="match"),
        pytest.param("def f(a, /): pass", "a positional-only parameter", id="slash"),
    ],
)
def test_what_micropython_cannot_compile_is_refused(source: str, words: str) -> None:
    with pytest.raises(BrokenLab, match=words):
        lighten(source)


def test_stars_in_calls_and_targets_stay() -> None:
    source = "a, *b = f(*c, **d)\n"

    assert lighten(source) == source
