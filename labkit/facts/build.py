"""The YAML files of facts are the source; this turns them into tables of plain literals.

An entry of `labkit/facts/<service>.yml`, under the fact's name:

    wait_time_max_s:
      value: 20
      unit: s
      label: longest wait of a long poll
      source: botocore 1.44.8 sqs CreateQueueRequest.Attributes
      quote: An integer from 0 to 20 (seconds)
      url: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
      read_on: 2026-11-25
      evidence: botocore
      confidence: high

Evidence, strongest first: `botocore`, the service model of the pinned SDK (the `quote` must stand
there; a test looks); `announcement`, a dated word of AWS's; `page`, an AWS page, or a copy whose
date is known; `copy`, an undated copy. Whatever only such a copy says has confidence `low` and a
note. A price has `as_of` besides.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

from labkit.errors import BrokenLab
from labkit.facts import Fact, all_ids, get

HOME = Path(__file__).parent
EVIDENCE = ("botocore", "announcement", "page", "copy")
CONFIDENCE = ("high", "medium", "low")
FIELDS = tuple(Fact.__dataclass_fields__)
REQUIRED = ("value", "unit", "label", "source", "read_on", "evidence", "confidence")
OPTIONAL = ("url", "page_date", "as_of", "note", "quote")


def build(home: Path = HOME) -> list[Path]:
    """Every table is written anew from its YAML file; the paths that changed are returned."""
    changed = []
    for path, text in tables(home).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def tables(home: Path = HOME) -> dict[Path, str]:
    """The text that each generated module must have, by its path."""
    sources = sorted(home.glob("*.yml"))
    services = tuple(path.stem for path in sources)
    texts = {home / "tables" / "__init__.py": _index(services)}
    for path in sources:
        texts[home / "tables" / f"{path.stem}.py"] = _table(path.stem, read(path))
    return texts


def read(path: Path) -> list[Fact]:
    """The facts of one YAML file, checked, in the order of their ids.

    Raises: BrokenLab naming the file, the fact and the field that is wrong.
    """
    import yaml  # maintainers only: nothing at run time reads YAML

    text = path.read_text(encoding="utf-8")
    try:
        entries = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _wrong(path, "", "", f"the file is not YAML: {error}") from error
    if not isinstance(entries, dict):
        raise _wrong(path, "", "", "the file must be a mapping from names to facts")
    names = re.findall(r"^([\w-]+):", text, re.MULTILINE)  # YAML keeps the last of two in silence
    for name in entries:
        if names.count(name) > 1:
            raise _wrong(path, "", "", f"the name {name} stands twice")
    facts = [_fact(path, name, entry) for name, entry in entries.items()]
    return sorted(facts, key=lambda fact: fact.id)


def stale(days: int, today: dt.date) -> list[Fact]:
    """The facts that nobody has read again for more than `days` days, oldest first."""
    limit = (today - dt.timedelta(days=days)).isoformat()
    old = [fact for fact in map(get, all_ids()) if fact.read_on < limit]
    return sorted(old, key=lambda fact: (fact.read_on, fact.id))


def show(id: str) -> str:
    """A fact and how it is known, one field a line."""
    fact = get(id)
    shown = [(name, getattr(fact, name)) for name in FIELDS]
    return "\n".join(f"{name:<11} {value}" for name, value in shown if value != "")


def _fact(path: Path, name: str, entry: Any) -> Fact:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", str(name)):
        raise _wrong(path, name, "", "a name is lower case words joined by underscores")
    if not isinstance(entry, dict):
        raise _wrong(path, name, "", "a fact is a mapping of fields")
    for field in REQUIRED:
        if entry.get(field) in (None, ""):
            raise _wrong(path, name, field, "the field is required")
    for field in entry:
        if field not in REQUIRED + OPTIONAL:
            raise _wrong(path, name, field, f"known fields are {', '.join(REQUIRED + OPTIONAL)}")
    if not isinstance(entry["value"], int | float | str):
        raise _wrong(path, name, "value", "a value is a number, a text, or true or false")
    texts = {k: str(v).strip() for k, v in entry.items() if k not in ("value", "quote")}
    _check_how_it_is_known(path, name, entry, texts)
    if texts["source"].startswith("https://"):
        texts.setdefault("url", texts["source"])
    known = {field: texts.get(field, "") for field in FIELDS if field not in ("id", "value")}
    return Fact(id=f"{path.stem}.{name}", value=entry["value"], **known)


def _check_how_it_is_known(
    path: Path, name: str, entry: dict[str, Any], texts: dict[str, str]
) -> None:
    """What an entry says of its evidence must be complete and fit together."""
    if texts["evidence"] not in EVIDENCE:
        raise _wrong(path, name, "evidence", f"it is one of {', '.join(EVIDENCE)}")
    if texts["confidence"] not in CONFIDENCE:
        raise _wrong(path, name, "confidence", f"it is one of {', '.join(CONFIDENCE)}")
    for field in ("read_on", "page_date", "as_of"):
        if not re.fullmatch(r"(\d{4}-\d{2}(-\d{2})?)?", texts.get(field, "")):
            raise _wrong(path, name, field, "a date is YYYY-MM-DD, or YYYY-MM if no day is known")
    if len(texts["read_on"]) != len("2026-11-25"):
        raise _wrong(path, name, "read_on", "the day on which the source was read is needed")
    if texts["evidence"] == "botocore" and not entry.get("quote"):
        raise _wrong(path, name, "quote", "quote the words of the service model that say so")
    if texts["evidence"] == "copy" and texts["confidence"] != "low":
        raise _wrong(path, name, "confidence", "an undated copy alone makes it low")
    if texts["confidence"] == "low" and not texts.get("note"):
        raise _wrong(path, name, "note", "a fact of low confidence says why in a note")
    if texts["unit"] == "USD" and not texts.get("as_of"):
        raise _wrong(path, name, "as_of", "a price says when it is known to hold")


def _wrong(path: Path, name: object, field: str, rule: str) -> BrokenLab:
    place = " ".join(part for part in (path.name, str(name), field) if part)
    return BrokenLab(f"{place}:", f"{rule}.", "See the docstring of labkit.facts.build.")


def _index(services: tuple[str, ...]) -> str:
    names = "".join(f"    {json.dumps(service)},\n" for service in services)
    return f'"""Generated by `labkit facts --build`; do not edit."""\n\nSERVICES = (\n{names})\n'


def _table(service: str, facts: list[Fact]) -> str:
    rows = "".join(f"    ({', '.join(_literal(fact, f) for f in FIELDS)}),\n" for fact in facts)
    return (
        f'"""Generated by `labkit facts --build` from {service}.yml; do not edit."""\n\n'
        f"# {', '.join(FIELDS)}\nFACTS = (\n{rows})\n"
    )


def _literal(fact: Fact, field: str) -> str:
    value = getattr(fact, field)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
