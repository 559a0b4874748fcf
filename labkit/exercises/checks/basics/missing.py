"""Exercise 4: what is missing is replaced, what could not be read just now is left alone."""

from __future__ import annotations

from botocore.exceptions import ClientError

from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

BUCKET = "posters-123456789012"
POSTERS = {"hamlet": b"to be or not to be", "tosca": b"vissi d'arte"}
MISSING = "aida"
BUSY = "tosca"
REFUSALS = 3  # as many as boto3 bears by default


def check(evidence: Evidence) -> Outcome:
    """`aida` has a stand-in, the other posters are as they were, and all three were read."""
    read = [call for call in evidence.of("s3", "GetObject") if call.params["Bucket"] == BUCKET]
    if not read and not evidence.of("s3", "PutObject"):
        return NotYet("Nobody has looked at a poster yet.", "Run the cell above.")
    return (
        _overwritten(evidence)
        or _elsewhere(evidence)
        or _not_replaced(evidence)
        or _not_read(evidence)
        or Passed(
            f"`{MISSING}` has a stand-in, and `{BUSY}` is still the poster that it was, although "
            "S3 could not hand it out at first. `NoSuchKey` says that there is nothing; "
            "`SlowDown` says nothing about the object at all."
        )
    )


def _overwritten(evidence: Evidence) -> Outcome | None:
    changed = [key for key, body in POSTERS.items() if _object(evidence, key) != body]
    if not changed:
        return None
    if BUSY in changed and len(changed) == 1:
        return Incorrect(
            f"`{BUSY}` was there all the time, and now it is gone: your code wrote over it.",
            f"`{BUSY}` as it was.",
            "S3 had answered `SlowDown`: come back later. That is no word about the object. An "
            "`except` that does not look at the code takes every failure for a missing poster, a "
            'denied one and a lost connection too. `lab.begin("missing")` brings it back.',
        )
    return Incorrect(
        f"`{changed[0]}`, which could be read, is not what it was.",
        "a stand-in for what is missing, and for nothing else.",
        'Read first, and write only when S3 says `NoSuchKey`. `lab.begin("missing")` brings the '
        "posters back.",
    )


def _elsewhere(evidence: Evidence) -> Outcome | None:
    listed = evidence.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    foreign = [item["Key"] for item in listed if item["Key"] not in (*POSTERS, MISSING)]
    if not foreign:
        return None
    return Incorrect(
        f"The bucket now holds `{foreign[0]}`.",
        f"the stand-in under the key `{MISSING}`.",
        "A key is the whole name of an object. Whoever asks for the missing poster asks for its "
        "own key.",
    )


def _not_replaced(evidence: Evidence) -> Outcome | None:
    if _object(evidence, MISSING) is not None:
        return None
    asked = evidence.of("s3", "GetObject", Key=MISSING)
    if asked:
        return NotYet(
            f"S3 answered `{asked[-1].error_code}` for `{MISSING}`, and nothing stands in for it.",
            f"In that case, and in no other, put something under the key `{MISSING}`.",
        )
    return NotYet(f"Nobody has asked for `{MISSING}` yet.", "Ask for all three posters.")


def _not_read(evidence: Evidence) -> Outcome | None:
    for key in POSTERS:
        asked = evidence.of("s3", "GetObject", Key=key)
        if any(not call.error_code for call in asked):
            continue
        if asked:
            return NotYet(
                f"`{key}` has not been read: S3 answered `{asked[-1].error_code}` "
                f"{len(asked)} times, and then nobody asked any more.",
                "Ask again, or let the client try more often.",
            )
        return NotYet(f"Nobody has read `{key}` yet.", "Ask for all three posters.")
    return None


def _object(evidence: Evidence, key: str) -> bytes | None:
    try:
        body: bytes = evidence.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    except ClientError:
        return None
    return body
