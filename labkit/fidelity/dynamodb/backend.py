"""The account's tables in a Region: writes with their cost, states that take time."""

from __future__ import annotations

import copy
from typing import Any

from moto.dynamodb import models as moto_dynamodb
from moto.dynamodb import urls
from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models.dynamo_type import Item

from labkit.fidelity.dynamodb.capacity import write_costs
from labkit.fidelity.dynamodb.common import limit
from labkit.fidelity.dynamodb.meter import TABLE
from labkit.fidelity.dynamodb.sizes import item_bytes
from labkit.fidelity.dynamodb.table import Table
from labkit.models.dynamodb_capacity.units import write_units
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.sandbox import Sandbox

# AWS gives no times; these are short ones.
CREATION_S, CHANGE_S, DELETION_S = 10, 10, 5


class Backend(moto_dynamodb.DynamoDBBackend):
    """The tables of one Region."""

    tables: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.done: dict[str, Any] = {}  # transactions by their token

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module

    # ---- tables take time ----

    def create_table(self, *args: Any, **kwargs: Any) -> Table:
        """A table that will be ready in a moment; one of labkit's own is so at once."""
        table: Any = super().create_table(*args, **kwargs)
        if Sandbox.current().quiet:
            table.fill_buckets()
            return table  # type: ignore[no-any-return]
        table.status = "CREATING"
        for index in table.global_indexes:
            index.status = "CREATING"
        self._later(CREATION_S, table, self._activate)
        return table  # type: ignore[no-any-return]

    def update_table(self, *args: Any, **kwargs: Any) -> Table:
        """A table that is changed in a moment."""
        before = {id(index) for index in self.get_table(kwargs["name"]).global_indexes}
        table: Any = super().update_table(*args, **kwargs)
        new = [index for index in table.global_indexes if id(index) not in before]
        if Sandbox.current().quiet:
            return table  # type: ignore[no-any-return]
        table.status = "UPDATING"
        for index in new:
            index.status = "CREATING"
        self._later(CHANGE_S, table, self._activate)
        return table  # type: ignore[no-any-return]

    def delete_table(self, name: str) -> Any:
        """A table that will be gone in a moment."""
        table: Any = super().delete_table(name)
        if Sandbox.current().quiet:
            return table
        table.status = "DELETING"
        self.tables[table.name] = table
        self._later(DELETION_S, table, self._remove)
        return table

    def _later(self, seconds: float, table: Any, act: Any) -> None:
        """Act on the table if it is still the same by then."""
        clock, name, id = Sandbox.current().clock, table.name, table.id

        def work() -> None:
            held = self.tables.get(name)
            if held is not None and held.id == id:
                act(held)

        clock.call_after(seconds, work)

    @staticmethod
    def _activate(table: Any) -> None:
        if table.status in ("CREATING", "UPDATING"):
            table.status = "ACTIVE"
            table.fill_buckets()
            for index in table.global_indexes:
                index.status = "ACTIVE"

    def _remove(self, table: Any) -> None:
        if table.status == "DELETING":
            del self.tables[table.name]

    # ---- items ----

    def update_item(self, table_name: str, key: dict[str, Any], *rest: Any, **more: Any) -> Item:
        """Change an item, or make one: one write, one record in the stream."""
        table: Any = self.get_table(table_name)
        old = copy.deepcopy(table.held(key))
        before = old.attrs if old is not None else None
        values = more.get("expression_attribute_values") or {}
        least = item_bytes(before or key) + item_bytes(values)
        table.admit("write", {TABLE: write_units(least)}, table.partition_of(key))
        try:
            with table.unmetered():
                item = super().update_item(table_name, key, *rest, **more)
        except ConditionalCheckFailed:
            table.charge_failed(old)
            raise
        table.charge("write", write_costs(table, before, item.attrs), table.partition_of(key))
        table.remember(item, old)
        if table.stream_shard is not None:
            table.stream_shard.add(old, item)
        return item

    def delete_item(self, table_name: str, key: dict[str, Any], *rest: Any, **more: Any) -> Any:
        """Delete an item; a condition that fails costs a write, too."""
        try:
            return super().delete_item(table_name, key, *rest, **more)
        except ConditionalCheckFailed:
            table: Any = self.get_table(table_name)
            table.charge_failed(table.held(key))
            raise

    def token_is_fresh(self, token: str) -> bool:
        """Whether a transaction's token was used a short while ago."""
        used = self.done.get(token)
        age = (Sandbox.current().clock.now - used[0]).total_seconds() if used else 0
        return used is not None and age < limit("transaction_token_s")


def in_use(table: Any) -> AwsError:
    """A table is not in a state to be changed."""
    doing = {"CREATING": "created", "UPDATING": "updated", "DELETING": "deleted"}[table.status]
    return AwsError(
        "ResourceInUseException",
        f"Attempt to change a resource which is still in use: Table is being {doing}: {table.name}",
    )
