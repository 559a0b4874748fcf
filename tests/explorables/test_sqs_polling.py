"""The SQS explorable tells its stories, says what it shows, and stays within its budget."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest

from labkit.explorables import load
from labkit.explorables.palette import TOKENS
from labkit.explorables.parts import Big
from labkit.explorables.sqs_polling.shop import WINDOW_S, run
from labkit.explorables.svg import draw
from labkit.facts import fact
from tests.explorables.golden import cases, differences, shown

EXPLORABLE = load("sqs_polling")
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
    extremes = {
        "arrivals_per_min": (0.5, 60),
        "consumers": (1, 8),
        "wait_time_s": (0, 1, 20),
        "visibility_timeout_s": (1, 120),
        "processing_s": (2, 60),
        "failure_percent": (0, 100),
        "poll_pause_s": (0.5, 10),
        "max_receive_count": (0, 1),
    }
    for chosen in itertools.product(*extremes.values()):
        yield dict(zip(extremes, chosen, strict=True))


@pytest.mark.parametrize("case", cases("sqs_polling"), ids=lambda case: str(case["given"]))
def test_what_is_shown_is_what_was_shown(case: dict[str, Any]) -> None:
    """After a change on purpose: python -m tests.explorables.make_golden, and look."""
    found = list(differences(shown("sqs_polling", case["given"]), case))

    assert not found, "\n".join(found[:10])


def test_at_most_four_controls_show_at_first() -> None:
    main = [control.name for control in EXPLORABLE.controls if not control.more]

    assert main == ["arrivals_per_min", "consumers", "wait_time_s", "visibility_timeout_s"]


def test_no_setting_takes_more_events_than_a_redraw_may() -> None:
    assert max(run(values(**corner)).events for corner in corners()) <= MAX_EVENTS


def test_every_corner_has_a_figure_a_reading_and_numbers() -> None:
    for corner in itertools.islice(corners(), 0, None, 7):
        given = values(**corner)

        assert EXPLORABLE.figure(**given)["data"]
        assert EXPLORABLE.reading(**given).endswith(".")
        assert len(EXPLORABLE.numbers(**given)) == 6


def test_short_polling_an_almost_empty_queue_is_mostly_empty_answers() -> None:
    trace = run(preset("short"))

    assert trace.empty_receives > 0.9 * trace.receives


def test_long_polling_the_same_costs_a_fraction_and_waiting_longest_costs_least() -> None:
    short, long, longest = (
        float(big("Cost a month", given).text)
        for given in (preset("short"), preset("long"), preset("long", wait_time_s=20))
    )

    assert long < short / 5
    assert longest < short / 10


def test_the_cost_is_requests_times_the_price_of_the_facts() -> None:
    given = preset("short")
    requests = run(given).requests * 30 * 24 * 3600 / WINDOW_S
    price = float(fact("sqs.price_standard_per_million_usd"))

    assert big("Cost a month", given).text == f"{requests / 1e6 * price:.2f}"
    assert "as of 2026" in big("Cost a month", given).note


def test_a_visibility_timeout_shorter_than_the_work_makes_duplicates() -> None:
    given = preset("duplicates")
    mended = {**given, "visibility_timeout_s": 30}

    assert big("Duplicates", given).value > 10
    assert big("Duplicates", mended).value == 0
    assert "another consumer receives the order" in EXPLORABLE.reading(**given)


def test_poison_comes_back_for_ever_without_a_dead_letter_queue() -> None:
    given = preset("poison")
    [poison] = [life for life in run(given).lives if life.poison]

    assert poison.receive_count > 5
    assert f"was received {poison.receive_count} times and failed each time" in (
        EXPLORABLE.reading(**given)
    )
    assert big("In the dead-letter queue", given).text == "–"


@pytest.mark.parametrize("id", [preset.id for preset in EXPLORABLE.presets])
def test_no_preset_does_a_task_for_the_reader(id: str) -> None:
    assert not any(task.done(**preset(id)) for task in EXPLORABLE.tasks)


def test_every_order_is_received_twice_when_the_timeout_is_half_the_work() -> None:
    assert done("twice", values(visibility_timeout_s=3))
    assert not done("twice", values(visibility_timeout_s=30))


def test_the_bill_is_cut_by_waiting_long_at_a_quiet_queue() -> None:
    assert done("tenth", values(arrivals_per_min=1, wait_time_s=20))
    assert not done("tenth", values(arrivals_per_min=1, wait_time_s=1))
    assert not done("tenth", values(arrivals_per_min=1, poll_pause_s=10))
    assert not done("tenth", values(arrivals_per_min=60, wait_time_s=20))


def test_a_dead_letter_queue_takes_poison_away_and_too_strict_a_one_takes_good_orders_too() -> None:
    assert done("poison", preset("poison", max_receive_count=5))
    assert not done("poison", preset("poison", max_receive_count=1))
    assert "of them good" in EXPLORABLE.reading(**preset("poison", max_receive_count=1))


def test_poison_alone_is_too_easy() -> None:
    assert not done("poison", preset("poison", max_receive_count=5, failure_percent=0))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "short polling answers at once"),
        ({"wait_time_s": 20}, "long polling holds a request until an order comes or 20 seconds"),
        ({"wait_time_s": 1}, "or 1 second have passed"),
        ({"failure_percent": 30, "visibility_timeout_s": 8}, "repeated work that had failed"),
        ({"arrivals_per_min": 60}, "orders are waiting: more come in than 2 consumers"),
        ({"arrivals_per_min": 60, "consumers": 1}, "more come in than 1 consumer can"),
        ({"wait_time_s": 20, "consumers": 1, "arrivals_per_min": 30}, "got no empty answers"),
        (
            {
                "delay_s": 60,
                "arrivals_per_min": 0.5,
                "processing_s": 60,
                "visibility_timeout_s": 120,
            },
            "No order was done",
        ),
        ({"poison": True, "max_receive_count": 10}, "on its way to the dead-letter queue"),
        (
            {"visibility_timeout_s": 1, "max_receive_count": 2, "consumers": 3},
            "into the dead-letter queue",
        ),
    ],
)
def test_the_reading_says_what_happens_and_why(given: dict[str, Any], says: str) -> None:
    assert says in EXPLORABLE.reading(**values(**given))


def now_traces(given: dict[str, Any], mode: str) -> list[dict[str, Any]]:
    """The traces of the boxes that are drawn in that mode."""
    traces = EXPLORABLE.figure(**given)["data"]
    return [one for one in traces if one.get("xaxis") == "x2" and one["mode"] == mode]


def plain(text: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", text).strip()


def numbered(given: dict[str, Any], name: str) -> str:
    """The number in the box of that name at the playhead's moment."""
    names, counts, _ = now_traces(given, "text")
    place = [plain(text) for text in names["text"]].index(name)
    return plain(counts["text"][place]).split()[-1]


