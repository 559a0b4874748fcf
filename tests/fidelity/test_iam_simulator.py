"""The simulator says what policies would allow, and the keys that they look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.fidelity.iam.positions import context_keys, statement_positions
from labkit.sandbox import Sandbox
from tests.fidelity.scene import ACCOUNT, USER, allow, deny, document, put, trust

POSTERS = "arn:aws:s3:::posters/*"
GALA = "arn:aws:s3:::posters/gala.png"
HALL = {"StringEquals": {"aws:PrincipalTag/desk": "hall"}}


@pytest.fixture
def iam(sandbox: Sandbox) -> Any:
    return sandbox.client("iam")


@pytest.fixture
def simulate(iam: Any) -> Callable[..., list[dict[str, Any]]]:
    """Simulates policies, and returns the results."""

    def simulate(*policies: str, **more: Any) -> list[dict[str, Any]]:
        asked = {"ActionNames": ["s3:GetObject"], "ResourceArns": [GALA]} | more
        answer = iam.simulate_custom_policy(PolicyInputList=[*policies], **asked)
        return list(answer["EvaluationResults"])

    return simulate


def decisions(results: list[dict[str, Any]]) -> list[str]:
    return [result["EvalDecision"] for result in results]


@pytest.mark.mends
def test_policies_can_be_simulated(simulate: Any) -> None:
    reads = document(allow("s3:GetObject", POSTERS))
    results = simulate(reads, ActionNames=["s3:GetObject", "s3:PutObject"])

    assert decisions(results) == ["allowed", "implicitDeny"]
    assert (results[0]["EvalActionName"], results[0]["EvalResourceName"]) == ("s3:GetObject", GALA)
    assert results[0]["MatchedStatements"] == [
        {
            "SourcePolicyId": "PolicyInputList.1",
            "SourcePolicyType": "IAM Policy",
            "StartPosition": {"Line": 1, "Column": reads.index('{"Effect"') + 1},
            "EndPosition": {"Line": 1, "Column": reads.index("}]") + 2},
        }
    ]
    assert results[1]["MatchedStatements"] == []


def test_a_deny_names_its_own_statement_only(simulate: Any) -> None:
    [result] = simulate(document(allow("s3:*")), document(deny("s3:Get*")))

    assert result["EvalDecision"] == "explicitDeny"
    assert [one["SourcePolicyId"] for one in result["MatchedStatements"]] == ["PolicyInputList.2"]


def test_a_key_that_is_missing_is_named_and_can_be_given(simulate: Any) -> None:
    policy = document(allow("s3:GetObject", Condition=HALL), allow("sqs:*", Condition=HALL))
    given = {"ContextKeyName": "aws:PrincipalTag/desk", "ContextKeyType": "string"}

    [without] = simulate(policy)
    [wrong] = simulate(policy, ContextEntries=[given | {"ContextKeyValues": ["till"]}])
    [right] = simulate(policy, ContextEntries=[given | {"ContextKeyValues": ["hall"]}])

    assert decisions([without, wrong, right]) == ["implicitDeny", "implicitDeny", "allowed"]
    assert without["MissingContextValues"] == ["aws:PrincipalTag/desk"]
    assert right["MissingContextValues"] == []


def test_a_boundary_is_simulated_beside_the_policy(simulate: Any) -> None:
    limits = [document(allow("sqs:*"))]

    [result] = simulate(document(allow("s3:*")), PermissionsBoundaryPolicyInputList=limits)

    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


def test_a_resource_policy_is_simulated_beside_the_policies(simulate: Any) -> None:
    ana = {"Principal": {"AWS": USER + "ana"}}
    bucket = document(allow("s3:GetObject", POSTERS) | ana)
    nothing = document(allow("sqs:*"))

    [result] = simulate(
        nothing,
        CallerArn=USER + "ana",
        ResourcePolicy=bucket,
        ResourceOwner=f"arn:aws:iam::{ACCOUNT}:root",
    )

    assert result["EvalDecision"] == "allowed"
    assert result["MatchedStatements"][0]["SourcePolicyType"] == "Resource Policy"


def test_a_policy_that_is_none_is_refused(iam: Any, refusal: Callable[..., str]) -> None:
    assert refusal(
        iam.simulate_custom_policy, PolicyInputList=["posters"], ActionNames=["s3:GetObject"]
    ).startswith("InvalidInput")


@pytest.mark.mends
def test_a_principals_policies_can_be_simulated(iam: Any) -> None:
    iam.create_user(UserName="ana")
    iam.create_group(GroupName="designers")
    iam.add_user_to_group(GroupName="designers", UserName="ana")
    put(iam, "ana", allow("s3:GetObject", POSTERS))
    put(iam, "designers", allow("s3:PutObject", POSTERS), kind="group")
    arn = "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"
    iam.attach_user_policy(UserName="ana", PolicyArn=arn)

    results = iam.simulate_principal_policy(
        PolicySourceArn=USER + "ana",
        ActionNames=["s3:GetObject", "s3:PutObject", "sqs:ListQueues", "s3:DeleteObject"],
        ResourceArns=[GALA],
    )["EvaluationResults"]
    queues = iam.simulate_principal_policy(
        PolicySourceArn=USER + "ana", ActionNames=["sqs:ListQueues"]
    )["EvaluationResults"]

    assert decisions(results) == ["allowed", "allowed", "allowed", "implicitDeny"]
    ids = [one["SourcePolicyId"] for row in results for one in row["MatchedStatements"]]
    assert ids == ["user_ana_shop", "group_designers_shop", "AmazonSQSReadOnlyAccess"]
    assert decisions(queues) == ["allowed"]


def test_a_principals_boundary_holds(iam: Any) -> None:
    iam.create_user(UserName="ana")
    put(iam, "ana", allow("s3:*"))
    limit = iam.create_policy(PolicyName="Limit", PolicyDocument=document(allow("sqs:*")))
    iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=limit["Policy"]["Arn"])

    [result] = iam.simulate_principal_policy(
        PolicySourceArn=USER + "ana", ActionNames=["s3:GetObject"]
    )["EvaluationResults"]

    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


def test_roles_and_groups_can_be_simulated_and_nobody_cannot(
    iam: Any, refusal: Callable[..., str]
) -> None:
    iam.create_role(RoleName="box-office", AssumeRolePolicyDocument=trust(ACCOUNT))
    put(iam, "box-office", allow("s3:GetObject"), kind="role")
    iam.create_group(GroupName="designers")
    put(iam, "designers", allow("s3:GetObject"), kind="group")

    def result(source: str) -> str:
        arn = f"arn:aws:iam::{ACCOUNT}:{source}"
        answer = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["s3:GetObject"])
        return str(answer["EvaluationResults"][0]["EvalDecision"])

    assert [result("role/box-office"), result("group/designers")] == ["allowed", "allowed"]
    assert refusal(result, source="user/nobody").startswith("NoSuchEntity")


@pytest.mark.mends
def test_the_context_keys_of_policies_are_listed(iam: Any) -> None:
    iam.create_user(UserName="ana")
    put(iam, "ana", allow("s3:*", Condition=HALL))
    own = document(allow("s3:*", "arn:aws:s3:::homes/${aws:username}/*"))

    custom = iam.get_context_keys_for_custom_policy(PolicyInputList=[own])
    principal = iam.get_context_keys_for_principal_policy(
        PolicySourceArn=USER + "ana", PolicyInputList=[own]
    )

    assert custom["ContextKeyNames"] == ["aws:username"]
    assert principal["ContextKeyNames"] == ["aws:PrincipalTag/desk", "aws:username"]


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ('{"Statement": {"Effect": "Allow"}}', [((1, 15), (1, 34))]),
        ('{"Statement":\n [{"Sid": "}"},\n  {}]}', [((2, 3), (2, 15)), ((3, 3), (3, 5))]),
        ('{"Statement": []}', []),
        ("{}", []),
    ],
    ids=["one", "a list over lines", "an empty list", "none"],
)
def test_a_statement_is_found_in_its_text(
    text: str, positions: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    assert statement_positions(text) == positions


def test_a_key_is_listed_once_and_escapes_are_no_keys() -> None:
    condition = {"StringLike": {"s3:prefix": ["${aws:username}/*", "${*}"], "S3:Prefix": "${?}"}}

    assert context_keys(document(allow("s3:*", Condition=condition))) == [
        "s3:prefix",
        "aws:username",
    ]
