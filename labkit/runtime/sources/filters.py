"""Which records a mapping wants: patterns on their fields, by EventBridge's rules.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

import base64
import json
from typing import Any


def wanted(record: dict[str, Any], criteria: dict[str, Any] | None) -> bool:
    """Whether one of the filters fits the record; without filters, every record is wanted."""
    from moto.events.models import EventPattern

    filters = (criteria or {}).get("Filters") or []
    seen = _as_seen(record)
    return not filters or any(
        EventPattern(None, json.loads(one["Pattern"])).matches_event(seen) for one in filters
    )


def _as_seen(record: dict[str, Any]) -> Any:
    """The record with its body parsed, where that is JSON."""
    seen = json.loads(json.dumps(record))
    if record["eventSource"] == "aws:sqs":
        seen["body"] = _parsed(seen["body"])
    elif record["eventSource"] == "aws:kinesis":
        data = base64.b64decode(seen["kinesis"]["data"]).decode("utf-8", "replace")
        seen["data"] = _parsed(data)
    return seen


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
