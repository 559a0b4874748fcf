"""An explorable as HTML: it reads whole without scripts, and a script brings it to life.

Everything the script changes later stands here for the starting values: the figure as SVG, the
reading, the numbers. Controls are real form controls; the style sheet shows them once a script
answers to them. What the script must know (the stops of each slider, the presets) is in `spec`.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from labkit.book.explorable_text import field
from labkit.explorables.controls import Choice, Playhead, Slider, Toggle
from labkit.explorables.listing import path_list
from labkit.explorables.svg import draw
from labkit.explorables.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from labkit.explorables.parts import Big, Explorable, Task

    Values = dict[str, Any]
    Control = Slider | Choice | Toggle

WIDE_PX, NARROW_PX = 640, 328
CODE_ANCHOR = "read-the-code"  # a heading that every explorable's own page has
SPEEDS = (0.25, 0.5, 1, 2, 4)
FROM_DISK = (
    "This page was opened from disk, where browsers run no figures: "
    "<code>make serve</code> brings this one to life."
)
CHOOSE = "Choose a situation, or turn the knobs below the figure."
CHOOSE_OR_WRITE = "Choose a situation, or change the request and what is written."
WITHOUT_SCRIPTS = "With scripts on, this figure has controls. Here it shows its starting values."
# A module script never runs on a page opened from disk, so a plain one says so.
SAY_FROM_DISK = (
    '<script>if(location.protocol==="file:")'
    "document.currentScript.previousElementSibling.hidden=false</script>"
)


def page_part(
    explorable: Explorable,
    start: Values,
    home: str = "",
    compact: bool = False,
    libraries: Iterable[str] = (),
) -> str:
    """The whole explorable, showing the values `start`.

    `home` is the address of its own page, or nothing on that page. When `compact`, the rarer
    controls, the tasks and the small print are left to that page. `libraries` are the bundles
    that its script loads besides its own.
    """
    id = f"explore-{explorable.slug}"
    parts = [
        f'<p class="lk-x-title" id="{id}-title">{escape(explorable.title)}</p>',
        f'<p class="lk-x-question">{escape(explorable.question)}</p>' if home else "",
        _presets(explorable),
        _form(explorable, start, id, compact),
        f'<p class="lk-x-note" hidden>{FROM_DISK}</p>{SAY_FROM_DISK}',
        f'<noscript><p class="lk-x-note">{WITHOUT_SCRIPTS}</p></noscript>',
        "" if _texts(explorable) else _reading(explorable, start, id),
        path_list(explorable.path(**start)) if explorable.path else "",
        f'<p class="lk-x-foot"><a href="{escape(home)}">Open the whole figure</a></p>'
        if compact
        else _tasks(explorable.tasks) + _small_print(explorable, home),
        f'<script type="application/json">{_script_text(spec(explorable, start))}</script>',
    ]
    about = f'id="{id}" data-slug="{explorable.slug}" role="group" aria-labelledby="{id}-title"'
    about += f' data-libraries="{" ".join(libraries)}"'
    kind = "lk-explorable" + " lk-x-desk" * bool(_texts(explorable))
    body = "\n".join(part for part in parts if part)
    return f'<lk-explorable class="{kind}" {about}>\n{body}\n</lk-explorable>\n'


def still(explorable: Explorable, values: Values, id: str) -> str:
    """The figure twice, for a wide and for a narrow page; the style sheet shows one."""
    figure, reading = explorable.figure(**values), explorable.reading(**values)
    return "".join(
        f'<div class="lk-x-still lk-x-{name}">'
        f"{draw(figure, width, f'{id}-{name}', explorable.title, reading)}</div>"
        for name, width in (("wide", WIDE_PX), ("narrow", NARROW_PX))
    )


def spec(explorable: Explorable, start: Values) -> dict[str, Any]:
    """What the script must know besides what stands in the HTML."""
    return {
        "start": start,
        "rest": explorable.values(),
        "stops": {
            control.name: [[value, control.text(value)] for value in control.stops()]
            for control in explorable.controls
            if isinstance(control, Slider)
        },
        "presets": {preset.id: [preset.values, preset.say] for preset in explorable.presets},
        "texts": [text.name for text in _texts(explorable)],
    }


def _reading(explorable: Explorable, start: Values, id: str) -> str:
    text = escape(explorable.reading(**start))
    return f'<p class="lk-x-reading" id="{id}-reading" aria-live="polite">{text}</p>'


def _presets(explorable: Explorable) -> str:
    choose = CHOOSE_OR_WRITE if _texts(explorable) else CHOOSE
    if not explorable.presets:
        return ""
    buttons = "".join(
        f'<button type="button" data-preset="{escape(preset.id)}" aria-pressed="false">'
        f"{escape(preset.label)}</button>"
        for preset in explorable.presets
    )
    return (
        f'<div class="lk-x-presets" role="group" aria-label="Situations">{buttons}</div>\n'
        f'<p class="lk-x-say" role="status">{choose}</p>'
    )


def _number(big: Big) -> str:
    unit = f' <span class="lk-x-unit">{escape(big.unit)}</span>' if big.unit else ""
    note = f'<dd class="lk-x-small">{escape(big.note)}</dd>' if big.note else ""
    return (
        f'<div data-tone="{escape(big.tone.lstrip("@"))}"><dt>{escape(big.label)}</dt>'
        f'<dd><span class="lk-x-value">{escape(big.text)}</span>{unit}</dd>{note}</div>'
    )


def _texts(explorable: Explorable) -> list[Text]:
    return [control for control in explorable.controls if isinstance(control, Text)]


def _form(explorable: Explorable, start: Values, id: str, compact: bool) -> str:
    """The figure with its playhead, the numbers beside it, the controls below.

    Texts take up much room, so what is said of them stands with the figure, above.
    """
    shown = [control for control in explorable.controls if not (compact and control.more)]
    knobs = [control for control in shown if not isinstance(control, Text)]
    main = [control for control in knobs if not control.more]
    more = [control for control in knobs if control.more]
    playhead = _playhead(explorable.playhead, start, id) if explorable.playhead else ""
    folded = (
        f"<details><summary>More controls</summary>{_grid(more, start, id)}</details>"
        if more
        else ""
    )
    fields = "".join(
        field(control, start, f"{id}-{control.name}")
        for control in shown
        if isinstance(control, Text)
    )
    reading = _reading(explorable, start, id) if _texts(explorable) else ""
    numbers = "".join(map(_number, explorable.numbers(**start)))
    return (
        '<form autocomplete="off"><div class="lk-x-stage">'
        f'<div class="lk-x-figure">{still(explorable, start, id)}</div>{playhead}'
        f'<dl class="lk-x-numbers">{numbers}</dl>{reading}</div>'
        f'<div class="lk-x-controls">{_grid(main, start, id)}{folded}{fields}</div></form>'
    )


def _grid(controls: Iterable[Control], start: Values, id: str) -> str:
    drawn = [_control(each, start[each.name], f"{id}-{each.name}") for each in controls]
    return f'<div class="lk-x-grid">{"".join(drawn)}</div>'


def _control(control: Control, value: Any, id: str) -> str:
    help = (
        f'<p class="lk-x-small" id="{id}-help">{escape(control.help)}</p>' if control.help else ""
    )
    told = f' aria-describedby="{id}-help"' if control.help else ""
    about = f'id="{id}" name="{control.name}"{told}'
    label = f'<label for="{id}">{escape(control.label)}</label>'
    if isinstance(control, Toggle):
        on = " checked" if value else ""
        return f'<div class="lk-x-toggle"><input type="checkbox" {about}{on}>{label}{help}</div>'
    if isinstance(control, Choice):
        options = "".join(
            f'<option value="{escape(json.dumps(option))}"{" selected" * (option == value)}>'
            f"{escape(text)}</option>"
            for option, text in control.options
        )
        return f"<div>{label}<select {about}>{options}</select>{help}</div>"
    return (
        f"<div>{label}{_output(id, control.text(value))}{_range(control, value, about)}{help}</div>"
    )


def _range(slider: Slider, value: float, about: str) -> str:
    values = slider.stops()
    nearest = min(range(len(values)), key=lambda index: abs(values[index] - value))
    spoken = f'aria-valuetext="{escape(slider.text(value))}"'
    return (
        f'<input type="range" {about} min="0" max="{len(values) - 1}" value="{nearest}" {spoken}>'
    )


def _output(id: str, text: str) -> str:
    # The range says its value itself; an output that is live would say it twice.
    return f'<output for="{id}" aria-live="off">{escape(text)}</output>'


def _playhead(playhead: Playhead, start: Values, id: str) -> str:
    value, end, says = start[playhead.name], playhead.end(start), playhead.says(start)
    pace = f'data-pace="{playhead.steps_per_s:g}"'
    if playhead.replay:
        pace += f' data-rest="{playhead.start:g}"'
    id = f"{id}-{playhead.name}"
    buttons = "".join(
        f'<button type="button" data-play="{act}" aria-label="{name}">{_icon(path)}</button>'
        for act, name, path in (
            ("back", "Step back", "M13 4v12L6 10zM4 4h2v12H4z"),
            ("play", "Play", "M6 3.5v13l10-6.5z"),
            ("forward", "Step forward", "M7 4v12l7-6zM14 4h2v12h-2z"),
        )
    )
    speeds = "".join(
        f'<option value="{speed}"{" selected" * (speed == 1)}>{speed:g}×</option>'
        for speed in SPEEDS
    )
    return (
        f'<div class="lk-x-play" role="group" aria-label="{escape(playhead.label)}">{buttons}'
        f'<input type="range" id="{id}" name="{playhead.name}" min="0" max="{end}" '
        f'step="{playhead.step_s}" value="{min(value, end)}" {pace} '
        f'aria-label="{escape(playhead.label)}" aria-valuetext="{escape(says)}">{_output(id, says)}'
        f'<select aria-label="Speed" data-play="speed">{speeds}</select></div>'
    )


def _icon(path: str) -> str:
    return (
        '<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">'
        f'<path d="{path}" fill="currentColor"/></svg>'
    )


def _tasks(tasks: Iterable[Task]) -> str:
    lines = "".join(
        f'<li data-task="{escape(task.id)}"><span class="lk-x-tick" aria-hidden="true">○</span>'
        f'{escape(task.text)} <span class="lk-x-done"></span></li>'
        for task in tasks
    )
    return (
        f'<div class="lk-x-tasks"><p>Try this</p><ol role="list">{lines}</ol></div>'
        if lines
        else ""
    )


def _small_print(explorable: Explorable, home: str) -> str:
    """What the model leaves out and its sources: folded, but open on the explorable's own page."""
    left_out = "".join(f"<li>{escape(line)}</li>" for line in explorable.not_modelled)
    sources = "".join(
        f'<li><a href="{escape(source.url)}">{escape(source.label)}</a></li>'
        for source in explorable.sources
    )
    drawn = "".join(
        f"<details{'' if home else ' open'}><summary>{title}</summary><ul>{items}</ul></details>"
        for title, items in (("What the model leaves out", left_out), ("Sources", sources))
        if items
    )
    code = f'<a href="{escape(home)}#{CODE_ANCHOR}">Read the code</a>'
    return f'<div class="lk-x-foot">{drawn}{code}</div>'


def _script_text(spec: dict[str, Any]) -> str:
    """JSON without the sign that begins a tag: nothing in it ends the script it stands in."""
    return json.dumps(spec, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def picture(explorable: Explorable, home: str, small: bool = False) -> str:
    """A list item with the explorable's picture and title, linked to its page, and its question.

    A small one leaves the question out.
    """
    figure, id = explorable.figure(**explorable.values()), f"picture-{explorable.slug}"
    svg = draw(figure, WIDE_PX, id, explorable.title, "")
    question = "" if small else f" {escape(explorable.question)}"
    return (
        f'<li><a href="{escape(home)}"><span aria-hidden="true">{svg}</span>'
        f"<strong>{escape(explorable.title)}</strong></a>{question}</li>"
    )
