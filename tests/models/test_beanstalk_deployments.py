"""The model of Beanstalk's deployments agrees with AWS's comparison of them, for any setting."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.models.beanstalk_deployments.batches import FIXED, batch_of
from labkit.models.beanstalk_deployments.deployment import AFTER_S, deploy
from labkit.models.beanstalk_deployments.settings import (
    ADDITIONAL_BATCH,
    ALL_AT_ONCE,
    BLUE_GREEN,
    CRASH,
    ERRORS,
    FAULTS,
    GOOD,
    IMMUTABLE,
    NEW,
    OLD,
    ROLLING,
    TRAFFIC_SPLITTING,
    WAYS,
    Environment,
    Version,
)
from labkit.models.beanstalk_deployments.trace import (
    CHECKING,
    DEPLOYING,
    DOWN,
    LAUNCHING,
    OK,
    PENDING,
    SERVING,
    SEVERE,
    TERMINATED,
    Trace,
)

BAD, CRASHES = Version(ERRORS), Version(CRASH)


def play(policy: str, version: Version | None = None, **given: Any) -> Trace:
    return deploy(Environment(policy, **given), version or Version())


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    instances = draw(st.integers(1, 12))
    version = Version(
        draw(st.sampled_from(FAULTS)),
        draw(st.sampled_from([0, 0, 40, 120, 150, 400, 900])),
        draw(st.integers(0, 12)),
    )
    environment = Environment(
        draw(st.sampled_from(WAYS)),
        instances,
        draw(st.integers(1, instances)),
        draw(st.sampled_from([0, 60, 180])),
        draw(st.sampled_from([1, 30, 61.5])),
        draw(st.sampled_from([0, 45, 120])),
        draw(st.sampled_from([60, 600])),
        draw(st.booleans()),
        draw(st.sampled_from([1, 10, 100])),
        draw(st.sampled_from([180, 300, 900])),
        keep_s=draw(st.sampled_from([0, 600])),
    )
    return deploy(environment, version)


# "Deployment methods" of
# https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.deploy-existing-version.html
# (read in a copy of 2020 or later): impact of a failed deployment, deploy time in clocks, zero
# downtime, no DNS change, rollback process, code deployed to (Existing or New instances).
COMPARED = [
    (ALL_AT_ONCE, 1, False, True, "redeploy", "E"),
    (ROLLING, 2, True, True, "redeploy", "E"),
    (ADDITIONAL_BATCH, 3, True, True, "redeploy", "EN"),
    (IMMUTABLE, 4, True, True, "terminate", "N"),
    (TRAFFIC_SPLITTING, 4, True, True, "reroute", "N"),
    (BLUE_GREEN, 4, True, False, "swap back", "N"),
]
# What shows a policy's way back: a fault of a later batch, or one that shows after the swap.
LATER = {ADDITIONAL_BATCH: Version(ERRORS, well=2), BLUE_GREEN: Version(ERRORS, after_s=150)}


@pytest.mark.parametrize(
    ("policy", "zero_downtime", "no_dns_change", "rollback", "code_to"),
    [(policy, *others) for policy, _, *others in COMPARED],
    ids=[row[0] for row in COMPARED],
)
def test_aws_compares_them_like_this(
    policy: str, zero_downtime: bool, no_dns_change: bool, rollback: str, code_to: str
) -> None:
    good, bad = play(policy), play(policy, LATER.get(policy, BAD))
    before = {f"i-{number}" for number in range(1, 5)}
    got_it = {event.instance in before for event in good.events if event.version == NEW}

    assert (good.down_s == 0) is zero_downtime
    assert good.dns_changes is not no_dns_change
    assert bad.rollback == rollback
    assert got_it == {letter == "E" for letter in code_to}
    assert set(good.versions().values()) == {NEW}


def test_the_deploy_times_are_in_the_order_of_the_clocks() -> None:
    """They vary with the batch and with the evaluation time, which is that of AWS's example."""
    times = [(play(policy, evaluation_s=600).deployed_s, clocks) for policy, clocks, *_ in COMPARED]

    assert [clocks for _, clocks in sorted(times)] == sorted(clocks for _, clocks in times)
    assert len({round(seconds) for seconds, _ in times}) == len(times)


def test_all_at_once_fails_with_downtime() -> None:
    """Impact of a failed deployment: downtime; to undo it means another one."""
    trace = play(ALL_AT_ONCE, CRASHES)

    assert trace.failed
    assert trace.capacity_least == 0
    # Until the timeout, until somebody reacts, and while the old version is deployed.
    assert trace.down_s == (600 + 240) + 120 + 30


def test_a_rolling_batch_that_fails_is_out_of_service_and_stops_the_deployment() -> None:
    trace = play(ROLLING, CRASHES)

    assert trace.failed
    assert trace.deployed_s == 600 + 240
    assert trace.capacity_least == 4 - 2
    assert trace.failing_most == 0  # the load balancer sends the batch nothing


