"""Exercise 2: a machine that has become too small."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.ec2.scene import instance, lay_instance, state
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed

NAME, KIND = "seats", "t3.large"


def lay(client: MakeClient) -> None:
    """A t3.micro that runs."""
    lay_instance(client, NAME)


def check(evidence: Evidence) -> Outcome:
    """The same instance runs as a t3.large."""
    found = instance(evidence, NAME)
    again = '`lab.begin("larger")` lays it again.'
    if found is None:
        return Incorrect(f"`{NAME}` was terminated.", "it is there, larger.", again)
    launched = [
        made["InstanceId"]
        for call in evidence.of("ec2", "RunInstances")
        for made in call.response.get("Instances", ())
    ]
    if found["InstanceId"] in launched:
        return Incorrect(
            "Another instance was launched.",
            "the same one, with its disk, its address in the VPC and its id.",
            f"That is the right way where instances are all alike. This one has a history. {again}",
        )
    return _as_it_is(found)


def _as_it_is(found: dict[str, Any]) -> Outcome:
    if found["InstanceType"] not in ("t3.micro", KIND):
        return Incorrect(
            f"It is a {found['InstanceType']}.",
            f"a {KIND}.",
            "The word after the dot is the size; each one doubles the memory of the one before.",
        )
    if found["InstanceType"] != KIND and state(found) == "running":
        return NotYet(
            f"`{NAME}` is a {found['InstanceType']}, and runs.",
            "A type is changed while an instance is stopped: it starts on another host then.",
        )
    if found["InstanceType"] == "t3.micro":
        return NotYet(f"`{NAME}` is {state(found)}.", f"Make it a {KIND} now.")
    if state(found) != "running":
        return NotYet(f"`{NAME}` is a {KIND}, and {state(found)}.", "Start it, and wait.")
    return Passed(
        "The same instance on a larger host: its id, its disk and its private address have stayed. "
        "Its public address has not."
    )
