"""The six exercises of the S3 lab: what is laid, what is asked, three hints, the book's code."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.s3 import bring_back, bucket_policy, link, site, sold_once, tidy
from labkit.exercises.checks.s3.scene import ACCOUNT, document, fresh_bucket
from labkit.exercises.frame import Exercise, MakeClient
from labkit.exercises.ground import remove_role, remove_user


def _lay_sold_once(client: MakeClient) -> None:
    fresh_bucket(client("s3"), sold_once.BUCKET)


SOLD_ONCE = Exercise(
    id="sold-once",
    title="A seat is sold once",
    task=(
        f"Two puts go to `{sold_once.KEY}`; S3 accepts the first and refuses the second, which "
        "changes nothing."
    ),
    given=f"the bucket `{sold_once.BUCKET}`, empty",
    lay=_lay_sold_once,
    check=sold_once.check,
    hints=(
        "In the example a put went through only if the object was as it had been read. What must "
        "be so here: what may *not* be there?",
        '`IfNoneMatch="*"` lets a put through where there is nothing under that key.',
        "In the loop: `attempt(s3.put_object, Bucket=seats, Key=seat, Body=seller, "
        'IfNoneMatch="*")`.',
    ),
    solution="""\
seats, seat = "seats-123456789012", "gala/F7"
s3.delete_object(Bucket=seats, Key=seat)
for seller in (b"ana", b"ben"):
    attempt(
        s3.put_object, Bucket=seats, Key=seat, Body=seller, IfNoneMatch="*"
    )
print(s3.get_object(Bucket=seats, Key=seat)["Body"].read())
""",
    claims=("s3-conditional", "s3-object-key"),
)


def _lay_bring_back(client: MakeClient) -> None:
    s3 = client("s3")
    fresh_bucket(s3, bring_back.BUCKET, versions=True)
    for body in (bring_back.GOOD, bring_back.BROKEN):
        s3.put_object(Bucket=bring_back.BUCKET, Key=bring_back.KEY, Body=body)
    s3.delete_object(Bucket=bring_back.BUCKET, Key=bring_back.KEY)


BRING_BACK = Exercise(
    id="bring-back",
    title="Bring the print back",
    task=(
        f"A plain get of `{bring_back.KEY}` returns the good print, and every version from before "
        "is still in the bucket."
    ),
    given=(
        f"the bucket `{bring_back.BUCKET}` with versions: `{bring_back.KEY}` was uploaded, "
        "overwritten with a broken file, then deleted"
    ),
    lay=_lay_bring_back,
    check=bring_back.check,
    hints=(
        "Which of the three entries is the good one, and what would put it on top without taking "
        "the others away?",
        "As in the example: a copy of a version onto its own key makes a new version. Its id is "
        "the last in the list, which begins with the newest.",
        '`s3.copy_object(Bucket=prints, Key="macbeth.png", CopySource={"Bucket": prints, "Key": '
        '"macbeth.png", "VersionId": oldest})`, where `oldest` is `s3.list_object_versions('
        'Bucket=prints)["Versions"][-1]["VersionId"]`.',
    ),
    solution="""\
prints, key = "prints-123456789012", "macbeth.png"
oldest = s3.list_object_versions(Bucket=prints)["Versions"][-1]["VersionId"]
source = {"Bucket": prints, "Key": key, "VersionId": oldest}
s3.copy_object(Bucket=prints, Key=key, CopySource=source)
history(prints, key)
""",
    claims=("s3-versioning", "s3-version-id"),
)


def _lay_bucket_policy(client: MakeClient) -> None:
    s3, iam = client("s3"), client("iam")
    fresh_bucket(s3, bucket_policy.BUCKET, versions=True)
    for name in (bucket_policy.PRINTER, bucket_policy.DESIGNER):
        remove_user(iam, name)
        iam.create_user(UserName=name)
    everything = document({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    iam.put_user_policy(
        UserName=bucket_policy.DESIGNER, PolicyName="all-of-s3", PolicyDocument=everything
    )
    for key in ("inbox/aida.png", "finished/aida.png"):
        s3.put_object(Bucket=bucket_policy.BUCKET, Key=key, Body=b"aida")


BUCKET_POLICY = Exercise(
    id="bucket-policy",
    title="Put, but do not delete",
    task=(
        f"`{bucket_policy.PRINTER}` puts under `inbox/` and does nothing else; "
        f"`{bucket_policy.DESIGNER}` deletes neither objects nor versions, and keeps the rest; "
        "nobody else's rights change."
    ),
    given=(
        f"the bucket `{bucket_policy.BUCKET}` with versions and no policy; the users "
        f"`{bucket_policy.PRINTER}`, without any right, and `{bucket_policy.DESIGNER}`, whose own "
        "policy allows `s3:*`"
    ),
    lay=_lay_bucket_policy,
    check=bucket_policy.check,
    hints=(
        "Two people, two needs. Who has too little, and who has too much? An Allow can mend only "
        "one of these.",
        "A put is asked of objects: the resource ends in `/inbox/*`. A Deny stands above every "
        "Allow; and where there are versions, there are two ways to delete.",
        "`s3.put_bucket_policy(Bucket=drafts, Policy=policy(inbox, keep))`: `inbox` allows `dan` "
        "`s3:PutObject` on `arn:aws:s3:::drafts-123456789012/inbox/*`, `keep` denies `cleo` "
        "`s3:DeleteObject` and `s3:DeleteObjectVersion` on all objects.",
    ),
    solution="""\
