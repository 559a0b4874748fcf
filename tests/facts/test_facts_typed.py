"""A number that AWS sets is found wherever somebody types it, and nothing else is."""

from __future__ import annotations

import pytest

from labkit.facts import all_ids, get
from labkit.facts.spell import spell
from labkit.facts.typed import prose, services_of, typed_by_hand

UNITS_OF_MEASURE = ("s", "bytes", "GB", "USD")


@pytest.mark.parametrize(
    ("sentence", "id"),
    [
        ("A long poll waits at most 20 seconds.", "sqs.wait_time_max_s"),
        ("A 20-second long poll.", "sqs.wait_time_max_s"),
        ("It waits for twenty seconds.", "sqs.wait_time_max_s"),
        ("Poll for 20s.", "sqs.wait_time_max_s"),
        ("It may stay hidden for 12 hours.", "sqs.visibility_timeout_max_s"),
        ("A 12-hour ceiling.", "sqs.visibility_timeout_max_s"),
        ("43200 is the ceiling.", "sqs.visibility_timeout_max_s"),
        ("Kept for four days unless set.", "sqs.retention_default_s"),
        ("Kept for two weeks at most.", "sqs.retention_max_s"),
        ("Kept for 1,209,600 seconds.", "sqs.retention_max_s"),
        ("From one minute on.", "sqs.retention_min_s"),
        ("A delay of 0 to 900 seconds.", "sqs.delay_default_s"),
        ("A delay of 0 to 900 seconds.", "sqs.delay_max_s"),
        ("A message has 1 MiB.", "sqs.message_max_bytes"),
        ("A message has 1 MB.", "sqs.message_max_bytes"),
        ("A message has 1,048,576 bytes.", "sqs.message_max_bytes"),
        ("Each 64 KB chunk is a request.", "sqs.billing_chunk_bytes"),
        ("Up to 2 GB through S3.", "sqs.extended_payload_max_gb"),
        ("It takes 300 transactions per second.", "sqs.fifo_tps_per_action"),
        ("It takes 300 API calls a second.", "sqs.fifo_tps_per_action"),
        ("It takes three hundred calls a second.", "sqs.fifo_tps_per_action"),
        ("It takes 3,000 messages a second.", "sqs.fifo_tps_batched"),
        ("About 120,000 can be in flight.", "sqs.inflight_fifo_max"),
        ("About 120 thousand can be in flight.", "sqs.inflight_fifo_max"),
        ("A batch of up to ten entries.", "sqs.batch_max_entries"),
        ("Up to 10 of your attributes.", "sqs.attributes_max"),
        ("A name has 80 characters.", "sqs.queue_name_max_chars"),
        ("It costs $0.40 per million.", "sqs.price_standard_per_million_usd"),
        ("It costs 40 cents per million.", "sqs.price_standard_per_million_usd"),
        ("The first million: 1 million requests are free.", "sqs.free_requests_per_month"),
        ("It waits, in the longest case, for\n20\nseconds.", "sqs.wait_time_max_s"),
        (":::{trap} A title\nIt waits 20 seconds.\n:::", "sqs.wait_time_max_s"),
        ("| wait | 20 seconds |", "sqs.wait_time_max_s"),
    ],
)
def test_a_fact_typed_by_hand_is_found(sentence: str, id: str) -> None:
    assert id in [id for typed in typed_by_hand(sentence, ["sqs"]) for id in typed.ids]


@pytest.mark.parametrize(
    "id", [id for id in all_ids() if get(id).unit in UNITS_OF_MEASURE and get(id).value != 1]
)
def test_every_measure_is_found_as_the_book_would_spell_it(id: str) -> None:
    service = id.split(".", 1)[0]
    spelled = {spell(get(id)), spell(get(id), get(id).unit)}

    found = [typed_by_hand(f"It is {words}, says AWS.", [service]) for words in sorted(spelled)]

    assert all(id in typed[0].ids for typed in found)


@pytest.mark.parametrize(
    "sentence",
    [
        "A worker that needs 45 seconds.",
        "Messages had 256 KB once.",
        "Posters of 40 MB.",
        "It is tried 20 times.",
        "Since July 2025.",
        "Order 1042 is printed.",
        "HTTP status 300.",
        "It took 300 ms.",
        "20,000 messages were in flight then.",
        "Ten seats, 10 tickets.",
        "One message keeps failing, and so does one request.",
        "botocore 1.44.20 seconds the motion.",
        "A queue for 30 shops. Seconds later it is full.",
        "It costs $40.",
        "Batches of a hundred.",
    ],
)
def test_a_number_of_the_story_is_left_alone(sentence: str) -> None:
    assert typed_by_hand(sentence, ["sqs"]) == []


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: wait 20 seconds\n---\n",
        "```python\nsleep  # 20 seconds\n```",
        "```{code-block} python\n20 seconds\n```",
        "~~~\n20 seconds\n~~~",
        "```{diagram} sqs\n:alt: hidden for 20 seconds\n```",
        "Set `WaitTimeSeconds=20 seconds`.",
        "Wait {fact}`sqs.wait_time_max_s` seconds.",
        'They said {typed}`20 seconds`, "for ever".',
        "[a page](https://example.com/20 seconds)",
        "<https://example.com/20-seconds>",
        "<!-- 20\nseconds -->",
        "% 20 seconds",
    ],
    ids=lambda text: text.strip("`~-<[% ")[:14].strip(),
)
def test_what_is_not_prose_is_left_alone(text: str) -> None:
    assert typed_by_hand(text, ["sqs"]) == []


def test_prose_inside_a_directive_is_read() -> None:
    assert typed_by_hand("```{note}\nIt waits 20 seconds.\n```", ["sqs"])


def test_prose_keeps_every_line_where_it_was() -> None:
    text = "---\na: b\n---\nOne.\n```\ncode\n```\n<!--\nhidden\n-->\nTwo `x`.\n"

    assert prose(text).count("\n") == text.count("\n")


def test_a_finding_says_the_line_the_words_and_what_it_could_be() -> None:
    (found,) = typed_by_hand("# Polling\n\nUp to 10 messages at once.\n", ["sqs"])

    assert str(found) == (
        'line 3: "10 messages" is sqs.batch_max_entries or sqs.receive_max_messages'
    )


def test_only_facts_of_the_services_asked_for_count() -> None:
    assert typed_by_hand("It waits 20 seconds.", ["s3"]) == []


@pytest.mark.parametrize(
    ("slug", "text", "services"),
    [
        ("sqs", "", ["sqs"]),
        ("sqs_polling", "", ["sqs"]),
        ("index", "", []),
        ("index", "from {fact}`sqs.delay_max_s`", ["sqs"]),
        ("index", "{fact}`sqs.delay_max_s s` or {fact}`s3.price`", ["s3", "sqs"]),
        ("index", "from {fact}`nowhere.delay_max_s`", []),
    ],
)
def test_a_page_answers_for_its_own_service_and_those_it_quotes(
    slug: str, text: str, services: list[str]
) -> None:
    assert services_of(slug, text) == services
