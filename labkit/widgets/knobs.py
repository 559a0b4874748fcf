"""The ipywidget of each kind of control: what turns it, and what it stands at."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets

from labkit.explorables.controls import Choice, Toggle
from labkit.explorables.texts import Text, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from labkit.explorables.controls import Playhead, Slider, Values
    from labkit.explorables.texts import Mark

    Heard = Callable[[str, Any], None]

WIDE = {"description_width": "12rem"}
LINE = {"width": "100%", "max_width": "38rem"}
TEXT_LINES = (3, 20)  # a field grows with its text from one to the other
ONE_SECOND_MS = 1000


class Knob:
    """The ipywidget of a control that is turned to one of several values."""

    def __init__(self, control: Slider | Choice | Toggle, value: Any, heard: Heard) -> None:
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


class TextKnob:
    """A field to write in; what is wrong is listed below it, or a button begins an empty one."""

    def __init__(self, control: Text, value: str, heard: Heard) -> None:
        self.control = control
        self.area = ipywidgets.Textarea(
            value=value, tooltip=control.label, layout={"width": "100%"}
        )
        self.area.add_class("lk-explore-text")
        self.notes = ipywidgets.HTML()
        self.begin = ipywidgets.Button(description="Write one", layout={"width": "auto"})
        help = ipywidgets.HTML(f"<p>{escape(control.help)}</p>" if control.help else "")
        self.widget = ipywidgets.VBox([self.area, self.begin, self.notes, help])
        self.area.observe(lambda change: heard(control.name, change["new"]), "value")
        self.begin.on_click(lambda _: heard(control.name, control.blank))
        self._fit()

    def turn(self, value: str) -> None:
        """Stand at `value`."""
        self.area.value = value
        self._fit()

    def mark(self, marks: Iterable[Mark]) -> None:
        """List the flaws, each with its line."""
        lines = [
            f'<li style="color:var(--lk-{mark.tone[1:]})">{escape(mark.says)}</li>'
            for mark in marks
            if mark.is_flaw
        ]
        self.notes.value = f'<ul role="status">{"".join(lines)}</ul>' if lines else ""

    def _fit(self) -> None:
        low, high = TEXT_LINES
        self.area.rows = min(high, max(low, lines_of(self.area.value)))
        empty = not self.area.value.strip()
        self.begin.layout.display = None if empty and self.control.blank else "none"


class PlayheadKnob:
    """Play, pause and a slider for the figure's own time, in whole steps."""

    def __init__(self, part: Playhead, values: Values, heard: Heard) -> None:
        self.part = part
        last = self._steps(part.end(values))
        at = min(last, self._steps(values[part.name]))
        pace_ms = round(ONE_SECOND_MS / part.steps_per_s)
        self.play = ipywidgets.Play(min=0, max=last, value=at, interval=pace_ms, show_repeat=False)
        self.slider = ipywidgets.IntSlider(
            min=0, max=last, value=at, description=part.label, readout=False, layout={"flex": "1"}
        )
        self.slider.style.description_width = "initial"
        self.text = ipywidgets.Label(part.says(values))
        # In the browser, so that playing stays smooth: the kernel hears of the slider only.
        ipywidgets.jslink((self.play, "value"), (self.slider, "value"))
        self.slider.observe(lambda change: heard(part.name, change["new"] * part.step_s), "value")
        self.row = ipywidgets.HBox([self.play, self.slider, self.text], layout=LINE)

    def _steps(self, at_s: float) -> int:
        return round(at_s / self.part.step_s)

    def turn(self, values: Values) -> None:
        """Stand where `values` say."""
        last = self._steps(self.part.end(values))
        at = min(last, self._steps(values[self.part.name]))
        self.play.max = self.slider.max = last
        # While it plays, the browser is a step ahead: an echo would pull it back.
        if self.slider.value != at:
            self.play.value = self.slider.value = at
        self.text.value = self.part.says(values)