drafts = "drafts-123456789012"
inbox = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:user/dan"},
    "Action": "s3:PutObject",
    "Resource": f"arn:aws:s3:::{drafts}/inbox/*",
}
keep = {
    "Effect": "Deny",
    "Principal": {"AWS": "arn:aws:iam::123456789012:user/cleo"},
    "Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
    "Resource": f"arn:aws:s3:::{drafts}/*",
}
s3.put_bucket_policy(Bucket=drafts, Policy=policy(inbox, keep))
aida = {"Bucket": drafts, "Key": "inbox/aida.png"}
attempt(lab.as_user("dan").client("s3").put_object, **aida)
attempt(lab.as_user("cleo").client("s3").delete_object, **aida)
""",
    claims=("s3-bucket-policy", "s3-versioning"),
)


def _lay_tidy(client: MakeClient) -> None:
    s3 = client("s3")
    fresh_bucket(s3, tidy.BUCKET, versions=True)
    s3.put_object(Bucket=tidy.BUCKET, Key=tidy.RECEIPT, Body=b"1041;30 EUR\n" * 20_000)
    for sketch in tidy.DRAFTS:
        s3.put_object(Bucket=tidy.BUCKET, Key=tidy.DRAFT, Body=sketch)
    s3.create_multipart_upload(Bucket=tidy.BUCKET, Key=tidy.FILM)


TIDY = Exercise(
    id="tidy",
    title="A bucket that tidies itself",
    task=(
        f"{tidy.WAIT_DAYS} days on, receipts lie in the cheapest class that opens at once, no "
        "draft that was replaced is left, the current one is, and the unfinished upload is gone."
    ),
    given=(
        f"the bucket `{tidy.BUCKET}` with `{tidy.RECEIPT}`, three versions of `{tidy.DRAFT}`, and "
        f"an unfinished upload of `{tidy.FILM}`"
    ),
    lay=_lay_tidy,
    check=tidy.check,
    hints=(
        "Three wishes, three rules. Which are about the current object, which about versions, and "
        "which about something that is no object yet?",
        "`Transitions`, `NoncurrentVersionExpiration`, `AbortIncompleteMultipartUpload`. The class "
        "whose name says both *archive* and *at once* is `GLACIER_IR`.",
        "`s3.put_bucket_lifecycle_configuration(Bucket=records, LifecycleConfiguration={"
        '"Rules": [...]})`; the first rule has `"Transitions": [{"Days": 30, "StorageClass": '
        '"GLACIER_IR"}]` and the filter `{"Prefix": "receipts/"}`. Then '
        "`lab.clock.advance(days=40)`.",
    ),
    solution="""\
