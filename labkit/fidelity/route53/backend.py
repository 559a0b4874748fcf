"""The account's hosted zones, where moto's own are not enough."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.route53 import urls
from moto.route53.models import Route53Backend

from labkit.fidelity.route53.common import full, key, values


class Backend(Route53Backend):
    """The zones of an account."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.changes: dict[str, tuple[datetime, str | None]] = {}

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module

    def create_hosted_zone(self, *args: Any, **kwargs: Any) -> Any:
        """Its own records have texts as values, like all others."""
        zone = super().create_hosted_zone(*args, **kwargs)
        for rrset in zone.rrsets:
            rrset.records = values({"ResourceRecords": rrset.records})
        return zone

    def change_resource_record_sets(self, zoneid: str, change_list: list[dict[str, Any]]) -> None:
        """Apply a batch that the rules have let through, to what is there now."""
        zone = self.get_hosted_zone(zoneid)
        for change in change_list:
            wanted = change["ResourceRecordSet"]
            zone.rrsets = [one for one in zone.rrsets if _key(one) != key(wanted)]
            if change["Action"] != "DELETE":
                told = {"Name": full(wanted["Name"]), "ResourceRecords": values(wanted)}
                zone.add_rrset(wanted | told)


def _key(rrset: Any) -> tuple[str, str, str]:
    return full(rrset.name), str(rrset.type), rrset.set_identifier or ""
