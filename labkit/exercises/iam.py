"""The five exercises of the IAM lab: what is laid, what is asked, three hints, the book's code."""

from __future__ import annotations

from labkit.exercises.checks.iam import (
    denials,
    listing,
    published,
    rotation,
    scene,
    wildcard,
)
from labkit.exercises.frame import Exercise

PUBLISHED = Exercise(
    id="published",
    title="Just the published posters",
    task="`dora` may read every published poster, also one of tomorrow, and nothing else.",
    given="the user `dora`, whose policy `read-posters` names one poster",
    lay=scene.lay_published,
    check=published.check,
    hints=(
        "Her policy names one object. Which part of its ARN do all published posters share?",
        "A `*` in a resource stands for any run of characters, and what stands before it must "
        "match as it is. Where must it stand, so that drafts stay shut?",
        '`iam.put_user_policy(UserName="dora", PolicyName="read-posters", PolicyDocument=...)` '
        "with the resource `arn:aws:s3:::posters-123456789012/published/*`",
    ),
    solution="""\
every_published = f"arn:aws:s3:::{posters}/published/*"
policy = document(statement("Allow", "s3:GetObject", every_published))
iam.put_user_policy(
    UserName="dora", PolicyName="read-posters", PolicyDocument=policy
)
dora = lab.as_user("dora").client("s3")
attempt(dora.get_object, Bucket=posters, Key="published/tosca.png")
attempt(dora.get_object, Bucket=posters, Key="drafts/carmen.png")
""",
    claims=("iam-granular", "iam-new-user-zero", "iam-policy"),
)


LISTING = Exercise(
    id="listing",
    title="A denial that says what is missing",
    task="`emil` may list the bucket of the posters and read its objects, and nothing else.",
    given="the user `emil`, whose policy `show-posters` is meant to allow just that",
    lay=scene.lay_listing,
    check=listing.check,
    hints=(
        "The denial names an action and a resource. The action is in the policy. Is this resource?",
        "Listing is done to the bucket. How does its ARN differ from those of its objects?",
        '`iam.put_user_policy(UserName="emil", PolicyName="show-posters", PolicyDocument=...)` '
        "with both ARNs: `arn:aws:s3:::posters-123456789012` and the same with `/*`",
    ),
    solution="""\
policy = document(
    statement("Allow", "s3:ListBucket", f"arn:aws:s3:::{posters}"),
    statement("Allow", "s3:GetObject", f"arn:aws:s3:::{posters}/*"),
)
iam.put_user_policy(
    UserName="emil", PolicyName="show-posters", PolicyDocument=policy
)
emil = lab.as_user("emil").client("s3")
attempt(emil.list_objects_v2, Bucket=posters)
attempt(emil.get_object, Bucket=posters, Key="published/aida.png")
""",
    claims=("iam-denial", "iam-granular"),
)


TWO_DENIALS = Exercise(
    id="two-denials",
    title="Which of two says no",
    task=(
        "`fay`, who is no intern any more, may delete drafts. Nobody may delete what is published, "
        "and `gus` stays an intern."
    ),
    given=(
        "the users `fay` and `gus`, both in the groups `editors` and `interns`, both with the "
        "managed policy `keep-published`"
    ),
    lay=scene.lay_two_denials,
    check=denials.check,
    hints=(
        "The refusal says *with an explicit deny*. Would one more Allow help?",
        "`lab.why()` after the call says which statement decides, and whose policy that is. Is it "
        "hers, or does she have it from somewhere?",
        '`iam.remove_user_from_group(GroupName="interns", UserName="fay")`',
    ),
    solution="""\
fay = lab.as_user("fay").client("s3")
attempt(fay.delete_object, Bucket=posters, Key="drafts/carmen.png")
print(lab.why())
iam.remove_user_from_group(GroupName="interns", UserName="fay")
attempt(fay.delete_object, Bucket=posters, Key="drafts/carmen.png")
attempt(fay.delete_object, Bucket=posters, Key="published/aida.png")
""",
    claims=("iam-explicit-deny", "iam-simulator-troubleshoot", "iam-group", "iam-next-call"),
)


