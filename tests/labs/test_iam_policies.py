"""Each exercise of the lab on IAM policies: what passes, what does not, what a learner is told.

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

EXERCISES = {exercise.id: exercise for exercise in load("iam_policies")}
# Cells that exercises lean on, and those between begin and starter.
GIVEN = ("open", "enforce", "tools", "accounts")
SHOWN = {
    "roll-back": ("roll-back-symptom",),
    "third-party": ("third-party-symptom",),
    "past-the-limit": ("past-the-limit-symptom",),
}

ARN = '"arn:aws:iam::123456789012:{}"'
DEFAULT = 'iam.set_default_policy_version(PolicyArn={}, VersionId="v1")\n'
GUILTY = DEFAULT.format(ARN.format("policy/staff-boundary"))
ALL = '{"Effect": "Allow", "Action": "*", "Resource": "*"}'

OWN = """\
files = {{
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:PutObject"],
    "Resource": "arn:aws:s3:::receipts-123456789012/{objects}",
}}
listing = {{
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3:::receipts-123456789012",
    "Condition": {{{listed}}},
}}
"""
OBJECTS, LISTED = "${aws:username}/*", '"StringLike": {"s3:prefix": "${aws:username}/*"}'
ON_GROUP = """\
iam.put_group_policy(
    GroupName="sellers", PolicyName="own-receipts", PolicyDocument=policy(files, listing)
)
"""


def own(objects: str = OBJECTS, listed: str = LISTED, put: str = ON_GROUP) -> str:
    return OWN.format(objects=objects, listed=listed) + put


ROLES = """\
app_boundary = "arn:aws:iam::123456789012:policy/app-boundary"
roles = {{
    "Effect": "Allow",
    "Action": {actions},
    "Resource": "arn:aws:iam::123456789012:{resource}",
    "Condition": {{"{operator}": {{"iam:PermissionsBoundary": app_boundary}}}},
}}
"""
TWO = '["iam:CreateRole", "iam:PutRolePolicy"]'
ON_NOA = """\
iam.put_user_policy(UserName="noa", PolicyName="make-roles", PolicyDocument=policy({}))
"""


def roles(
    actions: str = TWO,
    resource: str = "role/app-*",
    operator: str = "StringEquals",
    statements: str = "roles",
) -> str:
    made = ROLES.format(actions=actions, resource=resource, operator=operator)
    return made + ON_NOA.format(statements)


TRUST = """\
trust = {{
    "Effect": "Allow",
    "Principal": {{"AWS": {principal}}},
    "Action": "sts:AssumeRole",
    "Condition": {condition},
}}
iam.update_assume_role_policy(RoleName="tally-reader", PolicyDocument=policy({statements}))
"""
OURS = '{"StringEquals": {"sts:ExternalId": "shop-7731"}}'


def trust(
    condition: str = OURS, principal: str = '"222222222222"', statements: str = "trust"
) -> str:
    return TRUST.format(principal=principal, condition=condition, statements=statements)


QUEUE = """\
receive = {{
    "Effect": "{effect}",
    "Principal": {principal},
    "Action": "sqs:ReceiveMessage",
    "Resource": "arn:aws:sqs:us-east-1:123456789012:refunds",{more}
}}
"""
SET = 'sqs.set_queue_attributes(QueueUrl=refunds, Attributes={{"Policy": {}}})\n'
ACCOUNT, EVERYONE = '{"AWS": "123456789012"}', '{"AWS": "*"}'
OF_OURS = '\n    "Condition": {"StringEquals": {"aws:PrincipalAccount": "123456789012"}},'


def queue(
    principal: str = ACCOUNT, more: str = "", effect: str = "Allow", text: str = "policy(receive)"
) -> str:
    return QUEUE.format(effect=effect, principal=principal, more=more) + SET.format(text)


def keeping_out(*names: str) -> str:
    """The policy as it was laid, with a Deny for some."""
    users = [f"arn:aws:iam::123456789012:user/{name}" for name in names]
    return (
        queue(EVERYONE, OF_OURS)
        + f'out = {{**receive, "Effect": "Deny", "Principal": {{"AWS": {users}}}}}\n'
        + SET.format("policy(receive, out)")
    )


def receive_as(*names: str) -> str:
    return "".join(
        f'attempt(lab.as_user("{name}").client("sqs").receive_message, QueueUrl=refunds)\n'
        for name in names
    )


PROVED = receive_as("max", "vera")

RIGHT: dict[str, dict[str, str]] = {
    "roll-back": {
        "a new version that lets drafts pass": """\
