"""How many units it costs to read or write an item: whole blocks, however little is in the last.

    write   a unit for each 1 KB                       ┌─┬─┬─┬─┬─┐
    read    strongly consistent: one for each 4 KB     ├─┴─┴─┴─┼─┴─────┐
            eventually consistent: half of that        └───────┴───────┘
            in a transaction: twice that, for writes too

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from __future__ import annotations

from labkit.facts import fact

WRITE_UNIT_BYTES = int(fact("dynamodb.write_unit_bytes"))
READ_UNIT_BYTES = int(fact("dynamodb.read_unit_bytes"))
ITEM_MAX_BYTES = int(fact("dynamodb.item_max_bytes"))

EVENTUAL, STRONG, TRANSACTIONAL = "eventual", "strong", "transactional"
TRANSACTION_FACTOR = 2  # prepared, then done
_OF_A_BLOCK = {EVENTUAL: 0.5, STRONG: 1.0, TRANSACTIONAL: float(TRANSACTION_FACTOR)}


def blocks(size_bytes: int, block_bytes: int) -> int:
    """How many blocks so many bytes fill or begin; at least one."""
    return max(1, -(-size_bytes // block_bytes))


def write_units(size_bytes: int) -> int:
    """What it costs to write so many bytes, outside of a transaction.

    >>> write_units(1024), write_units(1025)
    (1, 2)
    """
    return blocks(size_bytes, WRITE_UNIT_BYTES)


def read_units(size_bytes: int, kind: str = EVENTUAL) -> float:
    """What it costs to read so many bytes, by how consistent the answer must be.

    >>> read_units(4096), read_units(4097), read_units(4097, STRONG)
    (0.5, 1.0, 2.0)
    """
    return blocks(size_bytes, READ_UNIT_BYTES) * _OF_A_BLOCK[kind]