@pytest.mark.parametrize("at_s", [0, 10, 30.5, 60, 90.25, 120])
def test_the_boxes_count_the_orders_in_each_state_at_the_playhead(at_s: float) -> None:
    given = preset("poison", max_receive_count=3, delay_s=6, at_s=at_s)
    states = [life.state_at(at_s) for life in run(given).lives]

    for name, state in {
        "Delayed": "delayed",
        "Ready": "ready",
        "In flight": "in flight",
        "Done": "done",
        "DLQ": "in the dead-letter queue",
    }.items():
        assert numbered(given, name) == str(states.count(state))


def dots(given: dict[str, Any]) -> dict[str, tuple[float, float, str]]:
    """Place and symbol of every order in the boxes, by its number."""
    [trace] = now_traces(given, "markers+text")
    return {
        text: (x, y, symbol)
        for text, x, y, symbol in zip(
            trace["text"], trace["x"], trace["y"], trace["marker"]["symbol"], strict=True
        )
    }


def test_the_moves_between_boxes_are_counted_up_to_the_playhead() -> None:
    given = preset("duplicates", at_s=WINDOW_S)
    trace = run(given)

    def moves(at_s: float) -> str:
        return plain(now_traces({**given, "at_s": at_s}, "text")[2]["text"][0])

    assert moves(0) == "receive → 0 empty 0 timeout ← 0"
    assert moves(WINDOW_S).startswith(f"receive → {trace.works} empty {trace.empty_receives} ")
    counts = [[int(word) for word in moves(at_s).split() if word.isdigit()] for at_s in (20, 60)]
    assert all(early < late for early, late in zip(*counts, strict=True) if late)


def test_an_order_flies_from_its_old_box_to_its_new_one() -> None:
    given = preset("long")
    received_s = run(given).lives[0].sent_s  # a long poll takes it the moment it is sent

    places = [
        dots(values(**{**given, "at_s": received_s + later}))["1"] for later in (0.1, 0.6, 1.1, 3)
    ]

    across = [place[0] for place in places]
    assert across == sorted(across)
    assert len(set(across)) == 4
    assert places[-1][2] == "triangle-right"


def test_an_order_that_comes_back_looks_old_and_poison_is_a_cross_everywhere() -> None:
    given = preset("duplicates")
    looks = {dots(values(**{**given, "at_s": at_s}))["1"][2] for at_s in range(3, 20)}

    assert looks == {"triangle-right", "diamond", "square"}
    given = preset("poison", max_receive_count=3)
    assert {dots(values(**{**given, "at_s": at_s}))["2"][2] for at_s in range(10, 120, 5)} == {"x"}


def test_what_is_still_to_come_is_washed_out() -> None:
    shapes = EXPLORABLE.figure(**values(at_s=42))["layout"]["shapes"]
    [wash] = [shape for shape in shapes if shape.get("fillcolor") == "@paper"]

    assert (wash["x0"], wash["x1"]) == (42, WINDOW_S)


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
    found = set(colours(EXPLORABLE.figure(**preset("poison", max_receive_count=3))))

    assert found <= {f"@{token}" for token in TOKENS}


@pytest.mark.parametrize("width", [340, 900])
@pytest.mark.parametrize("id", [preset.id for preset in EXPLORABLE.presets])
def test_it_can_be_drawn_as_svg(id: str, width: int) -> None:
    given = preset(id)

    drawn = draw(EXPLORABLE.figure(**given), width, id, "A queue", EXPLORABLE.reading(**given))

    assert "In flight" in drawn


def test_a_run_is_kept_while_only_the_playhead_moves() -> None:
    assert run(values(at_s=1)) is run(values(at_s=99))
    assert run(values()) is not run(values(seed=2))


def test_short_and_long_polling_are_each_held_against_the_other() -> None:
    notes = [
        number.note
        for wait_s in (0, 10)
        for number in EXPLORABLE.numbers(**EXPLORABLE.values(wait_time_s=wait_s))
        if number.label == "Requests a month"
    ]

    assert notes[0].startswith("with a wait of 20 s: ")
    assert notes[1].startswith("short polling: ")
