"""Exercise 1: a web server, with one open door."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.ec2.scene import clear, instance, state
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed

NAME, KIND, PORT = "box-office", "t3.small", 443
TCP = ("tcp", "6")  # a protocol is named, or numbered
EVERYONE = "0.0.0.0/0"


def lay(client: MakeClient) -> None:
    """No instance of that name, and no group `box-office`."""
    ec2 = client("ec2")
    clear(ec2, NAME)
    wanted = [{"Name": "group-name", "Values": [NAME]}]
    for group in ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]:
        instances = [{"Name": "instance.group-id", "Values": [group["GroupId"]]}]
        held = ec2.describe_instances(Filters=instances)["Reservations"]
        ids = [one["InstanceId"] for each in held for one in each["Instances"]]
        if ids:
            ec2.get_waiter("instance_terminated").wait(InstanceIds=ids)
        ec2.delete_security_group(GroupId=group["GroupId"])


def check(evidence: Evidence) -> Outcome:
    """It runs, is of that type, lets in HTTPS and nothing else, and demands IMDSv2."""
    found = instance(evidence, NAME)
    if found is None:
        return NotYet(
            f"There is no instance `{NAME}`.",
            "A security group first, then a launch with it, with a name.",
        )
    ec2 = evidence.client("ec2")
    return _type(found) or _doors(ec2, found) or _metadata(found) or _runs(found)


def _type(found: dict[str, Any]) -> Outcome | None:
    if found["InstanceType"] == KIND:
        return None
    return Incorrect(
        f"It is a {found['InstanceType']}.",
        f"a {KIND}.",
        "Without `InstanceType` it is whatever the API has kept as its default; always name one.",
    )


def _doors(ec2: Any, found: dict[str, Any]) -> Outcome | None:
    ids = [group["GroupId"] for group in found["SecurityGroups"]]
    groups = ec2.describe_security_groups(GroupIds=ids)["SecurityGroups"]
    if any(group["GroupName"] == "default" for group in groups):
        return Incorrect(
            "It has the default security group.",
            f"a group of its own, with port {PORT} open.",
            "The default group lets in its own members, and nobody from outside. A launch that "
            "names no group gets it.",
        )
    rules = [rule for group in groups for rule in group["IpPermissions"]]
    wide = [rule for rule in rules if rule["IpProtocol"] == "-1"]
    if wide:
        return Incorrect(
            "Every port is open.",
            f"port {PORT}.",
            "A rule for all protocols opens what nobody thinks of, today's and tomorrow's.",
        )
    asked = [rule for rule in rules if _is_https(rule)]
    others = [rule for rule in rules if not _is_https(rule)]
    if any(_lets_in(rule, 22) and _from_everywhere(rule) for rule in others):
        return Incorrect(
            "Port 22 is open to the whole internet.",
            f"port {PORT} only.",
            "It is found within minutes. Who has to log in uses Session Manager, which needs no "
            "open port.",
        )
    if not any(EVERYONE in _sources(rule) for rule in asked):
        return Incorrect(
            f"It lets in {_in_words(rules)}.",
            f"TCP port {PORT}, from everywhere.",
            "`FromPort` and `ToPort` are a range of one protocol; browsers come to 443 over TCP, "
            f"from anywhere, {EVERYONE}.",
        )
    if others:
        return Incorrect(
            f"Besides TCP port {PORT} it lets in {_in_words(others)}.",
            f"TCP port {PORT} and nothing else.",
            "A door for some is a door too, and one for IPv6 is as wide as one for IPv4. "
            "`revoke_security_group_ingress` takes a rule away.",
        )
    return None


def _is_https(rule: dict[str, Any]) -> bool:
    return rule["IpProtocol"] in TCP and (rule["FromPort"], rule["ToPort"]) == (PORT, PORT)


def _lets_in(rule: dict[str, Any], port: int) -> bool:
    return rule["IpProtocol"] in TCP and rule["FromPort"] <= port <= rule["ToPort"]


def _from_everywhere(rule: dict[str, Any]) -> bool:
    return bool({EVERYONE, "::/0"} & set(_sources(rule)))


def _sources(rule: dict[str, Any]) -> list[str]:
    """The addresses, groups and lists of addresses that a rule lets in."""
    return [
        *(one["CidrIp"] for one in rule.get("IpRanges", ())),
        *(one["CidrIpv6"] for one in rule.get("Ipv6Ranges", ())),
        *(one["GroupId"] for one in rule.get("UserIdGroupPairs", ())),
        *(one["PrefixListId"] for one in rule.get("PrefixListIds", ())),
    ]


def _in_words(rules: list[dict[str, Any]]) -> str:
    """What the rules let in, as in `tcp 22-80 from 10.0.0.0/8`."""
    words = []
    for rule in rules:
        first, last = rule["FromPort"], rule["ToPort"]
        ports = str(first) if first == last else f"{first}-{last}"
        words.append(f"{rule['IpProtocol']} {ports} from {' and '.join(_sources(rule))}")
    return ", ".join(sorted(words)) or "nothing"


def _metadata(found: dict[str, Any]) -> Outcome | None:
    if found["MetadataOptions"]["HttpTokens"] == "required":
        return None
    return Incorrect(
        "Its metadata service answers without a token.",
        "`HttpTokens` is `required`.",
        "Then a page that can be made to fetch an address fetches the role's credentials.",
    )


def _runs(found: dict[str, Any]) -> Outcome:
    if state(found) != "running":
        return NotYet(f"It is {state(found)}.", "Wait until it runs.")
    return Passed(
        "One door, the type that was asked for, and a metadata service that asks for a token: "
        "what a launch leaves out is decided by defaults, and these by somebody else."
    )
