"""Exercise 5: a new poster sets a function off, and nothing else does."""

from __future__ import annotations

import json
from typing import Any

from labkit.exercises.checks.lambda_functions.scene import printed
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

NAME, BUCKET = "thumbnail", "shop-posters"
PREFIX = "new/"
KEY, OTHER = "new/romeo.png", "thumbs/romeo.png"
CODE = """\
def handler(event, context):
    for record in event["Records"]:
        print("DRAW", record["s3"]["object"]["key"])
"""
_BUCKET_ARN = f"arn:aws:s3:::{BUCKET}"


def check(evidence: Evidence) -> Outcome:
    """The bucket tells the function of new/ alone, may do so, no other bucket may; it was tried."""
    statements = _policy(evidence)
    open_to_all = [one for one in statements if one["Principal"] == "*"]
    from_s3 = [
        one
        for one in statements
        if isinstance(one["Principal"], dict)
        and one["Principal"].get("Service") == "s3.amazonaws.com"
    ]
    if open_to_all:
        return Incorrect(
            "Everybody may invoke the function.",
            "S3 alone, on behalf of this bucket.",
            "The principal of a notification is `s3.amazonaws.com`.",
        )
    if from_s3 and not any(_source(one) == _BUCKET_ARN for one in from_s3):
        found = _source(from_s3[0]) or "any bucket of anybody"
        return Incorrect(
            f"S3 may invoke it on behalf of {found}.",
            f"`{_BUCKET_ARN}` as the `SourceArn`.",
            "The service works for every customer. Without a source, a stranger's bucket can call "
            "your function: the confused deputy.",
        )
    rules = _told(evidence)
    if not from_s3 or not rules:
        step = "Tell the bucket what to announce." if from_s3 else "Let S3 in first, then tell it."
        return NotYet(
            f"{'S3 may invoke it. ' if from_s3 else ''}`{BUCKET}` tells `{NAME}` nothing.", step
        )
    return _rules(rules) or _tried(evidence)


def _rules(rules: list[dict[str, Any]]) -> Outcome | None:
    events = [event for rule in rules for event in rule["Events"]]
    if not all(event.startswith("s3:ObjectCreated") for event in events):
        return Incorrect(
            f"The bucket announces {', '.join(events)}.",
            "what is created.",
            "`s3:ObjectCreated:*` covers PUT, POST, copies and multipart uploads.",
        )
    prefixes = [
        one["Value"]
        for rule in rules
        for one in rule.get("Filter", {}).get("Key", {}).get("FilterRules", [])
        if one["Name"].lower() == "prefix"
    ]
    if len(prefixes) < len(rules) or any(not one.startswith(PREFIX) for one in prefixes):
        return Incorrect(
            f"Objects outside `{PREFIX}` set the function off too.",
            f"a filter with the prefix `{PREFIX}`.",
            "The function writes its thumbnails into the same bucket. Each would set it off again, "
            "and so on, for as long as somebody pays.",
        )
    return None


def _tried(evidence: Evidence) -> Outcome:
    drawn = [line.split()[1] for line in printed(evidence, NAME, "DRAW")]
    put = [call.params.get("Key") for call in evidence.of("s3", "PutObject", Bucket=BUCKET)]
    if not any(key.startswith(PREFIX) for key in drawn):
        return NotYet(
            "Everything is set.",
            f"Prove it: put an object under `{PREFIX}`, and let time pass."
            if not any(str(key).startswith(PREFIX) for key in put)
            else "S3 invokes asynchronously. Let time pass: `lab.settle()`.",
        )
    return Passed(
        f"`{drawn[-1]}` has set the function off. Two settings were needed, on two sides: the "
        "bucket says whom it tells, and the function's policy says who may call."
    )


def _policy(evidence: Evidence) -> list[dict[str, Any]]:
    lam = evidence.client("lambda")
    try:
        policy = json.loads(lam.get_policy(FunctionName=NAME)["Policy"])
    except lam.exceptions.ResourceNotFoundException:
        lam.get_function(FunctionName=NAME)  # is the function itself there?
        return []
    return list(policy["Statement"])


def _source(statement: dict[str, Any]) -> str:
    condition = statement.get("Condition", {})
    for operator in ("ArnLike", "ArnEquals"):
        for key, value in condition.get(operator, {}).items():
            if key.lower() == "aws:sourcearn":
                return str(value)
    return ""


def _told(evidence: Evidence) -> list[dict[str, Any]]:
    found = evidence.client("s3").get_bucket_notification_configuration(Bucket=BUCKET)
    return [
        rule
        for rule in found.get("LambdaFunctionConfigurations", [])
        if rule["LambdaFunctionArn"].endswith(f":function:{NAME}")
    ]
