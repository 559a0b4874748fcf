"""The explorable on envelope encryption tells its story, says what it shows, and is legible."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest

from labkit.explorables import load
from labkit.explorables.controls import Slider
from labkit.explorables.envelope_encryption.captions import caption, ending
from labkit.explorables.envelope_encryption.curve import curve
from labkit.explorables.envelope_encryption.glyphs import GONE, OPEN, ROOT, SHUT
from labkit.explorables.envelope_encryption.lane import TICK_PX, open_spans
from labkit.explorables.envelope_encryption.shop import size_text, time_text, told, traffic
from labkit.explorables.envelope_encryption.stage import (
    BOXES,
    CURVE_BOTTOM,
    CURVE_LEFT,
    CURVE_TOP,
    LANE_PX,
)
from labkit.explorables.palette import TOKENS
from labkit.explorables.parts import Big
from labkit.explorables.svg import draw
from labkit.facts import fact
from labkit.models.envelope_encryption.protocol import (
    ENVELOPE,
    KMS,
    MODES,
    OPEN_KEY,
    SEALED_KEY,
    STORAGE,
    story,
)
from tests.explorables.golden import cases, differences, shown

EXPLORABLE = load("envelope_encryption")
LINE_MAX = 48  # letters that a phone has room for
TITLE_MAX = 40  # the same, in bold and larger
END = 1000


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


def moments() -> Iterator[dict[str, Any]]:
    """Every step of every preset, and the middle of each."""
    for one in EXPLORABLE.presets:
        for half in range(2 * len(told(preset(one.id)))):
            yield preset(one.id, at=half / 2)


def corners() -> Iterator[dict[str, Any]]:
    """Every control that changes the stream at its extremes."""
    extremes = {
        "mode": MODES,
        "size_bytes": (16, 4096, 10**9),
        "objects_per_s": (1, 100000),
        "max_messages": (1, 100000),
        "max_age_s": (1, 1000),
        "processes": (1, 1000),
        "readers": (0, 10),
        "curve": ("bytes", "time"),
        "speed_mbit_per_s": (0.1, 10000),
    }
    for chosen in itertools.product(*extremes.values()):
        yield dict(zip(extremes, chosen, strict=True))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<br>", " ", text)).replace("<b>", "").replace("</b>", "")


def texts(given: dict[str, Any]) -> list[str]:
    """Everything that is written in the figure."""
    data = EXPLORABLE.figure(**given)["data"]
    return [plain(text) for trace in data for text in trace.get("text", ())]


@pytest.mark.parametrize("case", cases("envelope_encryption"), ids=lambda case: str(case["given"]))
def test_what_is_shown_is_what_was_shown(case: dict[str, Any]) -> None:
    """After a change on purpose: python -m tests.explorables.make_golden, and look."""
    found = list(differences(shown("envelope_encryption", case["given"]), case))

    assert not found, "\n".join(found[:10])


def test_a_preset_puts_each_slider_on_one_of_its_stops() -> None:
    """While a figure plays, a slider between two stops would not say its value."""
    for one in EXPLORABLE.presets:
        for control in EXPLORABLE.controls:
            if isinstance(control, Slider):
                assert preset(one.id)[control.name] in control.stops(), control.name


def test_a_hand_can_stop_exactly_where_encrypt_ends() -> None:
    [size] = [one for one in EXPLORABLE.controls if one.name == "size_bytes"]
    assert isinstance(size, Slider)

    assert {16, 4096, 5000, 10**9} <= set(size.stops())
    assert 777 in size.stops(also=777)
    assert size.text(4096) == "4,096\u00a0bytes"


def test_at_most_four_controls_show_at_first() -> None:
    main = [control.name for control in EXPLORABLE.controls if not control.more]

    assert main == ["mode", "size_bytes", "objects_per_s", "max_messages"]


def test_every_corner_has_a_figure_a_reading_and_numbers() -> None:
    for corner in itertools.islice(corners(), 0, None, 5):
        given = values(**corner)

        assert EXPLORABLE.figure(**given)["data"]
        assert EXPLORABLE.reading(**given).endswith(".")
        assert "{" not in EXPLORABLE.reading(**given)
        assert EXPLORABLE.numbers(**given)


def test_no_curve_leaves_its_scales() -> None:
    for corner in itertools.islice(corners(), 0, None, 3):
        drawn = curve(values(**corner))
        places = [place for place in (*drawn.chosen, *drawn.others) if place[0] is not None]

        assert all(CURVE_LEFT <= x <= 100 for x, _ in places), corner
        assert all(CURVE_BOTTOM <= y <= CURVE_TOP for _, y in places), corner


def test_the_curves_are_where_the_ticks_say() -> None:
    """10 KB lies as far above 100 bytes as 100 above 1; the chosen curve ends at its value."""
    given = values()
    drawn = curve(given)
    ticks = {text: y for _, y, text, _, _ in drawn.lefts}
    sizes = {text: x for x, _, text, _, _ in drawn.ticks}

    assert ticks["10 KB"] - ticks["100"] == pytest.approx(ticks["100"] - ticks["1 byte"], abs=0.01)
    a_decade = (ticks["100"] - ticks["1 byte"]) / 2
    (x, y), symbol, _ = drawn.here
    assert y == pytest.approx(ticks["1 byte"] + a_decade * math.log10(584), abs=0.01)
    assert sizes["10 KB"] < x < sizes["1 MB"]
    assert symbol == "circle"
    assert {height for _, height in drawn.chosen if height is not None} == {y}


def test_the_direct_curve_ends_at_the_wall_and_the_others_go_on() -> None:
    direct, envelope = curve(preset("direct")), curve(preset("envelope"))
    wall = direct.wall[0][0]

    assert max(x for x, _ in direct.chosen if x is not None) == wall
    assert max(x for x, _ in envelope.chosen if x is not None) == 100


def test_every_line_of_a_caption_fits_a_phone() -> None:
    for given in moments():
        steps = told(given)
        now = steps[min(int(given["at"]), len(steps) - 1)]
        for title, says in (caption(given, now), ending(given)):
            assert len(title) <= TITLE_MAX, title
            assert says.count("<br>") <= 1, says
            assert all(len(line) <= LINE_MAX for line in says.split("<br>")), says


def test_the_story_stays_in_its_boxes() -> None:
    """What rests lies within the box of the party that has it; what flies, between two."""
    left, right = BOXES[0][2], BOXES[-1][3]
    for given in moments():
        for trace in EXPLORABLE.figure(**given)["data"]:
            if trace.get("fill") == "toself" or "marker" in trace:
                assert all(left <= x <= right for x in trace["x"] if x is not None)


def keys_in_sight(given: dict[str, Any]) -> dict[str, int]:
    """How many keys are drawn, by colour."""
    [rings] = [
        trace
        for trace in EXPLORABLE.figure(**given)["data"]
        if trace.get("marker", {}).get("symbol") == "circle"
    ]
    found = list(rings["marker"]["line"]["color"])
    return {colour: found.count(colour) for colour in (OPEN, GONE, ROOT)}


def test_the_figure_shows_as_many_open_keys_as_the_story_has() -> None:
    for id in ("direct", "envelope", "cached"):
        given = preset(id)
        for at, step in enumerate(told(given)):
            held = [item for item in (*step.code, *step.kms) if item.kind == OPEN_KEY]
            sight = keys_in_sight({**given, "at": at})

            assert sight == {OPEN: len(held), GONE: 0, ROOT: 1}


def test_a_key_that_is_forgotten_loses_its_colour_and_is_gone() -> None:
    given = preset("envelope")
    at = [step.kind for step in told(given)].index("forget")

    assert keys_in_sight({**given, "at": at - 1})[OPEN] == 1
    assert keys_in_sight({**given, "at": at - 0.5})[GONE] == 1
    assert keys_in_sight({**given, "at": at}) == {OPEN: 0, GONE: 0, ROOT: 1}


def sealed_boxes(given: dict[str, Any], fill: str) -> list[tuple[float, float]]:
    """The lower left corners of the objects, or envelopes, of that fill."""
    [trace] = [
        trace
        for trace in EXPLORABLE.figure(**given)["data"]
        if trace.get("fillcolor") == fill and trace["line"]["color"] == SHUT
    ]
    stride = list(trace["x"]).index(None) + 1
    return list(zip(trace["x"][::stride], trace["y"][::stride], strict=True))


def test_something_flies_from_box_to_box() -> None:
    given = preset("envelope")
    at = [step.kind for step in told(given)].index("store")

    places = [sealed_boxes({**given, "at": at - 1 + part}, SHUT) for part in (0.1, 0.5, 0.9, 1)]

    across = [place[0][0] for place in places]
    assert across == sorted(across)
    assert len(set(across)) == 4
    shelf = next(box for box in BOXES if box[0] == STORAGE)
    assert across[-1] > shelf[2]


def test_beside_each_ciphertext_stands_its_envelope_also_when_keys_are_shared() -> None:
    for given in (preset("envelope", at=END), preset("cached", at=END)):
        ciphertexts = sealed_boxes(given, SHUT)
        envelopes = sealed_boxes(given, "@paper")

        assert len(ciphertexts) == len(envelopes) == 3
        assert [y for _, y in ciphertexts] == [y for _, y in envelopes]


@pytest.mark.parametrize(
    ("id", "asks", "passed"),
    [
        ("direct", "6 calls to KMS: 3 Encrypt, 3 Decrypt", "33,240"),
        ("wall", "1 call to KMS: 1 Encrypt", "26,668"),
        ("envelope", "6 calls to KMS: 3 GenerateDataKey, 3 Decrypt", "1,752"),
        ("cached", "2 calls to KMS: 1 GenerateDataKey, 1 Decrypt", "584"),
    ],
)
def test_the_tally_counts_calls_and_bytes_up_to_the_playhead(
    id: str, asks: str, passed: str
) -> None:
    assert "0 calls to KMS" in texts(preset(id, at=0))
    at_end = texts(preset(id))
    assert asks in at_end
    [bytes_line] = [text for text in at_end if "bytes to and from it" in text]
    assert bytes_line.startswith(passed)


def test_a_request_without_a_payload_is_a_sign_and_what_kms_answers_has_its_length() -> None:
    asking, answering = preset("envelope", at=0.5), preset("envelope", at=1.5)

    assert not {"32 bytes", "184 bytes"} & set(texts(asking))
    assert {"32 bytes", "184 bytes"} <= set(texts(answering))


def test_the_lane_shows_from_when_to_when_a_key_or_a_receipt_lies_open() -> None:
    spans = {id: open_spans(told(preset(id)), preset(id)["mode"]) for id in ("envelope", "cached")}
    at_kms = open_spans(told(preset("direct")), "direct")

    assert len(spans["envelope"]) == 6
    assert len(spans["cached"]) == 2
    longest = {id: max(end - start for start, end in those) for id, those in spans.items()}
    assert longest["cached"] > 2 * longest["envelope"]
    assert at_kms == [(0, 1), (3, 4), (6, 7), (11, 12), (14, 15), (17, 18)]


def test_the_lane_has_a_tick_for_each_call_and_a_mark_at_the_moment() -> None:
    for id, calls in (("envelope", 6), ("cached", 2)):
        given = preset(id, at=4)
        strokes = [
            trace
            for trace in EXPLORABLE.figure(**given)["data"]
            if trace.get("mode") == "lines" and trace["line"]["color"] == ROOT
        ]
        ticks = [y for y in strokes[0]["y"] if y == LANE_PX + TICK_PX]
        assert len(ticks) == calls
    marks = [
        trace["x"][index]
        for trace in EXPLORABLE.figure(**preset("envelope", at=15))["data"]
        if isinstance(trace.get("marker", {}).get("symbol"), list)
        for index, symbol in enumerate(trace["marker"]["symbol"])
        if symbol == "triangle-up"
    ]
    assert marks == [50]


@pytest.mark.parametrize("id", [preset.id for preset in EXPLORABLE.presets])
def test_no_preset_does_a_task_for_the_reader(id: str) -> None:
    assert not any(task.done(**preset(id)) for task in EXPLORABLE.tasks)


def test_a_secret_as_short_as_a_data_key_is_no_worse_off_directly() -> None:
    assert done("small", values(mode="direct", size_bytes=32))
    assert not done("small", values(mode="direct", size_bytes=40))
    assert not done("small", values(mode="envelope", size_bytes=16))


def test_the_bill_is_small_with_a_hundred_under_a_key_and_not_with_fewer() -> None:
    assert done("cheap", values(mode="cached", max_messages=100))
    assert not done("cheap", values(mode="cached", max_messages=50))
    assert not done("cheap", values(mode="cached", max_messages=200))
    assert not done("cheap", values(mode="cached", max_messages=100, readers=0, objects_per_s=50))
    assert not done("cheap", values(mode="direct", size_bytes=20000))


def test_a_cache_gets_twice_the_quota_through() -> None:
    through = {"mode": "cached", "objects_per_s": 20000, "quota_per_s": 10000}

    assert done("quota", values(**through))
    assert not done("quota", values(**{**through, "mode": "envelope"}))
    assert not done("quota", values(**{**through, "quota_per_s": 20000}))
    assert not done("quota", values(**{**through, "objects_per_s": 10000}))


def test_many_processes_make_the_cache_useless() -> None:
    spread = {"mode": "cached", "max_messages": 100, "processes": 1000, "objects_per_s": 3}

    assert done("vain", values(**spread))
    assert not done("vain", values(**{**spread, "processes": 1}))
    assert not done("vain", values(**{**spread, "max_messages": 50}))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "584 bytes of keys do, whatever its size; 200 calls to KMS a second cost 1,556 USD"),
        ({"size_bytes": 10**9}, "A receipt of 1\u00a0GB never goes to KMS"),
        ({"mode": "direct", "size_bytes": 4096}, "4,096\u00a0bytes goes through KMS itself"),
        ({"mode": "direct", "size_bytes": 4097}, "KMS refuses a receipt of 4,097\u00a0bytes"),
        ({"mode": "cached"}, "serves 50 receipts, the most it may: 4 calls to KMS a second"),
        ({"mode": "cached", "processes": 1000}, "serves 31 receipts, then its maximum age is"),
        ({"mode": "cached", "processes": 1000, "max_age_s": 5}, "each process writes too seldom"),
        ({"mode": "cached", "max_messages": 1}, "a key may serve one receipt only"),
        ({"objects_per_s": 60000}, "The quota of 100,000 refuses what is beyond it"),
    ],
)
def test_the_reading_says_what_happens_and_why(given: dict[str, Any], says: str) -> None:
    assert says in EXPLORABLE.reading(**values(**given)).replace("584\u00a0bytes", "584 bytes")


def test_the_reading_stays_while_the_story_is_played() -> None:
    assert EXPLORABLE.reading(**values(at=3.5)) == EXPLORABLE.reading(**values())


def test_the_numbers_come_from_the_model_and_the_facts() -> None:
    given = preset("cached")
    requests = traffic(given).calls_per_s * 30 * 24 * 3600
    price = float(fact("kms.price_per_10000_requests_usd"))
    usd = requests / 10000 * price + float(fact("kms.price_key_per_month_usd"))

    assert big("Cost a month", given).text == f"{usd:.0f}"
    assert "as of 2026" in big("Cost a month", given).note
    assert big("KMS calls a second", given).text == "40"
    assert big("Receipts under one data key", given).value == 50
    assert big("Receipts under one data key", preset("direct")).text == "–"


def test_calls_beyond_the_quota_are_told_in_the_colour_of_what_failed() -> None:
    calls = big("KMS calls a second", values(objects_per_s=60000))

    assert (calls.text, calls.unit, calls.tone) == ("120,000", "of 100,000", "@failed")
    assert calls.note.startswith("20,000 too many: ThrottlingException")


def test_a_refusal_is_a_cross_in_the_picture_and_on_the_curve_and_a_dash_in_the_numbers() -> None:
    given = preset("wall")
    signs = EXPLORABLE.figure(**given)["data"][-1]["marker"]["symbol"]

    assert signs.count("x") == 2
    assert {one.text for one in EXPLORABLE.numbers(**given)} == {"–"}


def test_the_path_says_who_holds_what() -> None:
    step, kms, code, storage = EXPLORABLE.path(**preset("envelope", at=2))

    assert step.name == "Step 2 of 30. KMS answers, and keeps neither:"
    assert (kms.says, kms.sign) == ("holds the KMS key.", "■")
    assert (code.sign, storage.says) == ("□", "holds nothing.")
    assert "a plaintext data key and an encrypted data key" in code.says
    assert EXPLORABLE.path(**preset("envelope"))[3].says == (
        "holds 3 ciphertexts and 3 encrypted data keys."
    )


def test_the_playhead_ends_with_the_story_and_names_its_steps() -> None:
    playhead = EXPLORABLE.playhead
    assert playhead is not None

    for id, last in (("direct", 18), ("wall", 2), ("envelope", 30), ("cached", 18)):
        assert playhead.end(preset(id)) == last
        assert playhead.says(preset(id)) == f"step {last} of {last}"
    assert playhead.says(preset("envelope", at=2.5)) == "step 3 of 30"


def test_a_key_that_comes_of_age_is_said_to_and_one_that_is_used_up_too() -> None:
    used_up = preset("cached", max_messages=2)
    steps = told(used_up)
    forgets = [step for step in steps if step.kind == "forget"]

    assert "served 2 receipts" in caption(used_up, forgets[0])[1]
    assert "maximum age" in caption(used_up, forgets[1])[1]
    again = [step for step in steps if step.kind == "lock"][1]
    assert "no call to KMS" in caption(used_up, again)[1]


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(16, "16"), (4096, "4,096"), (9999, "9,999"), (10000, "10"), (1.5e6, "1.5"), (1e9, "1")],
)
def test_a_size_is_said_in_bytes_as_long_as_each_one_counts(size_bytes: float, text: str) -> None:
    assert size_text(size_bytes).split("\u00a0")[0] == text


def test_a_time_has_the_unit_in_which_it_is_short() -> None:
    assert [time_text(seconds)[1] for seconds in (2, 0.5, 0.0004)] == ["s", "ms", "µs"]


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
    found = set(itertools.chain(*(colours(EXPLORABLE.figure(**given)) for given in moments())))

    assert found <= {f"@{token}" for token in TOKENS}


@pytest.mark.parametrize("width", [328, 640])
@pytest.mark.parametrize("id", [preset.id for preset in EXPLORABLE.presets])
def test_it_can_be_drawn_as_svg(id: str, width: int) -> None:
    given = preset(id)

    drawn = draw(EXPLORABLE.figure(**given), width, id, "A key", EXPLORABLE.reading(**given))

    assert "Your code" in drawn


def test_the_story_is_kept_while_only_the_playhead_moves() -> None:
    assert told(values(at=1)) is told(values(at=9))
    assert told(values()) is not told(preset("cached"))
    assert [step.kind for step in told(values())] == [
        step.kind for step in story(ENVELOPE, 20000, 3)
    ]
    assert all(item.kind != SEALED_KEY for item in told(values())[0].storage)
    assert KMS in {step.target for step in told(values())}
