"""The controls of an explorable as ipywidgets, with its figure, numbers, reading and tasks.

It all stands in one column:

    situations        [Short polling …] [Long polling …]
    figure
    time              ▶ ────●────────────
    controls          the main ones, and the others under "More"
    texts             a field at a time
    numbers, reading, path, tasks
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets

from labkit.explorables.listing import path_list
from labkit.explorables.texts import Text
from labkit.widgets.knobs import Knob, PlayheadKnob, TextKnob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from labkit.explorables.controls import Values
    from labkit.explorables.parts import Big, Entry, Explorable, Preset
    from labkit.explorables.texts import Mark

    Turned = Callable[..., None]


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
        self.knobs: dict[str, Knob] = {}
        self.texts: dict[str, TextKnob] = {}
        for control in explorable.controls:
            name, value = control.name, values[control.name]
            if isinstance(control, Text):
                self.texts[name] = TextKnob(control, value, self._heard)
            else:
                self.knobs[name] = Knob(control, value, self._heard)
        playhead = explorable.playhead
        self.playhead = PlayheadKnob(playhead, values, self._heard) if playhead else None
        self.fields = ipywidgets.Accordion(
            [text.widget for text in self.texts.values()],
            titles=[text.control.label for text in self.texts.values()],
            selected_index=0 if self.texts else None,
        )
        self.say, self.numbers, self.reading, self.path, self.tasks = (
            ipywidgets.HTML() for _ in range(5)
        )
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
            [knob.widget for knob in self.knobs.values() if knob.control.more is rare]
            for rare in (False, True)
        )
        yield ipywidgets.VBox(main)
        if more:
            yield ipywidgets.Accordion([ipywidgets.VBox(more)], titles=["More"])
        if self.texts:
            yield self.fields
        yield from (self.numbers, self.reading, self.path, self.tasks)

    def _button(self, preset: Preset) -> Any:
        def choose(_: Any) -> None:
            self.turned(**self.explorable.values(**preset.values))
            self._unfold(preset)
            self.say.value = f'<p role="status">{escape(preset.say)}</p>'

        button = ipywidgets.Button(description=preset.label, layout={"width": "auto"})
        button.on_click(choose)
        return button

    def _unfold(self, preset: Preset) -> None:
        """Open the last of the fields in which the preset has written something."""
        for index, name in enumerate(self.texts):
            if preset.values.get(name):
                self.fields.selected_index = index

    def _heard(self, name: str, value: Any) -> None:
        if not self._turning:
            self.turned(**{name: value})

    def turn(self, values: Values) -> None:
        """Turn every control to its value, without saying that a hand has."""
        self._turning = True
        try:
            for name, knob in (self.knobs | self.texts).items():
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

    def tell(self, path: Iterable[Entry], marks: Mapping[str, Iterable[Mark]]) -> None:
        """Show how it came about, and what is wrong with what is written."""
        self.path.value = path_list(path)
        for name, text in self.texts.items():
            text.mark(marks[name])

    def _task(self, id: str, text: str) -> str:
        if id in self.ticked:
            return f"<li>■ {escape(text)} <b>Done.</b></li>"
        return f"<li>□ {escape(text)}</li>"


def _number(big: Big) -> str:
    unit = f" <small>{escape(big.unit)}</small>" if big.unit else ""
    note = f"<br><small>{escape(big.note)}</small>" if big.note else ""
    colour = f"color:var(--lk-{big.tone[1:]})"
    return (
        f"<div><small>{escape(big.label)}</small><br>"
        f'<b style="{colour}">{escape(big.text)}</b>{unit}{note}</div>'
    )
