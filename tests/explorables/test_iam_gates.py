"""The way through the gates is the engine's decision, laid out."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.explorables import load
from labkit.explorables.iam_evaluation.desk import WRITTEN, desk
from labkit.explorables.iam_evaluation.gates import (
    KINDS,
    NONE,
    SHUT,
    UNASKED,
    Gate,
    gates,
    way,
)
from labkit.explorables.iam_evaluation.scenery import ANA, ASKS, CALLERS, EVA
from labkit.explorables.iam_evaluation.stories import PRESETS, policy, statement
from labkit.explorables.iam_evaluation.track import OUTCOME, REQUEST, ROWS, along, leg, place
from labkit.policy import Decision, Request, evaluate
from tests.policy.cases import Case, all_cases

EXPLORABLE = load("iam_evaluation")
CASES = [case for case in all_cases() if "endpoint" not in case.policies]

ALLOW = statement("Allow", "All", "*", "*")
DENY = statement("Deny", "Nothing", "*", "*")
OTHER = statement("Allow", "Other", "ses:SendEmail", "*")
TO = {
    "everyone": "*",
    "ana": (("AWS", ANA),),
    "eva": (("AWS", EVA),),
    "role": (("AWS", "arn:aws:iam::123456789012:role/worker"),),
    "account": (("AWS", "123456789012"),),
    "sns": (("Service", "sns.amazonaws.com"),),
}
PLAIN = ["", policy(ALLOW), policy(DENY), policy(OTHER), policy(ALLOW, DENY), "{"]
NAMING = ["", "{"] + [
    policy(statement(effect, "Named", "*", "*", to=to))
    for effect, to in itertools.product(("Allow", "Deny"), TO.values())
]
DESKS = st.fixed_dictionaries(
    {"who": st.sampled_from(sorted(CALLERS)), "ask": st.sampled_from(sorted(ASKS))}
    | {kind: st.sampled_from(PLAIN) for kind in WRITTEN if kind not in ("resource", "rcp")}
    | {"resource": st.sampled_from(NAMING), "rcp": st.sampled_from(NAMING)}
    | {"at": st.floats(0, 9), "context": st.sampled_from(["", '{"aws:SourceIp": "10.0.0.1"}', "["])}
)


def decided(case: Case) -> Decision:
    return evaluate(Request(**case.request), **case.policies)


def shut(found: list[Gate]) -> list[str]:
    return [gate.kind for gate in found if gate.state == SHUT]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_way_ends_open_if_and_only_if_the_engine_allows(case: Case) -> None:
    decision = decided(case)

    stopping = shut(gates(decision))

    assert len(stopping) == (0 if decision.allowed else 1)
    if decision.effect == "ExplicitDeny":
        assert stopping == ["deny"]
    elif not decision.allowed and decision.decided_by:
        assert stopping == [decision.decided_by]


def test_nothing_is_asked_after_the_gate_that_stops() -> None:
    for case in CASES:
        found = gates(decided(case))
        for kind in shut(found):
            after = found[KINDS.index(kind) + 1 :]

            assert {gate.state for gate in after} <= {UNASKED}, case.id
            assert not [gate for gate in after if gate.steps], case.id


def test_each_gate_reads_its_own_allows_and_the_first_reads_every_deny() -> None:
    for case in CASES:
        decision = decided(case)
        denies = [step for step in decision.steps if decision.statement(step).effect == "Deny"]

        first, *others = gates(decision)

        assert [first.kind, *(gate.kind for gate in others)] == list(KINDS)
        assert first.steps == tuple(denies), case.id
        for gate in others:
            assert {step.policy_kind for step in gate.steps} <= {gate.kind}, case.id
            assert {decision.statement(step).effect for step in gate.steps} <= {"Allow"}, case.id


def test_the_cases_stop_at_every_gate_and_pass_every_one() -> None:
    found = [gates(decided(case)) for case in CASES]

    assert {kind for one in found for kind in shut(one)} == set(KINDS)
    assert {gate.kind for one in found for gate in one if gate.state == "open"} == set(KINDS)


def test_the_way_leaves_out_what_is_passed_by() -> None:
    found = [
        Gate("deny", "open"),
        Gate("rcp", NONE),
        Gate("identity", "shut"),
        Gate("scp", UNASKED),
    ]

    assert way(found) == ["deny", "identity"]


@given(DESKS)
def test_every_desk_can_be_shown(values: dict[str, Any]) -> None:
    now = desk(values)

    assert bool(now.broken) == (now.decision is None)
    assert (now.stopped_at == "") == (now.allowed or bool(now.broken))
    figure = EXPLORABLE.figure(**values)
    assert all(len(trace["x"]) == len(trace["y"]) for trace in figure["data"])
    assert EXPLORABLE.reading(**values)[-1] in ".)"
    assert EXPLORABLE.numbers(**values)[0].label == "Decision"
    assert len(EXPLORABLE.path(**values)) == len(KINDS)
    assert EXPLORABLE.playhead.says(values)
    for task in EXPLORABLE.tasks:
        assert task.done(**values) in (True, False)


def test_a_line_leads_from_each_stop_to_every_later_one() -> None:
    for first, second in itertools.combinations(ROWS, 2):
        line = leg(first, second)

        assert (line[0], line[-1]) == (place(first), place(second))
        for (x0, y0), (x1, y1) in itertools.pairwise(line):
            assert x0 == x1 or y0 == y1  # never across the words


def test_a_request_falls_steadily_along_its_line() -> None:
    line = leg("resource", OUTCOME)

    heads = [along(line, part / 10)[1] for part in range(11)]

    assert (heads[0], heads[-1]) == (line[0], line[-1])
    assert [y for _, y in heads] == sorted((y for _, y in heads), reverse=True)


def test_the_rows_are_the_request_the_gates_and_the_outcome() -> None:
    assert (REQUEST, *KINDS, OUTCOME) == ROWS


def test_every_preset_is_decided() -> None:
    for preset in PRESETS:
        assert desk(EXPLORABLE.values(**preset.values)).decision is not None
