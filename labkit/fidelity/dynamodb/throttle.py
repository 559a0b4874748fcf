"""How DynamoDB says that a table, an index or a partition has no capacity left.

The reason is put together of what ran out, what was asked of it, and which limit it was:
Table + Write + KeyRangeThroughputExceeded.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ThrottlingReason.html
"""

from __future__ import annotations

from typing import Literal

from labkit.fidelity.dynamodb.meter import GLOBAL, Place, Way
from labkit.sandbox.awserror import AwsError

_TABLE = (
    "The level of configured provisioned throughput for the table was exceeded. Consider "
    "increasing your provisioning level with the UpdateTable API."
)
_INDEX = (
    "The level of configured provisioned throughput for one or more global secondary indexes of "
    "the table was exceeded. Consider increasing your provisioning level for the "
    "under-provisioned global secondary indexes with the UpdateTable API"
)


class ProvisionedThroughputExceeded(AwsError):
    """A request finds no capacity. Transactions give this name as their reason."""

    def __init__(
        self,
        table_arn: str,
        place: Place,
        way: Way,
        bound: Literal["Provisioned", "KeyRange"] = "Provisioned",
    ) -> None:
        of_index = place[0] == GLOBAL
        super().__init__("ProvisionedThroughputExceededException", _INDEX if of_index else _TABLE)
        kind = "Index" if of_index else "Table"
        self.ThrottlingReasons = [
            {
                "reason": f"{kind}{way.capitalize()}{bound}ThroughputExceeded",
                "resource": f"{table_arn}/index/{place[1]}" if of_index else table_arn,
            }
        ]

    def __str__(self) -> str:
        return str(self.message)
