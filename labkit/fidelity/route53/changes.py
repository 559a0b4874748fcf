"""A change takes a minute to be known to all name servers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from labkit.fidelity.registry import rule
from labkit.fidelity.route53.common import API, backend_of
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params
from labkit.sandbox.sandbox import Sandbox

PENDING_S = 30  # AWS says: generally within 60 seconds


@rule(
    "route53",
    "ChangeResourceRecordSets",
    "CreateHostedZone",
    "DeleteHostedZone",
    when="after",
    follows=API + "ChangeInfo.html",
    corrects="moto's changes have all the same id, and are in sync at once",
)
def a_change_is_pending_first(exchange: Exchange, answer: Params) -> Params:
    """A change has an id of its own and is pending until all name servers know it.

    Status: PENDING, then INSYNC; the waiter is resource_record_sets_changed.
    """
    from moto.moto_api._internal import mock_random

    backend: Any = backend_of(exchange)
    id = "C" + mock_random.get_random_string(20).upper()
    now = Sandbox.current().clock.now
    comment = (exchange.params.get("ChangeBatch") or {}).get("Comment")
    backend.changes[id] = (now, comment)
    return answer | {"ChangeInfo": _info(id, now, comment)}


@rule(
    "route53",
    "GetChange",
    when="instead",
    follows=API + "GetChange.html",
    corrects="moto knows every id, and says that it is in sync",
)
def a_change_can_be_asked_for(exchange: Exchange) -> Params:
    """A change that was made can be asked for; another cannot.

    NoSuchChange: A change with id C… was not found.
    """
    id = str(exchange.params["Id"]).rsplit("/", 1)[-1]
    backend: Any = backend_of(exchange)
    if id not in backend.changes:
        raise AwsError("NoSuchChange", f"Could not find resource with ID: {id}", 404)
    return {"ChangeInfo": _info(id, *backend.changes[id])}


def _info(id: str, made: datetime, comment: str | None) -> dict[str, Any]:
    over = Sandbox.current().clock.now >= made + timedelta(seconds=PENDING_S)
    told: dict[str, Any] = {
        "Id": f"/change/{id}",
        "Status": "INSYNC" if over else "PENDING",
        "SubmittedAt": made,
    }
    return told | ({"Comment": comment} if comment else {})
