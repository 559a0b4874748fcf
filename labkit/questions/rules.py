"""What a bank must be beyond its schema, each fault with what to do about it.

The schema says which fields there are. These rules say what makes a question usable: one key,
a proof that decides, a question that can be read out as a legend, nothing that gives the key away.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import ValidationError

Entry = dict[str, Any]

SCHEMA = Path(__file__).with_name("schema.json")
LEGEND_MAX_WORDS = 30
PROOF_MAX_LINES = 16
PROOF_MAX_COLUMNS = 92
WHY_MIN_WORDS = 6
COUNTED = {2: "two", 3: "three", 4: "four", 5: "five"}


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a bank: where it is, what is wrong, what to do."""

    file: str
    question: str
    field: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.question, self.field) if part)
        return f"{place}: {self.problem} {self.remedy}"


def faults(file: str, entries: Any, slug: str) -> list[Fault]:
    """Everything wrong with the entries of a bank; the rules run once the schema is content."""
    found = list(_schema_faults(file, entries))
    if found:
        return found
    found.extend(_repeated_ids(file, entries))
    for entry in entries:
        for field, problem, remedy in _entry_faults(entry, slug):
            found.append(Fault(file, entry["id"], field, problem, remedy))
    return found


def _schema_faults(file: str, entries: Any) -> Iterator[Fault]:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for error in sorted(validator.iter_errors(entries), key=lambda error: list(error.path)):
        question, field = _place(entries, list(error.absolute_path))
        unwanted = error.validator == "not"
        problem = "This kind of question does not have it" if unwanted else error.message
        yield Fault(file, question, field, f"{problem}.", _remedy(error))


def _place(entries: Any, path: list[str | int]) -> tuple[str, str]:
    """The question's id (or its number) and the field that a path into the file leads to."""
    if not path:
        return "", ""
    position, *rest = path
    entry = entries[position]
    named = isinstance(entry, dict) and isinstance(entry.get("id"), str)
    field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in rest)
    return entry["id"] if named else f"question {int(position) + 1}", field.lstrip(".")


def _remedy(error: ValidationError) -> str:
    """What to do about a fault that the schema found."""
    described = str(error.schema.get("description", "")) if isinstance(error.schema, dict) else ""
    advice = {
        "required": "Add it.",
        "additionalProperties": "Take it out, or mend its spelling.",
        "enum": "Choose one of these.",
        "minItems": "Add what is missing.",
        "maxItems": "Take some out.",
        "pattern": "Use lower-case words joined by hyphens.",
        "type": "Quote it, or write the value that is asked for.",
        "uniqueItems": "Take the repetition out.",
        "not": "Take it out, or mend the kind.",
    }.get(str(error.validator), "See labkit/questions/schema.json.")
    return f"{advice} {described}".strip()


def _repeated_ids(file: str, entries: list[Entry]) -> Iterator[Fault]:
    seen = set()
    for entry in entries:
        if entry["id"] in seen:
            yield Fault(
                file, entry["id"], "id", "Another question has this id.", "Give one a new id."
            )
        seen.add(entry["id"])


Found = Iterator[tuple[str, str, str]]


def _entry_faults(entry: Entry, slug: str) -> Found:
    prefix = slug.replace("_", "-") + "-"
    if not entry["id"].startswith(prefix):
        yield "id", "An id begins with its chapter.", f"Begin it with {prefix!r}."
    for rule in RULES:
        yield from rule(entry)


def _key(entry: Entry) -> Found:
    """One right option, or for `multiple` as many as the stem says."""
    options = entry.get("options", [])
    right = sum(option["correct"] for option in options)
    if entry["kind"] in ("choice", "predict") and right != 1:
        yield (
            "options",
            f"{right} options are correct; {entry['kind']} has exactly one.",
            "Mark one, or make the kind multiple.",
        )
    if entry["kind"] == "multiple":
        if not 1 <= right < len(options):
            yield (
                "options",
                f"{right} of {len(options)} options are correct.",
                "Mark at least one, and leave at least one wrong.",
            )
        ending = f"(Choose {COUNTED.get(right, 'one')}.)"
        if not entry["stem"].rstrip().endswith(ending):
            yield "stem", "The reader is not told how many to choose.", f"End it with {ending!r}."


def _options_differ(entry: Entry) -> Found:
    for field in ("id", "text"):
        values = [" ".join(option[field].split()) for option in entry.get("options", [])]
        if len(values) != len(set(values)):
            yield f"options.{field}", "Two options have the same one.", "Make each its own."


