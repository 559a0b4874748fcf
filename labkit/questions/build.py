"""The YAML files of questions are the source; this checks them and writes the banks as JSON.

    - id: sqs-visibility-too-short     # stable for ever
      claims: [sqs-visibility]         # of chapters/syllabus/sqs.yml
      domain: troubleshooting
      kind: choice                     # choice | multiple | predict | number
      stem: |
        A worker needs 45 s for a message. Its queue keeps the default of
        {fact:sqs.visibility_timeout_default_s}.

        What happens to the message while the worker is busy with it?
      options:
        - id: again                    # what it says, in a word: a proof prints it
          text: Another worker may receive it.
          correct: true
          why: The queue hides it for {fact:sqs.visibility_timeout_default_s} only.
      proof: |                         # runs in a fresh sandbox, with `lab` open
        import boto3
        ...
        print("again" if seen else "hidden")

`{fact:<id>}` is replaced by the fact as people write it. A stem's paragraphs are separated by an
empty line, and the last one is the question. Texts are in the Markdown of labkit.questions.prose.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from labkit.errors import BrokenLab, UnknownFact
from labkit.facts import get
from labkit.facts.spell import spell
from labkit.questions import BANKS
from labkit.questions.rules import Fault, faults

SOURCES = Path(__file__).parents[2] / "chapters" / "quiz"

_FACT = re.compile(r"\{fact:\s*([a-z0-9_.]+)\s*\}")


def build(sources: Path = SOURCES, banks: Path = BANKS) -> list[Path]:
    """Every bank is written anew from its YAML file; the paths that changed are returned."""
    changed = []
    for source in sorted(sources.glob("*.yml")):
        path, text = banks / f"{source.stem}.json", bank_text(source)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def stale(sources: Path = SOURCES, banks: Path = BANKS) -> list[str]:
    """The chapters whose committed bank is not what their YAML file makes."""
    made = {source.stem: bank_text(source) for source in sorted(sources.glob("*.yml"))}
    kept = {path.stem: path.read_text(encoding="utf-8") for path in sorted(banks.glob("*.json"))}
    return sorted(slug for slug in made.keys() | kept.keys() if made.get(slug) != kept.get(slug))


def bank_text(source: Path) -> str:
    """The JSON of one YAML file; BrokenLab, listing every fault, if there is any."""
    entries, found = read(source)
    if found:
        raise BrokenLab(
            f"{source.name} cannot be built:",
            "".join(f"\n  {fault}" for fault in found),
        )
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def read(source: Path) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The entries of a YAML file with their facts spelled out, and everything wrong with them."""
    import yaml  # maintainers only: nothing at run time reads YAML

    try:
        raw = yaml.safe_load(source.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        broken = Fault(source.name, "", "", "It is not YAML:", " ".join(str(error).split()))
        return [], [broken]
    found = faults(source.name, raw, source.stem)
    if found:
        return [], found
    entries = []
    for entry in raw:
        try:
            entries.append(_spelled(entry))
        except UnknownFact as error:
            found.append(Fault(source.name, entry["id"], "", error.found, error.next_step))
    return entries, found


def _spelled(value: Any) -> Any:
    """`value` with each {fact:…} in its texts replaced; a proof has none, it calls `fact`."""
    if isinstance(value, str):
        return _FACT.sub(lambda match: spell(get(match.group(1))), value).strip()
    if isinstance(value, list):
        return [_spelled(item) for item in value]
    if isinstance(value, dict):
        return {key: _spelled(item) for key, item in value.items()}
    return value
