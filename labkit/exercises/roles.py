"""The five exercises of the roles lab: what is laid and asked, three hints, the book's code."""

from __future__ import annotations

import json
from typing import Any

from labkit.exercises.checks.roles import assume, keyless, night, passing, trust
from labkit.exercises.frame import Exercise, MakeClient
from labkit.exercises.ground import (
    remove_instance_profile,
    remove_instances,
    remove_queues,
    remove_role,
    remove_user,
)

_IMAGE = "ami-12c6146b"  # one of those that the sandbox has
_QUEUES = "arn:aws:sqs:us-east-1:123456789012:"
_USERS = "arn:aws:iam::123456789012:user/"
_EC2 = {"Service": "ec2.amazonaws.com"}


def _policy(**statement: Any) -> str:
    """A policy of one statement that allows."""
    entry = {"Effect": "Allow", **statement}
    return json.dumps({"Version": "2012-10-17", "Statement": [entry]})


def _trusting(principal: dict[str, str]) -> str:
    return _policy(Principal=principal, Action="sts:AssumeRole")


def _make_role(iam: Any, name: str, trusted: dict[str, str], action: str, resource: str) -> None:
    remove_role(iam, name)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=_trusting(trusted))
    may = _policy(Action=action, Resource=resource)
    iam.put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=may)


def _make_users(iam: Any, *names: str) -> None:
    for name in names:
        remove_user(iam, name)
        iam.create_user(UserName=name)


def _make_queue(sqs: Any, name: str, *messages: str) -> None:
    remove_queues(sqs, name)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    for body in messages:
        sqs.send_message(QueueUrl=url, MessageBody=body)


def _launch_server(ec2: Any) -> None:
    remove_instances(ec2, keyless.SERVER)
    name = {"Key": "Name", "Value": keyless.SERVER}
    tags = [{"ResourceType": "instance", "Tags": [name]}]
    asked = {"ImageId": _IMAGE, "MinCount": 1, "MaxCount": 1, "TagSpecifications": tags}
    launched = ec2.run_instances(**asked)["Instances"]
    ec2.get_waiter("instance_running").wait(InstanceIds=[launched[0]["InstanceId"]])


def _lay_assume(client: MakeClient) -> None:
    iam = client("iam")
    _make_queue(client("sqs"), assume.QUEUE, "order 1042: give back 40 EUR")
    _make_users(iam, assume.USER)
    bo = {"AWS": _USERS + assume.USER}
    _make_role(iam, assume.ROLE, bo, "sqs:ReceiveMessage", _QUEUES + assume.QUEUE)


ASSUME = Exercise(
    id="assume",
    title="Become a refund clerk",
    task=(
        f"A session of the role `{assume.ROLE}`, called `{assume.USER}`, asks STS who it is and "
        f"takes the refund out of `{assume.QUEUE}`."
    ),
    given=(
        f"the user `{assume.USER}`, without a policy; the role `{assume.ROLE}`, which trusts him; "
        f"the queue `{assume.QUEUE}` with one refund"
    ),
    lay=_lay_assume,
    check=assume.check,
    hints=(
        "Two steps: bo asks STS for the role, and then somebody acts with what STS answered. "
        "Whose credentials sign which call?",
        "The client that calls `assume_role` comes from bo's session. The answer has "
        "`Credentials`; the function `session_from` of this lab makes a session of them.",
        '`bo.client("sts").assume_role(RoleArn=clerk_arn, RoleSessionName="bo")["Credentials"]`, '
        'then `session_from(...)`, then its clients for "sts" and "sqs".',
    ),
    solution="""\
bo = lab.as_user("bo")
clerk_arn = "arn:aws:iam::123456789012:role/refund-clerk"
given = bo.client("sts").assume_role(RoleArn=clerk_arn, RoleSessionName="bo")
clerk = session_from(given["Credentials"])
print(who(clerk))
print(attempt(clerk.client("sqs").receive_message, QueueUrl=refunds))
""",
    claims=("role-assume", "role-definition", "role-session-name"),
)


def _lay_night(client: MakeClient) -> None:
    iam = client("iam")
    _make_queue(client("sqs"), night.QUEUE)
    _make_users(iam, "theatre")
    theatre = {"AWS": _USERS + "theatre"}
    _make_role(iam, night.ROLE, theatre, "sqs:SendMessage", _QUEUES + night.QUEUE)


