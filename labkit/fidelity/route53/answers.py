"""What a name server would answer: TestDNSAnswer, from the records of the zone."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.registry import rule
from labkit.fidelity.route53.common import (
    API,
    Record,
    backend_of,
    full,
    held,
    values,
    zone_of,
)
from labkit.sandbox.choke import Exchange, Params

_MOST_VALUES = 8


@rule(
    "route53",
    "TestDNSAnswer",
    when="instead",
    follows=API + "TestDNSAnswer.html",
    corrects="moto does not have the operation",
)
def a_zone_tells_what_it_would_answer(exchange: Exchange) -> Params | None:
    """TestDNSAnswer tells what the zone's name servers answer for a name and a type.

    ResponseCode: NOERROR, or NXDOMAIN for a name that the zone does not have.
    """
    zone = zone_of(exchange)
    if zone is None:
        return None
    params = exchange.params
    name, kind = full(params["RecordName"]), params["RecordType"]
    records = held(zone)
    known = _of_name(records, name)
    found = _chosen(exchange, [one for one in known if one["Type"] == kind])
    if not found:
        found = [one for one in known if one["Type"] == "CNAME"][:1]
    return {
        "Nameserver": zone.delegation_set.name_servers[0] if zone.delegation_set else "",
        "RecordName": name,
        "RecordType": kind,
        "RecordData": [value for one in found for value in _data(exchange, records, one)],
        "ResponseCode": "NOERROR" if known else "NXDOMAIN",
        "Protocol": "UDP",
    }


def _of_name(records: list[Record], name: str) -> list[Record]:
    """The sets of that name, or of the nearest wildcard."""
    exact = [one for one in records if full(one["Name"]) == name]
    rest = name
    while not exact and "." in rest.rstrip("."):
        rest = rest.split(".", 1)[1]
        exact = [one for one in records if _plain(one["Name"]) == f"*.{rest}"]
    return exact


def _plain(name: str) -> str:
    return full(name).replace("\\052", "*")


def _chosen(exchange: Exchange, sets: list[Record]) -> list[Record]:
    """The sets of one name and type that the routing policy answers with."""
    healthy = [one for one in sets if _healthy(exchange, one)]
    candidates = healthy or sets  # if none is healthy, all are taken for healthy
    if any(one.get("MultiValueAnswer") for one in sets):
        return candidates[:_MOST_VALUES]
    if any(one.get("Failover") for one in sets):
        primary = [one for one in healthy if one.get("Failover") == "PRIMARY"]
        secondary = [one for one in sets if one.get("Failover") == "SECONDARY"]
        return primary or secondary or sets[:1]
    if any(one.get("Weight") is not None for one in sets):
        return _drawn(candidates)
    default = [one for one in candidates if _is_default(one)]
    return (default or candidates)[:1]


def _is_default(record: Record) -> bool:
    return bool((record.get("GeoLocation") or {}).get("CountryCode") == "*")


def _drawn(sets: list[Record]) -> list[Record]:
    """One of the sets, as likely as its weight says; weight 0 only where all have it."""
    from moto.moto_api._internal import mock_random

    whole = sum(int(one["Weight"]) for one in sets)
    if not whole:
        return [sets[mock_random.randrange(len(sets))]]
    left = mock_random.random() * whole
    for one in sets:
        left -= int(one["Weight"])
        if left < 0:
            return [one]
    return [next(one for one in reversed(sets) if int(one["Weight"]))]


def _healthy(exchange: Exchange, record: Record) -> bool:
    """Nothing is probed here: a health check is healthy unless it is inverted."""
    check: Any = backend_of(exchange).health_checks.get(record.get("HealthCheckId") or "")
    if check is None or str(check.disabled).lower() == "true":
        return True
    return str(check.inverted).lower() != "true"


def _data(exchange: Exchange, records: list[Record], record: Record) -> list[str]:
    """The values of a set; those of its target where it is an alias in the zone."""
    alias = record.get("AliasTarget")
    if not alias:
        return values(record)
    target = [one for one in records if full(one["Name"]) == full(alias["DNSName"])]
    same = [one for one in target if one["Type"] == record["Type"] and one is not record]
    if not same:
        return [alias["DNSName"]]  # of another service: its addresses are not known here
    return [value for one in _chosen(exchange, same) for value in _data(exchange, records, one)]
