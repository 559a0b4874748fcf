"""What the request under way has used of each table and index, and how it is reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Way = Literal["read", "write"]
Place = tuple[str, str]  # kind, name: ("Table", ""), ("GlobalSecondaryIndexes", "by-guest")

TABLE: Place = ("Table", "")
GLOBAL, LOCAL = "GlobalSecondaryIndexes", "LocalSecondaryIndexes"


@dataclass
class Usage:
    """Capacity units by table, by what of it was used, and by reading and writing."""

    factor: int = 1  # transactions take double
    whole: bool = False  # all attributes of an item are wanted, whatever an index holds
    units: dict[str, dict[Place, dict[Way, float]]] = field(default_factory=dict)

    def add(self, table: str, place: Place, way: Way, units: float) -> None:
        """Count `units` more."""
        used = self.units.setdefault(table, {}).setdefault(place, {})
        used[way] = used.get(way, 0) + units

    def report(self, wanted: str | None) -> list[dict[str, Any]]:
        """ConsumedCapacity of each table, in total or for each index."""
        if wanted not in ("TOTAL", "INDEXES"):
            return []
        return [self._of(table, wanted) for table in self.units]

    def _of(self, table: str, wanted: str) -> dict[str, Any]:
        places = self.units[table]
        total: dict[Way, float] = {}
        for used in places.values():
            for way, units in used.items():
                total[way] = total.get(way, 0) + units
        answer: dict[str, Any] = {"TableName": table, **self._spelt(total)}
        if wanted == "INDEXES":
            answer["Table"] = self._spelt(places.get(TABLE, {}))
            for (kind, name), used in places.items():
                if name:
                    answer.setdefault(kind, {})[name] = self._spelt(used)
        return answer

    def _spelt(self, used: dict[Way, float]) -> dict[str, float]:
        spelt = {"CapacityUnits": float(sum(used.values()))}
        if self.factor > 1:  # transactions tell reading from writing
            names = {"read": "ReadCapacityUnits", "write": "WriteCapacityUnits"}
            spelt |= {names[way]: float(units) for way, units in used.items()}
        return spelt


_under_way: list[Usage] = [Usage()]


def begin(factor: int = 1) -> Usage:
    """A new request begins."""
    _under_way[0] = Usage(factor)
    return _under_way[0]


def current() -> Usage:
    """What the request under way has used."""
    return _under_way[0]
