"""The engine decides as AWS's documentation says, case by case."""

from __future__ import annotations

import re

import botocore.loaders
import pytest

from labkit.policy import Request, evaluate, validate
from labkit.policy.render import failed
from tests.policy.cases import Case, all_cases

CASES = all_cases()
CONDITIONS = [case for case in CASES if case.condition]
CONTROLS = {"scps": "scp", "rcps": "rcp"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_engine_decides_as_the_documentation_says(case: Case) -> None:
    decision = evaluate(Request(**case.request), **case.policies)

    assert decision.effect == case.effect, case.source
    assert not case.decides or decision.decided_by == case.decided_by, case.source


@pytest.mark.parametrize("case", CONDITIONS, ids=lambda case: case.id)
def test_a_condition_means_the_same_in_a_deny(case: Case) -> None:
    statement = next(iter(case.policies.values()))
    statement = (statement[0] if isinstance(statement, list) else statement)["Statement"][0]
    everyone = {"Principal": "*"} if "Principal" in statement else {}
    both = [statement | {"Effect": "Deny"}, {"Effect": "Allow", "Action": "*", "Resource": "*"}]
    policy = {"Version": "2012-10-17", "Statement": [each | everyone for each in both]}
    given = {"resource": policy} if everyone else {"identity": [policy]}

    decision = evaluate(Request(**case.request), **given)

    assert decision.effect == ("ExplicitDeny" if case.effect == "Allow" else "Allow")


def test_the_steps_of_every_case_explain_its_decision() -> None:
    for case in CASES:
        decision = evaluate(Request(**case.request), **case.policies)

        matched = [step for step in decision.steps if step.matched]
        deciding = {step.policy_kind for step in matched if is_deny(decision, step)}
        if decision.effect == "ExplicitDeny":
            assert decision.decided_by in deciding, case.id
        if decision.effect == "Allow" and decision.decided_by:
            kinds = {step.policy_kind for step in matched if not is_deny(decision, step)}
            assert decision.decided_by in kinds, case.id
        for step in decision.steps:
            assert step.matched == (not any(failed(reason) for reason in step.reasons)), case.id


def is_deny(decision, step) -> bool:
    return decision.statement(step).effect == "Deny"


def test_the_policies_of_every_case_are_such_as_aws_takes() -> None:
    for case in CASES:
        for kind, given in case.policies.items():
            attached = CONTROLS.get(kind, kind)
            if kind == "resource" and case.request["action"].startswith("sts:"):
                attached = "trust"
            for policy in flat(given):
                errors = [each for each in validate(policy, attached) if each.severity == "error"]

                assert errors == [], case.id


def flat(given):
    if not isinstance(given, list):
        return [given]
    return [policy for each in given for policy in flat(each)]


def test_there_are_cases_enough_and_no_two_of_one_name() -> None:
    ids = [case.id for case in CASES]

    assert len(ids) >= 320
    assert len(set(ids)) == len(ids)


def test_every_source_is_a_page_or_a_place_in_the_pinned_service_model() -> None:
    for source in sorted({case.source for case in CASES}):
        if re.fullmatch(r"https://docs\.aws\.amazon\.com/[\w./-]+\.html(#[\w.-]+)?", source):
            continue
        _, version, service, _, operation = source.split(" ")
        model = botocore.loaders.Loader().load_service_model(service, "service-2")

        assert version == botocore.__version__
        assert operation in model["operations"]
