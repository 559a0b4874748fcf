"""Each exercise of the S3 lab: what passes, what does not, and what a learner is told.

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

EXERCISES = {exercise.id: exercise for exercise in load("s3")}
# Cells that exercises lean on, and those between begin and starter.
GIVEN = ("open", "put", "list", "condition", "history", "people", "rule", "visit", "open-site")
SHOWN = {"site": ("site-symptom",), "link": ("link-symptom",)}

SEATS = 'seats, seat = "seats-123456789012", "gala/F7"\n'
FREE = 'attempt(s3.put_object, Bucket=seats, Key=seat, Body=b"ana", IfNoneMatch="*")\n'
PLAIN = 'attempt(s3.put_object, Bucket=seats, Key=seat, Body=b"ben")\n'

PRINTS = """\
prints, key = "prints-123456789012", "macbeth.png"
pile = s3.list_object_versions(Bucket=prints)
good, broken = pile["Versions"][-1]["VersionId"], pile["Versions"][0]["VersionId"]
marker = pile["DeleteMarkers"][0]["VersionId"]
"""
COPY = (
    "s3.copy_object(Bucket=prints, Key=key, "
    'CopySource={"Bucket": prints, "Key": key, "VersionId": %s})\n'
)
DELETE = "s3.delete_object(Bucket=prints, Key=key, VersionId=%s)\n"

POLICY = """\
drafts = "drafts-123456789012"
user = "arn:aws:iam::123456789012:user/"
objects = f"arn:aws:s3:::{{drafts}}"
inbox = {{
    "Effect": "Allow",
    "Principal": {inbox_for},
    "Action": {inbox_action},
    "Resource": {inbox_on},
}}
keep = {{
    "Effect": {keep_effect},
    "Principal": {keep_for},
    "Action": {keep_action},
    "Resource": f"{{objects}}/*",
}}
s3.put_bucket_policy(Bucket=drafts, Policy=policy(inbox, keep))
"""


def bucket_policy(**other: str) -> str:
    """The book's policy, with some of its elements as other expressions."""
    usual = {
        "inbox_for": '{"AWS": user + "dan"}',
        "inbox_action": '"s3:PutObject"',
        "inbox_on": 'f"{objects}/inbox/*"',
        "keep_effect": '"Deny"',
        "keep_for": '{"AWS": user + "cleo"}',
        "keep_action": '["s3:DeleteObject", "s3:DeleteObjectVersion"]',
    }
    return POLICY.format(**usual | other)


RECEIPTS = 'rule("receipts", "receipts/", Transitions=[{"Days": 30, "StorageClass": "GLACIER_IR"}])'
DRAFTS = 'rule("drafts", "drafts/", NoncurrentVersionExpiration={"NoncurrentDays": 30})'
UPLOADS = 'rule("uploads", "", AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7})'


def rules(*texts: str, days: int = 40) -> str:
    return (
        's3.put_bucket_lifecycle_configuration(Bucket="records-123456789012", '
        f'LifecycleConfiguration={{"Rules": [{", ".join(texts)}]}})\n'
        f"lab.clock.advance(days={days})\n"
    )


GALA = 'gala = "gala-123456789012"\nobjects = f"arn:aws:s3:::{gala}"\n'
UNBLOCK = "s3.put_public_access_block(Bucket=gala, PublicAccessBlockConfiguration=acls_only)\n"


def pages(resource: str, action: str = '"s3:GetObject"') -> str:
    return (
        's3.put_bucket_policy(Bucket=gala, Policy=policy({"Effect": "Allow", "Principal": "*", '
        f'"Action": {action}, "Resource": {resource}}}))\n'
    )


NARROW = pages('[f"{objects}/index.html", f"{objects}/pages/*"]')

LATER = """\
v4 = Config(signature_version="s3v4")
ticket = {"Bucket": "tickets-123456789012", "Key": "1041.pdf"}
lab.clock.advance(hours=48)
"""
SIGN = 'visit({}.client("s3", config=v4).generate_presigned_url("get_object", Params=ticket, {}))\n'

