"""What the rules of Route 53 share: the zone that is asked for, and a batch step by step."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from moto.route53.models import route53_backends

from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

API = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
POLICIES = ("Weight", "Region", "Failover", "GeoLocation", "MultiValueAnswer", "CidrRoutingConfig")

Record = dict[str, Any]


def backend_of(exchange: Exchange) -> Any:
    """The account's zones; the service is one for all Regions."""
    return route53_backends[exchange.account][exchange.handler.partition]


def zone_of(exchange: Exchange) -> Any:
    """The zone that a request names, or None."""
    named = exchange.params.get("HostedZoneId") or exchange.params.get("Id") or ""
    return backend_of(exchange).zones.get(str(named).rsplit("/", 1)[-1])


def full(name: str) -> str:
    """A name as DNS has it: in lower case, with the dot of the root."""
    return name.lower().rstrip(".") + "."


def key(record: Record) -> tuple[str, str, str]:
    """What tells a record set from all others of its zone."""
    return full(record["Name"]), str(record["Type"]), str(record.get("SetIdentifier") or "")


def named(record: Record) -> str:
    """A record set as Route 53's messages name it."""
    name, kind, identifier = key(record)
    more = f", set identifier='{identifier}'" if identifier else ""
    return f"[name='{name}', type='{kind}'{more}]"


def held(zone: Any) -> list[Record]:
    """The record sets of a zone, as a request would write them."""
    records = []
    for rrset in zone.rrsets:
        record: Record = {"Name": rrset.name, "Type": rrset.type}
        optional = {
            "SetIdentifier": rrset.set_identifier,
            "Weight": rrset.weight,
            "Region": rrset.region,
            "Failover": rrset.failover,
            "GeoLocation": rrset.geo_location,
            "MultiValueAnswer": rrset.multi_value_answer,
            "HealthCheckId": rrset.health_check_id,
            "AliasTarget": rrset.alias_target,
            "TTL": None if rrset.ttl is None else int(rrset.ttl),
            "ResourceRecords": [
                value["Value"] if isinstance(value, dict) else value for value in rrset.records
            ],
        }
        records.append(
            record | {name: told for name, told in optional.items() if told not in (None, [])}
        )
    return records


def values(record: Record) -> list[str]:
    """The values of a record set, however they are written."""
    return [
        value["Value"] if isinstance(value, dict) else value
        for value in record.get("ResourceRecords") or ()
    ]


def steps(exchange: Exchange) -> Iterator[tuple[str, Record, list[Record]]]:
    """Each change of a batch, and the record sets that are there when its turn comes."""
    zone = zone_of(exchange)
    if zone is None:
        return
    there = held(zone)
    for change in exchange.params["ChangeBatch"]["Changes"]:
        action, record = change["Action"], copy.deepcopy(change["ResourceRecordSet"])
        yield action, record, there
        others = [one for one in there if key(one) != key(record)]
        there = others if action == "DELETE" else [*others, record]


def where(action: str, record: Record) -> str:
    """The end of a message about a change that is not complete."""
    identifier = record.get("SetIdentifier") or "null"
    return (
        f"in Change with [Action={action}, Name={full(record['Name'])}, Type={record['Type']}, "
        f"SetIdentifier={identifier}]"
    )


def batch_refused(sentences: list[str]) -> None:
    """Refuse the whole batch if there is anything to say against it."""
    if sentences:
        raise AwsError("InvalidChangeBatch", f"[{', '.join(sentences)}]")


def incomplete(sentence: str) -> AwsError:
    """A change lacks something, or has too much."""
    return AwsError("InvalidInput", f"Invalid request: {sentence}")
