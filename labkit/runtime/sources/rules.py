"""EventBridge: rules that send what fits a pattern to functions, and rules on a schedule.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from labkit import runtime
from labkit.fidelity.registry import rule
from labkit.runtime.asynchronous import accept
from labkit.runtime.sources.expressions import next_time
from labkit.runtime.targets import find
from labkit.sandbox import determinism
from labkit.sandbox.choke import Exchange, Params
from labkit.sandbox.imports import watch

_MOTO_KNOWS = ("events", "logs", "sqs")
_GUIDE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/"


def send(event: dict[str, Any], made_by: Any) -> None:
    """Send an event to the functions among the targets of a rule of moto's."""
    at = runtime.running().sandbox.clock.now
    told = {**event, "time": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    for target in made_by.targets:
        arn = target["Arn"]
        if ":lambda:" not in arn:
            continue
        with_input = json.dumps(_input(target, told)).encode()
        _hand_in(arn, with_input)


def _hand_in(arn: str, payload: bytes) -> None:
    from moto.awslambda.exceptions import LambdaClientError

    try:
        target = find("", "", arn)
    except LambdaClientError:
        return  # the function is gone; a metric of EventBridge counts it: FailedInvocations
    accept(target, payload)


def _input(target: dict[str, Any], event: dict[str, Any]) -> Any:
    """The event as the target wants it: a constant, a part of it, a template, or all of it."""
    if "Input" in target:
        return json.loads(target["Input"])
    if "InputPath" in target:
        found: Any = event
        for part in target["InputPath"].lstrip("$.").split("."):
            found = found.get(part) if isinstance(found, dict) and part else found
        return found
    if "InputTransformer" in target:
        from moto.events import models

        wish, parser = target["InputTransformer"], vars(models)["EventTemplateParser"]
        return parser.parse(
            input_template=wish.get("InputTemplate"),
            input_paths_map=wish.get("InputPathsMap", {}),
            event=event,
        )
    return {name: value for name, value in event.items() if name != "ingestion-time"}


# ---- schedules ----


@rule(
    "events",
    "PutRule",
    when="after",
    follows=_GUIDE + "eb-create-rule-schedule.html",
    corrects="moto keeps a schedule and never acts on it",
)
def a_scheduled_rule_fires_when_its_time_has_come(exchange: Exchange, _: Params) -> None:
    """A rule on a schedule sends its event when the virtual clock comes to the time.

    It fires within the minute; in UTC.
    """
    name, bus = str(exchange.params["Name"]), _bus(exchange)
    if exchange.params.get("ScheduleExpression") and runtime.is_installed():
        _again(exchange.account, exchange.region, bus, name)


def _again(account: str, region: str, bus: str, name: str) -> None:
    """Fire the rule the next time that its schedule says."""
    agenda = runtime.running().agenda
    made = _rule(account, region, bus, name)
    expression = getattr(made, "scheduled_expression", None)
    when = next_time(expression, agenda.sandbox.clock.now) if expression else None
    if when is None:
        return

    def fire() -> None:
        found = _rule(account, region, bus, name)
        if found is None or found.scheduled_expression != expression:
            return  # deleted, or put anew and due at another time
        if found.state == "ENABLED":
            send(_scheduled_event(found), found)
        _again(account, region, bus, name)

    agenda.at(when, fire, recurs=True)


def _scheduled_event(made: Any) -> dict[str, Any]:
    from moto.moto_api._internal import mock_random

    with determinism.dispatching():
        identity = str(mock_random.uuid4())
    return {
        "version": "0",
        "id": identity,
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": made.account_id,
        "time": "",
        "region": made.region_name,
        "resources": [made.arn],
        "detail": {},
    }


def _rule(account: str, region: str, bus: str, name: str) -> Any:
    from moto.events.models import events_backends

    buses = events_backends[account][region].event_buses
    return buses[bus].rules.get(name) if bus in buses else None


def _bus(exchange: Exchange) -> str:
    return str(exchange.params.get("EventBusName") or "default").rsplit("/", 1)[-1]


# ---- events ----


@contextmanager
def _led(module: ModuleType) -> Iterator[None]:
    yield
    if module.__name__ != "moto.events.models":
        return
    owner: Any = vars(module)["Rule"]
    motos = owner.send_to_targets

    def send_to_targets(self: Any, original_event: Any, *args: Any, **kwargs: Any) -> None:
        fits = self.state == "ENABLED" and self.event_pattern.matches_event(original_event)
        if fits and runtime.is_installed():
            send(original_event, self)
        # moto breaks down at a target that it does not know.
        every = self.targets
        self.targets = [one for one in every if one["Arn"].split(":")[2] in _MOTO_KNOWS]
        try:
            motos(self, original_event, *args, **kwargs)
        finally:
            self.targets = every

    owner.send_to_targets = send_to_targets


watch("moto.events.models", _led)
