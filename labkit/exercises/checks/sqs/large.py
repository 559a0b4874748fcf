"""Exercise 5: what fits travels in the message, what does not travels through S3."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from labkit.exercises.checks.sqs.log import Event, events
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed
from labkit.facts import fact

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

QUEUE = "artwork"
BUCKET = "posters-123456789012"
LIMIT_BYTES = int(fact("sqs.message_max_bytes"))
POSTERS = {  # stand-ins for drawings in SVG, which is text
    "hamlet": "h" * 200_000,
    "aida": "a" * LIMIT_BYTES,  # fits, to the byte
    "tosca": "é" * 600_000,  # 600,000 characters, 1,200,000 bytes
    "carmen": "c" * 3_000_000,
}


def check(evidence: Evidence) -> Outcome:
    """A worker that takes the messages of `artwork` gets each poster whole, by the cheapest way."""
    sends = [one for one in events(evidence) if one.kind == "send" and one.queue == QUEUE]
    accepted = [send for send in sends if not send.refused]
    if not sends:
        return NotYet("`artwork` got no poster yet.", "Write `send_poster`, and send all four.")
    return (
        _refused(sends, accepted)
        or _cut(accepted)
        or _unreadable(evidence, accepted)
        or _missing(evidence, accepted)
        or _detour(accepted)
        or _sent_before_put(evidence, accepted)
        or Passed(
            f"`hamlet` and `aida` travel in their messages, `aida` with not a byte to spare; "
            f"`tosca`, which looks shorter than it is, and `carmen` wait in `{BUCKET}`, each with "
            "a message of less than 100 bytes. A worker finds all four whole."
        )
    )


def _refused(sends: list[Event], accepted: list[Event]) -> Outcome | None:
    for name, artwork in POSTERS.items():
        tried = [send for send in sends if send.refused and send.body == artwork]
        arrived = any(send.index > tried[-1].index for send in accepted) if tried else True
        if arrived:
            continue
        characters, size_bytes = len(artwork), len(artwork.encode())
        if size_bytes <= LIMIT_BYTES:
            return Incorrect(
                f"SQS refused `{name}`, whose {size_bytes:,} bytes fit.",
                "a message of which body and attributes together fit.",
                "Names, types and values of message attributes count too. A poster that fills the "
                "message to the last byte has no room for one.",
            )
        return Incorrect(
            f"SQS refused `{name}`: {characters:,} characters, {size_bytes:,} bytes.",
            f"through S3 whatever has more than {LIMIT_BYTES:,} bytes.",
            "SQS counts bytes of UTF-8, and `len` of a str counts characters."
            if characters <= LIMIT_BYTES
            else "No setting raises the limit. Put the poster into the bucket, and send where it "
            "lies.",
        )
    return None


def _cut(accepted: list[Event]) -> Outcome | None:
    """A message that holds a part of a poster."""
    for name, artwork in POSTERS.items():
        parts = [send.body for send in accepted if _is_part(send.body, artwork)]
        if not parts:
            continue
        if sum(map(len, parts)) < len(artwork):
            return Incorrect(
                f"Of `{name}`, {sum(map(len, parts)):,} of {len(artwork):,} characters were sent.",
                "the whole poster.",
                "A poster that was cut to fit is no poster. What is too large goes into the "
                "bucket whole.",
            )
        return Incorrect(
            f"`{name}` was cut into {len(parts)} messages.",
            "one message, from which a worker gets the whole poster.",
            "The parts go to different workers, out of order, and some twice; one that fails "
            "leaves a poster with a hole. One object and one message have none of these states.",
        )
    return None


def _is_part(body: str, artwork: str) -> bool:
    return len(body) < len(artwork) and set(body) == set(artwork)


def _unreadable(evidence: Evidence, accepted: list[Event]) -> Outcome | None:
    """A message that is neither a poster nor a reference to an object that is there."""
    for send in accepted:
        if send.body in POSTERS.values():
            continue
        place = _reference(send)
        if place is None:
            return Incorrect(
                f"A message says `{send.body[:60]}`.",
                'a poster, or a reference: `{"bucket": ..., "key": ...}` as JSON.',
                "The worker is somebody else's program: it reads the two forms it was promised.",
            )
        if _fetch(evidence, place) is None:
            return Incorrect(
                f"A message points to `{place[1]}` in `{place[0]}`, and nothing is there.",
                "an object there, put before the message was sent.",
                "A reference is only as good as what it points to; the worker would fail on it, "
                "again and again.",
            )
    return None


def _missing(evidence: Evidence, accepted: list[Event]) -> Outcome | None:
    arrived = {_poster(evidence, send) for send in accepted}
    missing = [name for name, artwork in POSTERS.items() if artwork not in arrived]
    if not missing:
        return None
    return NotYet(
        f"{len(POSTERS) - len(missing)} of {len(POSTERS)} posters arrive whole; "
        f"missing: {', '.join(missing)}.",
        "Send every poster, as it is.",
    )


def _detour(accepted: list[Event]) -> Outcome | None:
    """A poster that fits, and went through S3 all the same."""
    for name, artwork in POSTERS.items():
        size_bytes = len(artwork.encode())
        if size_bytes > LIMIT_BYTES or any(send.body == artwork for send in accepted):
            continue
        return Incorrect(
            f"`{name}` went through S3, with {size_bytes:,} bytes.",
            f"as the body of its message: {LIMIT_BYTES:,} bytes still fit.",
            "By way of S3 a poster costs a PUT and a GET besides its message, a second round trip "
            "for the worker, and an object that somebody must delete.",
        )
    return None


def _sent_before_put(evidence: Evidence, accepted: list[Event]) -> Outcome | None:
    for send in accepted:
        place = _reference(send)
        if place is None:
            continue
        puts = [call.index for call in _writes(evidence) if _written(call) == place]
        if puts and min(puts) > send.index:
            return Incorrect(
                f"The message about `{place[1]}` was sent before the object was there.",
                "first the object, then the message.",
                "A worker may have the message a moment later, and would look for an object that "
                "does not exist yet.",
            )
    return None


def _poster(evidence: Evidence, send: Event) -> str | None:
    """What a worker gets from the message."""
    place = _reference(send)
    return send.body if place is None else _fetch(evidence, place)


def _reference(send: Event) -> tuple[str, str] | None:
    """The bucket and key that the message names, if it is a reference."""
    try:
        tree: Any = json.loads(send.body)
        return str(tree["bucket"]), str(tree["key"])
    except (ValueError, TypeError, KeyError):
        return None


def _fetch(evidence: Evidence, place: tuple[str, str]) -> str | None:
    """The text that lies there; None if there is nothing."""
    try:
        answer = evidence.client("s3").get_object(Bucket=place[0], Key=place[1])
    except ClientError:
        return None
    return str(answer["Body"].read().decode("utf-8", "replace"))


def _writes(evidence: Evidence) -> tuple[Call, ...]:
    return evidence.of("s3", "PutObject", "CompleteMultipartUpload", "CopyObject")


def _written(call: Call) -> tuple[str, str]:
    return str(call.params.get("Bucket")), str(call.params.get("Key"))
