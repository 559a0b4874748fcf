"""The model's table and the sandbox's serve and refuse the same traffic.

Units and buckets are the same code in both; what is compared is all that lies around it. The
model lets traffic flow. The sandbox gets the same as single requests through boto3, spread evenly
over the virtual time, and may differ by what does not fit between two requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.config import Config

from labkit.fidelity import open_sandbox
from labkit.models.dynamodb_capacity.bucket import Bucket
from labkit.models.dynamodb_capacity.table import READ, WRITE, Stream, run
from labkit.models.dynamodb_capacity.units import (
    EVENTUAL,
    STRONG,
    TRANSACTION_FACTOR,
    TRANSACTIONAL,
    read_units,
    write_units,
)
from labkit.sandbox import Sandbox

KEYS_BYTES = len("seat") + len("A1") + len("note")
TOTAL = {"ReturnConsumedCapacity": "TOTAL"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    opened = open_sandbox("agreement")
    yield opened
    opened.close()


class Seats:
    """A table of seats with so much capacity, created at this moment."""

    def __init__(self, sandbox: Sandbox, read: int, write: int) -> None:
        self.clock = sandbox.clock
        once = Config(retries={"max_attempts": 0})
        self.client = sandbox.session.client("dynamodb", config=once)
        self.client.create_table(
            TableName="seats",
            KeySchema=[{"AttributeName": "seat", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "seat", "AttributeType": "S"}],
            ProvisionedThroughput={"ReadCapacityUnits": read, "WriteCapacityUnits": write},
        )
        self.client.get_waiter("table_exists").wait(TableName="seats")

    def item(self, size_bytes: int, seat: str = "A1") -> dict[str, Any]:
        return {"seat": {"S": seat}, "note": {"S": "x" * (size_bytes - KEYS_BYTES)}}

    def put(self, size_bytes: int, seat: str = "A1") -> float:
        """Write an item; the units that it took, or 0 if it was refused."""
        return self._units("put_item", Item=self.item(size_bytes, seat))

    def get(self, seat: str = "A1", *, strong: bool = False) -> float:
        return self._units("get_item", Key={"seat": {"S": seat}}, ConsistentRead=strong)

    def _units(self, operation: str, **asked: Any) -> float:
        try:
            answer = getattr(self.client, operation)(TableName="seats", **asked, **TOTAL)
        except self.client.exceptions.ProvisionedThroughputExceededException:
            return 0
        units: float = answer["ConsumedCapacity"]["CapacityUnits"]
        return units


@pytest.mark.parametrize("size_bytes", [11, 1024, 1025, 4096, 4097, 8192, 8193, 50000])
def test_they_agree_on_what_an_item_costs(size_bytes: int, sandbox: Sandbox) -> None:
    seats = Seats(sandbox, 1000, 1000)
    sandbox.clock.advance(seconds=300)

    assert seats.put(size_bytes) == write_units(size_bytes)
    assert seats.get() == read_units(size_bytes, EVENTUAL)
    assert seats.get(strong=True) == read_units(size_bytes, STRONG)


@pytest.mark.parametrize("size_bytes", [1024, 1025, 4096, 4097])
def test_they_agree_on_what_a_transaction_costs(size_bytes: int, sandbox: Sandbox) -> None:
    seats = Seats(sandbox, 100, 100)
    sandbox.clock.advance(seconds=300)

    written = seats.client.transact_write_items(
        TransactItems=[{"Put": {"TableName": "seats", "Item": seats.item(size_bytes)}}], **TOTAL
    )
    read = seats.client.transact_get_items(
        TransactItems=[{"Get": {"TableName": "seats", "Key": {"seat": {"S": "A1"}}}}], **TOTAL
    )

    [wrote], [got] = written["ConsumedCapacity"], read["ConsumedCapacity"]
    assert wrote["CapacityUnits"] == write_units(size_bytes) * TRANSACTION_FACTOR
    assert got["CapacityUnits"] == read_units(size_bytes, TRANSACTIONAL)


# Stretches of traffic: requests a second, and for how long.
SCRIPTS = {
    "steady": [(3, 40)],
    "a spike that empties the bucket": [(1, 60), (40, 20), (1, 30), (40, 5)],
    "a spike that it survives": [(0, 300), (30, 30), (0, 10)],
    "too much from the start": [(12, 30)],
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize(("way", "size_bytes"), [(WRITE, 1500), (READ, 5000)])
def test_they_agree_on_how_many_requests_are_served(
    script: list[tuple[int, int]], way: str, size_bytes: int, sandbox: Sandbox
) -> None:
    seats = Seats(sandbox, 10 if way == READ else 1000, 10 if way == WRITE else 1000)
    seats.put(size_bytes)
    units = write_units(size_bytes) if way == WRITE else read_units(size_bytes)
    sandbox.clock.advance(seconds=400)  # full, whatever came before
    model = Bucket(10, 3000)

    for per_s, seconds in script:
        served = 0
        for _ in range(per_s * seconds):
            sandbox.clock.advance(seconds=1 / per_s)
            served += (seats.put(size_bytes) if way == WRITE else seats.get()) > 0
        if not per_s:
            sandbox.clock.advance(seconds=seconds)
        flows = model.flow(per_s * units, seconds)

        assert abs(served - sum(one.served_per_s * one.seconds for one in flows) / units) <= 2


def test_they_agree_that_a_hot_key_is_refused_while_its_table_has_capacity(
    sandbox: Sandbox,
) -> None:
    """Items of 100 KB, so that few requests are many units: 1,200 a second for one key."""
    seats = Seats(sandbox, 10, 40000)
    course = run(Stream(WRITE, per_s=24, units=100, provisioned=40000, hot_share=0.5))
    hot = cold = 0
    for number in range(60):  # five seconds
        sandbox.clock.advance(seconds=1 / 12)
        hot += seats.put(100 * 1024) > 0
        cold += seats.put(100 * 1024, f"B{number}") > 0

    expected = [each for each in course.spans if each.start_s < 5]
    hot_units = sum(each.hot_served * (min(5, each.end_s) - each.start_s) for each in expected)
    assert abs(hot - hot_units / 100) <= 2
    assert hot < cold == 60
