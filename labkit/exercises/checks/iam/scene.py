"""What each exercise of the IAM lab finds when it begins."""

from __future__ import annotations

import json
from typing import Any

from labkit.exercises.checks.iam import denials, listing, published, rotation, wildcard
from labkit.exercises.checks.iam.rights import POSTERS, REFUNDS
from labkit.exercises.frame import MakeClient
from labkit.exercises.ground import remove_bucket, remove_group, remove_policy, remove_user

_OBJECTS = {
    POSTERS: ("published/aida.png", "published/tosca.png", "drafts/carmen.png"),
    REFUNDS: ("january.csv",),
}


def lay_published(client: MakeClient) -> None:
    """`dora` may read one poster, by name."""
    _lay_buckets(client)
    iam = client("iam")
    remove_user(iam, published.USER)
    iam.create_user(UserName=published.USER)
    one = _allow("s3:GetObject", f"arn:aws:s3:::{POSTERS}/{published.KNOWN}")
    iam.put_user_policy(
        UserName=published.USER, PolicyName=published.POLICY, PolicyDocument=_document(one)
    )


def lay_listing(client: MakeClient) -> None:
    """`emil` has a policy that looks as if it allowed to list and read."""
    _lay_buckets(client)
    iam = client("iam")
    remove_user(iam, listing.USER)
    iam.create_user(UserName=listing.USER)
    looks_right = _allow(["s3:ListBucket", "s3:GetObject"], *_objects_of(POSTERS))
    iam.put_user_policy(
        UserName=listing.USER, PolicyName=listing.POLICY, PolicyDocument=_document(looks_right)
    )


def lay_two_denials(client: MakeClient) -> None:
    """`fay` and `gus` may delete, by one group; two statements deny it."""
    _lay_buckets(client)
    iam = client("iam")
    keep = f"arn:aws:iam::123456789012:policy/{denials.KEEP}"
    for name in (denials.FAY, denials.GUS):
        remove_user(iam, name)
    for group in ("editors", "interns"):
        remove_group(iam, group)
    remove_policy(iam, keep)
    iam.create_group(GroupName="editors")
    everyday = _allow(
        ["s3:ListBucket", "s3:GetObject", "s3:DeleteObject"],
        f"arn:aws:s3:::{POSTERS}",
        *_objects_of(POSTERS),
    )
    iam.put_group_policy(
        GroupName="editors", PolicyName="everyday", PolicyDocument=_document(everyday)
    )
    iam.create_group(GroupName="interns")
    careful = {"Sid": "InternsDeleteNothing", **_deny(["s3:Delete*", "s3:Put*"], "*")}
    iam.put_group_policy(
        GroupName="interns", PolicyName="careful", PolicyDocument=_document(careful)
    )
    promise = {
        "Sid": "PublishedStays",
        **_deny("s3:DeleteObject", f"arn:aws:s3:::{POSTERS}/published/*"),
    }
    iam.create_policy(PolicyName=denials.KEEP, PolicyDocument=_document(promise))
    for name in (denials.FAY, denials.GUS):
        iam.create_user(UserName=name)
        iam.attach_user_policy(UserName=name, PolicyArn=keep)
        for group in ("editors", "interns"):
            iam.add_user_to_group(GroupName=group, UserName=name)


def lay_rotate(client: MakeClient) -> None:
    """Three programs have the one access key of `printer` in their settings."""
    _lay_buckets(client)
    iam, s3 = client("iam"), client("s3")
    remove_user(iam, rotation.USER)
    remove_bucket(s3, rotation.HOUSE)
    iam.create_user(UserName=rotation.USER)
    read = _allow("s3:GetObject", f"arn:aws:s3:::{POSTERS}/published/*")
    iam.put_user_policy(
        UserName=rotation.USER, PolicyName="read-published", PolicyDocument=_document(read)
    )
    key = iam.create_access_key(UserName=rotation.USER)["AccessKey"]
    settings = json.dumps({"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]})
    s3.create_bucket(Bucket=rotation.HOUSE)
    for program in rotation.PROGRAMS:
        s3.put_object(Bucket=rotation.HOUSE, Key=f"{program}.json", Body=settings.encode())


def lay_wildcard(client: MakeClient) -> None:
    """`cleaner` may do everything to every bucket."""
    _lay_buckets(client)
    iam = client("iam")
    remove_user(iam, wildcard.USER)
    remove_policy(iam, wildcard.POLICY)
    iam.create_user(UserName=wildcard.USER)
    iam.create_policy(PolicyName=wildcard.USER, PolicyDocument=_document(_allow("s3:*", "*")))
    iam.attach_user_policy(UserName=wildcard.USER, PolicyArn=wildcard.POLICY)


def _lay_buckets(client: MakeClient) -> None:
    """The posters and the refunds are there, as the shop has them."""
    s3 = client("s3")
    for bucket, keys in _OBJECTS.items():
        remove_bucket(s3, bucket)
        s3.create_bucket(Bucket=bucket)
        for key in keys:
            s3.put_object(Bucket=bucket, Key=key, Body=key.encode())


def _document(*statements: dict[str, Any]) -> str:
    """A policy with these statements, as the text that IAM takes."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _allow(action: str | list[str], *resources: str) -> dict[str, Any]:
    """A statement that allows the action on the resources."""
    return {"Effect": "Allow", "Action": action, "Resource": list(resources)}


def _deny(action: str | list[str], *resources: str) -> dict[str, Any]:
    """A statement that denies the action on the resources."""
    return {**_allow(action, *resources), "Effect": "Deny"}


def _objects_of(*buckets: str) -> list[str]:
    return [f"arn:aws:s3:::{bucket}/*" for bucket in buckets]
