"""The explorable of Lambda's concurrency tells its stories, and says what it shows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from labkit.explorables import load
from labkit.explorables.lambda_concurrency.grid import (
    COLUMNS,
    EACH,
    ROWS,
    box_stands_for,
    sample_now,
)
from labkit.explorables.lambda_concurrency.shop import (
    NOT_RESERVED,
    minute,
    month,
    others_at_work,
    params,
    wait_percentile_s,
)
from labkit.explorables.palette import TOKENS
from labkit.explorables.parts import Big
from labkit.explorables.svg import draw
from labkit.models.lambda_concurrency.function import BY_ACCOUNT, BY_SCALING
from tests.explorables.golden import cases, differences, shown

EXPLORABLE = load("lambda_concurrency")
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


def corners() -> Iterator[dict[str, Any]]:
    extremes: dict[str, tuple[Any, ...]] = {
        "shape": ("steady", "ramp", "burst"),
        "rate_per_s": (1, 5000),
        "duration_s": (0.1, 10),
        "provisioned": (0, 500),
        "caller": ("sync", "async"),
        "reserved": (NOT_RESERVED, 0, 900),
        "account": (200, 10_000),
        "others_percent": (0, 100),
        "init_s": (0.1, 8),
    }
    for chosen in itertools.product(*extremes.values()):
        yield dict(zip(extremes, chosen, strict=True))


@pytest.mark.parametrize("case", cases("lambda_concurrency"), ids=lambda case: str(case["given"]))
def test_what_is_shown_is_what_was_shown(case: dict[str, Any]) -> None:
    """After a change on purpose: python -m tests.explorables.make_golden, and look."""
    found = list(differences(shown("lambda_concurrency", case["given"]), case))

    assert not found, "\n".join(found[:10])


def test_four_controls_show_at_first() -> None:
    main = [control.name for control in EXPLORABLE.controls if not control.more]

    assert main == ["shape", "rate_per_s", "duration_s", "provisioned"]


def test_every_corner_has_a_figure_a_reading_and_numbers_within_the_frame() -> None:
    for number, corner in enumerate(itertools.islice(corners(), 0, None, 7)):
        given = values(**corner, at_s=(0, 20.5, 60)[number % 3])
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


def test_a_burst_starts_more_environments_than_it_asks_for() -> None:
    given = preset("burst")

    assert minute(given).total("cold") > 2 * 150
    assert "More environments start than are needed" in EXPLORABLE.reading(**given)
    assert minute(preset("burst", init_s=0.1)).peak <= 225


def test_provisioned_concurrency_takes_the_starts_away_for_money() -> None:
    burst, ready = preset("burst"), preset("provisioned")

    assert minute(ready).total("cold") == 0
    assert wait_percentile_s(minute(burst), 99) == 1.5
    assert wait_percentile_s(minute(ready), 100) == 0
    assert month(ready).usd > 10 * month(burst).usd


def test_too_little_provisioned_spills_over() -> None:
    given = preset("provisioned", provisioned=50)

    assert minute(given).total("provisioned") > 0
    assert minute(given).total("cold") > 0


def test_the_account_throttles_once_it_has_nothing_left() -> None:
    trace = minute(preset("account"))

    assert trace.peak == 1000
    assert trace.total("throttled") == trace.throttled_by[BY_ACCOUNT] > 0
    assert not sum(second.throttled for second in trace.seconds[:20])
    assert "1,000 are all that the account has left" in EXPLORABLE.reading(**preset("account"))


def test_a_reservation_helps_against_a_neighbour() -> None:
    assert minute(preset("others")).total("throttled") > 0
    # 100 are at work; while the first start, more are asked for.
    assert minute(preset("others", reserved=500)).total("throttled") == 0


def test_the_pace_of_scaling_throttles_far_below_the_limit() -> None:
    trace = minute(preset("pace"))

    assert trace.throttled_by[BY_SCALING] == trace.total("throttled") > 0
    assert 2 * trace.peak < trace.params.limit


def test_what_nobody_waits_for_comes_late_and_not_never() -> None:
    later, now = preset("async"), preset("async", caller="sync")

    assert minute(later).handled + minute(later).waiting == minute(later).total("arrived")
    assert minute(now).handled < minute(later).handled
    assert "The callers notice nothing" in EXPLORABLE.reading(**later)
    assert "their callers get a 429" in EXPLORABLE.reading(**now)


def test_the_tasks_can_be_done() -> None:
    assert done("warm", values(rate_per_s=200, provisioned=100))
    assert not done("warm", values(rate_per_s=200, provisioned=90))
    assert not done("warm", values(rate_per_s=300, provisioned=150))
    assert done("others", values(shape="ramp", rate_per_s=200, others_percent=90, reserved=500))
    assert not done("others", values(shape="ramp", rate_per_s=200, others_percent=90))
    assert done("pace", values(rate_per_s=2000, duration_s=1, account=10_000))
    assert not done("pace", values(rate_per_s=2000, duration_s=1))
    assert done("late", values(caller="async", reserved=100))
    assert not done("late", values(caller="async", reserved=20))


def test_what_aws_would_refuse_is_brought_within_its_limits_and_said() -> None:
    reserved = values(account=300, reserved=900)
    provisioned = values(account=300, provisioned=500)

    assert params(reserved).reserved == 200
    assert "100 stay for others" in big("Peak concurrency", reserved).note
    assert params(provisioned).provisioned == 200
    assert "no more than 200" in big("Peak concurrency", provisioned).note
    assert params(values(reserved=20, provisioned=500)).provisioned == 20
    assert big("Peak concurrency", values()).note == ""


@pytest.mark.parametrize("at_s", [0, 7.5, 21, 60])
def test_the_words_count_what_the_boxes_show(at_s: float) -> None:
    given = preset("burst", at_s=at_s)
    now = sample_now(given)
    texts = [text for each in EXPLORABLE.figure(**given)["data"] for text in each.get("text", ())]

    assert now.at_s == pytest.approx(at_s, abs=0.25)
    assert f"▄ {now.starting} starting" in texts
    assert f"□ {now.idle} warm" in texts


@pytest.mark.parametrize("account", [200, 252, 253, 1000, 5000, 10_000])
def test_the_boxes_have_room_for_every_account(account: int) -> None:
    each = box_stands_for(account)

    assert each in EACH
    assert account <= each * COLUMNS * ROWS


def test_others_never_use_what_is_reserved() -> None:
    assert others_at_work(values(others_percent=95, reserved=500)) == 500
    assert others_at_work(values(others_percent=95)) == 950


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

    drawn = draw(EXPLORABLE.figure(**given), width, id, "Lambda", EXPLORABLE.reading(**given))

    assert "cold start" in drawn


def test_a_price_says_of_when_it_is_and_what_is_free_is_free() -> None:
    small = values(shape="steady", rate_per_s=1, duration_s=0.1, memory_mib=128)

    assert month(small).usd == 0
    assert "all within the free tier" in big("Cost a month", small).note
    assert "as of 2026" in big("Cost a month", values()).note


def test_runs_are_kept_while_only_the_playhead_moves() -> None:
    assert minute(values(at_s=1)) is minute(values(at_s=50))
    assert minute(values(rate_per_s=10)) is not minute(values())
