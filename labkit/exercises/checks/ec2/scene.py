"""What the exercises lay and the checks read: instances by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.exercises.checks.ebs.scene import IMAGE, named

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence, MakeClient

KIND = "t3.micro"
ALIVE = ("pending", "running", "stopping", "stopped")


def lay_instance(client: MakeClient, name: str, **settings: Any) -> str:
    """An instance of that name afresh, running; its id."""
    ec2 = client("ec2")
    clear(ec2, name)
    made = ec2.run_instances(
        ImageId=client("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"],
        MinCount=1,
        MaxCount=1,
        InstanceType=KIND,
        TagSpecifications=named(name, "instance"),
        **settings,
    )["Instances"][0]["InstanceId"]
    ec2.get_waiter("instance_running").wait(InstanceIds=[made])
    return str(made)


def clear(ec2: Any, *names: str) -> None:
    """No instance of these names is left, protected or not."""
    for instance in instances(ec2, *names):
        id = instance["InstanceId"]
        ec2.modify_instance_attribute(InstanceId=id, DisableApiTermination={"Value": False})
        ec2.terminate_instances(InstanceIds=[id])


def instances(ec2: Any, *names: str, states: tuple[str, ...] = ALIVE) -> list[dict[str, Any]]:
    """The instances of these names, the youngest last."""
    wanted = [
        {"Name": "tag:Name", "Values": list(names)},
        {"Name": "instance-state-name", "Values": list(states)},
    ]
    found = ec2.describe_instances(Filters=wanted)["Reservations"]
    every = [instance for each in found for instance in each["Instances"]]
    return sorted(every, key=lambda instance: instance["LaunchTime"])


def instance(evidence: Evidence, name: str) -> dict[str, Any] | None:
    """The instance of a name that is not gone, or None."""
    found = instances(evidence.client("ec2"), name)
    return found[-1] if found else None


def state(found: dict[str, Any]) -> str:
    """What it does."""
    return str(found["State"]["Name"])


def attribute(ec2: Any, id: str, name: str) -> Any:
    """The value of an instance's attribute, named as the API answers it."""
    asked = name[0].lower() + name[1:]
    return ec2.describe_instance_attribute(InstanceId=id, Attribute=asked)[name].get("Value")
