"""Exercise 5: a website that answers 403, in a bucket where not everything is for everybody."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.s3.scene import on, policy_of
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

BUCKET = "gala-123456789012"
ADDRESS = f"http://{BUCKET}.s3-website-us-east-1.amazonaws.com"
PAGES = ("", "pages/cast.html")  # the first shows its index document
PRIVATE = ("orders/2026.csv",)
EXPECTED = "everybody sees `index.html` and what lies under `pages/`, and nobody sees `orders/`."


def check(evidence: Evidence) -> Outcome:
    """A visitor without credentials gets the pages and is refused the orders."""
    seen = {path: _status(evidence, path) for path in (*PAGES, *PRIVATE)}
    return (
        _orders_open(evidence, seen)
        or _listed(evidence)
        or _moved(evidence)
        or _closed(evidence, seen)
        or Passed(
            "The site answers 200, and `orders/2026.csv` 403. Both locks had to open: the block "
            "that kept a public policy from counting, and a policy that names what is public. "
            "The rest is as private as before."
        )
    )


def _status(evidence: Evidence, path: str) -> int:
    from botocore.awsrequest import AWSRequest
    from botocore.httpsession import URLLib3Session

    request = AWSRequest("GET", f"{ADDRESS}/{path}").prepare()
    with evidence.sandbox.quietly():
        return int(URLLib3Session().send(request).status_code)


def _orders_open(evidence: Evidence, seen: dict[str, int]) -> Outcome | None:
    if not [path for path in PRIVATE if seen[path] == 200]:
        return None
    return Incorrect(
        f"Everybody can read `{PRIVATE[0]}`: names, seats, addresses.",
        EXPECTED,
        f"The policy allows `arn:aws:s3:::{BUCKET}/*`, and now it counts. Block Public Access was "
        "what kept the mistake harmless. Name in `Resource` what is for the public.",
    )


def _listed(evidence: Evidence) -> Outcome | None:
    if "s3:List" not in policy_of(evidence, BUCKET) and "s3:*" not in policy_of(evidence, BUCKET):
        return None
    return Incorrect(
        "The policy allows more than reading objects.",
        EXPECTED,
        "With `s3:ListBucket` everybody sees every key, those of `orders/` too. A website needs "
        "`s3:GetObject`.",
    )


def _moved(evidence: Evidence) -> Outcome | None:
    s3 = evidence.client("s3")
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix="orders/").get("Contents", [])
    if found:
        return None
    return Incorrect(
        "`orders/` is empty.",
        EXPECTED,
        "Other programs look for the orders where they were. A prefix can stay private where it "
        "is.",
    )


def _closed(evidence: Evidence, seen: dict[str, int]) -> Outcome | None:
    if all(seen[path] == 200 for path in PAGES):
        return None
    block = _block(evidence)
    policy = policy_of(evidence, BUCKET)
    refused = [call for call in on(evidence, BUCKET, "PutBucketPolicy") if call.error_code]
    if refused and not policy:
        return Incorrect(
            f"S3 refused the policy ({refused[-1].error_code}).",
            EXPECTED,
            "`BlockPublicPolicy` refuses public policies. It is one of the four settings of Block "
            "Public Access.",
        )
    if on(evidence, BUCKET, "PutObjectAcl", "PutBucketAcl"):
        return Incorrect(
            "You set an ACL, and the site still answers 403.",
            EXPECTED,
            "ACLs are off in this bucket, as in every new one. What is public is said by its "
            "policy.",
        )
    if block.get("RestrictPublicBuckets"):
        return NotYet(
            f"The site answers {seen['']}. The policy allows everybody to read, and "
            "`RestrictPublicBuckets` is on: a public policy counts for nothing then.",
            "First look what the policy opens; then take the block away.",
        )
    missing = next(path for path in PAGES if seen[path] != 200)
    return Incorrect(
        f"`/{missing}` answers {seen[missing]}.",
        EXPECTED,
        "Nothing is blocked any more, so the policy decides. The index page is an object in its "
        "own right: `index.html`.",
    )


def _block(evidence: Evidence) -> dict[str, Any]:
    s3 = evidence.client("s3")
    try:
        found = s3.get_public_access_block(Bucket=BUCKET)
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchPublicAccessBlockConfiguration":
            raise
        return {}
    return dict(found["PublicAccessBlockConfiguration"])
