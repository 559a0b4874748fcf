"""lab.aws: awscli's own command, with a home of its own, against the sandbox and in its time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labkit import runtime
from labkit.errors import UsageError
from labkit.fidelity.authorisation import authoriser
from labkit.fidelity.authorisation.identities import Enforcement
from labkit.runtime import aws_cli
from labkit.runtime.aws_cli.runner import AwsCli
from labkit.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    opened = runtime.open_sandbox("cli")
    yield opened
    opened.close()


@pytest.fixture
def aws(sandbox: Sandbox) -> AwsCli:
    return aws_cli.of(sandbox)


@pytest.fixture
def orders(sandbox: Sandbox) -> str:
    """A bucket with five objects."""
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="orders")
    for number in range(5):
        s3.put_object(Bucket="orders", Key=f"{number}.txt", Body=b"an order")
    return "orders"


def user(sandbox: Sandbox, aws: AwsCli, name: str) -> None:
    """A user without rights, and a profile of that name."""
    iam = sandbox.client("iam")
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    for field, value in (
        ("region", "us-east-1"),
        ("aws_access_key_id", key["AccessKeyId"]),
        ("aws_secret_access_key", key["SecretAccessKey"]),
    ):
        aws(["configure", "set", field, value, "--profile", name])


def test_a_command_prints_what_the_sandbox_holds(aws: AwsCli, orders: str) -> None:
    ran = aws("aws s3api list-buckets --query 'Buckets[].Name'")

    assert (ran.json(), ran.stderr, ran.exit_code) == ([orders], "", 0)
    assert repr(ran) == "$ aws s3api list-buckets --query 'Buckets[].Name'\n[\n    \"orders\"\n]"


def test_its_calls_are_in_the_log_as_everyones(aws: AwsCli, sandbox: Sandbox, orders: str) -> None:
    ran = aws(["s3api", "list-objects-v2", "--bucket", orders, "--page-size", "2"])

    assert ran.operations == ["ListObjectsV2"] * 3
    assert [call.params["MaxKeys"] for call in ran.calls] == [2, 2, 2]
    assert len(ran.json()["Contents"]) == 5
    assert ran.calls[0].principal.endswith("user/learner")
    assert ran.calls == tuple(sandbox.calls.since(len(sandbox.calls) - 3))


def test_times_are_the_sandboxs(aws: AwsCli, sandbox: Sandbox, orders: str) -> None:
    assert aws("s3 ls").stdout == "2026-01-05 09:00:00 orders\n"

    sandbox.clock.advance(days=1)
    sandbox.client("s3").create_bucket(Bucket="posters")

    assert aws("s3 ls").stdout.splitlines()[1] == "2026-01-06 09:00:00 posters"


@pytest.mark.parametrize(
    "command", ["sqs list-queues", "rds describe-db-instances", "emr list-clusters"]
)
def test_services_with_older_names_are_answered_too(aws: AwsCli, command: str) -> None:
    assert aws(command).exit_code == 0


def test_a_waiter_moves_the_clock(aws: AwsCli, sandbox: Sandbox) -> None:
    before = sandbox.clock.now
    sandbox.client("rds").create_db_instance(
        DBInstanceIdentifier="shop",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="shop",
        MasterUserPassword="romeo-and-juliet",
    )

    ran = aws("rds wait db-instance-available --db-instance-identifier shop")

    assert ran.exit_code == 0
    assert 300 < (sandbox.clock.now - before).total_seconds() < 900
    assert set(ran.operations) == {"DescribeDBInstances"}


def test_a_refusal_of_the_service_is_the_commands_own(aws: AwsCli) -> None:
    ran = aws("s3api list-objects-v2 --bucket nothing")

    assert ran.exit_code == 255
    assert "An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation" in ran.stderr
    assert repr(ran).endswith("[exit code 255]")


def test_what_is_no_command_calls_nobody(aws: AwsCli) -> None:
    ran = aws("s3api list-bucket")

    assert (ran.exit_code, ran.operations) == (2, [])
    assert "aws: error: argument operation: Invalid choice" in ran.stderr


def test_a_profile_is_a_principal(aws: AwsCli, sandbox: Sandbox, orders: str) -> None:
    user(sandbox, aws, "ana")
    mine = "sts get-caller-identity --query Arn --output text"

    assert aws(mine).stdout == "arn:aws:iam::123456789012:user/learner\n"
    assert aws(f"{mine} --profile ana").stdout == "arn:aws:iam::123456789012:user/ana\n"
    assert aws(mine, env={"AWS_PROFILE": "ana"}).stdout == "arn:aws:iam::123456789012:user/ana\n"
    assert aws(mine).stdout == "arn:aws:iam::123456789012:user/learner\n"


def test_a_profile_without_rights_is_denied(aws: AwsCli, sandbox: Sandbox, orders: str) -> None:
    user(sandbox, aws, "ana")
    with Enforcement(authoriser.current(), enforced=True):
        denied = aws("s3 ls s3://orders --profile ana")

    assert denied.exit_code == 255
    assert "is not authorized to perform: s3:ListBucket" in denied.stderr


def test_a_profile_can_put_on_a_role(aws: AwsCli, sandbox: Sandbox) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = sandbox.client("iam").create_role(
        RoleName="box-office", AssumeRolePolicyDocument=json.dumps(trust)
    )["Role"]["Arn"]
    aws(["configure", "set", "role_arn", role, "--profile", "office"])
    aws("configure set source_profile default --profile office")
    aws("configure set region us-east-1 --profile office")

    ran = aws("sts get-caller-identity --profile office --query Arn --output text")

    assert ran.stdout.startswith(
        "arn:aws:sts::123456789012:assumed-role/box-office/botocore-session-"
    )
    assert ran.operations == ["AssumeRole", "GetCallerIdentity"]


def test_a_profile_that_is_not_there_is_said_so(aws: AwsCli) -> None:
    ran = aws("sts get-caller-identity --profile nobody")

    assert (ran.stderr.strip(), ran.exit_code, ran.operations) == (
        "The config profile (nobody) could not be found",
        255,
        [],
    )


def test_configure_asks_and_writes_into_its_own_home(aws: AwsCli) -> None:
    typed = "AKIAI44QH8DHBEXAMPLE\nje7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\neu-west-1\ntext\n"

    ran = aws("configure --profile ana", input=typed)

    assert ran.exit_code == 0
    assert aws("configure get region --profile ana").stdout == "eu-west-1\n"
    assert "AKIAI44QH8DHBEXAMPLE" in (aws.home / ".aws" / "credentials").read_text()
    assert not Path.home().samefile(aws.home)


def test_configure_without_an_answer_ends_at_once(aws: AwsCli) -> None:
    ran = aws("configure")

    assert (ran.exit_code, "EOF" in ran.stderr) == (255, True)


def test_files_lie_in_its_home(aws: AwsCli, orders: str) -> None:
    (aws.home / "poster.txt").write_text("Romeo and Juliet")

    assert aws("s3 cp poster.txt s3://orders/poster.txt").exit_code == 0
    assert aws("s3 cp s3://orders/poster.txt -").stdout == "Romeo and Juliet"


def test_what_is_typed_reaches_the_command(aws: AwsCli, sandbox: Sandbox, orders: str) -> None:
    aws("s3 cp - s3://orders/note.txt", input="sold out")

    body = sandbox.client("s3").get_object(Bucket=orders, Key="note.txt")["Body"].read()
    assert body == b"sold out"


def test_nothing_of_the_learners_own_environment_gets_in(
    aws: AwsCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "AWS_PROFILE", "production")
    monkeypatch.setitem(os.environ, "AWS_DEFAULT_OUTPUT", "table")

    assert aws("sts get-caller-identity").json()["Account"] == "123456789012"


def test_no_other_host_is_reached(aws: AwsCli) -> None:
    ran = aws("s3 ls --endpoint-url https://s3.eu-west-1.amazonaws.com")

    assert ran.exit_code != 0
    assert ran.operations == []
    assert "labkit refused a connection to s3.eu-west-1.amazonaws.com" in ran.stderr


def test_two_runs_say_the_same() -> None:
    def run() -> list[Any]:
        opened = runtime.open_sandbox("cli")
        aws = aws_cli.of(opened)
        try:
            opened.client("s3").create_bucket(Bucket="orders")
            commands = (
                "sqs create-queue --queue-name orders",
                "s3api list-buckets",
                "configure list",
                "s3api put-object --bucket nothing --key a",
                "ec2 run-instances --image-id ami-12c6146b --count 1 --output text",
            )
            return [repr(aws(command)) for command in commands]
        finally:
            opened.close()

    assert run() == run()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("s3 ls | grep orders", "has '|' in it"),
        ("s3 ls > buckets.txt", "has '>' in it"),
        ("s3api list-buckets --query 'Buckets", "No closing quotation"),
    ],
)
def test_what_a_shell_would_do_is_refused(aws: AwsCli, command: str, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("|", r"\|")):
        aws(command)


def test_what_is_no_json_is_said_so(aws: AwsCli) -> None:
    with pytest.raises(UsageError, match="is no JSON"):
        aws("configure list").json()


def test_it_ends_with_its_sandbox() -> None:
    opened = runtime.open_sandbox("cli")
    aws = aws_cli.of(opened)
    aws("configure list")
    home = aws.home

    opened.close()

    assert not home.exists()
    assert aws._child is None
