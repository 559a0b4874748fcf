"""Each exercise of the IAM lab: what passes, what does not, and what a learner is told.

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

EXERCISES = {exercise.id: exercise for exercise in load("iam")}
# Cells that exercises lean on.
GIVEN = ("open", "buckets", "enforce", "attempt", "statement", "last-used", "house", "night")

BUCKET = "arn:aws:s3:::posters-123456789012"


def put(user: str, name: str, *statements: str) -> str:
    """Put a policy of these statements onto a user."""
    return (
        f'iam.put_user_policy(UserName="{user}", PolicyName="{name}", '
        f"PolicyDocument=document({', '.join(statements)}))\n"
    )


def allow(actions: str | list[str], *resources: str) -> str:
    return f'statement("Allow", {actions!r}, {list(resources)!r})'


def read_posters(*statements: str) -> str:
    return put("dora", "read-posters", *statements)


def show_posters(*statements: str) -> str:
    return put("emil", "show-posters", *statements)


def new_version(*statements: str) -> str:
    return (
        "iam.create_policy_version(PolicyArn='arn:aws:iam::123456789012:policy/cleaner', "
        f"PolicyDocument=document({', '.join(statements)}), SetAsDefault=True)\n"
    )


LIST = allow("s3:ListBucket", BUCKET)
DRAFTS = allow(["s3:GetObject", "s3:DeleteObject"], f"{BUCKET}/drafts/*")
ARCHIVE = allow("s3:PutObject", f"{BUCKET}/archive/*")
NARROW = new_version(LIST, DRAFTS, ARCHIVE)
NIGHT = "night()\n"
PROOFS = """\
cleaner = lab.as_user("cleaner").client("s3")
attempt(cleaner.delete_object, Bucket=posters, Key="published/aida.png")
attempt(cleaner.get_object, Bucket=refunds, Key="january.csv")
attempt(cleaner.list_objects_v2, Bucket=refunds)
"""
OLD = 'old = iam.list_access_keys(UserName="printer")["AccessKeyMetadata"][0]["AccessKeyId"]\n'
NEW = """\
new = iam.create_access_key(UserName="printer")["AccessKey"]
own = {"id": new["AccessKeyId"], "secret": new["SecretAccessKey"]}
"""
SETTLE = "s3.put_object(Bucket=house, Key='{}.json', Body=json.dumps(own))\n"
SETTLE_ALL = "".join(SETTLE.format(name) for name in ("archive", "labels", "press"))
STOP = 'iam.update_access_key(UserName="printer", AccessKeyId=old, Status="Inactive")\n'
DELETE = 'iam.delete_access_key(UserName="printer", AccessKeyId=old)\n'
DAY = "work_a_day()\n"
LEAVE = 'iam.remove_user_from_group(GroupName="interns", UserName="fay")\n'

RIGHT = {
    "published": {
        "in two statements": read_posters(
            allow("s3:GetObject", f"{BUCKET}/published/aida.png"),
            allow("s3:GetObject", f"{BUCKET}/published/*"),
        ),
        "by a group": """\
iam.delete_user_policy(UserName="dora", PolicyName="read-posters")
iam.create_group(GroupName="readers")
"""
        + f"""\
iam.put_group_policy(GroupName="readers", PolicyName="read", PolicyDocument=document(
    {allow("s3:GetObject", f"{BUCKET}/published/*")}
))
iam.add_user_to_group(GroupName="readers", UserName="dora")
""",
        "by the bucket's own policy": f"""\
named = {{**{allow("s3:GetObject", f"{BUCKET}/published/*")},
    "Principal": {{"AWS": "arn:aws:iam::123456789012:user/dora"}}}}
s3.put_bucket_policy(Bucket=posters, Policy=document(named))
""",
        "after one that IAM refused": """\
try:
    iam.put_user_policy(UserName="dora", PolicyName="read-posters", PolicyDocument="{}")
except iam.exceptions.ClientError:
    pass
"""
        + read_posters(allow("s3:GetObject", f"{BUCKET}/published/*")),
    },
    "listing": {
        "one statement with both ARNs": show_posters(
            allow(["s3:ListBucket", "s3:GetObject"], BUCKET, f"{BUCKET}/*")
        ),
        "a second policy beside the first": put("emil", "list", LIST),
    },
    "two-denials": {
        "found by the simulator": """\
