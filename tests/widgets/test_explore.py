"""An explorable in JupyterLab answers its controls, and is a plain figure without a kernel."""

from __future__ import annotations

import json
from typing import Any

import pytest

import labkit
from labkit.errors import UnknownSlug, UsageError
from labkit.explorables import SLUGS, load
from labkit.explorables.palette import DARK, LIGHT
from labkit.explorables.theme import themed
from labkit.widgets.explore import Exploration, explore

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
EXPLORABLE = load("sqs_polling")


def everything_in(box: Any) -> list[Any]:
    """A widget and all those within it, from the top down."""
    return [box] + [one for child in getattr(box, "children", ()) for one in everything_in(child)]


def find(shown: Exploration, text: str) -> Any:
    """The one control or button with that text."""
    [found] = [
        one for one in everything_in(shown.widget()) if getattr(one, "description", "") == text
    ]
    return found


def figure(shown: Exploration) -> Any:
    [view] = [one for one in everything_in(shown.widget()) if hasattr(one, "figure")]
    return view


def html(shown: Exploration) -> str:
    """All text of the live form that is not a control."""
    return "\n".join(
        one.value for one in everything_in(shown.widget()) if type(one).__name__ == "HTML"
    )


def test_it_begins_where_the_controls_begin_or_where_the_call_says() -> None:
    assert explore("sqs_polling").values == EXPLORABLE.values()
    assert explore("sqs_polling", consumers=5).values["consumers"] == 5


def test_it_is_one_of_labkit_s_public_names() -> None:
    assert repr(labkit.explore("sqs_polling")) == repr(explore("sqs_polling"))


def test_an_unknown_slug_or_control_or_value_is_refused() -> None:
    with pytest.raises(UnknownSlug, match="no explorable 'sqs'"):
        explore("sqs")
    with pytest.raises(UsageError, match="no control 'wait'"):
        explore("sqs_polling", wait=3)
    with pytest.raises(UsageError, match=r"wait_time_s must be 0.s to 20.s, got 21"):
        explore("sqs_polling", wait_time_s=21)


def test_there_is_a_control_for_each_of_the_explorable_s() -> None:
    shown = explore("sqs_polling")

    for control in EXPLORABLE.controls:
        assert find(shown, control.label).value == shown.values[control.name]


def test_turning_a_control_changes_figure_reading_and_numbers() -> None:
    shown = explore("sqs_polling")
    before = figure(shown).figure

    find(shown, "Wait time of a receive").value = 20

    expected = EXPLORABLE.values(wait_time_s=20)
    assert shown.values == expected
    assert figure(shown).figure == themed(EXPLORABLE.figure(**expected)) != before
    assert figure(shown).reading == EXPLORABLE.reading(**expected)
    assert "short polling: 4.45 million" in html(shown)


def test_the_playhead_moves_in_its_steps_and_says_where_it_is() -> None:
    shown = explore("sqs_polling", at_s=10)
    slider = find(shown, "Time")

    slider.value = 125

    assert shown.values["at_s"] == 31.25
    texts = [one.value for one in everything_in(shown.widget()) if type(one).__name__ == "Label"]
    assert texts == ["31.3\u00a0s"]


def test_playing_is_bound_to_the_playhead_in_the_browser_not_in_the_kernel() -> None:
    shown = explore("sqs_polling")
    [play] = [one for one in everything_in(shown.widget()) if type(one).__name__ == "Play"]
    slider = find(shown, "Time")

    assert (play.min, play.max, play.value) == (slider.min, slider.max, slider.value)
    assert play.max == 120 / EXPLORABLE.playhead.step_s


def test_a_preset_turns_every_control_at_once_and_says_what_to_watch() -> None:
    shown = explore("sqs_polling", consumers=7, max_receive_count=5)
    heard: list[Any] = []
    figure(shown).observe(heard.append, "figure")

    find(shown, "A poison message").click()

    preset = EXPLORABLE.preset("poison")
    assert shown.values == EXPLORABLE.values(**preset.values)
    assert find(shown, "Consumers").value == 2
    assert find(shown, "Dead-letter queue").value == 0
    assert preset.say in html(shown)
    assert len(heard) == 1


def test_controls_can_be_turned_from_code_even_between_a_slider_s_stops() -> None:
    shown = explore("sqs_polling")
    shown.widget()

    shown.set(arrivals_per_min=7.77, poison=True)

    assert find(shown, "Orders sent").value == 7.77
    assert shown.values["poison"] is True
    with pytest.raises(UsageError, match="got 99"):
        shown.set(consumers=99)


def test_a_task_ticks_when_done_and_stays_ticked() -> None:
    shown = explore("sqs_polling", arrivals_per_min=1)
    assert html(shown).count("■") == 0

    find(shown, "Wait time of a receive").value = 20
    find(shown, "Wait time of a receive").value = 0

    assert shown.done == []
    assert "<li>■ Cut the bill to a tenth" in html(shown)


def test_what_is_stored_is_the_figure_as_svg_with_its_reading() -> None:
    shown = explore("sqs_polling", wait_time_s=20)

    bundle = shown._repr_mimebundle_()

    assert set(bundle) == {WIDGET_VIEW, "text/html", "text/plain"}
    assert bundle["text/plain"] == f"{EXPLORABLE.title}\n{shown.reading}"
    assert "<svg" in bundle["text/html"]
    assert shown.reading in bundle["text/html"]
    assert "<script" not in bundle["text/html"]


def test_what_is_stored_is_the_same_on_every_run_and_names_its_parts_for_its_values() -> None:
    first, again, other = (explore("sqs_polling", seed=seed)._repr_html_() for seed in (1, 1, 2))

    assert first == again
    assert first.split('id="')[1] != other.split('id="')[1]


def test_nothing_is_fetched_from_anywhere() -> None:
    view = figure(explore("sqs_polling"))

    assert "plotly.js (basic" in view._esm
    assert "import " not in view._esm.rsplit("return module.exports", 1)[1]
    assert "http" not in view._css


def test_the_theme_of_jupyterlab_chooses_the_colours() -> None:
    style = figure(explore("sqs_polling"))._css

    light, dark = style.split('[data-jp-theme-light="false"]')
    assert all(f"--lk-{token}: {colour};" in light for token, colour in LIGHT.items())
    assert all(f"--lk-{token}: {colour};" in dark for token, colour in DARK.items())
    assert json.dumps(figure(explore("sqs_polling")).figure).count("#") == 0


def test_showing_it_twice_shows_the_same_controls() -> None:
    shown = explore("sqs_polling")

    assert shown.widget() is shown.widget()


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_plotlys_own_python_takes_every_figure_with_all_colours_resolved(slug, theme):
    explorable = load(slug)
    for preset in explorable.presets:
        figure = explore(slug, **preset.values).plotly(theme)

        assert len(figure.data) > 0
        assert '"@' not in figure.to_json()
