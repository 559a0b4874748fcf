"""Instances and their states: they take time, and not everything can be done in each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.utilities.utils import load_resource

from labkit.fidelity.authorisation import authoriser, people
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

Refusal = Callable[..., str]
IMAGES = load_resource("ec2/resources/latest_amis/us-east-1.json")


def newest(processor: str) -> str:
    """An image of Amazon Linux 2023."""
    names = {ami["name"]: ami["ami_id"] for ami in IMAGES}
    return next(
        str(id)
        for name, id in names.items()
        if name.startswith("al2023-ami-2023") and name.endswith(processor)
    )


LINUX, ARM = newest("x86_64"), newest("arm64")
ABSENT = "i-0123456789abcdef0"


@pytest.fixture
def ec2(sandbox: Sandbox) -> Any:
    return sandbox.client("ec2")


def launch(ec2: Any, **parameters: Any) -> str:
    """One instance, as it is launched."""
    asked = {"ImageId": LINUX, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    return str(ec2.run_instances(**asked | parameters)["Instances"][0]["InstanceId"])


def look(ec2: Any, id: str) -> Any:
    return ec2.describe_instances(InstanceIds=[id])["Reservations"][0]["Instances"][0]


def state(ec2: Any, id: str) -> str:
    return str(look(ec2, id)["State"]["Name"])


@pytest.fixture
def running(ec2: Any, clock: Clock) -> str:
    """An instance that runs."""
    id = launch(ec2)
    clock.advance(minutes=1)
    return id


@pytest.fixture
def stopped(ec2: Any, running: str, clock: Clock) -> str:
    """An instance that is stopped."""
    ec2.stop_instances(InstanceIds=[running])
    clock.advance(minutes=1)
    return running


# ---- the states ----


@pytest.mark.mends
def test_an_instance_is_pending_first(ec2: Any) -> None:
    id = launch(ec2)

    assert state(ec2, id) == "pending"
    ec2.get_waiter("instance_running").wait(InstanceIds=[id])
    assert state(ec2, id) == "running"


@pytest.mark.mends
def test_an_instance_takes_time_to_stop_and_to_start(ec2: Any, running: str, clock: Clock) -> None:
    asked = {"InstanceIds": [running]}

    ec2.stop_instances(**asked)
    assert state(ec2, running) == "stopping"
    ec2.get_waiter("instance_stopped").wait(**asked)
    assert state(ec2, running) == "stopped"
    ec2.start_instances(**asked)
    assert state(ec2, running) == "pending"
    clock.advance(minutes=1)
    assert state(ec2, running) == "running"


@pytest.mark.mends
def test_a_terminated_instance_is_shown_for_an_hour(
    ec2: Any, running: str, clock: Clock, refusal: Refusal
) -> None:
    ec2.terminate_instances(InstanceIds=[running])

    assert state(ec2, running) == "shutting-down"
    clock.advance(minutes=1)
    assert state(ec2, running) == "terminated"
    clock.advance(hours=1)
    assert "NotFound" in refusal(ec2.describe_instances, InstanceIds=[running])
    assert ec2.describe_instances()["Reservations"] == []


@pytest.mark.mends
def test_status_checks_pass_after_some_minutes(ec2: Any, running: str, clock: Clock) -> None:
    def checks() -> list[str]:
        [told] = ec2.describe_instance_status(InstanceIds=[running])["InstanceStatuses"]
        return [told[name]["Status"] for name in ("InstanceStatus", "SystemStatus")]

    assert checks() == ["initializing", "initializing"]
    ec2.get_waiter("instance_status_ok").wait(InstanceIds=[running])
    assert checks() == ["ok", "ok"]
    clock.advance(hours=1)
    assert checks() == ["ok", "ok"]


@pytest.mark.mends
def test_an_answer_says_where_an_instance_is_going(ec2: Any, running: str) -> None:
    [started] = ec2.start_instances(InstanceIds=[running])["StartingInstances"]

    assert started["PreviousState"]["Name"] == started["CurrentState"]["Name"] == "running"
    [stopping] = ec2.stop_instances(InstanceIds=[running])["StoppingInstances"]
    assert stopping["PreviousState"]["Name"] == "running"
    assert stopping["CurrentState"] == {"Code": 64, "Name": "stopping"}


@pytest.mark.mends
def test_only_a_stopped_instance_is_started(
    ec2: Any, running: str, clock: Clock, refusal: Refusal
) -> None:
    asked = {"InstanceIds": [running]}
    ec2.stop_instances(**asked)
    wrong = f"The instance '{running}' is not in a state from which it can be started."

    assert refusal(ec2.start_instances, **asked) == "IncorrectInstanceState: " + wrong
    clock.advance(minutes=1)
    ec2.start_instances(**asked)
    ec2.terminate_instances(**asked)
    assert refusal(ec2.start_instances, **asked) == "IncorrectInstanceState: " + wrong


@pytest.mark.mends
def test_only_a_running_instance_is_stopped(ec2: Any, clock: Clock, refusal: Refusal) -> None:
    id = launch(ec2)

    assert refusal(ec2.stop_instances, InstanceIds=[id]).startswith("IncorrectInstanceState: ")
    clock.advance(minutes=1)
    ec2.stop_instances(InstanceIds=[id])
    ec2.terminate_instances(InstanceIds=[id])
    assert refusal(ec2.stop_instances, InstanceIds=[id]).startswith("IncorrectInstanceState: ")


@pytest.mark.mends
def test_only_a_running_instance_is_rebooted(
    ec2: Any, stopped: str, clock: Clock, refusal: Refusal
) -> None:
    assert refusal(ec2.reboot_instances, InstanceIds=[stopped]).startswith("IncorrectState: ")
    ec2.start_instances(InstanceIds=[stopped])
    clock.advance(minutes=1)
    ec2.reboot_instances(InstanceIds=[stopped])
    assert state(ec2, stopped) == "running"
    ec2.terminate_instances(InstanceIds=[stopped])
    clock.advance(minutes=1)
    ec2.reboot_instances(InstanceIds=[stopped])
    assert state(ec2, stopped) == "terminated"


@pytest.mark.right
def test_a_public_address_is_lost_with_a_stop(ec2: Any, running: str, clock: Clock) -> None:
    before = look(ec2, running)
    ec2.stop_instances(InstanceIds=[running])
    clock.advance(minutes=1)
    assert "PublicIpAddress" not in look(ec2, running)
    ec2.start_instances(InstanceIds=[running])
    clock.advance(minutes=1)

    after = look(ec2, running)

    assert after["PrivateIpAddress"] == before["PrivateIpAddress"]
    assert after["PublicIpAddress"] != before["PublicIpAddress"]


# ---- what protects an instance ----


@pytest.mark.right
def test_termination_protection_is_asked_first(
    ec2: Any, running: str, clock: Clock, refusal: Refusal
) -> None:
    ec2.modify_instance_attribute(InstanceId=running, DisableApiTermination={"Value": True})

    assert refusal(ec2.terminate_instances, InstanceIds=[running]) == (
        f"OperationNotPermitted: The instance '{running}' may not be terminated. Modify its "
        "'disableApiTermination' instance attribute and try again."
    )
    ec2.modify_instance_attribute(InstanceId=running, DisableApiTermination={"Value": False})
    ec2.terminate_instances(InstanceIds=[running])
    clock.advance(minutes=1)
    assert state(ec2, running) == "terminated"


@pytest.mark.mends
def test_a_protected_instance_protects_those_beside_it(
    ec2: Any, running: str, clock: Clock, refusal: Refusal
) -> None:
    other = launch(ec2)
    clock.advance(minutes=1)
    ec2.modify_instance_attribute(InstanceId=other, DisableApiTermination={"Value": True})

    refused = refusal(ec2.terminate_instances, InstanceIds=[running, other])

    assert refused.startswith(f"OperationNotPermitted: The instance '{other}' may not be")
    assert state(ec2, running) == "running"


@pytest.mark.mends
def test_termination_protection_can_be_had_at_launch(
    ec2: Any, clock: Clock, refusal: Refusal
) -> None:
    id = launch(ec2, DisableApiTermination=True)
    clock.advance(minutes=1)

    assert refusal(ec2.terminate_instances, InstanceIds=[id]).startswith("OperationNotPermitted: ")


@pytest.mark.mends
def test_stop_protection_is_asked_first(ec2: Any, running: str, refusal: Refusal) -> None:
    ec2.modify_instance_attribute(InstanceId=running, DisableApiStop={"Value": True})

    refused = refusal(ec2.stop_instances, InstanceIds=[running])

    assert refused == (
        f"OperationNotPermitted: The instance '{running}' may not be stopped. Modify its "
        "'disableApiStop' instance attribute and try again."
    )
    assert state(ec2, running) == "running"


# ---- what is changed ----


@pytest.mark.mends
def test_an_instance_changes_its_type_while_stopped(
    ec2: Any, running: str, clock: Clock, refusal: Refusal
) -> None:
    asked = {"InstanceId": running, "InstanceType": {"Value": "t3.small"}}

    assert refusal(ec2.modify_instance_attribute, **asked) == (
        f"IncorrectInstanceState: The instance '{running}' is not in the 'stopped' state."
    )
    ec2.stop_instances(InstanceIds=[running])
    clock.advance(minutes=1)
    ec2.modify_instance_attribute(**asked)
    assert look(ec2, running)["InstanceType"] == "t3.small"


@pytest.mark.mends
def test_an_instance_changes_to_a_type_that_is_there(
    ec2: Any, stopped: str, refusal: Refusal
) -> None:
    asked = {"InstanceId": stopped, "InstanceType": {"Value": "t9.huge"}}

    refused = refusal(ec2.modify_instance_attribute, **asked)

    assert refused.startswith("InvalidInstanceAttributeValue: ")


@pytest.mark.mends
def test_one_attribute_is_changed_at_a_time(ec2: Any, running: str, refusal: Refusal) -> None:
    refused = refusal(
        ec2.modify_instance_attribute,
        InstanceId=running,
        DisableApiStop={"Value": True},
        DisableApiTermination={"Value": True},
    )

    assert refused.startswith("InvalidParameterCombination: ")


@pytest.mark.mends
def test_metadata_options_that_are_not_named_stay(ec2: Any, running: str) -> None:
    ec2.modify_instance_metadata_options(
        InstanceId=running, HttpTokens="required", HttpPutResponseHopLimit=3
    )
    ec2.modify_instance_metadata_options(InstanceId=running, InstanceMetadataTags="enabled")

    options = look(ec2, running)["MetadataOptions"]

    assert options["HttpTokens"] == "required"
    assert options["HttpPutResponseHopLimit"] == 3
    assert options["InstanceMetadataTags"] == "enabled"


@pytest.mark.mends
def test_newer_burstable_instances_are_unlimited(ec2: Any) -> None:
    ids = [launch(ec2, InstanceType=kind) for kind in ("t2.micro", "t3.micro")]
    ids.append(launch(ec2, InstanceType="t4g.micro", ImageId=ARM))

    told = ec2.describe_instance_credit_specifications(InstanceIds=ids)

    credits = {
        entry["InstanceId"]: entry["CpuCredits"] for entry in told["InstanceCreditSpecifications"]
    }
    assert [credits[id] for id in ids] == ["standard", "unlimited", "unlimited"]


# ---- what is not there, or may not ----


@pytest.mark.mends
def test_an_instance_id_has_its_form(ec2: Any, refusal: Refusal) -> None:
    malformed = 'InvalidInstanceID.Malformed: Invalid id: "web-1"'

    assert refusal(ec2.describe_instances, InstanceIds=["web-1"]) == malformed
    assert refusal(ec2.stop_instances, InstanceIds=["web-1"]) == malformed
    assert refusal(ec2.terminate_instances, InstanceIds=["web-1"]) == malformed


@pytest.mark.right
def test_an_instance_that_is_not_there_is_named(ec2: Any, refusal: Refusal) -> None:
    missing = f"InvalidInstanceID.NotFound: The instance ID '{ABSENT}' does not exist"

    assert refusal(ec2.describe_instances, InstanceIds=[ABSENT]) == missing
    assert refusal(ec2.start_instances, InstanceIds=[ABSENT]) == missing
    assert refusal(ec2.terminate_instances, InstanceIds=[ABSENT]) == missing


@pytest.mark.right
def test_if_one_instance_is_not_there_none_is_terminated(
    ec2: Any, running: str, refusal: Refusal
) -> None:
    refusal(ec2.terminate_instances, InstanceIds=[running, ABSENT])

    assert state(ec2, running) == "running"


@pytest.mark.right
def test_a_dry_run_of_a_launch_launches_nothing(ec2: Any) -> None:
    with pytest.raises(ClientError, match="DryRunOperation") as caught:
        launch(ec2, DryRun=True)

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    assert ec2.describe_instances()["Reservations"] == []


@pytest.mark.mends
def test_a_dry_run_of_a_look_is_no_look(ec2: Any, refusal: Refusal) -> None:
    dry = "DryRunOperation: Request would have succeeded, but DryRun flag is set."

    for look_at in (ec2.describe_volumes, ec2.describe_security_groups, ec2.describe_key_pairs):
        assert refusal(look_at, DryRun=True) == dry


def test_a_dry_run_without_permission_is_not_authorised(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.client("iam").create_user(UserName="ana")
    authoriser.current().enforced = True
    asked = {"ImageId": LINUX, "MinCount": 1, "MaxCount": 1, "DryRun": True}

    refused = refusal(people.as_user("ana").client("ec2").run_instances, **asked)

    assert refused.startswith("UnauthorizedOperation: You are not authorized to perform this")
    assert "Encoded authorization failure message: " in refused