asked = iam.simulate_principal_policy(
    PolicySourceArn="arn:aws:iam::123456789012:user/fay",
    ActionNames=["s3:DeleteObject"],
    ResourceArns=["arn:aws:s3:::posters-123456789012/drafts/carmen.png"],
)["EvaluationResults"][0]["MatchedStatements"]
group = asked[0]["SourcePolicyId"].split("_")[1]
iam.remove_user_from_group(GroupName=group, UserName="fay")
""",
        "the interns' Deny spares her": """\
policy = document({
    "Effect": "Deny",
    "Action": ["s3:Delete*", "s3:Put*"],
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:username": "fay"}},
})
iam.put_group_policy(GroupName="interns", PolicyName="careful", PolicyDocument=policy)
""",
    },
    "rotate": {
        "one program after the other, a day each": OLD
        + NEW
        + "".join(SETTLE.format(name) + DAY for name in ("press", "labels", "archive"))
        + STOP
        + DAY
        + DAY
        + DELETE,
        "stopped too early, brought back before anyone called": OLD
        + NEW
        + STOP
        + STOP.replace("Inactive", "Active")
        + SETTLE_ALL
        + STOP
        + DAY
        + DELETE,
    },
    "wildcard": {
        "an inline policy in the place of the managed one": """\
iam.detach_user_policy(UserName="cleaner", PolicyArn=cleaner_policy)
"""
        + put("cleaner", "night", LIST, DRAFTS, ARCHIVE)
        + NIGHT
        + PROOFS,
        "a listing of the drafts only": new_version(
            '{**statement("Allow", "s3:ListBucket", "' + BUCKET + '"), '
            '"Condition": {"StringLike": {"s3:prefix": "drafts/*"}}}',
            DRAFTS,
            ARCHIVE,
        )
        + NIGHT
        + PROOFS
        + 'attempt(cleaner.list_objects_v2, Bucket=posters, Prefix="published/")\n',
        "proofs first, then the work": NARROW + PROOFS + NIGHT,
    },
}

WRONG = {
    "published": {
        "every object of the bucket": (
            read_posters(allow("s3:GetObject", f"{BUCKET}/*")),
            "stands for every key",
        ),
        "everything of S3 that can be read": (
            read_posters(allow("s3:GetObject", "*")),
            "stands for every bucket of the account",
        ),
        "without the slash": (
            read_posters(allow("s3:GetObject", f"{BUCKET}/published*")),
            "begins with the same letters",
        ),
        "every action": (
            read_posters(allow("s3:*", f"{BUCKET}/published/*")),
            "may now also delete a published poster",
        ),
        "the two that are there": (
            read_posters(
                allow(
                    "s3:GetObject",
                    f"{BUCKET}/published/aida.png",
                    f"{BUCKET}/published/tosca.png",
                )
            ),
            "Tomorrow's poster has a name that nobody knows yet",
        ),
        "the folder alone": (
            read_posters(allow("s3:GetObject", f"{BUCKET}/published/")),
            "Without a `*` it names one object",
        ),
        "a path instead of an ARN": (
            read_posters(allow("s3:GetObject", "published/*")),
            "IAM did not take the policy",
        ),
    },
    "listing": {
        "all buckets": (
            show_posters(allow(["s3:ListBucket", "s3:GetObject"], "*")),
            "The denial named one bucket",
        ),
        "AWS's own policy": (
            'iam.attach_user_policy(UserName="emil", '
            'PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")\n',
            "may now also list `refunds-123456789012`",
        ),
        "everything on the bucket": (
            show_posters(allow("s3:*", BUCKET, f"{BUCKET}/*")),
            "Showing posters takes two actions",
        ),
        "the bucket only": (
            show_posters(allow(["s3:ListBucket", "s3:GetObject"], BUCKET)),
            "may not read them any more",
        ),
        "a star at the end of the name": (
            show_posters(allow(["s3:ListBucket", "s3:GetObject"], f"{BUCKET}*")),
            "every bucket whose name begins so",
        ),
        "the name of the call": (
            show_posters(allow(["s3:ListObjectsV2", "s3:GetObject"], BUCKET, f"{BUCKET}/*")),
            "whatever the call is named",
        ),
        "another statement's place": (
            show_posters(allow("s3:ListBucket", f"{BUCKET}/*")),
            "may neither list nor read",
        ),
    },
    "two-denials": {
        "one more Allow": (
            'iam.attach_user_policy(UserName="fay", '
            'PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")\n',
            "However many policies allow it, one Deny is enough",
        ),
        "the other Deny, and the right one": (
            LEAVE
            + 'iam.detach_user_policy(UserName="fay", '
            + 'PolicyArn="arn:aws:iam::123456789012:policy/keep-published")\n',
            "was not what stood in the way of a draft",
        ),
        "the group's policy": (
            'iam.delete_group_policy(GroupName="interns", PolicyName="careful")\n',
            "What hangs on a group counts for all in it",
        ),
        "out of both groups": (
            LEAVE + 'iam.remove_user_from_group(GroupName="editors", UserName="fay")\n',
            "may not even read a draft now",
        ),
        "a smaller Allow": (
            LEAVE
            + 'iam.put_group_policy(GroupName="editors", PolicyName="everyday", PolicyDocument='
            + f"document({allow('s3:GetObject', f'{BUCKET}/*')}))\n",
            "and none allows it either",
        ),
    },
    "rotate": {
        "deleted first": (OLD + DELETE + DAY, "A program was refused"),
        "one program forgotten": (
            OLD
            + NEW
            + SETTLE.format("press")
            + SETTLE.format("archive")
            + DAY
            + STOP
            + "work_a_day()\n",
            "tells whether anyone still uses it",
        ),
        "one program forgotten, and not found out yet": (
            OLD + NEW + SETTLE.format("press") + SETTLE.format("archive") + DAY + STOP,
            "`labels` still has it",
        ),
        "stopped before there is another": (OLD + STOP, "there is no other"),
        "never inactive": (
            OLD + NEW + SETTLE_ALL + DAY + DELETE,
            "A deleted key cannot be brought back",
        ),
        "inactive for no time at all": (
            OLD + NEW + SETTLE_ALL + DAY + STOP + DELETE,
            "a test needs somebody who could fail it",
        ),
        "the id of one key and the secret of the other": (
            OLD
            + """\
