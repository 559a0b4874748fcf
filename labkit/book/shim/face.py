"""The page's side of an explorable, under MicroPython: values in, all that the page shows out."""

import json

from labkit.explorables import load


def compute(slug, given):
    """What the explorable shows for the values in the JSON text `given`, as JSON text."""
    explorable = load(slug)
    values = explorable.values(**json.loads(given))
    answer = {
        "figure": explorable.figure(**values),
        "reading": explorable.reading(**values),
        "numbers": [
            {
                "label": big.label,
                "value": big.value,
                "text": big.text,
                "unit": big.unit,
                "note": big.note,
                "tone": big.tone,
            }
            for big in explorable.numbers(**values)
        ],
        "done": [task.id for task in explorable.tasks if task.done(**values)],
        "values": values,
        "texts": {
            control.name: control.text(values[control.name]) for control in explorable.controls
        },
    }
    playhead = explorable.playhead
    if playhead:
        answer["end"] = playhead.end(values)
        answer["texts"][playhead.name] = playhead.text(values[playhead.name])
    return json.dumps(answer)
