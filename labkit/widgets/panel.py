"""The controls of an explorable as ipywidgets, with its figure, numbers, reading and tasks.

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

from labkit.explorables.parts import Choice, Slider, Toggle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from labkit.explorables.parts import Big, Explorable, Playhead, Preset, Values

    Control = Slider | Choice | Toggle

WIDE = {"description_width": "12rem"}
LINE = {"width": "100%", "max_width": "38rem"}
FRAME_MS = 100  # ten steps of the playhead a second


class Panel:
    """The live form of an explorable; `changed` hears the values whenever a control was turned."""

    def __init__(
        self, explorable: Explorable, values: Values, changed: Callable[[Values], None]
    ) -> None:
        self.explorable = explorable
        self.values = dict(values)
        self.changed = changed
        self.ticked: set[str] = set()
        self._turning = False
        self.knobs = {control.name: _knob(control, values) for control in explorable.controls}
        for name, knob in self.knobs.items():
            knob.observe(lambda change, name=name: self._turned(name, change["new"]), "value")
        self.say, self.numbers, self.reading, self.tasks = (ipywidgets.HTML() for _ in range(4))
        self.playhead = _Playhead(explorable.playhead, self) if explorable.playhead else None
        self.figure = ipywidgets.Box()
        self.figure.add_class("lk-explore-figure")
        self.box = ipywidgets.VBox(list(self._rows()))
        self.box.add_class("lk-explore")

    def _rows(self) -> Iterable[Any]:
        explorable = self.explorable
        title = f"<p><b>{escape(explorable.title)}</b><br>{escape(explorable.question)}</p>"
        yield ipywidgets.HTML(title)
        if explorable.presets:
            buttons = [self._button(preset) for preset in explorable.presets]
            yield ipywidgets.HBox(buttons, layout={"flex_flow": "row wrap"})
            yield self.say
        yield self.figure
        if self.playhead:
            yield self.playhead.row
        main, more = (
            [self.knobs[control.name] for control in explorable.controls if control.more is rare]
            for rare in (False, True)
        )
        yield ipywidgets.VBox(main)
        if more:
            yield ipywidgets.Accordion([ipywidgets.VBox(more)], titles=["More"])
        yield from (self.numbers, self.reading, self.tasks)

    def _button(self, preset: Preset) -> Any:
        button = ipywidgets.Button(description=preset.label, layout={"width": "auto"})
        button.on_click(lambda _: self._set_preset(preset))
        return button

    def _set_preset(self, preset: Preset) -> None:
        self.turn(self.explorable.values(**preset.values))
        self.say.value = f'<p role="status">{escape(preset.say)}</p>'

    def show_figure(self, view: Any) -> None:
        """Put the figure in its place."""
        self.figure.children = [view]

    def turn(self, values: Values) -> None:
        """Turn every control to its value, then say once that they have changed."""
        self._turning = True
        try:
            for name, knob in self.knobs.items():
                if isinstance(knob, ipywidgets.SelectionSlider):
                    knob.options = _stops(self.explorable, name, values[name])
                knob.value = values[name]
            if self.playhead:
                self.playhead.turn(values)
        finally:
            self._turning = False
        self.values = dict(values)
        self.changed(dict(values))

    def _turned(self, name: str, value: Any) -> None:
        if self._turning:
            return
        self.values = self.explorable.values(**{**self.values, name: value})
        self.changed(dict(self.values))

    def move(self, at_s: float) -> None:
        """The playhead has moved."""
        assert self.explorable.playhead is not None
        self._turned(self.explorable.playhead.name, at_s)

    def tell(self, reading: str, numbers: Iterable[Big], done: Iterable[str]) -> None:
        """Show what goes with the figure; a task once ticked stays so."""
        self.ticked |= set(done)
        self.reading.value = f'<p role="status">{escape(reading)}</p>'
        self.numbers.value = (
            f'<div class="lk-explore-numbers">{"".join(map(_number, numbers))}</div>'
        )
        lines = (
            f"<li>{'■' if task.id in self.ticked else '□'} {escape(task.text)}"
            f"{' <b>Done.</b>' if task.id in self.ticked else ''}</li>"
            for task in self.explorable.tasks
        )
        self.tasks.value = f'<ul class="lk-explore-tasks">{"".join(lines)}</ul>'


class _Playhead:
    """Play, pause and a slider for the figure's own time, in whole steps."""

    def __init__(self, part: Playhead, panel: Panel) -> None:
        self.part = part
        self.panel = panel
        last = self._steps(part.end(panel.values))
        at = self._steps(panel.values[part.name])
        self.play = ipywidgets.Play(min=0, max=last, value=at, interval=FRAME_MS, show_repeat=False)
        self.slider = ipywidgets.IntSlider(
            min=0, max=last, value=at, description=part.label, readout=False, layout={"flex": "1"}
        )
        self.text = ipywidgets.Label(part.text(panel.values[part.name]))
        ipywidgets.jslink((self.play, "value"), (self.slider, "value"))
        self.slider.observe(self._moved, "value")
        self.row = ipywidgets.HBox([self.play, self.slider, self.text], layout=LINE)

    def _steps(self, at_s: float) -> int:
        return round(at_s / self.part.step_s)

    def _moved(self, change: Any) -> None:
        at_s = change["new"] * self.part.step_s
        self.text.value = self.part.text(at_s)
        self.panel.move(at_s)

    def turn(self, values: Values) -> None:
        """Stand where `values` say."""
        self.play.max = self.slider.max = self._steps(self.part.end(values))
        self.play.value = self.slider.value = self._steps(values[self.part.name])


def _knob(control: Control, values: Values) -> Any:
    """The ipywidget of a control, standing at its value."""
    common = {"description": control.label, "style": WIDE, "layout": LINE, "tooltip": control.help}
    value = values[control.name]
    if isinstance(control, Toggle):
        return ipywidgets.Checkbox(value=value, indent=True, **common)
    if isinstance(control, Choice):
        options = [(label, option) for option, label in control.options]
        return ipywidgets.Dropdown(options=options, value=value, **common)
    options = [(control.text(stop), stop) for stop in control.stops(value)]
    return ipywidgets.SelectionSlider(options=options, value=value, **common)


def _stops(explorable: Explorable, name: str, value: float) -> list[tuple[str, float]]:
    [slider] = [control for control in explorable.controls if control.name == name]
    assert isinstance(slider, Slider)
    return [(slider.text(stop), stop) for stop in slider.stops(value)]


def _number(big: Big) -> str:
    unit = f" <small>{escape(big.unit)}</small>" if big.unit else ""
    note = f"<br><small>{escape(big.note)}</small>" if big.note else ""
    colour = f"color:var(--lk-{big.tone[1:]})"
    return (
        f"<div><small>{escape(big.label)}</small><br>"
        f'<b style="{colour}">{escape(big.text)}</b>{unit}{note}</div>'
    )