text = s3.get_object(Bucket=house, Key="press.json")["Body"].read()
secret = json.loads(text)["secret"]
"""
            + NEW
            + 'own["secret"] = secret\n'
            + SETTLE_ALL
            + DAY,
            "The id of a key and its secret are made together",
        ),
        "a key of another user": (
            OLD
            + 'iam.create_user(UserName="printer-2")\n'
            + NEW.replace('"printer"', '"printer-2"')
            + SETTLE_ALL
            + DAY,
            "The rights hang on the user",
        ),
        "a key of another user, untried": (
            OLD
            + NEW
            + 'iam.create_user(UserName="printer-3")\n'
            + NEW.replace('"printer"', '"printer-3"')
            + SETTLE_ALL,
            "is none of `printer`'s",
        ),
    },
    "wildcard": {
        "a narrow policy beside the wide one": (
            put("cleaner", "night", LIST, DRAFTS, ARCHIVE) + NIGHT,
            "Policies add up",
        ),
        "a version that nobody uses": (
            NARROW.replace("SetAsDefault=True", "SetAsDefault=False") + NIGHT,
            "may still delete any bucket",
        ),
        "every action on the bucket": (
            new_version(allow("s3:*", BUCKET, f"{BUCKET}/*")) + NIGHT,
            "holds far more than reading and writing",
        ),
        "every pair of action and place": (
            new_version(
                LIST,
                allow(
                    ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                    f"{BUCKET}/drafts/*",
                    f"{BUCKET}/archive/*",
                ),
            )
            + NIGHT,
            "may still delete from the archive",
        ),
        "the four actions everywhere": (
            new_version(
                allow(["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "*")
            )
            + NIGHT,
            "may still read the refunds of January",
        ),
        "the wildcard, and a Deny for the refunds": (
            new_version(
                allow("s3:*", BUCKET, f"{BUCKET}/*", "arn:aws:s3:::refunds-123456789012"), DRAFTS
            )
            + NIGHT,
            "may still list the refunds",
        ),
        "every action of every service": (
            new_version(
                '{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}', LIST, DRAFTS, ARCHIVE
            )
            + NIGHT,
            "may still create users",
        ),
        "nothing may be deleted": (
            new_version(LIST, allow("s3:GetObject", f"{BUCKET}/drafts/*"), ARCHIVE) + NIGHT,
            "may not delete the draft",
        ),
        "no listing": (
            new_version(DRAFTS, ARCHIVE) + NIGHT,
            "It takes `s3:ListBucket` on `arn:aws:s3:::posters-123456789012`",
        ),
    },
}

ON_THE_WAY = {
    "published": {"nothing done": ("", "her policy names this one")},
    "listing": {"nothing done": ("", "is refused when listing")},
    "two-denials": {
        "nothing done": ("", "a statement denies it"),
        "looked at": (
            """\