def test_batches_before_the_failed_one_stay_on_the_new_version() -> None:
    """'The completed batches run the new version', the pending ones still the old."""
    trace = play(ROLLING, Version(CRASH, well=2), instances=6, react_s=600)
    stopped = trace.at(trace.deployed_s + 1)

    assert trace.failed
    assert (stopped.old, stopped.new, stopped.failing) == (0.5, 0.5, 0)
    assert trace.rollback == "redeploy"
    assert set(trace.versions().values()) == {OLD}


def test_an_additional_batch_that_fails_first_does_little_harm() -> None:
    """'Minimal if first batch fails; otherwise, similar to Rolling.'"""
    first, second = play(ADDITIONAL_BATCH, CRASHES), play(ADDITIONAL_BATCH, Version(CRASH, well=2))

    assert first.capacity_least == 4
    assert first.rollback_s == 0
    assert second.capacity_least == 2
    assert second.rollback == "redeploy"


def test_an_additional_batch_is_launched_first_and_goes_in_the_end() -> None:
    trace = play(ADDITIONAL_BATCH)
    ended = [event for event in trace.events if event.state == TERMINATED]

    assert trace.steps[0].what == "launches"
    assert [event.instance for event in ended] == ["i-5", "i-6"]
    assert {event.at_s for event in ended} == {trace.deployed_s}
    assert trace.running_most == 6


def test_an_immutable_deployment_begins_with_one_instance() -> None:
    good, bad = play(IMMUTABLE), play(IMMUTABLE, BAD)

    assert [step.count for step in good.steps if step.what == "launches"] == [1, 3]
    assert good.running_most == 8  # "the capacity of your environment doubles for a short time"
    assert bad.running_most == 5
    assert bad.failing_most == pytest.approx(1 / 5)  # it "serves traffic alongside all" the others
    assert bad.capacity_least == 4


def test_traffic_splitting_sends_a_share_for_the_evaluation_time() -> None:
    """AWS's example: 15 percent, 10 minutes."""
    trace = play(TRAFFIC_SPLITTING, new_percent=15, evaluation_s=600)
    split = next(step.at_s for step in trace.steps if step.what == "splits")

    assert trace.at(split + 1).new == pytest.approx(0.15)
    assert trace.at(split + 599).new == pytest.approx(0.15)
    assert trace.at(split + 601).new == 1
    assert trace.at(split - 1).new == 0


def test_a_longer_evaluation_finds_a_later_fault() -> None:
    late = Version(ERRORS, after_s=400)
    short, long = play(TRAFFIC_SPLITTING, late), play(TRAFFIC_SPLITTING, late, evaluation_s=600)

    assert short.failing_most == 1
    assert long.failing_most == pytest.approx(0.1)
    assert long.rollback == "reroute"


@pytest.mark.parametrize("policy", [ALL_AT_ONCE, ROLLING, ADDITIONAL_BATCH, IMMUTABLE])
def test_what_health_checks_do_not_see_is_deployed_everywhere(policy: str) -> None:
    trace = play(policy, Version(ERRORS, after_s=900))

    assert not trace.failed
    assert trace.at(trace.deployed_s + 1).new == 1
    assert trace.lost_s > 0
    assert trace.rollback == "redeploy"


def test_the_first_immutable_instance_must_still_be_healthy_when_the_others_are() -> None:
    """'When all of the new instances pass health checks, Elastic Beanstalk transfers them'."""
    trace = play(IMMUTABLE, Version(ERRORS, after_s=150))

    assert trace.failed
    assert trace.capacity_least == 4
    assert [step.count for step in trace.steps if step.what == "times out"] == [4]


def test_an_immutable_rollback_is_quick_only_while_it_deploys() -> None:
    noticed, late = play(IMMUTABLE, BAD), play(IMMUTABLE, Version(ERRORS, after_s=900))

    assert noticed.rollback_s == 0
    assert late.rollback_s == play(IMMUTABLE).deployed_s


def test_a_swap_is_undone_by_another_while_the_old_environment_is_kept() -> None:
    late = Version(ERRORS, after_s=150)

    assert play(BLUE_GREEN, late).rollback == "swap back"
    assert play(BLUE_GREEN, late).rollback_s == 60
    assert play(BLUE_GREEN, late, keep_s=60).rollback == "redeploy"


def test_no_client_meets_what_was_not_swapped() -> None:
    for version in (BAD, CRASHES):
        assert play(BLUE_GREEN, version).failing_most == 0
        assert play(BLUE_GREEN, version).rollback == "no swap"
        assert play(BLUE_GREEN, version).extra_instance_s > 0


def test_ignoring_health_checks_deploys_a_bad_version_to_the_end() -> None:
    trace = play(ROLLING, BAD, ignore_health_check=True)

    assert not trace.failed
    assert trace.failing_most == 1
    assert [step.what for step in trace.steps].count("ignores") == 2


