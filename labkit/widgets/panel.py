"""The controls of an explorable as ipywidgets, with its figure, numbers, reading and tasks.

It all stands in one column:

    situations        [Short polling …] [Long polling …]
    figure
    time              ▶ ────●────────────
    controls          the main ones, and the others under "More"
    numbers, reading, tasks
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets

from labkit.explorables.controls import Choice, Toggle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from labkit.explorables.controls import Playhead, Slider, Values
    from labkit.explorables.parts import Big, Explorable, Preset

    Control = Slider | Choice | Toggle
    Turned = Callable[..., None]

WIDE = {"description_width": "12rem"}
LINE = {"width": "100%", "max_width": "38rem"}
FRAME_MS = 100  # ten steps of the playhead a second


class Panel:
    """The live form of an explorable around `view`, which draws its figure.

    `turned(**values)` is called with what a hand has turned; `turn` and `show` answer.
    """

    def __init__(self, explorable: Explorable, values: Values, turned: Turned, view: Any) -> None:
        self.explorable = explorable
        self.turned = turned
        self.view = view
        self.ticked: set[str] = set()
        self._turning = False
        self.knobs = {
            control.name: _Knob(control, values[control.name], self._heard)
            for control in explorable.controls
        }
        playhead = explorable.playhead
        self.playhead = _PlayheadKnob(playhead, values, self._heard) if playhead else None
        self.say, self.numbers, self.reading, self.tasks = (ipywidgets.HTML() for _ in range(4))
        self.box = ipywidgets.VBox(list(self._rows()))
        self.box.add_class("lk-explore")

    def _rows(self) -> Iterator[Any]:
        explorable = self.explorable
        title = f"<p><b>{escape(explorable.title)}</b><br>{escape(explorable.question)}</p>"
        yield ipywidgets.HTML(title)
        if explorable.presets:
            buttons = [self._button(preset) for preset in explorable.presets]
            yield ipywidgets.HBox(buttons, layout={"flex_flow": "row wrap"})
            yield self.say
        figure = ipywidgets.Box([self.view])
        figure.add_class("lk-explore-figure")
        yield figure
        if self.playhead:
            yield self.playhead.row
        main, more = (
            [
                self.knobs[control.name].widget
                for control in explorable.controls
                if control.more is rare
            ]
            for rare in (False, True)
        )
        yield ipywidgets.VBox(main)
        if more:
            yield ipywidgets.Accordion([ipywidgets.VBox(more)], titles=["More"])
        yield from (self.numbers, self.reading, self.tasks)

    def _button(self, preset: Preset) -> Any:
        def choose(_: Any) -> None:
            self.turned(**self.explorable.values(**preset.values))
            self.say.value = f'<p role="status">{escape(preset.say)}</p>'

        button = ipywidgets.Button(description=preset.label, layout={"width": "auto"})
        button.on_click(choose)
        return button

    def _heard(self, name: str, value: Any) -> None:
        if not self._turning:
            self.turned(**{name: value})

    def turn(self, values: Values) -> None:
        """Turn every control to its value, without saying that a hand has."""
        self._turning = True
        try:
            for name, knob in self.knobs.items():
                knob.turn(values[name])
            if self.playhead:
                self.playhead.turn(values)
        finally:
            self._turning = False

    def show(
        self, figure: dict[str, Any], reading: str, numbers: Iterable[Big], done: Iterable[str]
    ) -> None:
        """Show the figure and what goes with it; a task once ticked stays so."""
        self.view.reading = reading
        self.view.figure = figure
        self.reading.value = f'<p role="status">{escape(reading)}</p>'
        blocks = "".join(_number(big) for big in numbers)
        self.numbers.value = f'<div class="lk-explore-numbers">{blocks}</div>'
        self.ticked |= set(done)
        lines = "".join(self._task(task.id, task.text) for task in self.explorable.tasks)
        self.tasks.value = f'<ul class="lk-explore-tasks">{lines}</ul>'

    def _task(self, id: str, text: str) -> str:
        if id in self.ticked:
            return f"<li>■ {escape(text)} <b>Done.</b></li>"
        return f"<li>□ {escape(text)}</li>"


class _Knob:
    """The ipywidget of a control."""

    def __init__(self, control: Control, value: Any, heard: Callable[[str, Any], None]) -> None:
        self.control = control
        common: dict[str, Any] = {"description": control.label, "tooltip": control.help}
        common |= {"style": WIDE, "layout": LINE, "value": value}
        if isinstance(control, Toggle):
            self.widget = ipywidgets.Checkbox(**common)
        elif isinstance(control, Choice):
            options = [(label, option) for option, label in control.options]
            self.widget = ipywidgets.Dropdown(options=options, **common)
        else:
            self.widget = ipywidgets.SelectionSlider(options=_stops(control, value), **common)
        self.widget.observe(lambda change: heard(control.name, change["new"]), "value")

    def turn(self, value: Any) -> None:
        """Stand at `value`, also where that lies between a slider's stops."""
        if isinstance(self.widget, ipywidgets.SelectionSlider):
            known = [stop for _, stop in self.widget.options]
            if value not in known:
                self.widget.options = _stops(self.control, value)
        self.widget.value = value


def _stops(slider: Any, value: float) -> list[tuple[str, float]]:
    return [(slider.text(stop), stop) for stop in slider.stops(value)]


class _PlayheadKnob:
    """Play, pause and a slider for the figure's own time, in whole steps."""

    def __init__(self, part: Playhead, values: Values, heard: Callable[[str, Any], None]) -> None:
        self.part = part
        last, at = self._steps(part.end(values)), self._steps(values[part.name])
        self.play = ipywidgets.Play(min=0, max=last, value=at, interval=FRAME_MS, show_repeat=False)
        self.slider = ipywidgets.IntSlider(
            min=0, max=last, value=at, description=part.label, readout=False, layout={"flex": "1"}
        )
        self.text = ipywidgets.Label(part.text(values[part.name]))
        # In the browser, so that playing stays smooth: the kernel hears of the slider only.
        ipywidgets.jslink((self.play, "value"), (self.slider, "value"))
        self.slider.observe(lambda change: heard(part.name, change["new"] * part.step_s), "value")
        self.row = ipywidgets.HBox([self.play, self.slider, self.text], layout=LINE)

    def _steps(self, at_s: float) -> int:
        return round(at_s / self.part.step_s)

    def turn(self, values: Values) -> None:
        """Stand where `values` say."""
        at_s = values[self.part.name]
        self.play.max = self.slider.max = self._steps(self.part.end(values))
        # While it plays, the browser is a step ahead: an echo would pull it back.
        if self.slider.value != self._steps(at_s):
            self.play.value = self.slider.value = self._steps(at_s)
        self.text.value = self.part.text(at_s)


def _number(big: Big) -> str:
    unit = f" <small>{escape(big.unit)}</small>" if big.unit else ""
    note = f"<br><small>{escape(big.note)}</small>" if big.note else ""
    colour = f"color:var(--lk-{big.tone[1:]})"
    return (
        f"<div><small>{escape(big.label)}</small><br>"
        f'<b style="{colour}">{escape(big.text)}</b>{unit}{note}</div>'
    )