NIGHT = Exercise(
    id="night",
    title="A night longer than a session",
    task=(
        f"All {len(night.FREE)} numbers came to `{night.QUEUE}`, one every {night.EVERY_MIN} "
        f"minutes, each sent by the role `{night.ROLE}`; its sessions stay as short as they are."
    ),
    given=(
        f"the user `theatre`, without a policy; the role `{night.ROLE}`, which trusts it and may "
        f"send to the queue `{night.QUEUE}`, which is empty"
    ),
    lay=_lay_night,
    check=night.check,
    hints=(
        "Which call fails, when, and for what reason? A longer session would only move that "
        "moment. What would a program do that may run for a week?",
        'STS says when a session ends: `Credentials["Expiration"]`, which can be compared with '
        "`lab.clock.now`. Or let the refusal tell you, and make the refused call again.",
        '`open_session("theatre", "seat-counter", "night")` opens another session. Call it at the '
        "top of the loop, if `lab.clock.now >= ends`.",
    ),
    solution="""\
seat_board = sqs.get_queue_url(QueueName="seat-board")["QueueUrl"]
board, ends = open_session("theatre", "seat-counter", "night")
for free in range(200, 190, -1):
    if lab.clock.now >= ends:
        board, ends = open_session("theatre", "seat-counter", "night")
    message = f"{free} seats free"
    board.client("sqs").send_message(QueueUrl=seat_board, MessageBody=message)
    print(lab.clock.advance(minutes=20), message)
""",
    claims=("role-expiry", "role-duration", "role-refresh"),
)


def _lay_trust(client: MakeClient) -> None:
    iam = client("iam")
    _make_queue(client("sqs"), "refunds")
    _make_users(iam, *trust.CLERKS, trust.OTHER)
    any_role = _policy(Action="sts:AssumeRole", Resource="*")
    iam.put_user_policy(UserName=trust.OTHER, PolicyName="any-role", PolicyDocument=any_role)
    account = {"AWS": "arn:aws:iam::123456789012:root"}
    _make_role(iam, trust.ROLE, account, "sqs:ReceiveMessage", _QUEUES + "refunds")


TRUST = Exercise(
    id="trust",
    title="Trust two, refuse the rest",
    task=(
        f"`{trust.ROLE}` lets in `ana` and `bo`, each under their own name only, and nobody else; "
        "you have shown it by calls that are let in and calls that are refused."
    ),
    given=(
        f"the users `ana`, `bo` and `{trust.OTHER}`, whose own policy lets her assume any role; "
        f"the role `{trust.ROLE}`, which trusts the account"
    ),
    lay=_lay_trust,
    check=trust.check,
    hints=(
        "Three things stand in the requirement: who, under which name, and nobody else. Which "
        "element of the policy says which?",
        "`Principal` takes a list of users. The condition key `sts:RoleSessionName` is the name "
        "that is asked for; the variable `${aws:username}` is the name of the user who asks.",
        '`iam.update_assume_role_policy(RoleName="refund-clerk", PolicyDocument=policy(clerks))`, '
        'where `clerks` has `"Principal": {"AWS": [users + "ana", users + "bo"]}` and '
        '`"Condition": {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}`.',
    ),
    solution="""\
users = "arn:aws:iam::123456789012:user/"
clerks = policy(
    {
        "Principal": {"AWS": [users + "ana", users + "bo"]},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}},
    }
)
iam.update_assume_role_policy(RoleName="refund-clerk", PolicyDocument=clerks)
for user, name in [("ana", "ana"), ("bo", "bo"), ("mia", "mia"), ("ana", "bo")]:
    print(f"{user} as {name}:", assume(user, name, "refund-clerk"))
""",
    claims=("role-trust", "role-trust-account", "role-session-name"),
)


def _lay_keyless(client: MakeClient) -> None:
    iam = client("iam")
    _make_queue(client("sqs"), keyless.QUEUE, "order 1042: seat C4")
    remove_role(iam, passing.ROLE)
    remove_instance_profile(iam, passing.ROLE)
    _launch_server(client("ec2"))
    _make_users(iam, keyless.BOT)
    iam.create_access_key(UserName=keyless.BOT)
    everything = _policy(Action="sqs:*", Resource="*")
    iam.put_user_policy(UserName=keyless.BOT, PolicyName="all", PolicyDocument=everything)


