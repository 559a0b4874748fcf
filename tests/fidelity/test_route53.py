"""Hosted zones: what their records may be, how long a change takes, and what they answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

Refusal = Callable[..., str]
APEX, WWW = "tickets.example.", "www.tickets.example."
BAD = "InvalidChangeBatch: "


@pytest.fixture
def route53(sandbox: Sandbox) -> Any:
    return sandbox.client("route53")


@pytest.fixture
def zone(route53: Any) -> str:
    """The zone tickets.example."""
    made = route53.create_hosted_zone(Name="tickets.example", CallerReference="1")
    return str(made["HostedZone"]["Id"].rsplit("/", 1)[-1])


def record(name: str = WWW, kind: str = "A", *values: str, **more: Any) -> dict[str, Any]:
    """A record set; an address unless it is told other values."""
    told = [{"Value": value} for value in values or ("192.0.2.1",)]
    return {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": told, **more}


def alias(name: str, target: str, zone: str) -> dict[str, Any]:
    """A record set that is an alias."""
    of = {"HostedZoneId": zone, "DNSName": target, "EvaluateTargetHealth": False}
    return {"Name": name, "Type": "A", "AliasTarget": of}


def weighted(identifier: str, weight: int, value: str, **more: Any) -> dict[str, Any]:
    """One of several record sets of www with a weight."""
    return record(WWW, "A", value, SetIdentifier=identifier, Weight=weight, **more)


Change = Callable[..., Any]


@pytest.fixture
def change(route53: Any, zone: str) -> Change:
    """Sends a batch of changes, given in pairs of action and record set."""

    def change(*pairs: Any) -> Any:
        changes = [
            {"Action": action, "ResourceRecordSet": one}
            for action, one in zip(pairs[::2], pairs[1::2], strict=True)
        ]
        sent = route53.change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": changes}
        )
        return sent["ChangeInfo"]

    return change


@pytest.fixture
def refused(change: Change, refusal: Refusal) -> Callable[..., str]:
    """Sends a batch that is refused, and returns the refusal."""

    def refused(*pairs: Any) -> str:
        return refusal(lambda: change(*pairs))

    return refused


@pytest.fixture
def names(route53: Any, zone: str) -> Callable[[], list[tuple[str, str]]]:
    """The record sets of the zone, without those that every zone has."""

    def names() -> list[tuple[str, str]]:
        told = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        return [(one["Name"], one["Type"]) for one in told if one["Type"] not in ("NS", "SOA")]

    return names


@pytest.fixture
def answer(route53: Any, zone: str) -> Callable[..., Any]:
    """What the zone answers."""

    def answer(name: str = WWW, kind: str = "A") -> Any:
        told = route53.test_dns_answer(HostedZoneId=zone, RecordName=name, RecordType=kind)
        return told["RecordData"]

    return answer


# ---- zones ----


@pytest.mark.mends
def test_a_zone_has_four_name_servers_and_a_start_of_authority(route53: Any, zone: str) -> None:
    told = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]

    found = {one["Type"]: (one["Name"], len(one["ResourceRecords"]), one["TTL"]) for one in told}
    assert found == {"NS": (APEX, 4, 172_800), "SOA": (APEX, 1, 900)}
    [soa] = [one for one in told if one["Type"] == "SOA"]
    assert soa["ResourceRecords"][0]["Value"].endswith(" 1 7200 900 1209600 86400")


@pytest.mark.mends
def test_a_caller_reference_is_used_once(route53: Any, zone: str, refusal: Refusal) -> None:
    again = refusal(route53.create_hosted_zone, Name="other.example", CallerReference="1")

    assert again == (
        "HostedZoneAlreadyExists: A hosted zone has already been created with the specified caller "
        "reference."
    )


@pytest.mark.right
def test_a_zone_with_records_is_not_deleted(
    route53: Any, zone: str, change: Change, refusal: Refusal
) -> None:
    change("CREATE", record())

    assert refusal(route53.delete_hosted_zone, Id=zone) == (
        "HostedZoneNotEmpty: The hosted zone contains resource records that are not SOA or NS "
        "records."
    )


@pytest.mark.right
def test_a_zone_that_is_not_there_is_named(route53: Any, refusal: Refusal) -> None:
    missing = "NoSuchHostedZone: No hosted zone found with ID: Z0123456789ABCDEFGHIJ"

    assert refusal(route53.get_hosted_zone, Id="Z0123456789ABCDEFGHIJ") == missing


@pytest.mark.mends
def test_a_zone_keeps_its_name_servers(
    route53: Any, zone: str, refused: Callable[..., str]
) -> None:
    told = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    own = {one["Type"]: one for one in told}

    assert refused("DELETE", own["NS"]) == (
        BAD + "[A HostedZone must contain at least one NS record for the zone itself.]"
    )
    assert refused("DELETE", own["SOA"]).startswith(BAD + "[A HostedZone must contain exactly one")


# ---- records ----


@pytest.mark.mends
def test_a_cname_is_not_permitted_at_the_apex(change: Change, refused: Callable[..., str]) -> None:
    assert refused("CREATE", record(APEX, "CNAME", "shop.example")) == (
        BAD + "[RRSet of type CNAME with DNS name tickets.example. is not permitted at apex in "
        "zone tickets.example.]"
    )
    change("CREATE", record(WWW, "CNAME", "shop.example"))


@pytest.mark.right
def test_an_alias_is_permitted_at_the_apex(
    change: Change, names: Callable[[], list[tuple[str, str]]]
) -> None:
    change("CREATE", alias(APEX, "shop-1.us-east-1.elb.amazonaws.com", "Z35SXDOTRQ7X7K"))

    assert names() == [(APEX, "A")]


@pytest.mark.mends
def test_an_alias_in_the_zone_needs_its_target(
    zone: str, change: Change, refused: Callable[..., str]
) -> None:
    assert refused("CREATE", alias(APEX, WWW, zone)) == (
        BAD + f"[Tried to create an alias that targets {WWW}, type A in zone {zone}, but that "
        "target was not found]"
    )
    change("CREATE", record(), "CREATE", alias(APEX, WWW, zone))


@pytest.mark.mends
def test_a_cname_stands_alone(change: Change, refused: Callable[..., str]) -> None:
    cname = record(WWW, "CNAME", "shop.example")
    change("CREATE", record())
    assert refused("UPSERT", cname) == (
        BAD + f"[RRSet of type CNAME with DNS name {WWW} is not permitted as it conflicts with "
        "other records with the same DNS name in zone tickets.example.]"
    )

    change("DELETE", record(), "CREATE", cname)

    assert refused("CREATE", record()) == (
        BAD + f"[RRSet of type A with DNS name {WWW} is not permitted because a conflicting RRSet "
        "of type CNAME with the same DNS name already exists in zone tickets.example.]"
    )


@pytest.mark.mends
def test_a_record_set_is_created_once(change: Change, refused: Callable[..., str]) -> None:
    change("CREATE", record())

    assert refused("CREATE", record(WWW, "A", "192.0.2.2")) == (
        BAD + f"[Tried to create resource record set [name='{WWW}', type='A'] but it already "
        "exists]"
    )
    change("UPSERT", record(WWW, "A", "192.0.2.2"))


@pytest.mark.mends
def test_a_deletion_names_what_is_there(
    change: Change, refused: Callable[..., str], names: Callable[[], list[tuple[str, str]]]
) -> None:
    tried = BAD + f"[Tried to delete resource record set [name='{WWW}', type='A'] but "
    assert refused("DELETE", record()) == tried + "it was not found]"
    change("CREATE", record())
    assert refused("DELETE", record(WWW, "A", "192.0.2.2")) == (
        tried + "the values provided do not match the current values]"
    )

    change("DELETE", record())

    assert names() == []
    assert refused("DELETE", record()) == tried + "it was not found]"
    change("CREATE", record())


@pytest.mark.mends
def test_a_batch_is_done_whole_or_not_at_all(
    refused: Callable[..., str], names: Callable[[], list[tuple[str, str]]]
) -> None:
    refused("CREATE", record(), "CREATE", record("www.other.example"))

    assert names() == []


@pytest.mark.mends
def test_a_name_lies_in_its_zone(change: Change, refused: Callable[..., str]) -> None:
    assert refused("CREATE", record("www.nicetickets.example")) == (
        BAD + "[RRSet with DNS name www.nicetickets.example. is not permitted in zone "
        "tickets.example.]"
    )
    change("CREATE", record("WWW.Tickets.Example"))


@pytest.mark.mends
def test_a_record_set_is_complete(refused: Callable[..., str]) -> None:
    empty = {"Name": WWW, "Type": "A"}
    end = f"in Change with [Action=CREATE, Name={WWW}, Type=A, SetIdentifier=null]"
    one_of = (
        "InvalidInput: Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
        "ResourceRecords], or TrafficPolicyInstanceId], but found "
    )

    assert refused("CREATE", empty) == f"{one_of}none {end}"
    both = record() | alias(WWW, "x.example", "Z35SXDOTRQ7X7K")
    assert refused("CREATE", both) == f"{one_of}more than one {end}"
    timeless = {name: told for name, told in record().items() if name != "TTL"}
    assert (
        refused("CREATE", timeless) == f"InvalidInput: Invalid request: Missing field 'TTL' {end}"
    )


@pytest.mark.mends
def test_a_value_is_of_its_type(change: Change, refused: Callable[..., str]) -> None:
    problem = BAD + "[Invalid Resource Record: 'FATAL problem: "

    assert refused("CREATE", record(WWW, "A", "tickets")) == (
        problem + "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with "
        "'tickets'']"
    )
    assert refused("CREATE", record(WWW, "AAAA", "192.0.2.1")).startswith(
        problem + "AAAARRDATAIllegalIPv6Address"
    )
    assert "enclosed in quotation marks" in refused("CREATE", record(WWW, "TXT", "hello"))
    change("CREATE", record(WWW, "TXT", '"hello"'), "CREATE", record(WWW, "AAAA", "2001:db8::1"))


@pytest.mark.mends
def test_a_routing_policy_needs_a_set_identifier(refused: Callable[..., str]) -> None:
    assert refused("CREATE", record(WWW, Weight=10)) == (
        "InvalidInput: Invalid request: Missing field 'SetIdentifier' in Change with "
        f"[Action=CREATE, Name={WWW}, Type=A, SetIdentifier=null]"
    )
    nothing = refused("CREATE", record(WWW, SetIdentifier="blue"))
    assert nothing.startswith("InvalidInput: Invalid request: Expected exactly one of [Weight, ")


@pytest.mark.mends
def test_simple_and_routed_sets_do_not_mix(change: Change, refused: Callable[..., str]) -> None:
    change("CREATE", record())

    assert refused("CREATE", weighted("blue", 1, "192.0.2.2")).startswith(BAD)


@pytest.mark.mends
def test_one_of_several_sets_is_deleted_by_its_identifier(
    change: Change, names: Callable[[], list[tuple[str, str]]]
) -> None:
    blue, green = weighted("blue", 9, "192.0.2.1"), weighted("green", 1, "192.0.2.2")
    mail = {**weighted("blue", 9, "192.0.2.3"), "Name": "mail.tickets.example."}
    change("CREATE", blue, "CREATE", green, "CREATE", mail)

    change("DELETE", blue)

    assert names() == [("mail.tickets.example.", "A"), (WWW, "A")]


# ---- changes ----


@pytest.mark.mends
def test_a_change_is_pending_first(route53: Any, change: Change, clock: Clock) -> None:
    made = change("CREATE", record())
    assert made["Status"] == "PENDING"
    assert route53.get_change(Id=made["Id"])["ChangeInfo"]["Status"] == "PENDING"

    route53.get_waiter("resource_record_sets_changed").wait(Id=made["Id"])

    told = route53.get_change(Id=made["Id"])["ChangeInfo"]
    assert (told["Status"], told["SubmittedAt"]) == ("INSYNC", made["SubmittedAt"])
    assert change("UPSERT", record())["Id"] != made["Id"]


@pytest.mark.mends
def test_a_change_can_be_asked_for(route53: Any, change: Change, refusal: Refusal) -> None:
    made = change("CREATE", record())

    assert route53.get_change(Id=made["Id"])["ChangeInfo"]["Id"] == made["Id"]
    assert refusal(route53.get_change, Id="C0000000000000000000").startswith("NoSuchChange: ")


# ---- answers ----


@pytest.mark.mends
def test_a_zone_tells_what_it_would_answer(
    route53: Any, zone: str, change: Change, answer: Callable[..., Any]
) -> None:
    change(
        "CREATE", record(WWW, "A", "192.0.2.1", "192.0.2.2"),
        "CREATE", record("shop.tickets.example", "CNAME", "shop.example"),
        "CREATE", record("*.tickets.example", "A", "192.0.2.9"),
        "CREATE", alias(APEX, WWW, zone),
    )  # fmt: skip

    assert answer() == ["192.0.2.1", "192.0.2.2"]
    assert answer(APEX) == ["192.0.2.1", "192.0.2.2"]
    assert answer("shop.tickets.example") == ["shop.example"]
    assert answer("seats.tickets.example") == ["192.0.2.9"]
    assert answer(WWW, "AAAA") == []
    other = route53.test_dns_answer(HostedZoneId=zone, RecordName="x.example", RecordType="A")
    assert other["ResponseCode"] == "NXDOMAIN"


@pytest.mark.mends
def test_a_weighted_answer_comes_as_often_as_its_weight_says(
    change: Change, answer: Callable[..., Any]
) -> None:
    change(
        "CREATE", weighted("blue", 9, "192.0.2.1"),
        "CREATE", weighted("green", 1, "192.0.2.2"),
        "CREATE", weighted("off", 0, "192.0.2.3"),
    )  # fmt: skip

    came = Counter(answer()[0] for _ in range(400))

    assert set(came) == {"192.0.2.1", "192.0.2.2"}
    assert 330 < came["192.0.2.1"] < 385


@pytest.mark.mends
def test_a_failover_answer_changes_when_its_check_fails(
    route53: Any, change: Change, answer: Callable[..., Any]
) -> None:
    config = {"Type": "HTTP", "IPAddress": "192.0.2.1", "Port": 80}
    check = route53.create_health_check(CallerReference="1", HealthCheckConfig=config)
    id = check["HealthCheck"]["Id"]
    primary = {"SetIdentifier": "first", "Failover": "PRIMARY", "HealthCheckId": id}
    second = {"SetIdentifier": "second", "Failover": "SECONDARY"}
    change(
        "CREATE", record(WWW, "A", "192.0.2.1", **primary),
        "CREATE", record(WWW, "A", "192.0.2.2", **second),
    )  # fmt: skip
    assert answer() == ["192.0.2.1"]

    route53.update_health_check(HealthCheckId=id, Inverted=True)
    assert answer() == ["192.0.2.2"]
    route53.update_health_check(HealthCheckId=id, Inverted=False)
    assert answer() == ["192.0.2.1"]


@pytest.mark.mends
def test_a_multivalue_answer_has_the_healthy_values_up_to_eight(
    change: Change, answer: Callable[..., Any]
) -> None:
    for number in range(10):
        many = {"SetIdentifier": str(number), "MultiValueAnswer": True}
        change("CREATE", record(WWW, "A", f"192.0.2.{number}", **many))

    assert len(answer()) == 8
