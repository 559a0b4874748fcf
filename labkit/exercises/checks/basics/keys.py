"""Exercise 1: keys that do not fit, mended by what AWS says of them.

id wrong ──▶ InvalidClientTokenId      AWS looks the id up first: nobody has it
secret wrong ──▶ SignatureDoesNotMatch     the id is somebody's, the signature is of another secret
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

QUEUE = "tickets"
WRONG_ID = "AKIAI0SFODNN7EXAMPLE"  # a zero for the letter O
WRONG_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE"  # the last letter is missing


def check(evidence: Evidence) -> Outcome:
    """Somebody asked for the queue's URL with a signature that AWS accepts, and got it."""
    asked = evidence.of("sqs", "GetQueueUrl", QueueName=QUEUE)
    if not asked:
        return NotYet(f"Nobody has asked for the URL of `{QUEUE}` yet.", "Run the cell above.")
    answered = [call for call in asked if not call.error_code]
    if not answered:
        return _refused(asked[-1])
    refusals = dict.fromkeys(f"`{call.error_code}`" for call in asked if call.error_code)
    said = f"Before that AWS had said {' and '.join(refusals)}. " if refusals else ""
    return Passed(
        f"The keys fit, and the queue's URL came back. {said}Best of all are no keys in the code: "
        "without these two arguments boto3 finds them where it runs."
    )


def _refused(last: Call) -> Outcome:
    code = str(last.error_code)
    return _ANSWERS.get(code) or Incorrect(
        f"AWS answered `{code}`.",
        f"the URL of `{QUEUE}`.",
        'Change nothing but the keys; `lab.hint("keys")` says more.',
    )


_ANSWERS: dict[str, Outcome] = {
    "InvalidClientTokenId": NotYet(
        "AWS answered `InvalidClientTokenId`: it looked the access key id up, and nobody has it. "
        "The secret has not been looked at yet.",
        "Compare the id with the one that boto3 found, letter by letter.",
    ),
    "SignatureDoesNotMatch": NotYet(
        "AWS answered `SignatureDoesNotMatch`: the id is somebody's now, and the signature was "
        "made with another secret than theirs.",
        "So the id is right. Look at the secret.",
    ),
    "IncompleteSignature": Incorrect(
        "AWS answered `IncompleteSignature`: the secret stands where the id belongs.",
        "the id, which begins with AKIA, as `aws_access_key_id`.",
        "The id travels with every request, for all to read. A secret that was sent as one is no "
        "secret any more: outside of a lab, make a new key and delete this one.",
    ),
    "MissingAuthenticationToken": Incorrect(
        "AWS answered `MissingAuthenticationToken`: the request was not signed at all.",
        "a request that is signed with the learner's key.",
        "Only few requests may come from nobody, such as reading a public object. The rest must "
        "say who asks.",
    ),
    "AWS.SimpleQueueService.NonExistentQueue": Incorrect(
        "The keys fit, and AWS answered that there is no such queue.",
        f"the URL of `{QUEUE}`, which is in us-east-1.",
        "AWS knows who you are; it was asked in a Region where no queue has this name.",
    ),
}