RIGHT = {
    "sold-once": {
        "with a second client, and a second seller who tries twice": SEATS
        + FREE
        + FREE.replace("ana", "ben")
        + 'attempt(boto3.client("s3").put_object, Bucket=seats, Key=seat, Body=b"ben", '
        'IfNoneMatch="*")\n',
    },
    "bring-back": {
        "got and put": PRINTS
        + "body = s3.get_object(Bucket=prints, Key=key, VersionId=good)['Body'].read()\n"
        + "s3.put_object(Bucket=prints, Key=key, Body=body)\n",
        "without the marker": PRINTS + DELETE % "marker" + COPY % "good",
    },
    "bucket-policy": {
        "three statements and a condition on HTTPS": bucket_policy(
            keep_action='"s3:DeleteObject"',
        ).replace(
            "policy(inbox, keep)",
            'policy({**inbox, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, keep, '
            '{**keep, "Action": "s3:DeleteObjectVersion"})',
        ),
        "a Deny of every kind of deleting objects": bucket_policy(keep_action='"s3:DeleteObject*"'),
    },
    "tidy": {
        "one rule for noncurrent versions of all keys": rules(
            RECEIPTS,
            'rule("rest", "", NoncurrentVersionExpiration={"NoncurrentDays": 14}, '
            'AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7})',
        ),
        "after a first try without the clock": rules(RECEIPTS, days=0)
        + rules(RECEIPTS, DRAFTS, UPLOADS, days=60),
    },
    "site": {
        "the block off altogether, and two statements": GALA
        + "s3.delete_bucket_policy(Bucket=gala)\n"
        + "s3.delete_public_access_block(Bucket=gala)\n"
        + 'read = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}\n'
        + "s3.put_bucket_policy(Bucket=gala, Policy=policy("
        + '{**read, "Resource": f"{objects}/index.html"}, '
        + '{**read, "Resource": f"{objects}/pages/*"}))\n',
        "everything but the orders, by a Deny to strangers": GALA
        + UNBLOCK
        + "s3.put_bucket_policy(Bucket=gala, Policy=policy("
        + '{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", '
        + '"Resource": f"{objects}/*"}, {"Effect": "Deny", "Principal": "*", '
        + '"Action": "s3:GetObject", "Resource": f"{objects}/orders/*", '
        + '"Condition": {"StringNotEquals": {"aws:PrincipalAccount": "123456789012"}}}))\n',
    },
    "link": {
        "a session opened by hand": LATER
        + """\
given = boto3.client("sts").assume_role(
    RoleArn="arn:aws:iam::123456789012:role/mailer", RoleSessionName="click"
)["Credentials"]
signer = boto3.client(
    "s3",
    config=v4,
    aws_access_key_id=given["AccessKeyId"],
    aws_secret_access_key=given["SecretAccessKey"],
    aws_session_token=given["SessionToken"],
)
visit(signer.generate_presigned_url("get_object", Params=ticket))
""",
        "a day later, after a dead link": LATER
        + "visit(mailed)\nlab.clock.advance(days=1)\n"
        + SIGN.format('lab.as_role("mailer")', "ExpiresIn=60"),
    },
}