def test_beanstalk_adds_four_minutes_to_the_timeout() -> None:
    """'the effective timeout by default is 840 seconds (600 + 240)'."""
    assert Environment().wait_s == 840
    assert play(ROLLING, BAD, timeout_s=300).deployed_s == 540


@pytest.mark.parametrize(
    ("state", "health"), [(SERVING, OK), (CHECKING, PENDING), (LAUNCHING, PENDING), (DOWN, SEVERE)]
)
def test_a_state_has_its_health(state: str, health: str) -> None:
    found = [
        event
        for version in (Version(), CRASHES)
        for event in play(IMMUTABLE, version).events
        if event.state == state
    ]

    assert {event.health for event in found} == {health}


@pytest.mark.parametrize(
    ("instances", "size", "kind", "batch"),
    [
        (8, 25, "Percentage", 2),
        (4, 100, "Percentage", 4),
        (3, 1, "Percentage", 1),
        (9, 5, FIXED, 5),
    ],
)
def test_a_batch_is_a_percentage_or_a_number(
    instances: int, size: int, kind: str, batch: int
) -> None:
    assert batch_of(instances, size, kind) == batch


@settings(max_examples=300, deadline=None)
@given(traces())
def test_every_moment_of_every_deployment_adds_up(trace: Trace) -> None:
    at_s = 0.0
    for moment in trace.moments:
        assert moment.at_s == at_s
        assert moment.old + moment.new + moment.failing == pytest.approx(1)
        assert 0 <= moment.capacity <= moment.running
        at_s = moment.until_s
    assert at_s == trace.end_s


@settings(max_examples=300, deadline=None)
@given(traces())
def test_the_number_of_instances_returns_and_one_version_is_left(trace: Trace) -> None:
    versions = trace.versions()

    assert len(versions) == trace.environment.instances == trace.moments[-1].running
    assert set(versions.values()) == {OLD if trace.rollback else NEW}
    assert trace.moments[-1].capacity == trace.environment.instances


@settings(max_examples=300, deadline=None)
@given(traces())
def test_capacity_never_falls_below_what_the_policy_promises(trace: Trace) -> None:
    environment, version = trace.environment, trace.version
    promised = {
        ALL_AT_ONCE: 0,
        ROLLING: environment.instances - environment.batch,
    }.get(environment.policy, environment.instances)
    least = min(
        [each.capacity for each in trace.moments if each.at_s < trace.deployed_s], default=0
    )

    if version.fault == GOOD:
        assert least >= promised
    split_whole = environment.policy == TRAFFIC_SPLITTING and environment.new_percent == 100
    launches_first = environment.policy in (IMMUTABLE, TRAFFIC_SPLITTING, ADDITIONAL_BATCH)
    if launches_first and trace.failed and not split_whole:
        assert least >= promised - (environment.batch if version.well else 0)


@settings(max_examples=300, deadline=None)
@given(traces())
def test_no_two_running_instances_share_a_lane(trace: Trace) -> None:
    until: dict[int, float] = {}
    for span in trace.spans():
        assert span.until_s > span.at_s >= until.get(span.slot, 0)
        until[span.slot] = span.until_s


@settings(max_examples=200, deadline=None)
@given(traces())
def test_events_are_in_order_and_few(trace: Trace) -> None:
    times = [event.at_s for event in trace.events]

    assert times == sorted(times)
    assert len(times) <= 20 * trace.environment.instances + 20
    assert trace.end_s >= trace.undone_s + AFTER_S - 1e-6
    assert trace.undone_s >= trace.rollback_from_s >= 0


@settings(max_examples=100, deadline=None)
@given(traces())
def test_a_good_version_needs_no_rollback_and_loses_requests_only_at_full_stop(
    trace: Trace,
) -> None:
    if trace.version.fault != GOOD:
        return
    environment = trace.environment
    stops = environment.policy == ALL_AT_ONCE or (
        environment.policy == ROLLING and environment.batch == environment.instances
    )

    assert not trace.failed
    assert trace.rollback == ""
    assert (trace.lost_s > 0) is stops


@pytest.mark.parametrize(
    "given",
    [
        {"policy": "Canary"},
        {"instances": 0},
        {"batch": 5},
        {"new_percent": 0},
        {"evaluation_s": 60},
        {"timeout_s": 30, "deploy_s": 200},
        {"health_s": -1},
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Environment(**given)


def test_a_fault_has_a_name() -> None:
    with pytest.raises(UsageError, match="good, crash, errors"):
        Version("bad")


def test_code_is_deployed_out_of_service() -> None:
    trace = play(ROLLING)
    detached = [event for event in trace.events if event.state == DEPLOYING]

    assert [event.at_s for event in detached] == [0, 0, 150, 150]
    assert trace.at(10).capacity == 2