KEYLESS = Exercise(
    id="keyless",
    title="No key in the code",
    task=(
        f"The program on the instance `{keyless.SERVER}` takes the order out of `{keyless.QUEUE}` "
        "by a role that may receive and delete there and nothing else; the server never stopped, "
        f"and the old key of `{keyless.BOT}` is good for nothing."
    ),
    given=(
        f"the running instance `{keyless.SERVER}`, without a role; the user `{keyless.BOT}`, whose "
        f"key stands in the program; the queue `{keyless.QUEUE}` with one order"
    ),
    lay=_lay_keyless,
    check=keyless.check,
    hints=(
        "What does the program need on its machine so that its code can be empty of credentials? "
        "The box office got it a few cells ago.",
        "A role that trusts `ec2.amazonaws.com`, with a policy for two actions on one queue; an "
        "instance profile; the role into the profile; the profile onto the instance. Then the "
        "program may work, and the key may go.",
        '`iam.create_role(RoleName="ticket-printer", AssumeRolePolicyDocument=by_ec2)`; then '
        "`put_role_policy`, `create_instance_profile` and `add_role_to_instance_profile`, as for "
        "the box office; `attach_profile`; `take_order(printer)`; and `iam.list_access_keys` with "
        "`iam.delete_access_key`.",
    ),
    solution="""\
print_server = instance_named("print-server")
role, case = {"RoleName": "ticket-printer"}, {"InstanceProfileName": "ticket-printer"}
work = {"Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": orders_arn}
iam.create_role(**role, AssumeRolePolicyDocument=by_ec2)
iam.put_role_policy(**role, PolicyName="work", PolicyDocument=policy(work))
iam.create_instance_profile(**case)
iam.add_role_to_instance_profile(**case, **role)
ec2.associate_iam_instance_profile(
    InstanceId=print_server, IamInstanceProfile={"Name": "ticket-printer"}
)
take_order(lab.on_instance(print_server))
for key in iam.list_access_keys(UserName="printer-bot")["AccessKeyMetadata"]:
    iam.delete_access_key(UserName="printer-bot", AccessKeyId=key["AccessKeyId"])
""",
    claims=("role-create-steps", "role-attach-live", "role-no-hardcode"),
)


def _lay_passing(client: MakeClient) -> None:
    iam = client("iam")
    _launch_server(client("ec2"))
    _make_users(iam, passing.USER)
    for name, action, resource in (
        (passing.ROLE, "sqs:ReceiveMessage", _QUEUES + keyless.QUEUE),
        (passing.ADMIN, "*", "*"),
    ):
        _make_role(iam, name, _EC2, action, resource)
        remove_instance_profile(iam, name)
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)


PASSING = Exercise(
    id="passing",
    title="Hand over this role, and no other",
    task=(
        f"`{passing.USER}` can attach the role `{passing.ROLE}` to `{keyless.SERVER}`, and is "
        f"refused `{passing.ADMIN}`; you have shown both by calls of his."
    ),
    given=(
        f"the user `{passing.USER}`, without a policy; the roles `{passing.ROLE}` and "
        f"`{passing.ADMIN}`, which EC2 may assume, in instance profiles of their names; the "
        f"instance `{keyless.SERVER}`, without a role"
    ),
    lay=_lay_passing,
    check=passing.check,
    hints=(
        "Give bo one of the designs, and let him try `shop-admin`. Is he refused? By which of the "
        "two things that a design says, the role or the service?",
        "`shop-admin` trusts EC2 as well, so a condition on the service lets it pass. What must "
        "bo not be able to choose?",
        '`iam.put_user_policy(UserName="bo", PolicyName="deploys", '
        "PolicyDocument=policy(attach, this_role))`, then `hand_over` with either name.",
    ),
    solution="""\
attach = {"Action": "ec2:AssociateIamInstanceProfile", "Resource": "*"}
printer_arn = "arn:aws:iam::123456789012:role/ticket-printer"
this_role = {"Action": "iam:PassRole", "Resource": printer_arn}
deploys = policy(attach, this_role)
iam.put_user_policy(UserName="bo", PolicyName="deploys", PolicyDocument=deploys)
for role in ("ticket-printer", "shop-admin"):
    print(f"{role}:", hand_over("bo", instance_named("print-server"), role))
""",
    claims=("role-passrole", "role-service"),
)

EXERCISES = (ASSUME, NIGHT, TRUST, KEYLESS, PASSING)
