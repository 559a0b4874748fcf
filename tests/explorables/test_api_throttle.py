"""The explorable of API Gateway's throttling tells its stories, and says what it shows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from labkit.explorables import load
from labkit.explorables.api_throttle.shop import NAMES, blamed, course, params, second_so_far
from labkit.explorables.palette import TOKENS
from labkit.explorables.parts import Big
from labkit.explorables.svg import draw
from labkit.facts import fact
from labkit.models.api_throttle.front import ACCOUNT, METHOD, ORDER, PLAN
from tests.explorables.golden import cases, differences, shown

EXPLORABLE = load("api_throttle")
PRESETS = [preset.id for preset in EXPLORABLE.presets]


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


def texts(given: dict[str, Any]) -> list[str]:
    return [text for each in EXPLORABLE.figure(**given)["data"] for text in each.get("text", ())]


def corners() -> Iterator[dict[str, Any]]:
    extremes: dict[str, tuple[Any, ...]] = {
        "shape": ("steady", "clumped", "spike"),
        "rate_per_s": (1, 20_000),
        "limit_per_s": (1, 10_000),
        "burst": (1, 5000),
        "ttl_s": (0, 60),
        "answers": (1, 20),
        "plan_rate_per_s": (0, 1, 1000),
        "clients": (1, 50),
        "others_percent": (0, 100),
    }
    for chosen in itertools.product(*extremes.values()):
        yield dict(zip(extremes, chosen, strict=True))


@pytest.mark.parametrize("case", cases("api_throttle"), ids=lambda case: str(case["given"]))
def test_what_is_shown_is_what_was_shown(case: dict[str, Any]) -> None:
    """After a change on purpose: python -m tests.explorables.make_golden, and look."""
    found = list(differences(shown("api_throttle", case["given"]), case))

    assert not found, "\n".join(found[:10])


def test_four_controls_show_at_first() -> None:
    main = [control.name for control in EXPLORABLE.controls if not control.more]

    assert main == ["shape", "rate_per_s", "limit_per_s", "burst"]


def test_every_corner_has_a_figure_a_reading_and_numbers_within_the_frame() -> None:
    for number, corner in enumerate(itertools.islice(corners(), 0, None, 11)):
        given = values(**corner, at_s=(0, 7.3, 20)[number % 3])
        made = EXPLORABLE.figure(**given)

        assert EXPLORABLE.reading(**given).endswith(".")
        assert len(EXPLORABLE.numbers(**given)) == 5
        high = made["layout"]["yaxis"]["range"][1]
        for trace in made["data"]:
            assert all(0 <= y <= high for y in trace["y"] if y is not None), corner
            assert all(0 <= x <= 100 for x in trace["x"] if x is not None), corner


@pytest.mark.parametrize("id", PRESETS)
def test_no_preset_does_a_task_for_the_reader(id: str) -> None:
    assert not any(task.done(**preset(id)) for task in EXPLORABLE.tasks)


def test_the_account_has_what_the_facts_say() -> None:
    account = params(values()).account

    assert account.rate_per_s == fact("apigateway.rate_default_per_s")
    assert account.burst == fact("apigateway.burst_default")


def test_as_many_requests_pass_evenly_and_not_at_once() -> None:
    at_once, evenly = preset("clumped"), preset("even")

    assert course(at_once).total("asked") == course(evenly).total("asked")
    assert course(at_once).total("refused") == 0.4 * course(at_once).total("asked")
    assert course(evenly).total("refused") == 0
    assert "they come too many at once" in EXPLORABLE.reading(**at_once)


def test_a_spike_lives_on_the_burst_until_the_bucket_is_dry() -> None:
    trace = course(preset("spike"))

    assert trace.refused_by(METHOD) == 300
    assert course(preset("spike", burst=800)).total("refused") == 0


@pytest.mark.parametrize(
    ("id", "bucket"), [("account", ACCOUNT), ("plan", PLAN), ("spike", METHOD)]
)
def test_the_bucket_of_the_story_refuses_and_is_named(id: str, bucket: str) -> None:
    given = preset(id)
    trace = course(given)

    assert [name for _, name in blamed(trace)] == [bucket]
    assert f"{NAMES[bucket]} {trace.total('refused'):,}" == big("429 Too Many Requests", given).note
    assert "get a 429" in EXPLORABLE.reading(**given)


def test_the_worst_bucket_comes_first() -> None:
    given = values(plan_rate_per_s=10, clients=17, rate_per_s=450, others_percent=100)
    found = blamed(course(given))

    assert [count for count, _ in found] == sorted([count for count, _ in found], reverse=True)
    assert {name for _, name in found} <= set(ORDER)


def test_a_cache_keeps_most_from_the_back_end_but_in_waves() -> None:
    trace = course(preset("cache"))

    assert trace.total("hits") == 4 * trace.total("backend")
    assert trace.most_per_s("backend") == 500
    assert course(preset("cache", backend_s=0.1)).most_per_s("backend") == 50


def test_the_tasks_can_be_done() -> None:
    assert done("clump", values(rate_per_s=60, limit_per_s=200, burst=20))
    assert not done("clump", values(rate_per_s=60, limit_per_s=200, burst=60))
    calm = {"shape": "steady", "rate_per_s": 1000, "limit_per_s": 2000, "ttl_s": 60}
    assert done("calm", values(**calm, backend_s=0.2))
    assert not done("calm", values(**calm, backend_s=0.5))
    assert not done("calm", values(**{**calm, "ttl_s": 0}))
    busy = {"shape": "steady", "rate_per_s": 9000, "limit_per_s": 10_000, "burst": 5000}
    assert done("account", values(**busy, others_percent=50))
    assert not done("account", values(**busy, others_percent=55))
    assert done("crowd", values(plan_rate_per_s=200, clients=5, rate_per_s=400))
    assert not done("crowd", values(rate_per_s=400))


@pytest.mark.parametrize("at_s", [0, 5, 7.6, 20])
def test_the_words_count_what_the_second_had(at_s: float) -> None:
    given = preset("spike", at_s=at_s)
    lately = second_so_far(given)

    assert len(lately) == min(10, int(at_s * 10) + 1)
    assert f"{sum(step.asked for step in lately):,} in this second" in texts(given)


def test_what_is_not_there_is_drawn_as_not_there() -> None:
    assert texts(preset("clumped")).count("<b>none</b>") == 2
    assert "<b>none</b>" not in texts(preset("plan", ttl_s=5))


def colours(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for value in tree.values():
            yield from colours(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from colours(value)
    elif isinstance(tree, str) and tree[:1] in "@#":
        yield tree


@pytest.mark.parametrize("id", PRESETS)
def test_every_colour_is_a_token(id: str) -> None:
    assert set(colours(EXPLORABLE.figure(**preset(id)))) <= {f"@{token}" for token in TOKENS}


@pytest.mark.parametrize("width", [340, 900])
@pytest.mark.parametrize("id", PRESETS)
def test_it_can_be_drawn_as_svg(id: str, width: int) -> None:
    given = preset(id)

    drawn = draw(EXPLORABLE.figure(**given), width, id, "Throttling", EXPLORABLE.reading(**given))

    assert "back end" in drawn


def test_runs_are_kept_while_only_the_playhead_moves() -> None:
    assert course(values(at_s=1)) is course(values(at_s=9))
    assert course(values(burst=10)) is not course(values())
