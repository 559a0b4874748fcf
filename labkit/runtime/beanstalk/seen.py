"""What an environment shows of itself: events, and deployments with what they did."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Event:
    """What happened to an environment."""

    at: datetime
    severity: str
    message: str

    def __repr__(self) -> str:
        return f"{self.at:%H:%M:%S}  {self.severity:5} {self.message}"


class Events(tuple[Event, ...]):
    """Events in their order, one to a line."""

    def __repr__(self) -> str:
        return "\n".join(map(repr, self)) or "No event."


@dataclass(frozen=True)
class Deployment:
    """One deployment: what it was, and what it did to the capacity and the requests until now."""

    number: int
    label: str
    policy: str
    state: str  # In progress, Deployed or Failed
    lasts_s: float
    in_service_least: int
    instances: int
    failing_most: float  # the largest share of requests that failed, 0 to 1

    def __repr__(self) -> str:
        minutes, seconds = divmod(round(self.lasts_s), 60)
        took = f"{self.state.lower()}, {minutes} min {seconds} s"
        if self.number == 1:
            return f"Deployment 1 of {self.label}, onto a new environment: {took}"
        return (
            f"Deployment {self.number} of {self.label}, {self.policy}: {took}\n"
            f"  in service at least  {self.in_service_least} of {self.instances}\n"
            f"  requests that failed {self.failing_most:.0%} at most"
        )


class Done:
    """What was done, in words, and what one would call on AWS."""

    def __init__(self, said: list[str], on_aws: object) -> None:
        self.said, self.on_aws = said, on_aws

    def __repr__(self) -> str:
        return "\n".join([*self.said, "On AWS:", textwrap.indent(repr(self.on_aws), "    ")])