WRONG = {
    "sold-once": {
        "the condition on the first only": (
            SEATS + FREE + PLAIN,
            "It is the *second* one that must bring the condition",
        ),
        "IfMatch on an empty place": (
            SEATS + PLAIN.replace(")\n", ', IfMatch="x")\n'),
            "`IfMatch` asks that the object is there",
        ),
        "IfMatch with what is there": (
            SEATS
            + PLAIN
            + 'tag = s3.head_object(Bucket=seats, Key=seat)["ETag"]\n'
            + PLAIN.replace(")\n", ", IfMatch=tag)\n"),
            "*allows* to replace it",
        ),
        "a look before the put": (
            SEATS + PLAIN + "attempt(s3.head_object, Bucket=seats, Key=seat)\n",
            "Between the question and the put another seller can be faster",
        ),
        "a key for each seller": (
            SEATS + PLAIN.replace("Key=seat", 'Key=seat + "/ben"'),
            "One seat is one key",
        ),
        "the seat written over by a copy": (
            SEATS
            + FREE
            + FREE
            + "other = {**hamlet}\n"
            + "s3.copy_object(Bucket=seats, Key=seat, CopySource=other)\n",
            "A sold seat stays as it is",
        ),
    },
    "bring-back": {
        "the marker taken away": (
            PRINTS + DELETE % "marker",
            "Below the delete marker lies what was there",
        ),
        "the broken version deleted": (
            PRINTS + DELETE % "marker" + DELETE % "broken",
            "The version with the broken upload is gone",
        ),
        "the good version deleted": (
            PRINTS + DELETE % "good",
            "The version with the good print is gone",
        ),
        "a copy without a version": (
            PRINTS + "s3.copy_object(Bucket=prints, Key=key, CopySource=f'{prints}/{key}')\n",
            "Say which version you mean",
        ),
        "something else put there": (
            PRINTS + "s3.put_object(Bucket=prints, Key=key, Body=b'macbeth')\n",
            "7 bytes that are neither of the two",
        ),
        "a copy under another name": (
            PRINTS + (COPY % "good").replace("Key=key", 'Key="good.png"'),
            "It went to another key",
        ),
        "versioning suspended": (
            PRINTS
            + 's3.put_bucket_versioning(Bucket=prints, VersioningConfiguration={"Status": '
            + '"Suspended"})\n'
            + COPY % "good",
            "The versioning of `prints-123456789012` is `Suspended`",
        ),
    },
    "bucket-policy": {
        "no Deny": (
            bucket_policy(keep_effect='"Allow"', keep_action='["s3:GetObject", "s3:PutObject"]'),
            "What the bucket leaves out takes nothing away from her",
        ),
        "versions forgotten": (
            bucket_policy(keep_action='"s3:DeleteObject"'),
            "The delete that is for good names a version",
        ),
        "a Deny for everybody": (
            bucket_policy(keep_for='"*"'),
            "You yourself may no longer call `s3:DeleteObject`",
        ),
        "a Deny of everything": (
            bucket_policy(keep_action='"s3:*"'),
            "The Deny covers more than deleting",
        ),
        "the whole bucket for dan": (
            bucket_policy(inbox_on='f"{objects}/*"'),
            "`dan` may put outside `inbox/`",
        ),
        "reading for dan": (
            bucket_policy(inbox_action='["s3:PutObject", "s3:GetObject"]'),
            "`dan` may read what lies in `inbox/`",
        ),
        "the bucket's ARN for a put": (
            bucket_policy(
                inbox_action='["s3:ListBucket", "s3:PutBucketTagging"]', inbox_on="objects"
            ),
            "the bucket's own ARN covers lists and settings only",
        ),
        "somebody else as principal": (
            'iam.create_user(UserName="zoe")\n'
            + bucket_policy(inbox_for='{"AWS": [user + "dan", user + "zoe"]}'),
            "`zoe` may call `s3:PutObject`",
        ),
        "a policy without a principal": (
            bucket_policy().replace('    "Principal": {"AWS": user + "dan"},\n', ""),
            "S3 did not take the policy",
        ),
        "in IAM": (
            'iam.put_user_policy(UserName="cleo", PolicyName="no", PolicyDocument=policy('
            '{"Effect": "Deny", "Action": "s3:DeleteObject*", "Resource": "*"}))\n',
            "you wrote one in IAM",
        ),
    },
    "tidy": {
        "Expiration for what was replaced": (
            rules(RECEIPTS, 'rule("drafts", "drafts/", Expiration={"Days": 30})', UPLOADS),
            "`Expiration` is about *current* versions",
        ),
        "an archive that must be restored": (
            rules(RECEIPTS.replace("GLACIER_IR", "GLACIER"), DRAFTS, UPLOADS),
            "is in the class GLACIER, which must be restored first",
        ),
        "an infrequent class": (
            rules(RECEIPTS.replace("GLACIER_IR", "STANDARD_IA"), DRAFTS, UPLOADS),
            "about three times as much to keep",
        ),
        "one zone": (
            rules(RECEIPTS.replace("GLACIER_IR", "ONEZONE_IA"), DRAFTS, UPLOADS),
            "lies in one zone only",
        ),
        "at once": (
            rules(RECEIPTS.replace("30", "1"), DRAFTS, UPLOADS),
            "moves objects after 1 days",
        ),
        "receipts expired": (
            rules('rule("receipts", "receipts/", Expiration={"Days": 30})', DRAFTS, UPLOADS),
            "A rule expired it",
        ),
        "rules that S3 does not take": (
            rules('rule("receipts", "receipts/")'),
            "S3 did not take the rules",
        ),
    },
    "site": {
        "the block taken away, the policy left": (
            GALA + UNBLOCK,
            "Block Public Access was what kept the mistake harmless",
        ),
        "a policy that lists too": (
            GALA
            + UNBLOCK
            + pages(
                '[objects, f"{objects}/index.html", f"{objects}/pages/*"]',
                '["s3:GetObject", "s3:ListBucket"]',
            ),
            "With `s3:ListBucket` everybody sees every key",
        ),
        "the index forgotten": (
            GALA + UNBLOCK + pages('f"{objects}/pages/*"'),
            "The index page is an object in its own right",
        ),
        "the orders deleted": (
            GALA + UNBLOCK + 's3.delete_object(Bucket=gala, Key="orders/2026.csv")\n',
            "Other programs look for the orders where they were",
        ),
        "a public policy while it is refused": (
            GALA + "s3.delete_bucket_policy(Bucket=gala)\n" + NARROW,
            "`BlockPublicPolicy` refuses public policies",
        ),
        "an ACL": (
            GALA + 's3.put_object_acl(Bucket=gala, Key="index.html", ACL="public-read")\n',
            "ACLs are off in this bucket",
        ),
    },
    "link": {
        "the user's key": (
            LATER + SIGN.format('lab.as_user("mail-bot")', "ExpiresIn=60"),
            "A user's key does not end with a session",
        ),
        "the administrator": (
            LATER + SIGN.format('boto3.Session(region_name="us-east-1")', "ExpiresIn=60"),
            "signed by you, an administrator",
        ),
        "a public bucket": (
            LATER
            + """\
tickets = ticket["Bucket"]
s3.put_public_access_block(Bucket=tickets, PublicAccessBlockConfiguration=acls_only)
read = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
everything = policy({**read, "Resource": f"arn:aws:s3:::{tickets}/*"})
s3.put_bucket_policy(Bucket=tickets, Policy=everything)
visit(f"https://{tickets}.s3.us-east-1.amazonaws.com/1041.pdf")
""",
            "everybody's tickets are everybody's",
        ),
        "by boto3": (
            LATER + 'lab.as_role("mailer").client("s3").get_object(**ticket)\n',
            "fetched by boto3, with credentials",
        ),
        "a link for eight days": (
            LATER.replace("lab.clock.advance(hours=48)\n", "")
            + SIGN.format('lab.as_role("mailer")', "ExpiresIn=8 * 86400"),
            "more than 7 days",
        ),
    },
}

