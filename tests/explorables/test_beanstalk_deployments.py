"""The explorable of Beanstalk's deployments tells its stories, and says what it shows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from labkit.explorables import load
from labkit.explorables.beanstalk_deployments.shop import (
    NAMES,
    end_s,
    environment,
    minutes_text,
    shown,
    trace,
)
from labkit.explorables.beanstalk_deployments.stage import FAILED, GUTTER, Scale
from labkit.explorables.beanstalk_deployments.steps import TEXTS, step_text
from labkit.explorables.palette import SYMBOLS, TOKENS
from labkit.explorables.parts import Big
from labkit.explorables.svg import draw
from labkit.models.beanstalk_deployments.settings import (
    ADDITIONAL_BATCH,
    ALL_AT_ONCE,
    BLUE_GREEN,
    IMMUTABLE,
    ROLLING,
    TRAFFIC_SPLITTING,
    WAYS,
)
from tests.explorables.golden import cases, differences
from tests.explorables.golden import shown as shown_by

SLUG = "beanstalk_deployments"
EXPLORABLE = load(SLUG)
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
    made = EXPLORABLE.figure(**given)
    return [text for each in made["data"] for text in each.get("text", ())]


def corners() -> Iterator[dict[str, Any]]:
    extremes: dict[str, tuple[Any, ...]] = {
        "policy": tuple(NAMES),
        "version": ("good", "crash", "some", "errors", "late"),
        "instances": (2, 12),
        "batch": (1, 6),
        "launch_min": (0.5, 10),
        "deploy_s": (10, 240),
        "health_s": (30, 300),
        "timeout_s": (300, 1800),
        "ignore": (False, True),
        "react_min": (0, 30),
    }
    for chosen in itertools.product(*extremes.values()):
        yield dict(zip(extremes, chosen, strict=True))


@pytest.mark.parametrize("case", cases(SLUG), ids=lambda case: str(case["given"]))
def test_what_is_shown_is_what_was_shown(case: dict[str, Any]) -> None:
    """After a change on purpose: python -m tests.explorables.make_golden, and look."""
    found = list(differences(shown_by(SLUG, case["given"]), case))

    assert not found, "\n".join(found[:10])


def test_four_controls_show_at_first() -> None:
    main = [control.name for control in EXPLORABLE.controls if not control.more]

    assert main == ["policy", "version", "instances", "batch"]


def test_every_corner_has_a_figure_a_reading_and_numbers_within_the_frame() -> None:
    for number, corner in enumerate(itertools.islice(corners(), 0, None, 37)):
        given = values(**corner, at_s=(0, 500, 1_000_000)[number % 3])
        made = EXPLORABLE.figure(**given)

        assert EXPLORABLE.reading(**given).endswith(".")
        assert len(EXPLORABLE.numbers(**given)) == 5
        high = made["layout"]["yaxis"]["range"][1]
        for layer in made["data"]:
            assert all(0 <= y <= high for y in layer["y"] if y is not None), corner
            assert all(0 <= x <= 100 for x in layer["x"] if x is not None), corner


def test_it_opens_with_all_ways_deploying_the_same_bad_version() -> None:
    given = values()

    assert [each.environment.policy for each in shown(given)] == list(WAYS)
    assert len({each.version for each in shown(given)}) == 1
    assert all(f"<b>{NAMES[way]}</b>" in texts(given) for way in WAYS)


def test_a_redraw_has_few_events() -> None:
    """At most 5,000 events a redraw, for the largest fleet in the smallest batches."""
    for kind in ("good", "errors", "late"):
        given = values(instances=12, batch=1, version=kind, ignore=True)

        assert sum(len(each.events) for each in shown(given)) <= 5000


@pytest.mark.parametrize("id", PRESETS)
def test_no_preset_does_a_task_for_the_reader(id: str) -> None:
    assert not any(task.done(**preset(id)) for task in EXPLORABLE.tasks)


def test_the_tasks_can_be_done() -> None:
    assert done("unmet", values(policy=BLUE_GREEN, version="errors"))
    assert not done("unmet", values(policy=IMMUTABLE, version="errors"))
    assert not done("unmet", values(version="errors"))
    cheap = {"version": "good", "instances": 6, "batch": 1}
    assert done("cheapest", values(policy=ADDITIONAL_BATCH, **cheap))
    assert not done("cheapest", values(policy=ADDITIONAL_BATCH, version="good", instances=6))
    assert not done("cheapest", values(policy=IMMUTABLE, **cheap))
    assert not done("cheapest", values(policy=ROLLING, **cheap))
    assert done("mixed", values(policy=ROLLING, version="some", instances=6))
    assert not done("mixed", values(policy=ROLLING, version="some"))
    assert not done("mixed", values(policy=ROLLING, version="errors"))
    late = {"version": "late", "late_min": 10}
    assert done("caught", values(policy=TRAFFIC_SPLITTING, evaluation_min=11, **late))
    assert not done("caught", values(policy=TRAFFIC_SPLITTING, **late))
    assert not done("caught", values(policy=BLUE_GREEN, **late))


def test_the_bad_version_meets_ever_fewer_from_policy_to_policy() -> None:
    lost = [each.lost_s for each in shown(preset("bad"))]

    assert lost == sorted(lost, reverse=True)
    assert lost[-1] == 0


def test_only_two_ways_still_look_when_the_errors_begin() -> None:
    stopped = [each.environment.policy for each in shown(preset("late")) if each.failed]

    assert stopped == [IMMUTABLE, TRAFFIC_SPLITTING]


def test_from_a_batch_of_some_size_on_immutable_is_the_cheaper() -> None:
    """As the page says."""
    given = preset("good", batch=1)
    large = preset("good", batch=4)

    def extra(given: dict[str, Any], way: str) -> float:
        return trace(given, way).extra_instance_s

    assert extra(given, ADDITIONAL_BATCH) < extra(given, IMMUTABLE)
    assert extra(large, ADDITIONAL_BATCH) > extra(large, IMMUTABLE)


def test_ignored_health_reports_success() -> None:
    given = preset("ignored")

    assert big("Requests that fail", given).text == "100%"
    assert big("The deployment takes", given).note == "and Beanstalk reports success"
    assert "at times none can answer" in EXPLORABLE.reading(**given)


def test_the_numbers_of_all_name_who_is_best_and_worst() -> None:
    fail = big("Requests that fail", preset("bad"))

    assert (fail.text, fail.tone) == ("0% to 100%", "@failed")
    assert fail.note == "from blue/green to all at once"
    capacity = big("Capacity", preset("bad"))
    assert capacity.note == (
        "always full: rolling + additional batch, immutable, traffic splitting and blue/green"
    )
    assert big("A rollback takes", preset("good")).note == "there is nothing to undo"


def test_the_numbers_of_one_are_those_of_its_trace() -> None:
    given = preset("rolling")
    found = trace(given)

    assert big("Capacity", given).value == found.capacity_least == 2
    assert big("The deployment takes", given).text == "14"
    assert big("The rollback takes", given).text == "5"


@pytest.mark.parametrize("id", PRESETS)
def test_the_path_tells_each_way_or_each_step(id: str) -> None:
    given = preset(id)
    path = EXPLORABLE.path
    assert path is not None
    entries = path(**given)

    if given["policy"] == "all":
        assert [entry.name for entry in entries] == [NAMES[way] for way in WAYS]
    else:
        steps = trace(given).steps
        assert [entry.name for entry in entries] == [minutes_text(each.at_s) for each in steps]


def test_every_step_has_its_words() -> None:
    told = {
        step.what
        for corner in itertools.islice(corners(), 0, None, 11)
        for found in shown(values(**corner))
        for step in found.steps
    }

    assert told == set(TEXTS)


def test_a_step_counts_its_instances() -> None:
    first, *_ = trace(values(policy=IMMUTABLE)).steps

    assert step_text(first) == "1 instance launched"


@pytest.mark.parametrize("at_s", [0, 60, 840, 1000])
def test_the_words_tell_what_happens_at_the_playhead(at_s: float) -> None:
    given = preset("rolling", at_s=at_s)
    now = trace(given).at(at_s)
    last = [step for step in trace(given).steps if step.at_s <= at_s][-1]

    assert f"{now.capacity} of 4" in texts(given)
    assert any(text.endswith(step_text(last)) for text in texts(given))


def test_what_is_to_come_is_washed_out_until_the_end() -> None:
    half, whole = preset("bad", at_s=300), preset("bad")

    assert EXPLORABLE.figure(**half) != EXPLORABLE.figure(**whole)
    assert EXPLORABLE.reading(**half) == EXPLORABLE.reading(**whole)
    assert values(at_s=end_s(whole)) == whole


def test_a_batch_is_the_fleet_at_most() -> None:
    assert environment(values(instances=2, batch=6), ROLLING).batch == 2


def test_the_time_begins_right_of_the_names_and_ends_at_the_edge() -> None:
    scale = Scale(values(policy=ALL_AT_ONCE))

    assert scale.x(-scale.lead_s) == GUTTER
    assert scale.x(scale.end_s) == 100


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
    assert set(colours(EXPLORABLE.figure(**preset(id)))) - {""} <= {f"@{token}" for token in TOKENS}


@pytest.mark.parametrize("width", [340, 900])
@pytest.mark.parametrize("id", PRESETS)
def test_it_can_be_drawn_as_svg(id: str, width: int) -> None:
    given = preset(id)

    drawn = draw(EXPLORABLE.figure(**given), width, id, "Beanstalk", EXPLORABLE.reading(**given))

    assert "not in service" in drawn


def test_deployments_are_kept_while_only_the_playhead_moves() -> None:
    assert trace(values(at_s=1), ROLLING) is trace(values(at_s=50), ROLLING)
    assert trace(values(react_min=9), ROLLING) is not trace(values(), ROLLING)


def test_errors_have_the_symbol_of_the_palette() -> None:
    assert SYMBOLS["failed"] == FAILED
