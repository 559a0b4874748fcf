"""How DynamoDB says that a table or an index has no capacity left."""

from __future__ import annotations

from labkit.fidelity.dynamodb.meter import GLOBAL, Place
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

    def __init__(self, place: Place) -> None:
        sentence = _INDEX if place[0] == GLOBAL else _TABLE
        super().__init__("ProvisionedThroughputExceededException", sentence)

    def __str__(self) -> str:
        return str(self.message)
