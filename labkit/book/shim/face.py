"""The page's side of an explorable, under MicroPython: values in, all that the page shows out."""

import json

from labkit.explorables import load
from labkit.explorables.theme import themed


def compute(slug, given):
    """What the explorable shows for the values in the JSON text `given`, as JSON text."""
    explorable = load(slug)
    values = explorable.values(**json.loads(given))
    shown = {
        "values": values,
        "figure": themed(explorable.figure(**values)),
        "reading": explorable.reading(**values),
        "numbers": [_number(big) for big in explorable.numbers(**values)],
        "done": [task.id for task in explorable.tasks if task.done(**values)],
        "texts": {each.name: each.text(values[each.name]) for each in explorable.controls},
    }
    playhead = explorable.playhead
    if playhead:
        shown["end"] = playhead.end(values)
        shown["texts"][playhead.name] = playhead.says(values)
    if explorable.path:
        shown["path"] = [_entry(entry) for entry in explorable.path(**values)]
    shown["marks"] = {
        each.name: [_mark(mark) for mark in each.marks(**values)]
        for each in explorable.controls
        if each.kind == "text"
    }
    return json.dumps(shown)


def _number(big):
    return {
        "label": big.label,
        "value": big.value,
        "text": big.text,
        "unit": big.unit,
        "note": big.note,
        "tone": big.tone,
    }


def _entry(entry):
    return {
        "name": entry.name,
        "says": entry.says,
        "sign": entry.sign,
        "tone": entry.tone,
        "entries": [_entry(each) for each in entry.entries],
    }


def _mark(mark):
    return {
        "line": mark.line,
        "sign": mark.sign,
        "tone": mark.tone,
        "says": mark.says,
        "column": mark.column,
        "is_flaw": mark.is_flaw,
    }
