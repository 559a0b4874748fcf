"""Each exercise of the roles lab: what passes, what does not, and what a learner is told.

A wrong way has a name, the code that a learner would write, and words that only its own message
has. `try_to` lets AWS refuse a call, as it would in the learner's cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.exercises import load
from labkit.exercises.frame import Incorrect, NotYet, Passed
from tests.labs.study import Study

EXERCISES = {exercise.id: exercise for exercise in load("roles")}
# The cells that exercises lean on: helpers, and what these need.
GIVEN = (
    *("open", "setup", "helpers", "role", "assume", "session", "own-rights", "again"),
    *("account", "machine", "profile", "attach", "order", "pass"),
)

CLERK = """\
arn = "arn:aws:iam::123456789012:role/refund-clerk"
sts = lab.as_user("bo").client("sts")
"""


def as_clerk(name: str = "bo") -> str:
    """Open a session of the clerk, so called, and keep its three strings as `got`."""
    return CLERK + f'got = sts.assume_role(RoleArn=arn, RoleSessionName="{name}")["Credentials"]\n'


TAKE = 'boto3.client("sqs", **{}).receive_message(QueueUrl=refunds)\n'
THREE = """\
strings = {
    "aws_access_key_id": got["AccessKeyId"],
    "aws_secret_access_key": got["SecretAccessKey"],
    "aws_session_token": got["SessionToken"],
}
"""
ASK = 'boto3.client("sts", **strings).get_caller_identity()\n'

NIGHT = 'seat_board = sqs.get_queue_url(QueueName="seat-board")["QueueUrl"]\n'
OPEN = 'board, ends = open_session("theatre", "seat-counter", "night")\n'


def night(body: str, first: str = OPEN, minutes: int = 20, numbers: str = "200, 190, -1") -> str:
    """A night of the theatre whose loop does this for each number."""
    lines = [NIGHT + first + f"for free in range({numbers}):"]
    lines += ['    message = {"QueueUrl": seat_board, "MessageBody": f"{free} seats free"}']
    lines += [f"    {line}" for line in body.strip("\n").split("\n")]
    lines += [f"    lab.clock.advance(minutes={minutes})\n"]
    return "\n".join(lines)


SEND = 'board.client("sqs").send_message(**message)'
USERS = "arn:aws:iam::123456789012:user/"
ACCOUNT = "arn:aws:iam::123456789012:root"
OWN_NAME = '{"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}'
BOTH = f'{{"AWS": ["{USERS}ana", "{USERS}bo"]}}'
TRIES = """\
for user, name in [("ana", "ana"), ("bo", "bo"), ("mia", "mia"), ("bo", "ana")]:
    assume(user, name, "refund-clerk")
"""


def trusting(principal: str = BOTH, condition: str = OWN_NAME, tries: str = TRIES) -> str:
    """Write a trust policy of one statement, and try it."""
    more = f', "Condition": {condition}' if condition else ""
    return (
        f'statement = {{"Principal": {principal}, "Action": "sts:AssumeRole"{more}}}\n'
        "iam.update_assume_role_policy("
        'RoleName="refund-clerk", PolicyDocument=policy(statement))\n' + tries
    )


WORK = '{"Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": orders_arn}'
SERVER = 'server = instance_named("print-server")\n'
KEY_GONE = """\
key = iam.list_access_keys(UserName="printer-bot")["AccessKeyMetadata"][0]["AccessKeyId"]
iam.delete_access_key(UserName="printer-bot", AccessKeyId=key)
"""
TAKEN = "take_order(lab.on_instance(server))\n"
ATTACH = 'attach_profile(ec2, server, "printer")\n'


def keyless(trust: str = "by_ec2", work: str = WORK, after: str = ATTACH + TAKEN + KEY_GONE) -> str:
    """Give the print server a role `printer`, then do what comes `after`."""
    return (
        SERVER
        + f"""\
