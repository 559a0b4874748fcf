"""The bench prints what it measured beside what was promised, whatever a bench does."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.bench import __main__ as bench
from tests.bench.row import Row


@pytest.fixture
def benches(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """Two benches in the place of the real ones: one measures, one fails."""
    quick, broken = ModuleType("quick"), ModuleType("broken")
    quick.rows = lambda: [Row("a send", 1234.5, "ms", 1000), Row("bare", 0.5, "ms")]  # type: ignore[attr-defined]
    broken.rows = lambda: 1 / 0  # type: ignore[attr-defined]
    found = {"broken": broken, "quick": quick}
    for name, module in found.items():
        monkeypatch.setitem(sys.modules, f"tests.bench.bench_{name}", module)
    monkeypatch.setattr(bench, "names", lambda: sorted(found))
    return found


def test_a_number_over_its_budget_is_said_and_fails_nothing(
    benches: dict[str, ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main(["quick"]) == 0

    said = capsys.readouterr().out
    assert "what    measured  unit  budget  ratio" in said
    assert "a send     1,234  ms     1,000   1.23  OVER" in said
    assert "bare        0.50  ms" in said
    assert "Over budget: a send." in said


def test_a_bench_that_fails_is_named_and_the_others_still_measured(
    benches: dict[str, ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main([]) == 1

    said = capsys.readouterr()
    assert "a send" in said.out
    assert "Could not be measured: broken." in said.out
    assert "ZeroDivisionError" in said.err


def test_an_unknown_bench_is_answered_with_those_there_are(
    benches: dict[str, ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main(["quik"]) == 2

    assert "There are: broken, quick." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "verdict"), [(99.0, "ok"), (100.0, "ok"), (100.1, "OVER")], ids=str
)
def test_a_budget_may_be_used_up_but_not_passed(value: float, verdict: str) -> None:
    assert Row("reset", value, "ms", 100).verdict == verdict