records = "records-123456789012"
to_archive = [{"Days": 30, "StorageClass": "GLACIER_IR"}]
receipts = rule("receipts", "receipts/", Transitions=to_archive)
replaced = {"NoncurrentDays": 30}
drafts = rule("drafts", "drafts/", NoncurrentVersionExpiration=replaced)
abort = {"DaysAfterInitiation": 7}
uploads = rule("uploads", "", AbortIncompleteMultipartUpload=abort)
s3.put_bucket_lifecycle_configuration(
    Bucket=records, LifecycleConfiguration={"Rules": [receipts, drafts, uploads]}
)
print(lab.clock.advance(days=40))
found = s3.head_object(Bucket=records, Key="receipts/2025.csv")
print(found["StorageClass"])
history(records, "drafts/gala.png")
""",
    claims=("s3-lifecycle", "s3-tiers", "s3-lifecycle-versions", "s3-multipart-unfinished"),
)

_PAGES = (
    ("index.html", b"<h1>The gala</h1>", "text/html"),
    ("pages/cast.html", b"<h1>The cast</h1>", "text/html"),
    ("orders/2026.csv", b"1041;ana;F7\n", "text/csv"),
)


def _lay_site(client: MakeClient) -> None:
    s3 = client("s3")
    fresh_bucket(s3, site.BUCKET)
    for key, body, kind in _PAGES:
        s3.put_object(Bucket=site.BUCKET, Key=key, Body=body, ContentType=kind)
    s3.put_bucket_website(
        Bucket=site.BUCKET, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}}
    )
    _block(s3, BlockPublicPolicy=False, RestrictPublicBuckets=False)
    s3.put_bucket_policy(
        Bucket=site.BUCKET,
        Policy=document(
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{site.BUCKET}/*",
            }
        ),
    )
    _block(s3, BlockPublicPolicy=True, RestrictPublicBuckets=True)


def _block(s3: Any, **settings: bool) -> None:
    every = {"BlockPublicAcls": True, "IgnorePublicAcls": True}
    s3.put_public_access_block(Bucket=site.BUCKET, PublicAccessBlockConfiguration=every | settings)


SITE = Exercise(
    id="site",
    title="The site that answers 403",
    task=(
        "Everybody sees `index.html` and what lies under `pages/`, and nobody without credentials "
        "sees `orders/`."
    ),
    given=(
        f"the bucket `{site.BUCKET}`, set up as a website, with a policy that somebody wrote, and "
        "with Block Public Access on"
    ),
    lay=_lay_site,
    check=site.check,
    hints=(
        "Two things decide what the public gets: a policy, and whether it counts. Read both "
        "before you change either: `get_bucket_policy`, `get_public_access_block`.",
        "The policy opens every object, and only the block keeps it from counting. So take the "
        "policy away first, then the block, then say what is for the public: a list in `Resource`.",
        "`s3.put_public_access_block(Bucket=gala, PublicAccessBlockConfiguration=acls_only)` as "
        "in the example, and `s3.put_bucket_policy(Bucket=gala, Policy=policy(pages))`, where "
        "`pages` allows `s3:GetObject` on `.../index.html` and `.../pages/*`.",
    ),
    solution="""\
gala = "gala-123456789012"
objects = f"arn:aws:s3:::{gala}"
pages = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": [f"{objects}/index.html", f"{objects}/pages/*"],
}
s3.delete_bucket_policy(Bucket=gala)
s3.put_public_access_block(
    Bucket=gala, PublicAccessBlockConfiguration=acls_only
)
s3.put_bucket_policy(Bucket=gala, Policy=policy(pages))
address = f"http://{gala}.s3-website-us-east-1.amazonaws.com"
for path in ("/", "/pages/cast.html", "/orders/2026.csv"):
    visit(address + path)
""",
    claims=("s3-website", "s3-public-block", "s3-bucket-policy"),
)


def _lay_link(client: MakeClient) -> None:
    s3, iam = client("s3"), client("iam")
    fresh_bucket(s3, link.BUCKET)
    s3.put_object(Bucket=link.BUCKET, Key=link.KEY, Body=b"1041: seat F7")
    read = document(
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{link.BUCKET}/*",
        }
    )
    remove_role(iam, link.ROLE)
    trust = document({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})
    iam.create_role(RoleName=link.ROLE, AssumeRolePolicyDocument=trust)
    iam.put_role_policy(RoleName=link.ROLE, PolicyName="tickets", PolicyDocument=read)
    remove_user(iam, "mail-bot")
    iam.create_user(UserName="mail-bot")
    iam.put_user_policy(UserName="mail-bot", PolicyName="tickets", PolicyDocument=read)


LINK = Exercise(
    id="link",
    title="A ticket that opens two days later",
    task=(
        f"A customer opens `{link.KEY}` by a presigned address, {link.HOURS} hours or more from "
        f"now, signed by a session of the role `{link.ROLE}`; nothing is public."
    ),
    given=(
        f"the bucket `{link.BUCKET}` with `{link.KEY}`; the role `{link.ROLE}` and the user "
        "`mail-bot`, which may read it"
    ),
    lay=_lay_link,
    check=link.check,
    hints=(
        "The address says that it is good for three days. Whose credentials signed it, and how "
        "long do *they* live?",
        "Three ways out: a key that never ends, a bucket that is open, or a signature that is "
        "made when it is needed. Only the last can still say no at the door.",
        'After the clock: `lab.as_role("mailer").client("s3", config=v4)'
        '.generate_presigned_url("get_object", Params=ticket, ExpiresIn=300)`, then `visit` it.',
    ),
    solution="""\
ticket = {"Bucket": "tickets-123456789012", "Key": "1041.pdf"}


def click():
    \"\"\"What the shop's own page does for a customer who is signed in there.\"\"\"
    mailer = lab.as_role("mailer").client("s3", config=v4)
    fresh = mailer.generate_presigned_url(
        "get_object", Params=ticket, ExpiresIn=300
    )
    visit(fresh)


print(lab.clock.advance(hours=48))
click()
""",
    claims=("s3-presigned-signer", "s3-signed-url"),
)

EXERCISES = (SOLD_ONCE, BRING_BACK, BUCKET_POLICY, TIDY, SITE, LINK)