iam.create_role(RoleName="printer", AssumeRolePolicyDocument={trust})
iam.put_role_policy(RoleName="printer", PolicyName="work", PolicyDocument=policy({work}))
iam.create_instance_profile(InstanceProfileName="printer")
iam.add_role_to_instance_profile(InstanceProfileName="printer", RoleName="printer")
"""
        + after
    )


def ec2_and(others: str) -> str:
    """A trust policy for EC2 and for others."""
    principal = f'{{"Service": "ec2.amazonaws.com", "AWS": "{others}"}}'
    return f'policy({{"Principal": {principal}, "Action": "sts:AssumeRole"}})'


ROLES = "arn:aws:iam::123456789012:role/"
MAY_ATTACH = '{"Action": "ec2:AssociateIamInstanceProfile", "Resource": "*"}'
BY_BO = """\
server = instance_named("print-server")
for name in ("ticket-printer", "shop-admin"):
    hand_over("bo", server, name)
"""


def passing(*statements: str, tries: str = BY_BO) -> str:
    """Give bo a policy of these statements, and let him try."""
    given = ", ".join(statements)
    return (
        f'iam.put_user_policy(UserName="bo", PolicyName="p", PolicyDocument=policy({given}))\n'
        + tries
    )


def passes(resource: str, condition: str = "") -> str:
    """A statement that allows passing."""
    more = f', "Condition": {condition}' if condition else ""
    return f'{{"Action": "iam:PassRole", "Resource": "{resource}"{more}}}'


ONLY_EC2 = '{"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}'

RIGHT = {
    "assume": {
        "with clients made by hand, after a first try without the token": as_clerk()
        + """\
two = {"aws_access_key_id": got["AccessKeyId"], "aws_secret_access_key": got["SecretAccessKey"]}
attempt(boto3.client("sqs", **two).receive_message, QueueUrl=refunds)
"""
        + THREE
        + ASK
        + TAKE.format("strings"),
        "by the lab's short cut": """\
clerk = lab.as_role("refund-clerk", "bo", by=lab.as_user("bo"))
print(who(clerk))
clerk.client("sqs").receive_message(QueueUrl=refunds)
""",
        "a session of a wrong name first": as_clerk("laptop")
        + THREE
        + ASK
        + as_clerk()
        + THREE
        + ASK
        + TAKE.format("strings"),
    },
    "night": {
        "told by the refusal": night(f"""\
try:
    {SEND}
except sqs.exceptions.ClientError:
    {OPEN.strip()}
    {SEND}
"""),
        "a new session for each number": night(OPEN + SEND),
        "five minutes ahead, and at the second try": night(SEND, numbers="200, 197, -1")
        + "from datetime import timedelta\n"
        + night(f"if ends - lab.clock.now <= timedelta(minutes=20):\n    {OPEN.strip()}\n{SEND}"),
        "with the refreshable credentials of botocore": NIGHT
        + """\
from botocore.credentials import RefreshableCredentials
from botocore.session import get_session


def fetch():
    sts = lab.as_user("theatre").client("sts")
    arn = "arn:aws:iam::123456789012:role/seat-counter"
    got = sts.assume_role(RoleArn=arn, RoleSessionName="night")["Credentials"]
    return {
        "access_key": got["AccessKeyId"],
        "secret_key": got["SecretAccessKey"],
        "token": got["SessionToken"],
        "expiry_time": got["Expiration"].isoformat(),
    }


under = get_session()
under._credentials = RefreshableCredentials.create_from_metadata(fetch(), fetch, "assume-role")
board = boto3.Session(botocore_session=under)
"""
        + night(SEND, first=""),
    },
    "trust": {
        "two statements, each with its name": """\
