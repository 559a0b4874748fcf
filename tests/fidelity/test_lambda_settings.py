"""What a function may be made of, and what may be done with its versions."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from labkit.facts import fact
from labkit.sandbox import Sandbox
from tests.runtime.conftest import TRUST, package, role_of_a_worker

Refusal = Callable[..., str]
ARN = "arn:aws:lambda:us-east-1:123456789012:function:worker"
CODE = "def handler(event, context):\n    return event\n"


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    return sandbox.client("lambda")


@pytest.fixture
def given(sandbox: Sandbox) -> dict[str, Any]:
    """What every function here is made of."""
    role = role_of_a_worker(sandbox.client("iam"))
    return {
        "FunctionName": "worker",
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "Role": role,
        "Code": {"ZipFile": package(CODE)},
    }


@pytest.fixture
def worker(client: Any, given: dict[str, Any]) -> str:
    client.create_function(**given)
    return "worker"


@pytest.mark.mends
def test_a_timeout_and_the_memory_have_a_maximum(
    client: Any, given: dict[str, Any], refusal: Refusal
) -> None:
    longest, most = int(fact("lambda.timeout_max_s")), int(fact("lambda.memory_max_mib"))
    client.create_function(**given, Timeout=longest, MemorySize=most)
    change = {"FunctionName": "worker"}

    said = refusal(client.update_function_configuration, **change, Timeout=longest + 1)

    assert said == (
        f"ValidationException: 1 validation error detected: Value '{longest + 1}' at 'timeout' "
        f"failed to satisfy constraint: Member must have value less than or equal to {longest}"
    )
    assert "'memorySize'" in refusal(
        client.update_function_configuration, **change, MemorySize=most + 1
    )


@pytest.mark.mends
def test_an_environment_has_a_largest_size_and_names_of_its_own(
    client: Any, worker: str, refusal: Refusal
) -> None:
    def said(**variables: str) -> str:
        return refusal(
            client.update_function_configuration,
            FunctionName=worker,
            Environment={"Variables": variables},
        )

    room = int(fact("lambda.environment_max_bytes")) - len('{"STAGE":""}')
    full = {"Variables": {"STAGE": "x" * room}}
    client.update_function_configuration(FunctionName=worker, Environment=full)

    assert "exceeded the 4KB limit" in said(STAGE="x" * (room + 1))
    assert said(AWS_REGION="eu-west-1").endswith("Reserved keys used in this request: AWS_REGION")
    assert said(**{"1ST": "x"}).startswith("ValidationException: ")


@pytest.mark.mends
def test_a_runtime_is_one_that_lambda_still_has(
    client: Any, given: dict[str, Any], refusal: Refusal
) -> None:
    old = refusal(client.create_function, **given | {"Runtime": "python2.7"})
    strange = refusal(client.create_function, **given | {"Runtime": "python9"})

    assert old.startswith("InvalidParameterValueException: The runtime parameter of python2.7 is")
    assert "at 'runtime' failed to satisfy constraint: Member must satisfy enum value" in strange
    client.create_function(**given | {"Runtime": "nodejs22.x"})


@pytest.mark.mends
def test_a_function_has_five_layers_at_most(client: Any, worker: str, refusal: Refusal) -> None:
    layers = [
        client.publish_layer_version(
            LayerName=f"layer-{number}",
            Content={"ZipFile": package("x = 1", "python/x.py")},
        )["LayerVersionArn"]
        for number in range(6)
    ]
    client.update_function_configuration(FunctionName=worker, Layers=layers[:5])

    said = refusal(client.update_function_configuration, FunctionName=worker, Layers=layers)

    assert said == "InvalidParameterValueException: Cannot reference more than 5 layers."


@pytest.mark.mends
def test_a_function_s_role_lets_lambda_in(
    client: Any, given: dict[str, Any], sandbox: Sandbox, refusal: Refusal
) -> None:
    trust = json.dumps(TRUST).replace("lambda.amazonaws.com", "ec2.amazonaws.com")
    other = sandbox.client("iam").create_role(RoleName="web", AssumeRolePolicyDocument=trust)

    said = refusal(client.create_function, **given | {"Role": other["Role"]["Arn"]})

    assert said == (
        "InvalidParameterValueException: The role defined for the function cannot be assumed by "
        "Lambda."
    )


@pytest.mark.mends
def test_a_package_is_a_zip_that_is_not_too_large(
    client: Any, given: dict[str, Any], refusal: Refusal
) -> None:
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("app.py", CODE)
        for number in range(6):
            zipped.writestr(f"{number}.bin", bytes(50_000_000))

    def said(package: bytes) -> str:
        return refusal(client.create_function, **given | {"Code": {"ZipFile": package}})

    assert said(b"no zip") == (
        "InvalidParameterValueException: Could not unzip uploaded file. Please check your file, "
        "then try to upload again."
    )
    assert said(large.getvalue()) == (
        "InvalidParameterValueException: Unzipped size must be smaller than 262144000 bytes"
    )


@pytest.mark.mends
def test_a_function_s_name_has_no_blanks(
    client: Any, given: dict[str, Any], refusal: Refusal
) -> None:
    for name in ("the worker", "x" * 65):
        said = refusal(client.create_function, **given | {"FunctionName": name})
        assert said.startswith("ValidationException: 1 validation error detected: Value '")


@pytest.mark.mends
def test_a_function_keeps_its_dead_letter_queue(client: Any, given: dict[str, Any]) -> None:
    wish = {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"}

    assert client.create_function(**given, DeadLetterConfig=wish)["DeadLetterConfig"] == wish
    changed = client.update_function_configuration(FunctionName="worker", Description="x")
    assert changed["DeadLetterConfig"] == wish


@pytest.mark.mends
def test_a_configuration_names_the_dead_letter_queue(client: Any, given: dict[str, Any]) -> None:
    wish = {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"}
    client.create_function(**given, DeadLetterConfig=wish)

    found = client.get_function_configuration(FunctionName="worker")

    assert found["DeadLetterConfig"] == wish
    assert found["Runtime"] == "python3.13"


@pytest.mark.mends
def test_a_published_version_cannot_be_changed(client: Any, worker: str, refusal: Refusal) -> None:
    client.publish_version(FunctionName=worker)

    said = refusal(client.update_function_configuration, FunctionName=f"{ARN}:1", Timeout=5)

    assert said.startswith("InvalidParameterValueException: $LATEST is the only version")


# ---- versions, aliases, concurrency ----


@pytest.mark.right
def test_a_version_is_published_once_for_what_it_is(client: Any, worker: str) -> None:
    first = client.publish_version(FunctionName=worker)
    again = client.publish_version(FunctionName=worker)

    assert (first["Version"], again["Version"]) == ("1", "1")


@pytest.mark.mends
def test_an_alias_splits_its_traffic_between_published_versions(
    client: Any, worker: str, refusal: Refusal
) -> None:
    client.publish_version(FunctionName=worker)
    split = {"RoutingConfig": {"AdditionalVersionWeights": {"1": 0.1}}}
    alias = {"FunctionName": worker, "Name": "live"}

    said = refusal(client.create_alias, **alias, FunctionVersion="$LATEST", **split)

    assert said.startswith("InvalidParameterValueException: $LATEST is not supported for an alias")
    client.create_alias(**alias, FunctionVersion="1")
    assert "another one than its first: 1" in refusal(client.update_alias, **alias, **split)
    client.update_function_configuration(FunctionName=worker, Timeout=9)
    client.publish_version(FunctionName=worker)
    too_much = {"AdditionalVersionWeights": {"2": 1.5}}
    said = refusal(client.update_alias, **alias, RoutingConfig=too_much)
    assert said.startswith("ValidationException: ")
    client.update_alias(**alias, RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})


def test_versions_of_two_roles_do_not_share_an_alias(
    client: Any, worker: str, sandbox: Sandbox, refusal: Refusal
) -> None:
    client.publish_version(FunctionName=worker)
    other = sandbox.client("iam").create_role(
        RoleName="other", AssumeRolePolicyDocument=json.dumps(TRUST)
    )
    client.update_function_configuration(FunctionName=worker, Role=other["Role"]["Arn"])
    client.publish_version(FunctionName=worker)

    said = refusal(
        client.create_alias,
        FunctionName=worker,
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.1}},
    )

    assert said.endswith("must have the same execution role.")


@pytest.mark.mends
def test_an_alias_is_there_once(client: Any, worker: str, refusal: Refusal) -> None:
    alias = {"FunctionName": worker, "Name": "live", "FunctionVersion": "$LATEST"}
    client.create_alias(**alias)

    said = refusal(client.create_alias, **alias)

    assert said == f"ResourceConflictException: Alias already exists: {ARN}:live"


@pytest.mark.mends
def test_an_alias_has_a_name_that_is_no_number(client: Any, worker: str, refusal: Refusal) -> None:
    client.publish_version(FunctionName=worker)

    said = refusal(client.create_alias, FunctionName=worker, Name="7", FunctionVersion="1")

    assert said.startswith("ValidationException: ")


@pytest.mark.mends
def test_a_version_that_an_alias_points_to_stays(
    client: Any, worker: str, refusal: Refusal
) -> None:
    client.publish_version(FunctionName=worker)
    client.create_alias(FunctionName=worker, Name="live", FunctionVersion="1")

    said = refusal(client.delete_function, FunctionName=worker, Qualifier="1")

    assert said == (
        "ResourceConflictException: Unable to delete version because the following aliases "
        "reference it: [live]"
    )
    said = refusal(client.delete_function, FunctionName=worker, Qualifier="$LATEST")
    assert said.startswith("InvalidParameterValueException: $LATEST version cannot be deleted")
    client.delete_alias(FunctionName=worker, Name="live")
    client.delete_function(FunctionName=worker, Qualifier="1")


@pytest.mark.mends
def test_a_hundred_executions_stay_unreserved(client: Any, worker: str, refusal: Refusal) -> None:
    client.put_function_concurrency(FunctionName=worker, ReservedConcurrentExecutions=900)

    said = refusal(
        client.put_function_concurrency, FunctionName=worker, ReservedConcurrentExecutions=901
    )

    assert said == (
        "InvalidParameterValueException: Specified ReservedConcurrentExecutions for function "
        "decreases account's UnreservedConcurrentExecution below its minimum value of [100]."
    )


@pytest.mark.mends
def test_a_statement_s_id_is_there_once(client: Any, worker: str, refusal: Refusal) -> None:
    statement = {
        "FunctionName": worker,
        "StatementId": "s3",
        "Action": "lambda:InvokeFunction",
        "Principal": "s3.amazonaws.com",
    }
    client.add_permission(**statement)

    assert refusal(client.add_permission, **statement).startswith(
        "ResourceConflictException: The statement id (s3) provided already exists."
    )


@pytest.mark.mends
def test_a_mapping_is_there_once_with_a_batch_that_its_source_allows(
    client: Any, worker: str, sqs: Any, refusal: Refusal
) -> None:
    def arn(name: str, **attributes: str) -> str:
        sqs.create_queue(QueueName=name, Attributes=attributes)
        return f"arn:aws:sqs:us-east-1:123456789012:{name}"

    def said(arn: str, **more: Any) -> str:
        asked = {"FunctionName": worker, "EventSourceArn": arn, **more}
        return refusal(client.create_event_source_mapping, **asked)

    orders, short = arn("orders"), arn("short", VisibilityTimeout="1")
    client.create_event_source_mapping(FunctionName=worker, EventSourceArn=orders)

    assert said(orders).startswith("ResourceConflictException: An event source mapping with")
    assert said(arn("o.fifo", FifoQueue="true"), BatchSize=11).startswith("ValidationException: ")
    assert said(short) == (
        "InvalidParameterValueException: Queue visibility timeout: 1 seconds is less than Function "
        "timeout: 3 seconds"
    )


DEAD = {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:dead"}}


@pytest.mark.mends
def test_a_put_replaces_how_events_are_handled(client: Any, worker: str) -> None:
    client.put_function_event_invoke_config(FunctionName=worker, MaximumRetryAttempts=0)

    client.put_function_event_invoke_config(FunctionName=worker, DestinationConfig=DEAD)

    found = client.get_function_event_invoke_config(FunctionName=worker)
    assert found["DestinationConfig"]["OnFailure"] == DEAD["OnFailure"]
    assert "MaximumRetryAttempts" not in found


@pytest.mark.mends
def test_an_update_leaves_the_other_options_alone(client: Any, worker: str) -> None:
    client.put_function_event_invoke_config(FunctionName=worker, DestinationConfig=DEAD)

    answer = client.update_function_event_invoke_config(FunctionName=worker, MaximumRetryAttempts=1)

    found = client.get_function_event_invoke_config(FunctionName=worker)
    for one in (answer, found):
        assert one["DestinationConfig"]["OnFailure"] == DEAD["OnFailure"]
        assert one["MaximumRetryAttempts"] == 1
