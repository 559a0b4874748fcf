"""Exercise 4: the print server gets a role while it runs, and its key goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.exercises.checks.roles.rights import EC2, SQS, STRANGER, lets_in, may
from labkit.exercises.checks.roles.sessions import caller, role_of, session_of
from labkit.exercises.checks.sqs.log import on
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

SERVER = "print-server"  # the instance's tag Name
BOT = "printer-bot"  # the user whose key stands in the code
QUEUE = "orders"
MAY = ("sqs:ReceiveMessage", "sqs:DeleteMessage")
MAY_NOT = (
    ("sqs:SendMessage", SQS + QUEUE),
    ("sqs:PurgeQueue", SQS + QUEUE),
    ("sqs:ReceiveMessage", SQS + "refunds"),
    ("s3:GetObject", "arn:aws:s3:::posters-123456789012/hamlet"),
)


def check(evidence: Evidence) -> Outcome:
    """The running instance has a role that EC2 may assume and that may do its work and no more."""
    instance = server(evidence)
    if instance is None:
        return _gone()
    role = _role_of_instance(evidence, instance)
    if role is None:
        return _without_a_role(evidence)
    taken = _taken(evidence, role, instance)
    return (
        _not_trusted(evidence, role)
        or _cannot_work(evidence, role)
        or _may_more(evidence, role)
        or _not_taken(evidence, taken)
        or _key_left(evidence)
        or Passed(
            f"`{taken[-1].principal}` took the order and deleted it: no key in the code, none on "
            f"the disk, and the server never stopped. What a copy of `{BOT}`'s key is worth now "
            "is nothing."
        )
    )


def server(evidence: Evidence) -> str | None:
    """The id of the running instance that the exercise laid, or None."""
    wanted = [
        {"Name": "tag:Name", "Values": [SERVER]},
        {"Name": "instance-state-name", "Values": ["running"]},
    ]
    found = evidence.client("ec2").describe_instances(Filters=wanted)["Reservations"]
    stopped = evidence.of("ec2", "StopInstances", "TerminateInstances")
    if not found or any(not call.error_code for call in stopped):
        return None
    return str(found[0]["Instances"][0]["InstanceId"])


def _gone() -> Outcome:
    return Incorrect(
        f"`{SERVER}` was stopped.",
        "it runs all the time.",
        "An instance profile can be attached to an instance that is running. "
        '`lab.begin("keyless")` starts it again.',
    )


def _role_of_instance(evidence: Evidence, instance: str) -> str | None:
    """The role in the profile that is attached to the instance."""
    of = [{"Name": "instance-id", "Values": [instance]}]
    answer = evidence.client("ec2").describe_iam_instance_profile_associations(Filters=of)
    for association in answer["IamInstanceProfileAssociations"]:
        name = association["IamInstanceProfile"]["Arn"].rsplit("/", 1)[-1]
        profile = evidence.client("iam").get_instance_profile(InstanceProfileName=name)
        for role in profile["InstanceProfile"]["Roles"]:
            return str(role["RoleName"])
    return None


def _without_a_role(evidence: Evidence) -> Outcome:
    attached = [c for c in evidence.of("ec2", "AssociateIamInstanceProfile") if not c.error_code]
    if attached:
        return Incorrect(
            "The instance profile that you attached is empty.",
            "a profile with a role in it.",
            "The profile is only the case. `add_role_to_instance_profile` puts the role into it.",
        )
    made = [
        (words, any(not call.error_code for call in evidence.of("iam", operation)))
        for operation, words in (
            ("CreateRole", "the role"),
            ("CreateInstanceProfile", "the instance profile"),
            ("AddRoleToInstanceProfile", "the role in the profile"),
        )
    ]
    there = [words for words, done in made if done]
    return NotYet(
        f"`{SERVER}` has no role. Made so far: {', '.join(there) or 'nothing'}.",
        "Role, permissions, profile, role into the profile, profile onto the instance.",
    )


def _not_trusted(evidence: Evidence, role: str) -> Outcome | None:
    if not lets_in(evidence, role, EC2):
        return Incorrect(
            f"`{role}` does not trust `{EC2}`.",
            "a trust policy whose `Principal` is that service.",
            "On the instance it is EC2 that assumes the role, and hands its credentials to the "
            "programs there. Without its trust they find none.",
        )
    if lets_in(evidence, role, STRANGER, "ana"):
        return Incorrect(
            f"`{role}` trusts everybody on AWS.",
            f"`{EC2}` and nobody else.",
            'A `Principal` of `"*"` means every account. Name the service.',
        )
    return None


def _cannot_work(evidence: Evidence, role: str) -> Outcome | None:
    for action in MAY:
        if not may(evidence, f"role/{role}", action, SQS + QUEUE):
            return Incorrect(
                f"`{role}` may not do `{action}` on `{QUEUE}`.",
                "it may receive there, and delete.",
                "The trust policy lets EC2 in; what it may do then stands in a permissions "
                "policy of the role, `put_role_policy`.",
            )
    return None


def _may_more(evidence: Evidence, role: str) -> Outcome | None:
    for action, resource in MAY_NOT:
        if may(evidence, f"role/{role}", action, resource):
            return Incorrect(
                f"`{role}` may also do `{action}` on `{resource}`.",
                f"`{MAY[0]}` and `{MAY[1]}` on `{QUEUE}`.",
                "Whoever breaks into the server has the role. Name the two actions, and the ARN "
                "of the one queue.",
            )
    return None


def _taken(evidence: Evidence, role: str, instance: str) -> list[Call]:
    """Deletes of an order by the programs on the instance."""
    return [
        call
        for call in on(evidence, QUEUE, "DeleteMessage", "DeleteMessageBatch")
        if not call.error_code and (role_of(call), session_of(call)) == (role, instance)
    ]


def _not_taken(evidence: Evidence, taken: list[Call]) -> Outcome | None:
    if taken:
        return None
    deletes = [call for call in on(evidence, QUEUE, "DeleteMessage") if not call.error_code]
    if deletes:
        return Incorrect(
            f"The order was taken by {caller(deletes[-1])}.",
            f"by the program on `{SERVER}`.",
            "`lab.on_instance` gives you the session that a program there makes: it brings no "
            "credentials, and boto3 asks the instance for them.",
        )
    return NotYet(
        f"`{SERVER}` has its role.",
        "Let the program there take the order: receive, and delete.",
    )


def _key_left(evidence: Evidence) -> Outcome | None:
    iam = evidence.client("iam")
    try:
        keys = iam.list_access_keys(UserName=BOT)["AccessKeyMetadata"]
    except iam.exceptions.NoSuchEntityException:
        return None
    active = [key["AccessKeyId"] for key in keys if key["Status"] == "Active"]
    if not active:
        return None
    return NotYet(
        f"The server needs `{active[0]}` no longer, and the key still opens the queues to "
        "whoever has an old copy of the code.",
        f"Delete it, or the user `{BOT}` with it.",
    )