wider = policy({"Effect": "Allow", "Action": ["s3:Get*", "s3:List*", "s3:Put*"], "Resource": "*"})
iam.create_policy_version(
    PolicyArn="arn:aws:iam::123456789012:policy/staff-boundary",
    PolicyDocument=wider,
    SetAsDefault=True,
)
""",
    },
    "own-folder": {
        "a managed policy on the group, and a list of the prefix alone": own(
            listed='"StringEquals": {"s3:prefix": ["${aws:username}/"]}',
            put="""\
made = iam.create_policy(PolicyName="own-receipts", PolicyDocument=policy(files, listing))
iam.attach_group_policy(GroupName="sellers", PolicyArn=made["Policy"]["Arn"])
""",
        ),
        "by a Deny of whatever is not one's own": """\
bucket = "arn:aws:s3:::receipts-123456789012"
works = {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
    "Resource": [bucket, bucket + "/*"],
}
others = {
    "Effect": "Deny",
    "Action": ["s3:GetObject", "s3:PutObject"],
    "NotResource": bucket + "/${aws:username}/*",
}
elsewhere = {
    "Effect": "Deny",
    "Action": "s3:ListBucket",
    "Resource": bucket,
    "Condition": {"StringNotLike": {"s3:prefix": "${aws:username}/*"}},
}
iam.put_group_policy(
    GroupName="sellers", PolicyName="own", PolicyDocument=policy(works, others, elsewhere)
)
""",
    },
    "no-escalation": {
        "a wildcard, and denials of the side doors": roles(
            '"iam:*Role*"', statements="roles, doors"
        ).replace(
            "iam.put_user_policy",
            'doors = {"Effect": "Deny", "Action": ["iam:DeleteRolePermissionsBoundary"], '
            '"Resource": "*"}\niam.put_user_policy',
        ),
        "everything about roles, under a boundary of her own": roles(statements=ALL)
        + """\
limits = iam.create_policy(PolicyName="noa-limits", PolicyDocument=policy(roles))
iam.put_user_permissions_boundary(
    UserName="noa", PermissionsBoundary=limits["Policy"]["Arn"]
)
""",
    },
    "third-party": {
        "only the program itself": trust(
            principal='"arn:aws:iam::222222222222:user/administrator"'
        ),
        "an Allow, and a Deny of every other ID": trust(statements="trust, other").replace(
            "iam.update",
            'other = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole",\n'
            '    "Condition": {"StringNotEquals": {"sts:ExternalId": "shop-7731"}}}\n'
            "iam.update",
        ),
    },
    "past-the-limit": {
        "vera by name": queue('{"AWS": "arn:aws:iam::123456789012:user/vera"}') + PROVED,
        "everybody, if it is vera": queue(
            EVERYONE,
            '\n    "Condition": {"ArnEquals": '
            '{"aws:PrincipalArn": "arn:aws:iam::123456789012:user/vera"}},',
        )
        + receive_as("vera", "nia"),
        "no policy on the queue": SET.format('""') + PROVED,
    },
}

WRONG: dict[str, dict[str, tuple[str, str]]] = {
    "roll-back": {
        "the grant": (
            DEFAULT.format(ARN.format("policy/poster-work")),
            "In the path its Allow *applies*",
        ),
        "the Deny": (
            DEFAULT.format(ARN.format("policy/designer-rules")),
            "In the path its Deny does *not apply*",
        ),
        "all three": (
            GUILTY + DEFAULT.format(ARN.format("policy/poster-work")),
            "the call passes, but for another reason",
        ),
        "one more policy": (
            f'iam.put_user_policy(UserName="bo", PolicyName="all", PolicyDocument=policy({ALL}))\n',
            "More of them cannot lift a limit",
        ),
        "no boundary": (
            'iam.delete_user_permissions_boundary(UserName="bo")\n',
            "is no longer under `staff-boundary`",
        ),
        "a boundary without limits": (
            f"iam.create_policy_version(PolicyArn={ARN.format('policy/staff-boundary')}, "
            f"PolicyDocument=policy({ALL}), SetAsDefault=True)\n",
            "A boundary with `*` is none",
        ),
        "a boundary that is silent again": (
            f"iam.create_policy_version(PolicyArn={ARN.format('policy/staff-boundary')}, "
            'PolicyDocument=policy({"Effect": "Allow", "Action": "s3:PutObject", '
            '"Resource": "arn:aws:s3:::studio-123456789012"}), SetAsDefault=True)\n',
            "does not let the call pass either",
        ),
        "in from the side": (
            's3.put_bucket_policy(Bucket="studio-123456789012", Policy=policy({"Effect": "Allow", '
            f'"Principal": {{"AWS": {ARN.format("user/bo")}}}, "Action": "s3:PutObject", '
            '"Resource": "arn:aws:s3:::studio-123456789012/*"}))\n',
            "The bucket has a policy now",
        ),
    },
    "own-folder": {
        "no variable": (own("*", '"StringLike": {"s3:prefix": "*"}'), "is the same for everybody"),
        "no slash": (own("${aws:username}*"), "is also the prefix of whoever is named `cidney`"),
        "any list": (
            own(listed=LISTED.replace("StringLike", "StringLikeIfExists")),
            "list the bucket without any prefix",
        ),
        "lists from the root": (
            own(listed='"StringLike": {"s3:prefix": ["", "${aws:username}/*"]}'),
            "list the bucket from its root",
        ),
        "every action": (
            own().replace('["s3:GetObject", "s3:PutObject"]', '"s3:*"'),
            "A receipt is evidence",
        ),
        "without a version": (
            own(
                put=ON_GROUP.replace(
                    "policy(files, listing)", 'json.dumps({"Statement": [files, listing]})'
                )
            ),
            "AWS did not take the policy: Policy document must be version 2012-10-17",
        ),
        "the condition on the objects": (
            own("*", LISTED).replace('12/*",\n}', '12/*",\n    "Condition": {' + LISTED + "},\n}"),
            "Gets and puts are narrowed by the object's ARN",
        ),
        "a list asked of the objects": (
            own().replace(
                '"arn:aws:s3:::receipts-123456789012",', '"arn:aws:s3:::receipts-123456789012/*",'
            ),
            "A list is asked of the bucket",
        ),
        "for those of today": (
            own(
                put="""\
