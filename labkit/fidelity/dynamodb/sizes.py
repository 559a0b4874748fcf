"""How many bytes an item has; what so many bytes cost is the model's, as in the book's figure.

    item     = the sum of its attributes: name and value
    string   UTF-8 bytes          number   a byte for two digits, and one more
    binary   bytes                BOOL, NULL   one byte
    list, map   three bytes, and one for each element

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any

from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models.dynamo_type import LimitedSizeDict

from labkit.models.dynamodb_capacity.units import ITEM_MAX_BYTES

_NESTED_BYTES = 3


def item_bytes(attributes: Mapping[str, Any]) -> int:
    """The size of an item; its values as moto keeps them, or as a request has them."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in attributes.items())


def value_bytes(value: Any) -> int:
    """The size of one value."""
    kind, content = next(iter(value.items())) if type(value) is dict else (value.type, value.value)
    if kind == "S":
        return len(content.encode())
    if kind in _MEASURES:
        return _MEASURES[kind](content)
    return sum(value_bytes({kind[0]: element}) for element in content)  # a set


def _number_bytes(text: str) -> int:
    digits = text.lstrip("+-").lower().partition("e")[0].replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")


def _binary_bytes(content: bytes | str) -> int:
    return len(content) if isinstance(content, bytes) else len(b64decode(content))


def _list_bytes(elements: list[Any]) -> int:
    return _NESTED_BYTES + sum(1 + value_bytes(element) for element in elements)


def _map_bytes(content: dict[str, Any]) -> int:
    return _NESTED_BYTES + len(content) + item_bytes(content)


_MEASURES: dict[str, Callable[[Any], int]] = {
    "N": lambda number: _number_bytes(str(number)),
    "B": _binary_bytes,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "L": _list_bytes,
    "M": _map_bytes,
}


class Attributes(LimitedSizeDict):
    """The attributes of an item, as many bytes as an item may have."""

    def __setitem__(self, key: str, value: Any) -> None:
        """Set an attribute. Raises moto's ItemSizeTooLarge beyond the limit."""
        if item_bytes({**self, key: value}) > ITEM_MAX_BYTES:
            raise ItemSizeTooLarge
        dict.__setitem__(self, key, value)