fay = lab.as_user("fay").client("s3")
attempt(fay.delete_object, Bucket=posters, Key="drafts/carmen.png")
lab.why()
""",
            "a statement denies it",
        ),
    },
    "rotate": {
        "nothing done": ("", "`printer` has one key"),
        "a key made": (NEW, "`archive`, `labels`, `press` still has the old one"),
        "two programs settled": (
            NEW + SETTLE.format("press") + SETTLE.format("archive") + DAY,
            "`labels` still has the old one",
        ),
        "all settled": (NEW + SETTLE_ALL, "Make it inactive"),
        "the old one inactive": (OLD + NEW + SETTLE_ALL + STOP, "Let the programs work a day"),
        "a day without it": (OLD + NEW + SETTLE_ALL + STOP + DAY, "Delete it"),
    },
    "wildcard": {
        "nothing done": ("", "may do everything to every bucket"),
        "proved before it was changed": (PROOFS + NIGHT, "may do everything to every bucket"),
        "the policy alone": (NARROW, "Run `night()` under it"),
        "no proof": (NARROW + NIGHT, "none so far"),
        "the same proof three times": (
            NARROW
            + NIGHT
            + """\
cleaner = lab.as_user("cleaner").client("s3")
for name in ("aida", "tosca", "norma"):
    attempt(cleaner.delete_object, Bucket=posters, Key=f"published/{name}.png")
""",
            "1 of them so far",
        ),
        "proofs as the administrator": (
            NARROW + NIGHT + PROOFS.replace('lab.as_user("cleaner").client("s3")', "s3"),
            "none so far",
        ),
        "proofs under another policy": (
            NARROW + PROOFS + NIGHT + NARROW + NIGHT,
            "none so far",
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
    """A learner with the cells run that exercises lean on, and IAM enforced."""
    learner = study("iam")
    learner.run(*GIVEN)
    learner.names["cleaner_policy"] = "arn:aws:iam::123456789012:policy/cleaner"
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
    ("id", "user"),
    [
        ("published", "dora"),
        ("listing", "emil"),
        ("two-denials", "fay"),
        ("rotate", "printer"),
        ("wildcard", "cleaner"),
    ],
)
def test_a_user_that_the_learner_deleted_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, user: str
) -> None:
    learner.lab.begin(id)
    learner.names["gone"] = {"UserName": user}
    learner.do(
        """\
for policy in iam.list_user_policies(**gone)["PolicyNames"]:
    iam.delete_user_policy(**gone, PolicyName=policy)
for policy in iam.list_attached_user_policies(**gone)["AttachedPolicies"]:
    iam.detach_user_policy(**gone, PolicyArn=policy["PolicyArn"])
for group in iam.list_groups_for_user(**gone)["Groups"]:
    iam.remove_user_from_group(**gone, GroupName=group["GroupName"])
for key in iam.list_access_keys(**gone)["AccessKeyMetadata"]:
    iam.delete_access_key(**gone, AccessKeyId=key["AccessKeyId"])
iam.delete_user(**gone)
"""
    )

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


@pytest.mark.parametrize("id", ["published", "listing", "two-denials"])
def test_rights_are_judged_the_same_with_enforcement_off(learner: Study, id: str) -> None:
    learner.lab.enforce_iam(False)
    learner.lab.begin(id)

    before = learner.lab.check(id)
    learner.do(EXERCISES[id].solution.replace("print(lab.why())", ""))

    assert isinstance(before, NotYet)
    assert isinstance(learner.lab.check(id), Passed)


def test_without_enforcement_nothing_is_proved(learner: Study) -> None:
    learner.lab.enforce_iam(False)
    learner.lab.begin("wildcard")

    learner.do(NARROW + NIGHT + PROOFS)

    assert isinstance(learner.lab.check("wildcard"), NotYet)


def test_the_solutions_run_although_the_learner_left_the_starters_out(
    study: Callable[[str], Study],
) -> None:
    learner = study("iam")
    left_out = {f"{id}-start": "" for id in EXERCISES if id != "wildcard"}

    shown = learner.run_all(left_out)  # that starter holds the ARN of the policy

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)