for name in ("cid", "dea"):
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(files, listing))
"""
            ),
            "`eli`, who joins the group tomorrow",
        ),
        "a document that is none": (
            own(put=ON_GROUP.replace("policy(files, listing)", '"files"')),
            "AWS did not take the policy: Syntax errors",
        ),
    },
    "no-escalation": {
        "no condition": (
            roles(statements='{**roles, "Condition": {}}'),
            "may create a role without a boundary",
        ),
        "if the boundary exists": (
            roles(operator="StringEqualsIfExists"),
            "may create a role without a boundary",
        ),
        "a wildcard": (roles('"iam:*Role*"'), "a wildcard takes it in"),
        "the condition on creating alone": (
            roles('"iam:CreateRole"', statements="roles, writes").replace(
                "iam.put_user_policy",
                'writes = {"Effect": "Allow", "Action": "iam:PutRolePolicy", '
                '"Resource": "arn:aws:iam::123456789012:role/app-*"}\niam.put_user_policy',
            ),
            "`app-legacy` is older and has no boundary",
        ),
        "any name": (roles(resource="role/*"), "Her roles are those named `app-…`"),
        "the boundary is hers to edit": (
            roles(statements="roles, edits").replace(
                "iam.put_user_policy",
                'edits = {"Effect": "Allow", "Action": "iam:CreatePolicyVersion", '
                '"Resource": "*"}\niam.put_user_policy',
            ),
            "draws her own ceiling",
        ),
        "she is hers to grant": (
            roles(statements="roles, users").replace(
                "iam.put_user_policy",
                'users = {"Effect": "Allow", "Action": "iam:*User*", "Resource": "*"}\n'
                "iam.put_user_policy",
            ),
            "Then she needs no role",
        ),
        "any boundary": (
            roles(operator="StringLike", statements="roles, swaps").replace(
                "iam.put_user_policy",
                'swaps = {"Effect": "Allow", "Action": "iam:PutRolePermissionsBoundary", '
                '"Resource": "*"}\niam.put_user_policy',
            ),
            "holds the boundary that is to come",
        ),
        "a boundary of her own and no policy": (
            'iam.put_user_permissions_boundary(UserName="noa", '
            f"PermissionsBoundary={ARN.format('policy/app-boundary')})\n",
            "a boundary of her own grants nothing",
        ),
        "half of the work": (roles('"iam:CreateRole"'), "may not write a policy on it"),
    },
    "third-party": {
        "any ID": (
            trust('{"StringLike": {"sts:ExternalId": "*"}}'),
            "Compare the ID as a whole",
        ),
        "not the rival's": (
            trust('{"StringNotEquals": {"sts:ExternalId": "rival-0042"}}'),
            "Without any external ID, tally is let in",
        ),
        "not the rival's, but some": (
            trust(
                '{"StringNotEquals": {"sts:ExternalId": "rival-0042"}, '
                '"Null": {"sts:ExternalId": "false"}}'
            ),
            "You shut out the one that you know",
        ),
        "if it exists": (
            trust('{"StringEqualsIfExists": {"sts:ExternalId": "shop-7731"}}'),
            "Without any external ID, tally is let in",
        ),
        "anybody with the ID": (trust(principal='"*"'), "The ID is no password"),
        "a key that there is not": (
            trust('{"StringEquals": {"aws:ExternalId": "shop-7731"}}'),
            "tally is refused as well",
        ),
        "nobody": (trust(principal='"123456789012"'), "tally is refused as well"),
        "a resource in it": (
            trust().replace('"Action"', '"Resource": "*",\n    "Action"'),
            "AWS did not take the policy",
        ),
    },
    "past-the-limit": {
        "a list of two": (keeping_out("max", "nia") + PROVED, "You named those to keep out"),
        "a list of one": (keeping_out("max") + PROVED, "`nia` still receives."),
        "nobody": (queue(EVERYONE, effect="Deny") + PROVED, "`vera` is shut out as well"),
        "his own policies": (
            'iam.delete_user_policy(UserName="max", PolicyName="everything")\n' + PROVED,
            "after a change of his own policies",
        ),
        "no boundary": (
            'iam.delete_user_permissions_boundary(UserName="max")\n' + queue() + PROVED,
            "is no longer held by `contractor-limits`",
        ),
        "a wider boundary": (
            f"iam.create_policy_version(PolicyArn={ARN.format('policy/contractor-limits')}, "
            f"PolicyDocument=policy({ALL}), SetAsDefault=True)\n" + queue() + PROVED,
            "is no longer held by `contractor-limits`",
        ),
        "a group": (
            queue('{"AWS": "arn:aws:iam::123456789012:group/staff"}') + PROVED,
            "AWS did not take the policy",
        ),
        "everybody, written otherwise": (queue('"*"', OF_OURS) + PROVED, "`max` still receives."),
    },
}

ON_THE_WAY: dict[str, dict[str, tuple[str, str]]] = {
    "roll-back": {"nothing done": ("", "as they were edited")},
    "own-folder": {"nothing done": ("", "has no policy yet")},
    "no-escalation": {"nothing done": ("", "has no rights yet")},
    "third-party": {"nothing done": ("", "tally is let in")},
    "past-the-limit": {
        "nothing done": ("", "although his boundary does not mention SQS"),
        "not proved": (queue(), "Prove it by two calls"),
        "half proved": (queue() + receive_as("max"), "let `vera` receive."),
        "proved before it was mended": (PROVED + queue(), "Prove it by two calls"),
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
    """A learner under enforcement, with the cells run that exercises lean on."""
    learner = study("iam_policies")
    learner.run(*GIVEN)
    learner.do('sqs = boto3.client("sqs")')
    return learner


def begin(learner: Study, id: str) -> None:
    learner.lab.begin(id)
    learner.run(f"{id}-begin", *SHOWN.get(id, ()))


@pytest.mark.parametrize("id", EXERCISES)
def test_the_books_solution_passes(learner: Study, id: str) -> None:
    begin(learner, id)
    learner.run(f"{id}-start")

    learner.do(EXERCISES[id].solution)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way"), cases(RIGHT))
def test_another_right_way_passes(learner: Study, id: str, way: str) -> None:
    begin(learner, id)

    learner.do(way)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way", "words"), cases(WRONG))
def test_a_wrong_way_is_told_what_is_wrong_with_it(
    learner: Study, id: str, way: str, words: str
) -> None:
    begin(learner, id)

    learner.try_to(way)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, Incorrect), outcome
    assert words in " ".join((outcome.found, outcome.expected, outcome.hint)), outcome


@pytest.mark.parametrize("id", EXERCISES)
def test_three_wrong_ways_and_more_have_words_of_their_own(id: str) -> None:
    words = {words for _, words in WRONG[id].values()}

    assert len(words) >= 5


@pytest.mark.parametrize(("id", "way", "words"), cases(ON_THE_WAY))
def test_half_the_way_is_told_the_next_step(learner: Study, id: str, way: str, words: str) -> None:
    begin(learner, id)

    learner.do(way)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, NotYet), outcome
    assert words in " ".join((outcome.seen, outcome.next_step)), outcome


@pytest.mark.parametrize("id", EXERCISES)
def test_the_starter_of_the_lab_leaves_the_task_undone(learner: Study, id: str) -> None:
    begin(learner, id)
    learner.run(f"{id}-start")

    assert isinstance(learner.lab.check(id), NotYet)


@pytest.mark.parametrize("id", EXERCISES)
def test_a_check_changes_nothing(learner: Study, id: str) -> None:
    begin(learner, id)
    learner.run(f"{id}-start")
    calls, now = len(learner.lab._sandbox.calls), learner.lab.clock.now

    first, second = learner.lab.check(id), learner.lab.check(id)

    assert first == second
    assert (len(learner.lab._sandbox.calls), learner.lab.clock.now) == (calls, now)


@pytest.mark.parametrize(
    ("id", "loss"),
    [
        ("roll-back", 'iam.delete_user_permissions_boundary(UserName="bo")'),
        ("own-folder", 'iam.remove_user_from_group(GroupName="sellers", UserName="cid")'),
        ("no-escalation", 'iam.delete_user(UserName="noa")'),
        (
            "third-party",
            'iam.delete_role_policy(RoleName="tally-reader", PolicyName="read-reports")\n'
            'iam.delete_role(RoleName="tally-reader")',
        ),
        ("past-the-limit", "sqs.delete_queue(QueueUrl=refunds)"),
    ],
)
def test_what_the_learner_lost_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, loss: str
) -> None:
    begin(learner, id)
    learner.do(loss)

    outcome = learner.lab.check(id)
    begin(learner, id)
    learner.run(f"{id}-start")
    learner.do(EXERCISES[id].solution)

    assert isinstance(outcome, Incorrect | NotYet), outcome
    assert isinstance(learner.lab.check(id), Passed)


def test_a_boundary_that_something_of_the_learners_has_is_laid_afresh(learner: Study) -> None:
    begin(learner, "no-escalation")
    boundary = ARN.format("policy/app-boundary")
    learner.do(
        f'iam.create_user(UserName="pat", PermissionsBoundary={boundary})\n'
        'serves = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, '
        '"Action": "sts:AssumeRole"}\n'
        'iam.create_role(RoleName="other", AssumeRolePolicyDocument=policy(serves), '
        f"PermissionsBoundary={boundary})"
    )

    begin(learner, "no-escalation")

    assert isinstance(learner.lab.check("no-escalation"), NotYet)


def test_exercises_can_be_done_in_any_order_and_twice(learner: Study) -> None:
    for id in [*reversed(EXERCISES), *EXERCISES]:
        begin(learner, id)
        learner.run(f"{id}-start")
        learner.do(EXERCISES[id].solution)

        assert isinstance(learner.lab.check(id), Passed), id


def test_a_boundary_stops_the_role_that_noa_writes_everything_on(learner: Study) -> None:
    """What the check asks of the simulator is so when the calls are made."""
    begin(learner, "no-escalation")
    learner.run("no-escalation-start")
    learner.do(EXERCISES["no-escalation"].solution)
    learner.do(
        f'noa.put_role_policy(RoleName="app-refunds", PolicyName="all", '
        f"PolicyDocument=policy({ALL}))"
    )

    refusals = [
        learner.try_to('noa.delete_role_permissions_boundary(RoleName="app-refunds")'),
        learner.try_to(
            f'noa.put_role_policy(RoleName="app-legacy", PolicyName="all", '
            f"PolicyDocument=policy({ALL}))"
        ),
        learner.try_to(
            f"noa.create_policy_version(PolicyArn=app_boundary, PolicyDocument=policy({ALL}), "
            "SetAsDefault=True)"
        ),
    ]

    assert [refusal.response["Error"]["Code"] for refusal in refusals] == ["AccessDenied"] * 3
