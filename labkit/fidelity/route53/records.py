"""Which record sets a zone can have."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from labkit.fidelity.registry import rule
from labkit.fidelity.route53.common import (
    API,
    GUIDE,
    POLICIES,
    Record,
    backend_of,
    batch_refused,
    full,
    incomplete,
    key,
    named,
    steps,
    values,
    where,
    zone_of,
)
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_CHANGE = API + "ChangeResourceRecordSets.html"
_TYPES = GUIDE + "ResourceRecordTypes.html"


@rule(
    "route53",
    "ChangeResourceRecordSets",
    when="before",
    follows=API + "ResourceRecordSet.html",
    corrects="moto keeps it as it is",
)
def a_record_set_is_complete(exchange: Exchange) -> None:
    """A record set has values and a TTL, or is an alias, not both and not neither.

    InvalidInput: Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and
    ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with […].
    """
    one_of = (
        "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
        "TrafficPolicyInstanceId], but found "
    )
    for action, record, _ in steps(exchange):
        alias, ttl, given = record.get("AliasTarget"), record.get("TTL"), values(record)
        if alias and (given or ttl is not None):
            raise incomplete(f"{one_of}more than one {where(action, record)}")
        if not alias and not given:
            raise incomplete(f"{one_of}none {where(action, record)}")
        if not alias and ttl is None:
            raise incomplete(f"Missing field 'TTL' {where(action, record)}")


@rule(
    "route53",
    "ChangeResourceRecordSets",
    when="before",
    follows=API + "ResourceRecordSet.html",
    corrects="moto keeps it as it is",
)
def a_routing_policy_needs_a_set_identifier(exchange: Exchange) -> None:
    """Whoever gives a weight, a failover role or another policy says which of several sets it is.

    InvalidInput: Invalid request: Missing field 'SetIdentifier' in Change with […].
    """
    for action, record, _ in steps(exchange):
        policies = [name for name in POLICIES if record.get(name) is not None]
        if policies and not record.get("SetIdentifier"):
            raise incomplete(f"Missing field 'SetIdentifier' {where(action, record)}")
        if record.get("SetIdentifier") and len(policies) != 1:
            found = "more than one" if policies else "none"
            raise incomplete(
                f"Expected exactly one of [{', '.join(POLICIES)}], but found {found} "
                f"{where(action, record)}"
            )


@rule(
    "route53",
    "ChangeResourceRecordSets",
    when="before",
    follows=_CHANGE,
    corrects="moto takes a name that merely ends like the zone's",
)
def a_name_lies_in_its_zone(exchange: Exchange) -> None:
    """A zone holds names that are its own or end in a dot and its own.

    InvalidChangeBatch: [RRSet with DNS name www.other.example. is not permitted in zone
    tickets.example.].
    """
    zone = zone_of(exchange)
    batch_refused(
        [
            f"RRSet with DNS name {full(record['Name'])} is not permitted in zone {full(zone.name)}"
            for _, record, _ in steps(exchange)
            if not ("." + full(record["Name"])).endswith("." + full(zone.name))
        ]
    )


@rule(
    "route53",
    "ChangeResourceRecordSets",
    when="before",
    follows=_TYPES + "#CNAMEFormat",
    corrects="moto makes one",
)
def a_cname_is_not_permitted_at_the_apex(exchange: Exchange) -> None:
    """The name of the zone itself cannot be a CNAME; an alias can stand there.

    InvalidChangeBatch: [RRSet of type CNAME with DNS name tickets.example. is not permitted at
    apex in zone tickets.example.].
    """
    zone = zone_of(exchange)
    batch_refused(
        [
            f"RRSet of type CNAME with DNS name {full(record['Name'])} is not permitted at apex in "
            f"zone {full(zone.name)}"
            for action, record, _ in steps(exchange)
            if action != "DELETE"
            and record["Type"] == "CNAME"
            and full(record["Name"]) == full(zone.name)
        ]
    )


@rule(
    "route53",
    "ChangeResourceRecordSets",
    when="before",
    follows=_TYPES + "#CNAMEFormat",
    corrects="moto takes both",
)
def a_cname_stands_alone(exchange: Exchange) -> None:
    """A name that is a CNAME has no other records, and a name with others becomes no CNAME.

    InvalidChangeBatch: [RRSet of type CNAME with DNS name www.tickets.example. is not permitted as
    it conflicts with other records with the same DNS name in zone tickets.example.].
    """
    zone = zone_of(exchange)
    found = []
    for action, record, there in steps(exchange):
        name, kind, _ = key(record)
        others = {one["Type"] for one in there if full(one["Name"]) == name} - {kind}
        if action == "DELETE" or not others:
            continue
        if kind == "CNAME":
            found.append(
                f"RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with "
                f"other records with the same DNS name in zone {full(zone.name)}"
            )
        elif "CNAME" in others:
            found.append(
                f"RRSet of type {kind} with DNS name {name} is not permitted because a conflicting "
                f"RRSet of type CNAME with the same DNS name already exists in zone "
                f"{full(zone.name)}"
            )
    batch_refused(found)


@rule(
    "route53",
    "ChangeResourceRecordSets",
    when="before",
    follows=_CHANGE,
    corrects="moto makes a second one of other values",
)
def a_record_set_is_created_once(exchange: Exchange) -> None:
    """What is there is not created again; UPSERT changes it.

    InvalidChangeBatch: [Tried to create resource record set [name='www.tickets.example.',
    type='A'] but it already exists].
    """
    batch_refused(
        [
            f"Tried to create resource record set {named(record)} but it already exists"
            for action, record, there in steps(exchange)
            if action == "CREATE" and key(record) in map(key, there)
        ]
    )


@rule(
    "route53",
    "ChangeResourceRecordSets",
    when="before",
    follows=_CHANGE,
    corrects="moto has another code, and remembers what was once there",
)
def a_deletion_names_what_is_there(exchange: Exchange) -> None:
    """Who deletes a record set gives the values that it has.

    InvalidChangeBatch: [Tried to delete resource record set [name='www.tickets.example.',
    type='A'] but it was not found], or but the values provided do not match the current values.
    """
    found = []
    for action, record, there in steps(exchange):
        if action != "DELETE":
            continue
        current = next((one for one in there if key(one) == key(record)), None)
        tried = f"Tried to delete resource record set {named(record)} but "
        if current is None:
            found.append(tried + "it was not found")
        elif _content(current) != _content(record):
            found.append(tried + "the values provided do not match the current values")
    batch_refused(found)


def _content(record: Record) -> tuple[object, ...]:
    alias = record.get("AliasTarget") or {}
    ttl = record.get("TTL")
    return (
        sorted(values(record)),
        None if ttl is None else int(ttl),
        full(alias["DNSName"]) if alias else "",
        record.get("Weight"),
        record.get("Failover"),
    )


@rule(
    "route53",
    "ChangeResourceRecordSets",
    when="before",
    follows=GUIDE + "SOA-NSrecords.html",
    corrects="moto deletes them",
)
def a_zone_keeps_its_name_servers(exchange: Exchange) -> None:
    """The NS and SOA records of the zone itself cannot be deleted.

    InvalidChangeBatch: [A HostedZone must contain at least one NS record for the zone itself.].
    """
    zone = zone_of(exchange)
    words = {
        "NS": "A HostedZone must contain at least one NS record for the zone itself.",
        "SOA": "A HostedZone must contain exactly one SOA record.",
    }
    batch_refused(
        [
            words[record["Type"]]
            for action, record, _ in steps(exchange)
            if action == "DELETE"
            and record["Type"] in words
            and full(record["Name"]) == full(zone.name)
        ]
    )


@rule(
    "route53",
    "ChangeResourceRecordSets",
    when="before",
    follows=GUIDE + "routing-policy.html",
    corrects="moto takes both",
)
def simple_and_routed_sets_do_not_mix(exchange: Exchange) -> None:
    """The sets of a name and type have all the same routing policy.

    InvalidChangeBatch; its words are unverified.
    """
    found = []
    for action, record, there in steps(exchange):
        name, kind, identifier = key(record)
        others = [one for one in there if key(one)[:2] == (name, kind) and key(one) != key(record)]
        if action != "DELETE" and any(_policy(one) != _policy(record) for one in others):
            found.append(
                f"RRSet with DNS name {name}, type {kind}, SetIdentifier {identifier or 'null'} "
                "cannot be created because other RRSets with the same name and type have another "
                "routing policy"
            )
    batch_refused(found)


def _policy(record: Record) -> str:
    return next((name for name in POLICIES if record.get(name) is not None), "")


@rule(
    "route53",
    "ChangeResourceRecordSets",
    when="before",
    follows=_TYPES,
    corrects="moto takes any text",
)
def a_value_is_of_its_type(exchange: Exchange) -> None:
    """An A record holds IPv4 addresses, an AAAA record IPv6 addresses, a TXT record quoted text.

    InvalidChangeBatch: [Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value
    is not a valid IPv4 address) encountered with 'tickets''].
    """
    found = []
    for action, record, _ in steps(exchange):
        if action == "DELETE":
            continue
        for value in values(record):
            problem = _problem(record["Type"], value)
            if problem:
                found.append(
                    f"Invalid Resource Record: 'FATAL problem: {problem} encountered with "
                    f"'{value}''"
                )
    batch_refused(found)


def _problem(kind: str, value: str) -> str:
    try:
        if kind == "A":
            IPv4Address(value)
        elif kind == "AAAA":
            IPv6Address(value)
    except ValueError:
        version = "4" if kind == "A" else "6"
        return f"{kind}RRDATAIllegalIPv{version}Address (Value is not a valid IPv{version} address)"
    if kind == "TXT" and not (len(value) > 1 and value[0] == value[-1] == '"'):
        return "InvalidCharacterString (Value should be enclosed in quotation marks)"
    return ""


@rule(
    "route53",
    "ChangeResourceRecordSets",
    when="before",
    follows=API + "AliasTarget.html",
    corrects="moto does not look",
)
def an_alias_in_the_zone_needs_its_target(exchange: Exchange) -> None:
    """An alias of another record of the zone needs a record of that name and type.

    InvalidChangeBatch: [Tried to create an alias that targets www.tickets.example., type A in zone
    Z…, but that target was not found].
    """
    zone = zone_of(exchange)
    found = []
    for action, record, there in steps(exchange):
        alias = record.get("AliasTarget") or {}
        if action == "DELETE" or alias.get("HostedZoneId") != getattr(zone, "resource_id", ""):
            continue
        target = full(alias["DNSName"])
        if (target, record["Type"]) not in {key(one)[:2] for one in there}:
            found.append(
                f"Tried to create an alias that targets {target}, type {record['Type']} in zone "
                f"{zone.resource_id}, but that target was not found"
            )
    batch_refused(found)


@rule(
    "route53",
    "CreateHostedZone",
    when="before",
    follows=API + "CreateHostedZone.html",
    corrects="moto makes another zone",
)
def a_caller_reference_is_used_once(exchange: Exchange) -> None:
    """A zone is made once for each caller reference.

    HostedZoneAlreadyExists: A hosted zone has already been created with the specified caller
    reference.
    """
    reference = exchange.params["CallerReference"]
    if any(zone.caller_reference == reference for zone in backend_of(exchange).zones.values()):
        raise AwsError(
            "HostedZoneAlreadyExists",
            "A hosted zone has already been created with the specified caller reference.",
        )
