"""The backoff explorable tells its stories, says what it shows, and stays within its budget."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from labkit.explorables import load
from labkit.explorables.backoff.lanes import states_at
from labkit.explorables.backoff.shop import (
    NAMES,
    TICKS,
    contest,
    contests,
    is_over,
    moment_us,
    rush,
)
from labkit.explorables.backoff.stage import LANES_FOOT
from labkit.explorables.palette import TOKENS
from labkit.explorables.parts import Big
from labkit.explorables.svg import draw
from tests.explorables.golden import cases, differences, shown

EXPLORABLE = load("backoff")
MAX_EVENTS = 5000


def values(**given: Any) -> dict[str, Any]:
    return EXPLORABLE.values(**given)


def preset(id: str, **changes: Any) -> dict[str, Any]:
    return values(**{**EXPLORABLE.preset(id).values, **changes})


def big(label: str, given: dict[str, Any]) -> Big:
    [found] = [one for one in EXPLORABLE.numbers(**given) if one.label == label]
    return found


def done(id: str, given: dict[str, Any]) -> bool:
    [task] = [task for task in EXPLORABLE.tasks if task.id == id]
    return task.done(**given)


def corners() -> Iterator[dict[str, Any]]:
    """Every control that makes work at its extremes."""
    extremes: dict[str, tuple[Any, ...]] = {
        "clients": (2, 40),
        "base_ms": (10, 100, 1000),
        "cap_ms": (100, 2000, 20000),
        "resource": ("item", "server"),
        "rate_per_s": (40, 400),
        "seed": (1, 50),
    }
    for chosen in itertools.product(*extremes.values()):
        yield dict(zip(extremes, chosen, strict=True))


@pytest.mark.parametrize("case", cases("backoff"), ids=lambda case: str(case["given"]))
def test_what_is_shown_is_what_was_shown(case: dict[str, Any]) -> None:
    """After a change on purpose: python -m tests.explorables.make_golden, and look."""
    found = list(differences(shown("backoff", case["given"]), case))

    assert not found, "\n".join(found[:10])


def test_four_controls_show_at_first() -> None:
    main = [control.name for control in EXPLORABLE.controls if not control.more]

    assert main == ["strategy", "clients", "base_ms", "cap_ms"]


def test_no_setting_takes_more_events_than_a_redraw_may() -> None:
    for corner in corners():
        assert sum(each.calls for each in contests(values(**corner))) <= MAX_EVENTS, corner


def test_every_corner_has_a_figure_a_reading_and_numbers_within_the_frame() -> None:
    for corner in itertools.islice(corners(), 0, None, 7):
        for strategy, at in itertools.product(NAMES, (0, 40, 2000)):
            given = values(**corner, strategy=strategy, at=at)
            made = EXPLORABLE.figure(**given)

            assert EXPLORABLE.reading(**given).endswith(".")
            assert len(EXPLORABLE.numbers(**given)) == 5
            high = made["layout"]["yaxis"]["range"][1]
            for trace in made["data"]:
                assert all(0 <= y <= high for y in trace["y"] if y is not None), corner
                assert all(0 <= x <= 100 for x in trace["x"] if x is not None), corner


def test_without_jitter_the_crowd_takes_far_longer_and_calls_far_more() -> None:
    plain, jitter = contest(preset("plain")), contest(preset("jitter"))

    assert plain.end_us > 10 * jitter.end_us
    assert plain.calls > 1.7 * jitter.calls
    assert f"{plain.calls} without jitter" in big("Calls", preset("jitter")).note
    assert f"{jitter.calls} calls" in EXPLORABLE.reading(**preset("plain"))


@pytest.mark.parametrize("seed", range(1, 51))
def test_the_story_does_not_hang_on_one_draw(seed: int) -> None:
    plain, jitter = (contest(preset(id, seed=seed)) for id in ("plain", "jitter"))

    assert plain.end_us > 5 * jitter.end_us
    assert plain.calls > 1.3 * jitter.calls


def test_without_jitter_calls_come_in_waves() -> None:
    """Between the third wave and the fourth nobody calls; with jitter there is no such gap."""

    def longest_gap_ms(id: str) -> float:
        served = sorted(each.served_us for each in contest(preset(id)).tries if each.won is False)
        return max(after - before for before, after in itertools.pairwise(served)) / 1000

    assert longest_gap_ms("plain") > 1500
    assert longest_gap_ms("jitter") < 500


def test_a_throttled_server_idles_between_the_waves() -> None:
    given = preset("server")

    assert contest(given).end_us > 3 * contest(given, "full").end_us
    assert "be served once" in EXPLORABLE.reading(**given)


def test_at_once_is_quick_and_says_what_is_wrong_with_that() -> None:
    given = preset("none")

    assert contest(given).calls == max(each.calls for each in contests(given))
    assert "in truth that load would slow it down" in EXPLORABLE.reading(**given)


@pytest.mark.parametrize("id", [preset.id for preset in EXPLORABLE.presets])
def test_no_preset_does_a_task_for_the_reader(id: str) -> None:
    assert not any(task.done(**preset(id)) for task in EXPLORABLE.tasks)


def test_a_longer_base_lets_jitter_save_half_of_the_calls() -> None:
    assert done("half", values(strategy="full", base_ms=200))
    assert not done("half", values(strategy="exponential", base_ms=200))
    assert not done("half", values(strategy="full", base_ms=200, clients=10))


def test_a_high_cap_makes_exponential_backoff_slow() -> None:
    assert done("slow", values(cap_ms=20000))
    assert not done("slow", values(cap_ms=500))
    assert not done("slow", values(cap_ms=20000, strategy="full"))


def test_a_server_that_is_asked_slowly_refuses_little() -> None:
    given = {"resource": "server", "clients": 20, "rate_per_s": 100, "strategy": "full"}

    assert done("few", values(**given, base_ms=300))
    assert not done("few", values(**{**given, "resource": "item"}, base_ms=300))
    assert not done("few", values(**{**given, "rate_per_s": 40}, base_ms=10))


def test_the_whole_contest_shows_until_it_is_played() -> None:
    assert is_over(values())
    assert moment_us(values()) == contest(values()).end_us
    assert not is_over(values(at=75))
    assert moment_us(values(at=75)) == contest(values()).end_us / 2
    assert is_over(values(at=TICKS))


def washes(given: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in EXPLORABLE.figure(**given)["data"] if each.get("opacity") == 0.85]


def test_what_is_still_to_come_is_washed_out_while_it_plays() -> None:
    assert washes(values()) == []
    [wash] = washes(values(at=60))
    assert (min(wash["x"]), max(wash["x"])) == (40, 100)


@pytest.mark.parametrize("at", [0, 20, 75, 149, 2000])
def test_everybody_calls_waits_or_is_done(at: int) -> None:
    given = preset("jitter", at=at)
    found = contest(given)
    states = states_at(found, moment_us(given))

    assert sum(states.values()) == found.params.clients
    assert min(states.values()) >= 0
    texts = [text for each in EXPLORABLE.figure(**given)["data"] for text in each.get("text", ())]
    assert f"■ {states['done']} done" in texts
    assert f"— {states['waiting']} waiting" in texts


def test_every_call_has_a_mark_in_the_lanes() -> None:
    given = preset("jitter")
    found = contest(given)
    counts = {
        each["marker"]["symbol"]: sum(x is not None for x in each["x"])
        for each in EXPLORABLE.figure(**given)["data"]
        if each["mode"] == "markers" and min(y for y in each["y"] if y) > LANES_FOOT
    }

    assert counts == {"x": found.in_vain, "square": found.params.clients}


def test_so_many_refusals_that_crosses_would_hide_each_other_are_ticks() -> None:
    given = preset("none", clients=40)
    traces = EXPLORABLE.figure(**given)["data"]
    texts = [text for each in traces for text in each.get("text", ())]
    [ticks] = [each for each in traces if each.get("line", {}).get("color") == "@failed"]

    assert sum(x is None for x in ticks["x"]) == contest(given).in_vain - 1
    assert "| refused" in texts
    assert "✕ refused" not in texts


def test_the_upper_lanes_are_done_first() -> None:
    [squares] = [
        each
        for each in EXPLORABLE.figure(**preset("jitter"))["data"]
        if each.get("marker", {}).get("symbol") == "square"
    ]
    places = [(x, y) for x, y in zip(squares["x"], squares["y"], strict=True) if x is not None]
    by_height = [x for x, _ in sorted(places, key=lambda place: -place[1])]

    # The answer, not the decision, is when a client is done: at most 15 ms later.
    slack = 100 * 15000 / contest(preset("jitter")).end_us
    assert all(after > before - slack for before, after in itertools.pairwise(by_height))


def test_the_rush_is_the_most_calls_in_50_ms_after_the_first() -> None:
    found = contest(preset("none"))
    served = [each.served_us // 50_000 for each in found.tries]

    assert rush(found) == max(served.count(number) for number in range(1, max(served) + 1))


def test_only_what_takes_far_longer_runs_off_the_strips() -> None:
    offs = [
        each
        for each in EXPLORABLE.figure(**values())["data"]
        if each.get("marker", {}).get("symbol") == "triangle-right"
    ]

    assert len(offs) == 1
    assert len(offs[0]["x"]) == 1


def colours(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for value in tree.values():
            yield from colours(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from colours(value)
    elif isinstance(tree, str) and tree[:1] in "@#":
        yield tree


def test_every_colour_is_a_token() -> None:
    found = set(colours(EXPLORABLE.figure(**values(at=30))))

    assert found <= {f"@{token}" for token in TOKENS}


@pytest.mark.parametrize("width", [340, 900])
@pytest.mark.parametrize("id", [preset.id for preset in EXPLORABLE.presets])
def test_it_can_be_drawn_as_svg(id: str, width: int) -> None:
    given = preset(id)

    drawn = draw(EXPLORABLE.figure(**given), width, id, "Retries", EXPLORABLE.reading(**given))

    assert "decorrelated jitter" in drawn


def test_runs_are_kept_while_only_the_playhead_or_the_strategy_moves() -> None:
    before = contests(values(at=1))
    after = contests(values(at=99, strategy="full"))

    assert all(one is other for one, other in zip(before, after, strict=True))
    assert contest(values(seed=2)) is not before[1]
