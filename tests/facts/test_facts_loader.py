"""A fact is looked up by its id; a wrong id is told the right one."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

from labkit.errors import UnknownFact
from labkit.facts import SERVICES, all_ids, fact, get


@pytest.mark.parametrize(
    ("id", "value"),
    [
        ("sqs.visibility_timeout_default_s", 30),
        ("sqs.visibility_timeout_max_s", 43_200),
        ("sqs.wait_time_max_s", 20),
        ("sqs.wait_time_default_s", 0),
        ("sqs.delay_max_s", 900),
        ("sqs.delay_default_s", 0),
        ("sqs.retention_default_s", 345_600),
        ("sqs.retention_min_s", 60),
        ("sqs.retention_max_s", 1_209_600),
        ("sqs.message_max_bytes", 1_048_576),
        ("sqs.message_min_bytes", 1),
        ("sqs.batch_max_entries", 10),
        ("sqs.receive_max_messages", 10),
        ("sqs.attributes_max", 10),
        ("sqs.inflight_standard_max", 120_000),
        ("sqs.inflight_fifo_max", 120_000),
        ("sqs.fifo_tps_per_action", 300),
        ("sqs.fifo_tps_batched", 3_000),
        ("sqs.fifo_dedup_interval_s", 300),
        ("sqs.extended_payload_max_gb", 2),
        ("sqs.name_rest_s", 60),
        ("sqs.purge_interval_s", 60),
        ("sqs.queue_name_max_chars", 80),
        ("sqs.max_receive_count_min", 1),
        ("sqs.max_receive_count_max", 1_000),
        ("sqs.billing_chunk_bytes", 65_536),
        ("sqs.price_standard_per_million_usd", 0.40),
        ("sqs.price_fifo_per_million_usd", 0.50),
        ("sqs.free_requests_per_month", 1_000_000),
    ],
)
def test_the_facts_that_the_book_builds_on_have_the_values_that_were_read(
    id: str, value: float
) -> None:
    assert fact(id) == value


@pytest.mark.parametrize(
    ("id", "nearest"),
    [
        ("sqs.wait_max_s", "sqs.wait_time_max_s"),
        ("sq.wait_time_max_s", "sqs.wait_time_max_s"),
        ("wait_time_max_s", "sqs.wait_time_max_s"),
        ("s3.price_putt_per_thousand_usd", "s3.price_put_per_thousand_usd"),
    ],
)
def test_an_unknown_id_is_told_the_nearest(id: str, nearest: str) -> None:
    with pytest.raises(UnknownFact, match=f"no fact '{id}'.*Did you mean '{nearest}'"):
        fact(id)


@pytest.mark.parametrize("id", ["", "zzz", "sqs.", "sqs", "tables", "build.anything"])
def test_an_id_like_no_other_is_told_where_to_look(id: str) -> None:
    with pytest.raises(UnknownFact, match=r"An id is <service>\.<name_with_unit>"):
        fact(id)


def test_ids_come_in_order_for_one_service_and_for_all() -> None:
    assert all_ids() == sorted(all_ids())
    assert all_ids() == [id for service in SERVICES for id in all_ids(service)]
    assert all(id.startswith("sqs.") for id in all_ids("sqs"))


def test_a_service_without_facts_is_refused() -> None:
    with pytest.raises(UnknownFact, match=r"no facts of 'sqz'.*Did you mean 'sqs'"):
        all_ids("sqz")


def test_a_fact_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        get("sqs.delay_max_s").value = 1  # type: ignore[misc]


def test_only_the_table_asked_for_is_loaded_and_no_yaml() -> None:
    code = (
        "import sys; from labkit.facts import fact; fact('sqs.delay_max_s');"
        "print([m for m in sys.modules if m.startswith('labkit.facts.tables.') or m == 'yaml'])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "['labkit.facts.tables.sqs']"
