"""What an explorable is made of besides its controls: presets, tasks, numbers, and the whole.

Every part is a frozen dataclass. The same objects serve the published page (under MicroPython),
JupyterLab and the tests; none of them knows how it will be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.errors import UsageError
from labkit.explorables.controls import number_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from labkit.explorables.controls import Choice, Playhead, Slider, Toggle, Values
    from labkit.explorables.texts import Text

MAIN_CONTROLS_MAX = 4


@dataclass(frozen=True)
class Preset:
    """Named `values` for some of the controls; the others go back to their start.

    `say` is the sentence that tells what to watch once the preset is set.
    """

    id: str
    label: str
    values: Values
    say: str


@dataclass(frozen=True)
class Task:
    """Something to bring about with the controls; it ticks when `done(**values)` is true."""

    id: str
    text: str
    done: Callable[..., bool]


@dataclass(frozen=True)
class Big:
    """A number printed large beside the figure.

    `tone` is the colour token of the state that it counts, so that the number and its marks in
    the figure look alike; `note` is small print, such as the day a price was read.
    """

    label: str
    value: float | str
    unit: str = ""
    note: str = ""
    tone: str = "@ink"

    @property
    def text(self) -> str:
        """The value as it is printed, without its unit."""
        return self.value if isinstance(self.value, str) else number_text(self.value)


@dataclass(frozen=True)
class Entry:
    """A line of the path to what the figure shows, with the lines below it that it came from.

    `name` is its heading and `says` what came of it; `sign` and `tone`, a colour token, are those
    of its mark in the figure.
    """

    name: str
    says: str
    sign: str
    tone: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Source:
    """A page that the model follows."""

    label: str
    url: str


@dataclass(frozen=True)
class Explorable:
    """A figure that answers `question` and changes with its controls.

    `figure(**values)` gives a plotly figure as a plain dict, with colour tokens (see palette);
    `reading(**values)` says in one or two sentences what it shows and why, and is its text
    alternative; `numbers(**values)` gives the `Big` ones. All three take every control's name,
    and the playhead's, as does `path(**values)`, if there is one: it tells step by step how what
    the figure shows came about.
    """

    slug: str
    title: str
    question: str
    controls: tuple[Slider | Choice | Toggle | Text, ...]
    figure: Callable[..., dict[str, Any]]
    reading: Callable[..., str]
    numbers: Callable[..., tuple[Big, ...]]
    tasks: tuple[Task, ...] = ()
    presets: tuple[Preset, ...] = ()
    playhead: Playhead | None = None
    not_modelled: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    path: Callable[..., tuple[Entry, ...]] | None = None

    def __post_init__(self) -> None:
        names = [control.name for control in self._all()]
        if len(names) != len(set(names)):
            raise UsageError(
                f"The explorable {self.slug} has two controls of one name: {', '.join(names)}."
            )
        main = [control.name for control in self.controls if not control.more]
        if len(main) > MAIN_CONTROLS_MAX:
            raise UsageError(
                f"The explorable {self.slug} shows {len(main)} controls at first.",
                f"At most {MAIN_CONTROLS_MAX} are shown at first.",
                "Set more=True on the others.",
            )
        for preset in self.presets:
            self.values(**preset.values)

    def _all(self) -> list[Slider | Choice | Toggle | Text | Playhead]:
        return list(self.controls) + ([self.playhead] if self.playhead else [])

    def values(self, **given: Any) -> Values:
        """Every control's value: `given` where it says, its start elsewhere.

        Raises UsageError when `given` names no control or has a value out of its range.
        """
        full = {}
        for control in self._all():
            value = given.get(control.name, control.start)
            full[control.name] = control.accept(value)
        if self.playhead:
            full[self.playhead.name] = self.playhead.within(full)
        for name in given:
            if name not in full:
                raise UsageError(
                    f"The explorable {self.slug} has no control {name!r}.",
                    f"It has {', '.join(sorted(full))}.",
                )
        return full

    def preset(self, id: str) -> Preset:
        """The preset of that id; otherwise a UsageError that lists those there are."""
        for preset in self.presets:
            if preset.id == id:
                return preset
        known = ", ".join(preset.id for preset in self.presets)
        raise UsageError(f"The explorable {self.slug} has no preset {id!r}.", f"It has {known}.")
