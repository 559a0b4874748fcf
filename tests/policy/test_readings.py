"""How the engine reads what AWS's documentation leaves open. Each reading is the cautious one."""

from __future__ import annotations

import pytest

from labkit.policy import Request, evaluate

ANA = "arn:aws:iam::123456789012:user/ana"
POSTER = "arn:aws:s3:::posters/gala.png"


def decide(condition, context, effect="Allow", **more):
    statement = {"Effect": effect, "Action": "s3:*", "Resource": "*", "Condition": condition}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return evaluate(Request(ANA, "s3:GetObject", POSTER, context), identity=[policy], **more)


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals", "StringLikeIfExists"])
def test_no_operator_without_a_set_operator_holds_for_a_key_with_several_values(operator):
    decision = decide({operator: {"aws:TagKeys": "team"}}, {"aws:TagKeys": ["stage", "owner"]})

    assert decision.effect == "ImplicitDeny"
    assert decision.steps[0].reasons[-1].code == "condition_key_has_many_values"


@pytest.mark.parametrize(
    ("positive", "negated", "wanted", "found"),
    [
        ("NumericEquals", "NumericNotEquals", "10", "many"),
        ("DateEquals", "DateNotEquals", "2026-01-05", "yesterday"),
        ("IpAddress", "NotIpAddress", "203.0.113.0/24", "AWS Internal"),
    ],
)
def test_a_value_that_the_operator_cannot_read_matches_nothing(positive, negated, wanted, found):
    context = {"shop:Key": found}

    assert not decide({positive: {"shop:Key": wanted}}, context).allowed
    assert decide({negated: {"shop:Key": wanted}}, context).allowed


def test_a_star_in_the_value_of_a_variable_is_a_star():
    condition = {"StringLike": {"s3:prefix": "home/${aws:PrincipalTag/team}/x"}}

    assert not decide(
        condition, {"aws:PrincipalTag/team": "*", "s3:prefix": "home/seats/x"}
    ).allowed
    assert decide(condition, {"aws:PrincipalTag/team": "*", "s3:prefix": "home/*/x"}).allowed


@pytest.mark.parametrize("control", ["\x00", "\x01"])
def test_a_value_that_would_pose_as_a_wildcard_fills_no_variable(control):
    condition = {"StringLike": {"s3:prefix": "${aws:PrincipalTag/team}"}}

    assert not decide(condition, {"aws:PrincipalTag/team": control, "s3:prefix": "seats"}).allowed


def test_a_value_that_needs_no_variable_matches_beside_one_that_cannot_be_filled():
    condition = {"StringLike": {"s3:prefix": ["home/", "home/${aws:PrincipalTag/team}/*"]}}

    assert decide(condition, {"s3:prefix": "home/"}).allowed


def test_a_pattern_of_an_arn_that_stops_early_matches_only_if_a_star_ends_it():
    context = {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:refunds"}

    assert decide({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*"}}, context).allowed
    assert not decide({"ArnLike": {"aws:SourceArn": "arn:aws:sns"}}, context).allowed


def test_an_account_that_its_own_resource_names_delegates_and_does_not_grant():
    account = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "s3:*"}
    policy = {"Version": "2012-10-17", "Statement": [account | {"Resource": "*"}]}

    decision = evaluate(Request(ANA, "s3:GetObject", POSTER), resource=policy)

    assert decision.effect == "ImplicitDeny"
    assert decision.steps[0].reasons[0].code == "principal_account"


def test_across_accounts_the_resource_is_named_as_what_decided():
    eva = "arn:aws:iam::222222222222:user/eva"
    mine = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
    }
    theirs = {"Effect": "Allow", "Principal": {"AWS": eva}, "Action": "s3:*", "Resource": "*"}
    request = Request(eva, "s3:GetObject", POSTER, resource_account="123456789012")

    decision = evaluate(
        request, identity=[mine], resource={"Version": "2012-10-17", "Statement": theirs}
    )

    assert (decision.effect, decision.decided_by) == ("Allow", "resource")


def test_a_boundary_is_told_as_the_reason_why_not_principal_denies_whom_it_lists():
    listed = {"AWS": [ANA, "arn:aws:iam::123456789012:root"]}
    deny = {"Effect": "Deny", "NotPrincipal": listed, "Action": "s3:*", "Resource": "*"}
    boundary = {"Effect": "Allow", "Action": "*", "Resource": "*"}

    decision = evaluate(
        Request(ANA, "s3:GetObject", POSTER),
        resource={"Version": "2012-10-17", "Statement": deny},
        boundary={"Version": "2012-10-17", "Statement": boundary},
    )

    assert decision.effect == "ExplicitDeny"
    assert decision.steps[0].reasons[0].code == "not_principal_boundary"