statements = [
    {
        "Principal": {"AWS": f"arn:aws:iam::123456789012:user/{name}"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:RoleSessionName": name}},
    }
    for name in ("ana", "bo")
]
iam.update_assume_role_policy(RoleName="refund-clerk", PolicyDocument=policy(*statements))
"""
        + TRIES,
        "the account, narrowed by conditions, and a policy for the clerks": """\
for name in ("ana", "bo"):
    iam.put_user_policy(UserName=name, PolicyName="any-role", PolicyDocument=any_role)
"""
        + trusting(
            '{"AWS": "123456789012"}',
            '{"StringEquals": {"sts:RoleSessionName": "${aws:username}", '
            '"aws:username": ["ana", "bo"]}}',
        ),
        "after a policy that let anyone in": trusting('{"AWS": "*"}') + trusting(),
    },
    "keyless": {
        "a managed policy, and the key turned off": keyless(
            work='{"Action": "sqs:ReceiveMessage", "Resource": orders_arn}',
            after="""\
deletes = policy({"Action": "sqs:DeleteMessage", "Resource": orders_arn})
arn = iam.create_policy(PolicyName="deletes", PolicyDocument=deletes)["Policy"]["Arn"]
iam.attach_role_policy(RoleName="printer", PolicyArn=arn)
"""
            + ATTACH
            + TAKEN
            + """\
key = iam.list_access_keys(UserName="printer-bot")["AccessKeyMetadata"][0]["AccessKeyId"]
iam.update_access_key(UserName="printer-bot", AccessKeyId=key, Status="Inactive")
""",
        ),
        "the user deleted, the profile replaced": keyless(
            after="""\
iam.create_instance_profile(InstanceProfileName="empty")
attach_profile(ec2, server, "empty")
found = ec2.describe_iam_instance_profile_associations(
    Filters=[{"Name": "instance-id", "Values": [server]}]
)
old = found["IamInstanceProfileAssociations"][0]["AssociationId"]
ec2.replace_iam_instance_profile_association(
    AssociationId=old, IamInstanceProfile={"Name": "printer"}
)
"""
            + TAKEN
            + KEY_GONE
            + """\
iam.delete_user_policy(UserName="printer-bot", PolicyName="all")
iam.delete_user(UserName="printer-bot")
""",
        ),
        "too much at first": keyless(
            work='{"Action": "sqs:*", "Resource": "*"}',
            after=ATTACH
            + TAKEN
            + KEY_GONE
            + 'iam.put_role_policy(RoleName="printer", PolicyName="work", '
            f"PolicyDocument=policy({WORK}))\n",
        ),
    },
    "passing": {
        "this role, and only to EC2": passing(
            MAY_ATTACH, passes(ROLES + "ticket-printer", ONLY_EC2)
        ),
        "by a group": f"""\
iam.create_group(GroupName="deployers")
design = policy({MAY_ATTACH}, {passes(ROLES + "ticket-printer")})
iam.put_group_policy(GroupName="deployers", PolicyName="p", PolicyDocument=design)
iam.add_user_to_group(GroupName="deployers", UserName="bo")
"""
        + BY_BO,
        "after the other design": passing(MAY_ATTACH, passes("*", ONLY_EC2))
        + passing(MAY_ATTACH, passes(ROLES + "ticket-printer")),
    },
}

WRONG = {
    "assume": {
        "as the administrator": (
            CLERK + 'boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="bo")\n',
            "STS refused you as the administrator",
        ),
        "the administrator takes the refund": (
            'boto3.client("sqs").receive_message(QueueUrl=refunds)\n',
            "The refund was asked for by you as the administrator",
        ),
        "another role": (
            CLERK.replace("refund-clerk", "order-reader")
            + 'attempt(sts.assume_role, RoleArn=arn, RoleSessionName="bo")\n',
            "You asked for `arn:aws:iam::123456789012:role/order-reader`",
        ),
        "without the token": (
            as_clerk()
            + """\
two = {"aws_access_key_id": got["AccessKeyId"], "aws_secret_access_key": got["SecretAccessKey"]}
"""
            + TAKE.format("two"),
            "Pass it on as `aws_session_token`",
        ),
        "another name": (
            as_clerk("laptop") + THREE + ASK + TAKE.format("strings"),
            "The session is called `laptop`",
        ),
        "with his own credentials": (
            as_clerk() + 'lab.as_user("bo").client("sqs").receive_message(QueueUrl=refunds)\n',
            "Assuming a role does not change bo's own credentials",
        ),
    },
    "night": {
        "the role allows longer sessions": (
            'iam.update_role(RoleName="seat-counter", MaxSessionDuration=14400)\n' + night(OPEN),
            "`seat-counter` now allows sessions of 14,400 seconds",
        ),
        "a longer session asked for": (
            'lab.as_user("theatre").client("sts").assume_role(RoleSessionName="night", '
            'RoleArn="arn:aws:iam::123456789012:role/seat-counter", DurationSeconds=14400)\n',
            "STS refused a session of 14,400 seconds",
        ),
        "sent by the administrator": (
            night("sqs.send_message(**message)"),
            "was sent by you as the administrator",
        ),
        "sent by the machine's own key": (
            'sends = policy({"Action": "sqs:SendMessage", "Resource": "*"})\n'
            'iam.put_user_policy(UserName="theatre", PolicyName="p", PolicyDocument=sends)\n'
            + night('lab.as_user("theatre").client("sqs").send_message(**message)'),
            "was sent by the user `theatre`",
        ),
        "the refused number lost": (
            night(f"""\
try:
    {SEND}
except sqs.exceptions.ClientError:
    {OPEN.strip()}
"""),
            "`197 seats free` never arrived, and later ones did",
        ),
        "one sent twice": (
            night(f"{OPEN}{SEND}\nif free == 195: {SEND}"),
            "`195 seats free` was sent more than once",
        ),
        "all at once": (night(SEND, minutes=1), "The ten numbers came within 9 minutes"),
    },
    "trust": {
        "the account, and a policy for the clerks": (
            """\
for name in ("ana", "bo"):
    iam.put_user_policy(UserName=name, PolicyName="any-role", PolicyDocument=any_role)
"""
            + trusting(f'{{"AWS": "{ACCOUNT}"}}'),
            "`mia` gets in",
        ),
        "everybody of these names": (
            trusting(
                '"*"',
                '{"StringEquals": {"sts:RoleSessionName": "${aws:username}", '
                '"aws:username": ["ana", "bo"]}}',
            ),
            "A user `ana` of the account 999999999999 gets in",
        ),
        "any session name": (
            trusting(condition=""),
            "A `Condition` on `sts:RoleSessionName` says which names may be chosen",
        ),
        "a list of names": (
            trusting(condition='{"StringEquals": {"sts:RoleSessionName": ["ana", "bo"]}}'),
            "The condition compares the session name with names that are written down",
        ),
        "one clerk": (trusting(f'{{"AWS": "{USERS}ana"}}'), "`bo` is refused, as `bo`"),
        "another variable": (
            trusting(condition='{"StringEquals": {"sts:RoleSessionName": "${aws:userid}"}}'),
            "`ana` is refused, as `ana`",
        ),
        "with a resource": (
            f'odd = policy({{"Principal": {BOTH}, "Action": "sts:*", "Resource": "*"}})\n'
            'iam.update_assume_role_policy(RoleName="refund-clerk", PolicyDocument=odd)\n',
            "It has no `Resource`, since it hangs on its role",
        ),
    },
    "keyless": {
        "a role for functions": (
            keyless(
                trust='by_ec2.replace("ec2.", "lambda.")',
                after=ATTACH + KEY_GONE,
            ),
            "`printer` does not trust `ec2.amazonaws.com`",
        ),
        "a role for everybody": (
            keyless(
                trust=ec2_and("*"),
            ),
            "`printer` trusts everybody on AWS",
        ),
        "any queue": (
            keyless(
                work='{"Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": "*"}'
            ),
            "may also do `sqs:ReceiveMessage` on `arn:aws:sqs:us-east-1:123456789012:refunds`",
        ),
        "any action": (
            keyless(work='{"Action": "sqs:*", "Resource": orders_arn}'),
            "may also do `sqs:SendMessage` on `arn:aws:sqs:us-east-1:123456789012:orders`",
        ),
        "reading only": (
            keyless(work='{"Action": "sqs:ReceiveMessage", "Resource": orders_arn}', after=ATTACH),
            "`printer` may not do `sqs:DeleteMessage`",
        ),
        "an empty profile": (
            SERVER + 'iam.create_instance_profile(InstanceProfileName="printer")\n' + ATTACH,
            "The instance profile that you attached is empty",
        ),
        "stopped for it": (
            SERVER + "ec2.stop_instances(InstanceIds=[server])\n",
            "`print-server` was stopped",
        ),
        "the order taken from elsewhere, with the role": (
            keyless(
                trust=ec2_and(USERS + "learner"),
                after=ATTACH + 'take_order(lab.as_role("printer"))\n' + KEY_GONE,
            ),
            "The order was taken by the role `printer`, in its session `lab`",
        ),
        "the order taken by the administrator": (
            keyless(after=ATTACH + "take_order(boto3)\n" + KEY_GONE),
            "The order was taken by you as the administrator",
        ),
    },
    "passing": {
        "any role, only to EC2": (
            passing(MAY_ATTACH, passes("*", ONLY_EC2)),
            "`bo` made the server a `shop-admin`",
        ),
        "any role, not tried": (
            passing(MAY_ATTACH, passes("*"), tries=""),
            "`bo` may pass `shop-admin`",
        ),
        "all but the strong one": (
            passing(
                MAY_ATTACH,
                passes("*"),
                '{"Effect": "Deny", ' + passes(ROLES + "shop-admin")[1:],
            ),
            "`bo` may pass any role but `shop-admin`",
        ),
        "the profile instead of the role": (
            passing(
                MAY_ATTACH,
                passes("arn:aws:iam::123456789012:instance-profile/ticket-printer"),
            ),
            "What is passed is the role, not the instance profile",
        ),
        "passing alone": (
            passing(passes(ROLES + "ticket-printer")),
            "may pass `ticket-printer`, and may not attach a profile",
        ),
        "the server ended": (
            SERVER + "ec2.terminate_instances(InstanceIds=[server])\n",
            "`print-server` is not running",
        ),
    },
}

ON_THE_WAY = {
    "assume": {
        "nothing done": ("", "Nobody has assumed `refund-clerk` yet"),
        "assumed only": (as_clerk(), "nobody has received with it"),
        "not asked who": (
            as_clerk() + THREE + TAKE.format("strings"),
            "Now ask STS who you are",
        ),
    },
    "night": {
        "nothing sent": ("", "Nobody has sent to `seat-board` yet"),
        "the first hour": (night(SEND, numbers="200, 197, -1"), "3 of 10 numbers arrived"),
        "the night as it was": (
            night("attempt(board.client('sqs').send_message, **message)"),
            "on the calls were refused with `ExpiredToken`",
        ),
    },
    "trust": {
        "tried only": (TRIES, "lets in everybody of the account"),
        "written, not tried": (trusting(tries=""), "ana is let in; bo is let in; mia is refused"),
        "the clerks tried": (
            trusting(tries='[assume(name, name, "refund-clerk") for name in ("ana", "bo")]\n'),
            "Not shown yet: mia is refused; a clerk is refused under the other's name",
        ),
    },
    "keyless": {
        "the role alone": (
            'iam.create_role(RoleName="printer", AssumeRolePolicyDocument=by_ec2)\n',
            "Made so far: the role.",
        ),
        "attached": (keyless(after=ATTACH), "Let the program there take the order"),
        "taken, with the old key about": (keyless(after=ATTACH + TAKEN), "Delete it, or the user"),
    },
    "passing": {
        "nothing given": (BY_BO, "`bo` has no policy yet. EC2 said: You are not authorized"),
        "given, not tried": (
            passing(MAY_ATTACH, passes(ROLES + "ticket-printer"), tries=""),
            "that bo can attach `ticket-printer` and that bo is refused `shop-admin`",
        ),
    },
}


def cases(table: dict[str, dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(id, *(way if isinstance(way, tuple) else (way,)), id=f"{id}: {name}")
        for id, ways in table.items()
        for name, way in ways.items()
    ]


@pytest.fixture
def learner(study: Callable[[str], Study]) -> Study:
    """A learner who has run the cells that exercises lean on."""
    learner = study("roles")
    learner.run(*GIVEN)
    learner.names["any_role"] = learner.names["policy"](
        {"Action": "sts:AssumeRole", "Resource": "*"}
    )
    return learner


@pytest.mark.parametrize("id", EXERCISES)
def test_the_books_solution_passes(learner: Study, id: str) -> None:
    learner.lab.begin(id)

    learner.do(EXERCISES[id].solution)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way"), cases(RIGHT))
def test_another_right_way_passes(learner: Study, id: str, way: str) -> None:
    learner.lab.begin(id)

    learner.do(way)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way", "words"), cases(WRONG))
def test_a_wrong_way_is_told_what_is_wrong_with_it(
    learner: Study, id: str, way: str, words: str
) -> None:
    learner.lab.begin(id)

    learner.try_to(way)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, Incorrect), outcome
    said = " ".join((outcome.found, outcome.expected, outcome.hint))
    assert words in said, outcome


@pytest.mark.parametrize("id", EXERCISES)
def test_every_wrong_way_of_an_exercise_has_words_of_its_own(id: str) -> None:
    words = [words for _, words in WRONG[id].values()]

    assert len(set(words)) == len(words) >= 3


@pytest.mark.parametrize(("id", "way", "words"), cases(ON_THE_WAY))
def test_half_the_way_is_told_the_next_step(learner: Study, id: str, way: str, words: str) -> None:
    learner.lab.begin(id)

    learner.do(way)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, NotYet), outcome
    assert words in " ".join((outcome.seen, outcome.next_step))


@pytest.mark.parametrize("id", EXERCISES)
def test_the_starter_of_the_lab_leaves_the_task_undone(learner: Study, id: str) -> None:
    learner.run(f"{id}-begin", f"{id}-start")

    assert isinstance(learner.lab.check(id), NotYet)


@pytest.mark.parametrize("id", EXERCISES)
def test_a_check_changes_nothing(learner: Study, id: str) -> None:
    learner.lab.begin(id)
    learner.run(f"{id}-start")
    calls, now = len(learner.lab._sandbox.calls), learner.lab.clock.now

    first, second = learner.lab.check(id), learner.lab.check(id)

    assert first == second
    assert (len(learner.lab._sandbox.calls), learner.lab.clock.now) == (calls, now)


@pytest.mark.parametrize(
    ("id", "deleted"),
    [
        ("assume", 'lab.as_user("bo"); iam.delete_user(UserName="bo")'),
        (
            "night",
            'sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="seat-board")["QueueUrl"])',
        ),
        ("trust", 'iam.delete_user(UserName="ana")'),
        ("keyless", SERVER + "ec2.terminate_instances(InstanceIds=[server])"),
        ("passing", 'iam.delete_user(UserName="bo")'),
    ],
)
def test_what_the_learner_deleted_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, deleted: str
) -> None:
    learner.lab.begin(id)
    learner.do(deleted)

    outcome = learner.lab.check(id)
    learner.lab.begin(id)
    learner.do(EXERCISES[id].solution)

    assert isinstance(outcome, Incorrect | NotYet)
    assert isinstance(learner.lab.check(id), Passed)


def test_exercises_can_be_done_in_any_order_and_twice(learner: Study) -> None:
    for id in [*reversed(EXERCISES), *EXERCISES]:
        learner.lab.begin(id)
        learner.do(EXERCISES[id].solution)

        assert isinstance(learner.lab.check(id), Passed), id


def test_the_solutions_run_although_the_learner_left_the_starters_out(
    study: Callable[[str], Study],
) -> None:
    learner = study("roles")

    shown = learner.run_all({f"{id}-start": "" for id in EXERCISES})

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)
