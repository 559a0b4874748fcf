"""A table's stream: one record for each change, with what it weighs and who made it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.core.utils import utcnow
from moto.dynamodb.models import table as moto_table
from moto.dynamodb.models.dynamo_type import Item

from labkit.fidelity.dynamodb.common import limit
from labkit.fidelity.dynamodb.sizes import item_bytes

# Who deletes an item whose time is over.
SERVICE = {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}


class StreamRecord(moto_table.StreamRecord):
    """A record as AWS writes it."""

    def __init__(self, table: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(table, *args, **kwargs)
        written = self.record["dynamodb"]
        images = ("Keys", "OldImage", "NewImage")
        written["SizeBytes"] = sum(item_bytes(written.get(image, {})) for image in images)
        self.record |= {"eventVersion": "1.1", "awsRegion": table.region_name}


class StreamShard(moto_table.StreamShard):
    """The one shard of a table's stream."""

    by_service = False

    def add(self, old: Item | None, new: Item | None) -> None:
        """Report a change; a write that changes nothing is none."""
        if old is not None and new is not None and old.attrs == new.attrs:
            return
        super().add(old, new)
        if self.by_service and self.items:
            self.items[-1].record["userIdentity"] = SERVICE

    def get(self, start: int, quantity: int) -> list[dict[str, Any]]:
        """The records from a sequence number on, as far as they are still kept."""
        oldest = utcnow() - timedelta(seconds=limit("stream_retention_s"))
        return [
            record
            for record in super().get(start, quantity)
            if record["dynamodb"]["ApproximateCreationDateTime"] > oldest
        ]
