"""Exercise 6: a policy under which a customer reads their own items, and nothing else.

ana    GetItem, Query, BatchGetItem   under the partition key `ana`
eli    the same under `eli`, who comes tomorrow
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

GROUP, MEMBERS, NEWCOMER, POLICY = "customers", ("ana", "ben"), "eli", "own-orders"
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
EXPECTED = (
    f"each member of `{GROUP}`, also one of tomorrow, gets, batch-gets and queries orders under "
    "their own name, and can do nothing else with the table."
)
_USER, _GROUP = "arn:aws:iam::123456789012:user/{}", f"arn:aws:iam::123456789012:group/{GROUP}"
_CHANGES = (
    "PutGroupPolicy",
    "DeleteGroupPolicy",
    "AttachGroupPolicy",
    "CreatePolicyVersion",
    "PutUserPolicy",
    "AttachUserPolicy",
)


@dataclass(frozen=True)
class _Try:
    """A call that nobody makes: an action, the partition keys that it names, in words."""

    action: str
    keys: tuple[str, ...]
    words: str


def lax() -> str:
    """The policy that is there at the start: every action, if the keys that it names are yours."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "dynamodb:*",
                "Resource": TABLE,
                "Condition": {
                    "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}
                },
            },
        }
    )


def check(evidence: Evidence) -> Outcome:
    """The group's policies let each member read what is under their name, and no more."""
    return (
        _refused_document(evidence)
        or _untouched(evidence)
        or _whole_table(evidence)
        or _others_items(evidence)
        or _writes(evidence)
        or _shut_out(evidence)
        or Passed(
            "Three actions that name the keys they want, each compared with the caller's name. "
            "`ForAllValues` lets a call pass that names no key at all, so the list of actions is "
            f"half of the protection. `{NEWCOMER}`, who comes tomorrow, needs no new policy."
        )
    )


def _passes(evidence: Evidence, name: str, tried: _Try, *, of_group: bool = False) -> bool:
    """Whether the policies of a user let the call pass; or those of the group, for a newcomer."""
    context = [
        {
            "ContextKeyName": "dynamodb:LeadingKeys",
            "ContextKeyValues": list(tried.keys),
            "ContextKeyType": "stringList",
        }
    ]
    user = _USER.format(name)
    answer = evidence.client("iam").simulate_principal_policy(
        PolicySourceArn=_GROUP if of_group else user,
        CallerArn=user,
        ActionNames=[tried.action],
        ResourceArns=[TABLE],
        ContextEntries=context if tried.keys else [],
    )
    return str(answer["EvaluationResults"][0]["EvalDecision"]) == "allowed"


def _refused_document(evidence: Evidence) -> Outcome | None:
    written = evidence.of("iam", "PutGroupPolicy", "PutUserPolicy", "CreatePolicy")
    if not written or not written[-1].error_code:
        return None
    message = str(written[-1].response["Error"]["Message"]).rstrip(".")
    return Incorrect(
        f"IAM did not take the policy: {message}.",
        "a policy document that IAM takes, as JSON text.",
        "What was in force before still is. `json.dumps` makes the text of a dict.",
    )


def _untouched(evidence: Evidence) -> Outcome | None:
    if [call for call in evidence.of("iam", *_CHANGES) if not call.error_code]:
        return None
    return NotYet(
        f"`{POLICY}` still allows `dynamodb:*`: ana may scan everybody's orders.",
        "Which actions name the keys that they want? Allow these, and put the policy on the group "
        "again.",
    )


def _whole_table(evidence: Evidence) -> Outcome | None:
    for tried, why in (
        (
            _Try("dynamodb:Scan", (), "scan the table"),
            "A scan names no partition key. Where the key is missing `ForAllValues` holds, and the "
            "condition limits nothing.",
        ),
        (
            _Try("dynamodb:DeleteTable", (), "delete the table"),
            "It names no partition key either, as no action on the table as a whole does. A Deny "
            "for some of them leaves the others: list what is allowed.",
        ),
        (
            _Try("dynamodb:PartiQLSelect", (), "read the table with SQL"),
            "One more way to read without naming a key. List what is allowed instead of what is "
            "not.",
        ),
    ):
        if _passes(evidence, MEMBERS[0], tried):
            return Incorrect(f"`{MEMBERS[0]}` may {tried.words}.", EXPECTED, why)
    return None


def _others_items(evidence: Evidence) -> Outcome | None:
    ana, ben = MEMBERS
    for tried, why in (
        (
            _Try("dynamodb:Query", (ben,), f"query orders of `{ben}`"),
            "Without a condition on `dynamodb:LeadingKeys` that follows the caller, the whole "
            "table is everybody's.",
        ),
        (
            _Try("dynamodb:BatchGetItem", (ana, ben), f"get an order of `{ben}` beside her own"),
            "`ForAnyValue` is content with one key that fits. *Each* key of the batch must.",
        ),
    ):
        if _passes(evidence, ana, tried):
            return Incorrect(f"`{ana}` may {tried.words}.", EXPECTED, why)
    return None


def _writes(evidence: Evidence) -> Outcome | None:
    for action, words in (("PutItem", "write"), ("UpdateItem", "change"), ("DeleteItem", "delete")):
        tried = _Try(f"dynamodb:{action}", (MEMBERS[0],), f"{words} her own orders")
        if _passes(evidence, MEMBERS[0], tried):
            return Incorrect(
                f"`{MEMBERS[0]}` may {tried.words}.",
                EXPECTED,
                "A customer who writes her own orders sets her own prices. Reading takes three "
                "actions.",
            )
    return None


def _shut_out(evidence: Evidence) -> Outcome | None:
    for name, of_group in ((MEMBERS[0], False), (MEMBERS[1], False), (NEWCOMER, True)):
        own = (
            _Try("dynamodb:GetItem", (name,), "get their own orders"),
            _Try("dynamodb:Query", (name,), "query their own orders"),
            _Try("dynamodb:BatchGetItem", (name, name), "get their own orders in a batch"),
        )
        for tried in own:
            if not _passes(evidence, name, tried, of_group=of_group):
                return Incorrect(
                    f"`{name}` may not {tried.words}.", EXPECTED, _why_not(name, tried)
                )
    return None


def _why_not(name: str, tried: _Try) -> str:
    if name != MEMBERS[0]:
        return (
            "It works for the name that you typed. `${aws:username}` works for whoever calls, if "
            "the policy hangs on the group."
        )
    return (
        "`dynamodb:LeadingKeys` is a list, even when a call names one key: an operator without "
        "`ForAllValues` does not match it. And the action must be in the list: "
        f"`{tried.action}`."
    )
