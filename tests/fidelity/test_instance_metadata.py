"""A program on an EC2 instance gets its role's credentials there, and keeps them fresh."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from labkit.errors import UsageError
from labkit.fidelity.instance_metadata import (
    ROLE_PATH,
    InstanceMetadata,
    of_running,
    on_instance,
)
from labkit.sandbox import Sandbox
from tests.fidelity.test_ec2_instances import LINUX

PRINTER = {"Name": "ticket-printer"}
TTL = {"X-aws-ec2-metadata-token-ttl-seconds": "300"}


def policy(**statement: Any) -> str:
    entry = {"Effect": "Allow", **statement}
    return json.dumps({"Version": "2012-10-17", "Statement": [entry]})


@pytest.fixture
def ec2(sandbox: Sandbox) -> Any:
    return sandbox.client("ec2")


@pytest.fixture
def instance(ec2: Any) -> str:
    """A running instance without a role."""
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    return str(launched["Instances"][0]["InstanceId"])


@pytest.fixture
def profile(sandbox: Sandbox) -> str:
    """A role that trusts EC2 and may read queues, in its instance profile."""
    iam = sandbox.client("iam")
    trust = policy(Action="sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"})
    named = {"RoleName": "ticket-printer"}
    role = iam.create_role(**named, AssumeRolePolicyDocument=trust)["Role"]
    reads = policy(Action="sqs:*", Resource="*")
    iam.put_role_policy(**named, PolicyName="reads", PolicyDocument=reads)
    iam.create_instance_profile(InstanceProfileName="ticket-printer")
    iam.add_role_to_instance_profile(InstanceProfileName="ticket-printer", **named)
    return str(role["Arn"])


def name_of(session: Any) -> str:
    return str(session.client("sts").get_caller_identity()["Arn"])


def test_a_program_asks_for_what_every_instance_knows(sandbox: Sandbox) -> None:
    ec2 = sandbox.client("ec2")
    made = ec2.run_instances(
        ImageId=LINUX, InstanceType="t3.micro", MinCount=1, MaxCount=1, UserData="#!/bin/sh"
    )["Instances"][0]
    metadata = of_running(made["InstanceId"])
    token = metadata.put("latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"})
    held = {"X-aws-ec2-metadata-token": token.text}

    assert repr(metadata.get("latest/meta-data/instance-id")) == "401 Unauthorized"
    assert metadata.get("/latest/meta-data/instance-id", held).text == made["InstanceId"]
    assert metadata.get("latest/meta-data/instance-type", held).text == "t3.micro"
    assert metadata.get("latest/meta-data/placement/availability-zone", held).text == "us-east-1a"
    assert metadata.get("latest/user-data", held).text == "#!/bin/sh"
    assert metadata.get("latest/meta-data/kernel-id", held).status == 404


def test_a_token_travels_as_far_as_the_hop_limit_says(sandbox: Sandbox) -> None:
    ec2 = sandbox.client("ec2")
    made = ec2.run_instances(ImageId=LINUX, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    id = made["Instances"][0]["InstanceId"]
    asked = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    assert of_running(id).put("latest/api/token", asked, hops=2).status == 200

    ec2.modify_instance_metadata_options(InstanceId=id, HttpPutResponseHopLimit=1)

    with pytest.raises(TimeoutError, match="1 hop"):
        of_running(id).put("latest/api/token", asked, hops=2)


def get(metadata: InstanceMetadata, path: str) -> tuple[int, str]:
    _, token = metadata.answer("PUT", "latest/api/token", TTL)
    return metadata.answer("GET", path, {"X-aws-ec2-metadata-token": token})


def test_a_program_on_an_instance_without_a_role_finds_no_credentials(instance: str) -> None:
    with pytest.raises(NoCredentialsError):
        on_instance(instance).client("sqs").list_queues()


def test_a_program_begins_when_its_instance_runs(sandbox: Sandbox, instance: str) -> None:
    launched = sandbox.clock.now

    on_instance(instance)

    assert sandbox.clock.now > launched


def test_a_profile_attached_to_a_running_instance_gives_its_program_the_role(
    ec2: Any, instance: str, profile: str
) -> None:
    program = on_instance(instance)
    assert program.get_credentials() is None

    ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile=PRINTER)

    arn = f"arn:aws:sts::123456789012:assumed-role/ticket-printer/{instance}"
    assert name_of(program) == arn


def test_an_instance_launched_with_a_profile_has_the_role_at_once(ec2: Any, profile: str) -> None:
    launched = ec2.run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, IamInstanceProfile=PRINTER
    )

    program = on_instance(launched["Instances"][0]["InstanceId"])

    assert ":assumed-role/ticket-printer/i-" in name_of(program)


def test_the_program_outlives_its_credentials(
    sandbox: Sandbox, ec2: Any, instance: str, profile: str
) -> None:
    ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile=PRINTER)
    program = on_instance(instance)
    sqs = program.client("sqs")
    keys = set()

    for _ in range(24):
        sqs.list_queues()
        keys.add(program.get_credentials().access_key)
        sandbox.clock.advance(hours=1)

    assert len(keys) > 3


def test_credentials_copied_from_an_instance_end(
    sandbox: Sandbox, ec2: Any, instance: str, profile: str
) -> None:
    ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile=PRINTER)
    _, text = get(InstanceMetadata(instance), ROLE_PATH + "ticket-printer")
    found = json.loads(text)
    copied = sandbox.session.client(
        "sqs",
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["Token"],
    )
    copied.list_queues()

    sandbox.clock.advance(hours=6)

    with pytest.raises(ClientError, match="ExpiredToken"):
        copied.list_queues()


def test_the_metadata_names_the_role_and_tells_its_credentials(
    ec2: Any, instance: str, profile: str
) -> None:
    ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile=PRINTER)
    metadata = InstanceMetadata(instance)

    assert get(metadata, ROLE_PATH) == (200, "ticket-printer")
    status, text = get(metadata, ROLE_PATH + "ticket-printer")
    told = json.loads(text)
    assert (status, told["Code"], told["Type"]) == (200, "Success", "AWS-HMAC")
    assert told["AccessKeyId"].startswith("ASIA")
    assert told["Expiration"] == "2026-01-05T15:00:00Z"


def test_without_a_role_there_is_nothing_to_tell(instance: str) -> None:
    assert get(InstanceMetadata(instance), ROLE_PATH) == (404, "Not Found")


def test_a_role_that_does_not_trust_ec2_gives_no_credentials(
    sandbox: Sandbox, ec2: Any, instance: str, profile: str
) -> None:
    trust = policy(Action="sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"})
    sandbox.client("iam").update_assume_role_policy(RoleName="ticket-printer", PolicyDocument=trust)
    ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile=PRINTER)

    _, text = get(InstanceMetadata(instance), ROLE_PATH + "ticket-printer")

    assert json.loads(text)["Code"] == "AssumeRoleUnauthorizedAccess"
    assert on_instance(instance).get_credentials() is None


@pytest.mark.parametrize(
    ("demanded", "status"), [("required", 401), ("optional", 200)], ids=["v2 only", "v1 as well"]
)
def test_a_request_without_a_token_is_answered_only_by_version_1(
    ec2: Any, instance: str, demanded: str, status: int
) -> None:
    ec2.modify_instance_metadata_options(InstanceId=instance, HttpTokens=demanded)
    metadata = InstanceMetadata(instance)

    assert metadata.answer("GET", "latest/meta-data/instance-id", {})[0] == status


def test_a_token_is_made_by_put_only_and_ends(sandbox: Sandbox, instance: str) -> None:
    metadata = InstanceMetadata(instance)
    path = "latest/meta-data/instance-id"
    _, token = metadata.answer("PUT", "latest/api/token", TTL)
    bearer = {"X-aws-ec2-metadata-token": token}

    assert metadata.answer("GET", "latest/api/token", TTL)[0] == 405
    assert metadata.answer("PUT", "latest/api/token", {})[0] == 400
    assert metadata.answer("GET", path, bearer) == (200, instance)
    sandbox.clock.advance(seconds=300)
    assert metadata.answer("GET", path, bearer)[0] == 401


def test_no_program_runs_on_an_instance_that_is_not_there_or_stopped(
    ec2: Any, instance: str
) -> None:
    ec2.get_waiter("instance_running").wait(InstanceIds=[instance])
    ec2.stop_instances(InstanceIds=[instance])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance])

    with pytest.raises(UsageError, match="is stopped"):
        on_instance(instance)
    with pytest.raises(UsageError, match="There is no instance 'i-0'"):
        on_instance("i-0")