ROTATE = Exercise(
    id="rotate",
    title="A new key, and nobody notices",
    task=(
        "All programs of the printing house work with a new key of the user `printer`, the old "
        "one is deleted, and no call was refused on the way."
    ),
    given="the user `printer` with one access key, and the programs that have it in their settings",
    lay=scene.lay_rotate,
    check=rotation.check,
    hints=(
        "When do all programs work, whether they have changed over or not?",
        "While both keys are active. Then look when the old one was last used; inactive is the "
        "step that can be undone, deleted is not. Between them, let the programs work a day.",
        '`iam.create_access_key(UserName="printer")`, new settings for *every* object of the '
        '`house`, `work_a_day()`, `iam.update_access_key(..., Status="Inactive")`, '
        "`work_a_day()`, `iam.delete_access_key(...)`",
    ),
    solution="""\
old = iam.list_access_keys(UserName="printer")["AccessKeyMetadata"][0]["AccessKeyId"]
new = iam.create_access_key(UserName="printer")["AccessKey"]
own = {"id": new["AccessKeyId"], "secret": new["SecretAccessKey"]}
for settings in s3.list_objects_v2(Bucket=house)["Contents"]:
    s3.put_object(Bucket=house, Key=settings["Key"], Body=json.dumps(own))
work_a_day()
print("last use of the old key:", last_used(old))
iam.update_access_key(UserName="printer", AccessKeyId=old, Status="Inactive")
work_a_day()
iam.delete_access_key(UserName="printer", AccessKeyId=old)
print(len(iam.list_access_keys(UserName="printer")["AccessKeyMetadata"]), "key left")
""",
    claims=("iam-key-rotation", "iam-last-used", "iam-new-user-keys"),
)


WILDCARD = Exercise(
    id="wildcard",
    title="As little as the work needs, and proved",
    task=(
        "The night's work of `cleaner` is done with the rights that it needs and no other, and "
        f"{wildcard.PROOFS} refused calls of `cleaner` prove it."
    ),
    given="the user `cleaner` with the managed policy `cleaner`: `s3:*` on `*`",
    lay=scene.lay_wildcard,
    check=wildcard.check,
    hints=(
        "`night` makes four kinds of calls. Which action does each need, and where?",
        "One statement for each pair: what is in the same statement is allowed on all of its "
        "resources. A new version of a managed policy counts when it is the default version.",
        "`iam.create_policy_version(PolicyArn=..., PolicyDocument=..., SetAsDefault=True)` with "
        "`s3:ListBucket` on the bucket, `s3:GetObject` and `s3:DeleteObject` on `/drafts/*`, "
        "`s3:PutObject` on `/archive/*`; then `night()`, and three calls that must fail",
    ),
    solution="""\
bucket = f"arn:aws:s3:::{posters}"
policy = document(
    statement("Allow", "s3:ListBucket", bucket),
    statement("Allow", ["s3:GetObject", "s3:DeleteObject"], f"{bucket}/drafts/*"),
    statement("Allow", "s3:PutObject", f"{bucket}/archive/*"),
)
iam.create_policy_version(
    PolicyArn=cleaner_policy, PolicyDocument=policy, SetAsDefault=True
)
night()
cleaner = lab.as_user("cleaner").client("s3")
attempt(cleaner.delete_object, Bucket=posters, Key="published/aida.png")
attempt(cleaner.get_object, Bucket=refunds, Key="january.csv")
attempt(cleaner.delete_bucket, Bucket=posters)
""",
    claims=("iam-least-privilege", "iam-granular", "iam-policy-simulator"),
)

EXERCISES = (PUBLISHED, LISTING, TWO_DENIALS, ROTATE, WILDCARD)
