"""What is committed: the tables are in step with their sources, and each fact says how it is known.

A fact with evidence `botocore` is held against the pinned service model: its quote must stand at
the place that it names, and say the value.
"""

from __future__ import annotations

import html
import re
from functools import cache

import botocore.loaders
import pytest
import yaml

from labkit.facts import Fact, all_ids, build, get
from labkit.facts.spell import number, spell

SOURCES = sorted(build.HOME.glob("*.yml"))
QUOTES = {
    f"{path.stem}.{name}": entry["quote"]
    for path in SOURCES
    for name, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    if entry["evidence"] == "botocore"
}


def test_the_committed_tables_are_what_their_sources_say() -> None:
    for path, text in build.tables().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `labkit facts --build`"
    assert {path.name for path in (build.HOME / "tables").glob("*.py")} == {
        path.name for path in build.tables()
    }


@pytest.mark.parametrize("id", all_ids())
def test_a_fact_says_how_it_is_known(id: str) -> None:
    fact = get(id)

    assert fact.label
    assert fact.source
    assert fact.url.startswith("https://")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", fact.read_on)
    assert fact.evidence in build.EVIDENCE
    assert fact.confidence in build.CONFIDENCE
    assert fact.note or fact.confidence != "low"
    assert fact.as_of or "price" not in id


@pytest.mark.parametrize("id", all_ids())
def test_the_name_of_a_fact_ends_in_its_unit(id: str) -> None:
    ending = {"s": "_s", "bytes": "_bytes", "GB": "_gb", "USD": "_usd", "characters": "_chars"}

    assert id.endswith(ending.get(get(id).unit, ""))


@pytest.mark.parametrize("id", sorted(QUOTES))
def test_the_service_model_says_so_in_these_words(id: str) -> None:
    fact, quote = get(id), QUOTES[id]

    assert quote in documentation(fact.source)
    assert any(words in quote for words in spellings(fact)), f"{quote!r} does not give {fact.value}"


def spellings(fact: Fact) -> list[str]:
    """How AWS writes the value: as a number, in its largest unit, or as a word; MiB as MB.

    A day is often 24 hours.
    """
    human = spell(fact)
    words = {"1": "one", "2": "two", "5": "five"}
    count = human.split()[0]
    return [
        number(float(fact.value)),
        str(fact.value),
        human.removesuffix("s"),
        human.replace(" ", "-").removesuffix("s"),
        words.get(count, count) + " ",
        human.replace("KiB", "KB").replace("MiB", "MB"),
        *([f"{fact.value / 3600:g} hours"] if fact.unit == "s" else ()),
    ]


def documentation(source: str) -> str:
    """The plain text at a source such as "botocore 1.44.8 sqs SendMessageRequest.MessageBody"."""
    _, _, service, place = source.split(" ", 3)
    model = service_model(service)
    if place.startswith("operation "):
        node = model["operations"][place.removeprefix("operation ")]
    else:
        shape, _, member = place.partition(".")
        node = model["shapes"][shape]
        node = node["members"][member] if member else node
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", node["documentation"])).split())


@cache
def service_model(service: str) -> dict[str, dict[str, dict]]:  # type: ignore[type-arg]
    return botocore.loaders.Loader().load_service_model(service, "service-2")
