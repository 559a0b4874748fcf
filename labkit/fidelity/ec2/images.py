"""The public images of a Region, each made when somebody asks for it.

moto makes all 1,300 of them, with a volume and a snapshot each, whenever an account first touches
EC2, which takes longer than most exercises.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from datetime import datetime
from functools import cache
from typing import Any

from moto.core.parse import default_timestamp_parser
from moto.core.utils import utcnow
from moto.ec2.models import amis as moto_amis
from moto.utilities.utils import load_resource

_MORE = ("latest_amis", "ecs/optimized_amis")


class Images(MutableMapping[str, Any]):
    """Images by their ids, in moto's order: those that are there, and public ones on demand."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._began: datetime = utcnow()
        self._public = _public_images(backend.region_name)
        self._ids = dict.fromkeys(self._public)
        self._made: dict[str, Any] = {}

    def __getitem__(self, id: str) -> Any:
        if id not in self._made:
            if id not in self._ids:
                raise KeyError(id)
            asked = {"creation_date": self._began, **self._public[id]}
            self._made[id] = moto_amis.Ami(self._backend, **asked)
        return self._made[id]

    def __setitem__(self, id: str, image: Any) -> None:
        self._ids[id] = None
        self._made[id] = image

    def __delitem__(self, id: str) -> None:
        del self._ids[id]
        self._made.pop(id, None)

    def __contains__(self, id: object) -> bool:
        return id in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._ids))

    def __len__(self) -> int:
        return len(self._ids)

    def copy(self) -> Images:
        """Itself: whoever asks for a copy only wants to read."""
        return self

    def make_all(self) -> None:
        """Let every image be there, and with it its snapshot."""
        for id in self:
            self[id]


@cache
def _public_images(region: str) -> dict[str, dict[str, Any]]:
    """What moto knows of the public images, by id."""
    known = list(moto_amis.AMIS)
    for path in _MORE:
        try:
            known += load_resource(f"ec2/resources/{path}/{region}.json")
        except FileNotFoundError:  # a Region for which moto has no list
            continue
    return {image["ami_id"]: _read(image) for image in known}


def _read(image: dict[str, Any]) -> dict[str, Any]:
    """An image as moto makes one of it: of Amazon's, with its date."""
    date = image.get("creation_date")
    read = {**image, "owner_alias": "amazon"}
    if date:
        read["creation_date"] = default_timestamp_parser(date) if isinstance(date, str) else date
    else:
        read.pop("creation_date", None)
    return read