def _slips_are_wrong(entry: Entry) -> Found:
    for number, slip in enumerate(entry.get("slips", [])):
        if abs(slip["value"] - entry["answer"]) <= entry["tolerance"]:
            yield (
                f"slips[{number}].value",
                f"{slip['value']} is accepted as right.",
                "Change the value or narrow the tolerance.",
            )


def _stem_asks(entry: Entry) -> Found:
    """The last paragraph is the question: short enough to be read out with every option."""
    question = entry["stem"].strip().split("\n\n")[-1]
    if "?" not in question:
        yield "stem", "Its last paragraph asks nothing.", "End the stem with the question."
    words = len(question.split())
    if words > LEGEND_MAX_WORDS:
        yield (
            "stem",
            f"Its last paragraph has {words} words; a screen reader repeats it.",
            f"Put the question in a paragraph of its own, at most {LEGEND_MAX_WORDS} words.",
        )
    shouted = re.search(r"\b(NOT|EXCEPT|NEVER|CANNOT)\b", entry["stem"])
    if shouted:
        yield (
            "stem",
            f"It asks for an exception ({shouted.group()}).",
            "Ask what is so, or what happens.",
        )


def _no_catch_all(entry: Entry) -> Found:
    for number, option in enumerate(entry.get("options", [])):
        if re.search(r"\b(all|none|both|any) of (the|these)\b", option["text"], re.IGNORECASE):
            yield (
                f"options[{number}].text",
                "An option speaks of the other options.",
                "Say what it claims, or make the kind multiple.",
            )


def _whys_teach(entry: Entry) -> Found:
    """The page itself says right or wrong; a why says the reason, without naming letters."""
    for place in ("options", "slips"):
        for number, item in enumerate(entry.get(place, [])):
            why, field = item["why"], f"{place}[{number}].why"
            if re.match(r"(yes|no|true|false|right|wrong|correct|incorrect)\b", why, re.IGNORECASE):
                yield field, "It begins with a verdict.", "Begin with the reason."
            if len(why.split()) < WHY_MIN_WORDS:
                yield field, "It is too short to teach.", "Say why AWS behaves so."
            if re.search(r"\b[Oo]ption [A-F1-6]\b", why):
                yield field, "It names an option by its place.", "Say what that option claims."


def _markup_closes(entry: Entry) -> Found:
    texts = {"stem": entry["stem"], "why": entry.get("why", "")}
    for place in ("options", "slips"):
        for number, item in enumerate(entry.get(place, [])):
            for name in ("text", "why"):
                texts[f"{place}[{number}].{name}"] = item.get(name, "")
    for field, text in texts.items():
        if text.count("`") % 2:
            yield field, "A ` is not closed.", "Close the code."


def _proof_decides(entry: Entry) -> Found:
    """A proof finds the answer: printing a constant proves nothing."""
    proof = entry.get("proof", "")
    if not proof:
        return
    try:
        tree = ast.parse(proof)
    except SyntaxError as error:
        yield "proof", f"It is not Python: {error.msg} in line {error.lineno}.", "Mend it."
        return
    lines = proof.strip().splitlines()
    if len(lines) > PROOF_MAX_LINES or max(map(len, lines)) > PROOF_MAX_COLUMNS:
        yield (
            "proof",
            f"Readers see it, and it has {len(lines)} lines, up to {max(map(len, lines))} wide.",
            f"Keep it to {PROOF_MAX_LINES} lines of {PROOF_MAX_COLUMNS}.",
        )
    prints = [node for node in ast.walk(tree) if _is_print(node)]
    if not prints:
        yield "proof", "It prints nothing.", "Print the id of the right option, or the number."
    for node in tree.body:
        if isinstance(node, ast.Expr) and _is_print(node.value) and _is_constant(node.value):
            yield "proof", "It prints a constant.", "Print what the behaviour decides."


def _is_print(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    )


def _is_constant(call: ast.AST) -> bool:
    return isinstance(call, ast.Call) and all(isinstance(arg, ast.Constant) for arg in call.args)


RULES: tuple[Callable[[Entry], Found], ...] = (
    _key,
    _options_differ,
    _slips_are_wrong,
    _stem_asks,
    _no_catch_all,
    _whys_teach,
    _markup_closes,
    _proof_decides,
)