ON_THE_WAY = {
    "sold-once": {
        "nothing tried": ("", "Nobody has put anything"),
        "the seat freed again": (
            SEATS + FREE + FREE + "s3.delete_object(Bucket=seats, Key=seat)\n",
            "Nobody has put anything",
        ),
        "one seller": (SEATS + FREE, "One seller has tried"),
        "twice, without a condition": (SEATS + PLAIN + PLAIN, "sold 2 times"),
    },
    "bring-back": {"nothing done": ("", "the latest version is a delete marker")},
    "bucket-policy": {"nothing written": ("", "has no policy yet")},
    "tidy": {
        "nothing written": ("", "has no lifecycle rules yet"),
        "the clock not moved": (rules(RECEIPTS, DRAFTS, UPLOADS, days=1), "move the clock 40 days"),
        "no rule for receipts": (rules(DRAFTS, UPLOADS), "still is in the class STANDARD"),
        "no rule for drafts": (rules(RECEIPTS, UPLOADS), "2 versions that were replaced"),
        "no rule for uploads": (rules(RECEIPTS, DRAFTS), "The upload of `film.mp4` is still"),
    },
    "site": {
        "nothing done": ("", "`RestrictPublicBuckets` is on"),
    },
    "link": {
        "the clock not moved": ("", "Nobody has tried to open"),
        "the old link once more": (LATER + "visit(mailed)\n", "S3 answers `ExpiredToken`"),
        "no signature": (
            LATER + 'visit("https://tickets-123456789012.s3.amazonaws.com/1041.pdf")\n',
            "The customer's last click was refused (AccessDenied)",
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
    """A learner under enforcement, with the cells run that exercises lean on."""
    learner = study("s3")
    learner.run(*GIVEN)
    learner.do('v4 = Config(signature_version="s3v4")')
    return learner


def begin(learner: Study, id: str) -> None:
    learner.run(f"{id}-begin", *SHOWN.get(id, ()))


@pytest.mark.parametrize("id", EXERCISES)
def test_the_books_solution_passes(learner: Study, id: str) -> None:
    begin(learner, id)

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
def test_every_wrong_way_of_an_exercise_has_words_of_its_own(id: str) -> None:
    words = [words for _, words in WRONG[id].values()]

    assert len(set(words)) == len(words) >= 5


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
    ("id", "bucket"),
    [
        ("sold-once", "seats"),
        ("bring-back", "prints"),
        ("bucket-policy", "drafts"),
        ("tidy", "records"),
        ("site", "gala"),
        ("link", "tickets"),
    ],
)
def test_a_bucket_that_the_learner_deleted_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, bucket: str
) -> None:
    begin(learner, id)
    learner.do(
        f"""
gone = "{bucket}-123456789012"
pile = s3.list_object_versions(Bucket=gone)
for one in [*pile.get("Versions", []), *pile.get("DeleteMarkers", [])]:
    s3.delete_object(Bucket=gone, Key=one["Key"], VersionId=one["VersionId"])
for one in s3.list_multipart_uploads(Bucket=gone).get("Uploads", []):
    s3.abort_multipart_upload(Bucket=gone, Key=one["Key"], UploadId=one["UploadId"])
s3.delete_bucket(Bucket=gone)
"""
    )

    outcome = learner.lab.check(id)
    begin(learner, id)
    learner.do(EXERCISES[id].solution)

    assert isinstance(outcome, Incorrect | NotYet), outcome
    assert isinstance(learner.lab.check(id), Passed)


def test_exercises_can_be_done_in_any_order_and_twice(learner: Study) -> None:
    for id in [*reversed(EXERCISES), *EXERCISES]:
        begin(learner, id)
        learner.do(EXERCISES[id].solution)

        assert isinstance(learner.lab.check(id), Passed), id


def test_the_solutions_run_although_the_learner_left_the_starters_out(
    study: Callable[[str], Study],
) -> None:
    learner = study("s3")
    left_out = {f"{id}-start": "" for id in EXERCISES}

    shown = learner.run_all(left_out)

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)


def test_what_the_check_asks_of_policies_is_so_when_dan_and_cleo_call(learner: Study) -> None:
    begin(learner, "bucket-policy")
    learner.do(bucket_policy())
    learner.do(
        """
from botocore.exceptions import ClientError
def may(name, operation, **more):
    client = lab.as_user(name).client("s3")
    try:
        getattr(client, operation)(Bucket=drafts, **more)
    except ClientError as error:
        return error.response["Error"]["Code"] not in ("AccessDenied", "403")
    return True
found = [
    may("dan", "put_object", Key="inbox/x"), may("dan", "put_object", Key="x"),
    may("dan", "get_object", Key="inbox/x"), may("dan", "list_objects_v2"),
    may("cleo", "get_object", Key="inbox/x"), may("cleo", "delete_object", Key="inbox/x"),
    may("cleo", "delete_object", Key="inbox/aida.png", VersionId=s3.head_object(
        Bucket=drafts, Key="inbox/aida.png")["VersionId"]),
]
"""
    )

    assert learner.names["found"] == [True, False, False, False, True, False, False]
