"""The cases under `cases/*.json`, read into what `evaluate` takes.

A file is one topic: `source` (where AWS says so), `request` and `given` (what its cases have in
common), `policies` (a library by name), and

- `cases`: a `name`, the policies by kind, the expected `effect`, and `decided_by` where the
  documentation settles it; `request` and `source` where they are other than the file's;
- `conditions`: a condition (`if`) and values of one `key` under which it `holds` or `fails`, each
  value under the words that say what it is; null stands for a request without the key.

Short forms: `@ana` is an ARN of `scenery.json`; `iam:page.html#section` is a page of a guide in
GUIDES. A policy is the name of one in the library, a statement, or a list of statements; a
statement is `{"Allow": actions, "on": resources, "to": principals, "if": conditions}`, where
`{"not": …}` makes NotAction, NotResource and NotPrincipal, and where one that says neither `on`
nor `to` is about everything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent
SCENERY: dict[str, str] = json.loads((HOME / "scenery.json").read_text(encoding="utf-8"))
GUIDES = {
    "iam:": "https://docs.aws.amazon.com/IAM/latest/UserGuide/",
    "kms:": "https://docs.aws.amazon.com/kms/latest/developerguide/",
    "orgs:": "https://docs.aws.amazon.com/organizations/latest/userguide/",
    "s3:": "https://docs.aws.amazon.com/AmazonS3/latest/",
    "vpc:": "https://docs.aws.amazon.com/vpc/latest/",
}
REQUEST = {"principal": "@ana", "action": "s3:GetObject", "resource": "@poster"}
WEB_IDENTITY = ("cognito-identity.amazonaws.com", "accounts.google.com")
ONE, MANY, LEVELS = ("resource", "boundary", "session", "endpoint"), ("identity",), ("scps", "rcps")


@dataclass(frozen=True)
class Case:
    """One request, the policies that apply to it, and what AWS's documentation says of it."""

    topic: str
    name: str
    source: str
    request: dict[str, Any]
    policies: dict[str, Any]
    effect: str
    decides: bool  # whether the documentation settles which kind of policy decided
    decided_by: str | None
    condition: bool = False  # whether the case is one of the file's `conditions`

    @property
    def id(self) -> str:
        return f"{self.topic}: {self.name}"


def all_cases() -> list[Case]:
    """Every case of every file, in the order of the files' names."""
    found: list[Case] = []
    for path in sorted((HOME / "cases").glob("*.json")):
        topic = json.loads(path.read_text(encoding="utf-8"))
        for entry in [*topic.get("cases", []), *_of_conditions(topic)]:
            found.append(_case(path.stem, topic, entry))
    return found


def _of_conditions(topic: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in topic.get("conditions", []):
        for outcome in ("holds", "fails"):
            for words, value in entry[outcome].items():
                context = dict(entry.get("with", {}))
                if value is not None:
                    context[entry["key"]] = value
                case = {
                    "name": f"{entry['name']}: {words}",
                    "source": entry.get("source", topic["source"]),
                    "request": {"context": context},
                    "condition": True,
                }
                yield case | _conditional(topic, entry["if"], outcome == "holds")


def _conditional(topic: dict[str, Any], condition: Any, holds: bool) -> dict[str, Any]:
    """A policy that allows everything under the condition, where the caller's kind has one."""
    caller = topic.get("request", {}).get("principal", REQUEST["principal"])
    policy = {"Allow": "*", "if": condition}
    given = {"resource": policy | {"to": caller}} if "@" not in caller else {"identity": [policy]}
    return given | {"effect": "Allow" if holds else "ImplicitDeny"}


def _case(stem: str, topic: dict[str, Any], entry: dict[str, Any]) -> Case:
    given = topic.get("given", {}) | entry
    library = topic.get("policies", {})
    request = REQUEST | topic.get("request", {}) | entry.get("request", {})
    policies: dict[str, Any] = {}
    for kind in ONE:
        if kind in given:
            policies[kind] = _policy(given[kind], library)
    for kind in MANY:
        if kind in given:
            policies[kind] = [_policy(each, library) for each in given[kind]]
    for kind in LEVELS:
        if kind in given:
            policies[kind] = [[_policy(each, library) for each in level] for level in given[kind]]
    return Case(
        topic=stem,
        name=entry["name"],
        source=_source(entry.get("source", topic["source"])),
        request=_named(request),
        policies=policies,
        effect=entry["effect"],
        decides="decided_by" in entry,
        decided_by=entry.get("decided_by"),
        condition=entry.get("condition", False),
    )


def _source(text: str) -> str:
    for short, guide in GUIDES.items():
        if text.startswith(short):
            return guide + text.removeprefix(short)
    return text


def _named(value: Any) -> Any:
    """`value` with the names of the scenery, at the beginning of a text, written out."""
    if isinstance(value, str):
        return re.sub(r"^@[a-z-]+", lambda found: SCENERY[found[0]], value)
    if isinstance(value, list):
        return [_named(each) for each in value]
    if isinstance(value, dict):
        return {key: _named(each) for key, each in value.items()}
    return value


def _policy(written: Any, library: dict[str, Any]) -> Any:
    if isinstance(written, str):
        written = library[written]
    if isinstance(written, dict) and "Statement" in written:
        return _named(written)
    short = written if isinstance(written, list) else [written]
    statements = [_statement(_named(each)) for each in short]
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(short: dict[str, Any]) -> dict[str, Any]:
    statement = {"Sid": short["Sid"]} if "Sid" in short else {}
    statement["Effect"] = "Allow" if "Allow" in short else "Deny"
    statement |= _element("Action", short[statement["Effect"]])
    if "on" in short or "to" not in short:
        statement |= _element("Resource", short.get("on", "*"))
    if "to" in short:
        named = short["to"]
        inverted = isinstance(named, dict)
        who = _principal(named["not"] if inverted else named)
        statement["NotPrincipal" if inverted else "Principal"] = who
    if "if" in short:
        statement["Condition"] = short["if"]
    return statement


def _element(name: str, value: Any) -> dict[str, Any]:
    return {"Not" + name: value["not"]} if isinstance(value, dict) else {name: value}


def _principal(named: str | list[str]) -> Any:
    """Everyone as `*`, and others under the type that AWS has for them."""
    if named == "*":
        return named
    by_type: dict[str, list[str]] = {}
    for one in [named] if isinstance(named, str) else named:
        kind = "AWS"
        if one in WEB_IDENTITY or "-provider/" in one:
            kind = "Federated"
        elif one.endswith(".amazonaws.com"):
            kind = "Service"
        by_type.setdefault(kind, []).append(one)
    return {kind: many[0] if len(many) == 1 else many for kind, many in by_type.items()}
