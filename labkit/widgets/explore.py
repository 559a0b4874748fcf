"""An explorable in JupyterLab: controls over the figure, live where a kernel runs.

    explore("sqs_polling", wait_time_s=20)

The controls are ipywidgets. The figure is drawn by the plotly that the published page uses, from
labkit's own files, so nothing is fetched from anywhere; its colours follow JupyterLab's theme.
What is stored in a notebook is plain: the figure as SVG and its reading.
"""

from __future__ import annotations

import zlib
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.explorables import load
from labkit.explorables.palette import DARK, LIGHT, resolve, style
from labkit.explorables.svg import draw
from labkit.explorables.texts import Text
from labkit.explorables.theme import themed

if TYPE_CHECKING:
    from labkit.explorables.controls import Values
    from labkit.explorables.parts import Big, Explorable
    from labkit.explorables.texts import Mark
    from labkit.widgets.panel import Panel

HERE = Path(__file__).parent
STATIC = HERE.parent / "book" / "static"
PLOTLY = STATIC / "vendor" / "plotly" / "plotly-basic.min.js"
STILL_WIDTH_PX = 720


def explore(slug: str, **values: Any) -> Exploration:
    """Show the explorable of that slug; `values` set where its controls begin.

    Raises UnknownSlug, or UsageError for a control that it does not have or a value out of range.
    """
    explorable = load(slug)
    return Exploration(explorable, explorable.values(**values))


class Exploration:
    """An explorable and what its controls stand at; the last line of a cell shows it."""

    def __init__(self, explorable: Explorable, values: Values) -> None:
        self.explorable = explorable
        self.values = values
        self._panel: Panel | None = None

    @property
    def reading(self) -> str:
        """What the figure shows now, in words."""
        return self.explorable.reading(**self.values)

    @property
    def numbers(self) -> tuple[Big, ...]:
        """The numbers beside the figure now."""
        return self.explorable.numbers(**self.values)

    @property
    def marks(self) -> dict[str, tuple[Mark, ...]]:
        """What is to be said of the lines of each text now."""
        texts = [each for each in self.explorable.controls if isinstance(each, Text)]
        return {text.name: text.marks(**self.values) for text in texts}

    @property
    def done(self) -> list[str]:
        """The ids of the tasks that are done now."""
        return [task.id for task in self.explorable.tasks if task.done(**self.values)]

    def set(self, **values: Any) -> None:
        """Turn controls: those named, to the values given."""
        playhead = self.explorable.playhead
        if playhead and playhead.replay:
            values.setdefault(playhead.name, playhead.start)
        self.values = self.explorable.values(**{**self.values, **values})
        if self._panel is not None:
            self._panel.turn(self.values)
            self._show_in(self._panel)

    def plotly(self, theme: str = "light") -> Any:
        """The figure as it stands, as a plotly.graph_objects.Figure to change and keep.

        `theme` is "light" or "dark": a figure of your own does not follow JupyterLab's.
        """
        from plotly.graph_objects import Figure

        colours = DARK if theme == "dark" else LIGHT
        return Figure(resolve(themed(self.explorable.figure(**self.values)), colours))

    def widget(self) -> Any:
        """The live form; the same one each time, so that all its views stay together."""
        if self._panel is None:
            from labkit.widgets.panel import Panel

            self._panel = Panel(self.explorable, self.values, self.set, _figure_class()())
            self._show_in(self._panel)
        return self._panel.box

    def _show_in(self, panel: Panel) -> None:
        figure = themed(self.explorable.figure(**self.values))
        panel.show(figure, self.reading, self.numbers, self.done)
        if self.explorable.path:
            panel.tell(self.explorable.path(**self.values), self.marks)

    def __repr__(self) -> str:
        return f"{self.explorable.title}\n{self.reading}"

    def _repr_html_(self) -> str:
        id = f"{self.explorable.slug}-{zlib.crc32(repr(sorted(self.values.items())).encode()):x}"
        still = draw(
            self.explorable.figure(**self.values),
            STILL_WIDTH_PX,
            f"lk-still-{id}",
            self.explorable.title,
            self.reading,
        )
        ground = f"background:var(--lk-paper,{LIGHT['paper']});color:var(--lk-ink,{LIGHT['ink']})"
        return (
            f'<figure class="lk-still" style="margin:0;padding:8px;{ground}">{still}'
            f"<figcaption><p>{escape(self.reading)}</p></figcaption></figure>"
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """The live form for a frontend that has widgets, the plain one for all others."""
        live = self.widget()._repr_mimebundle_()
        bundle = dict(live[0] if isinstance(live, tuple) else live)
        return bundle | {"text/plain": repr(self), "text/html": self._repr_html_()}


@cache
def _figure_class() -> Any:
    """The widget that draws a figure, defined when first needed: anywidget is slow to load."""
    import anywidget
    import traitlets

    class FigureView(anywidget.AnyWidget):
        """A plotly figure with colours as tokens, and its text alternative."""

        _esm = _script()
        _css = _style()
        figure = traitlets.Dict().tag(sync=True)
        reading = traitlets.Unicode().tag(sync=True)

    return FigureView


def _script() -> str:
    """The drawing script, with plotly itself above it: JupyterLab has no file to import it from."""
    plotly = PLOTLY.read_text(encoding="utf-8")
    wrapped = (
        "const plotly = (() => { const module = { exports: {} };\n"
        f"{plotly}\nreturn module.exports; }})();\n"
    )
    return wrapped + (HERE / "explore.mjs").read_text(encoding="utf-8")


def _style() -> str:
    """The style, with the colours of the book for JupyterLab's light and dark themes."""
    look = (HERE / "explore.css").read_text(encoding="utf-8")
    path = (STATIC / "path.css").read_text(encoding="utf-8")
    return f"{style('.lk-explore')}{look}\n{path}"
