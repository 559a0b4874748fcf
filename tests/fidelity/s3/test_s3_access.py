"""Who gets in: public access is blocked and ACLs are off, until the owner says otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from labkit.facts import fact
from labkit.fidelity.authorisation import authoriser, people
from labkit.sandbox import Sandbox

Refusal = Callable[..., str]
Said = Callable[[requests.Response], dict[str, Any]]

ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
ADDRESS = "https://posters.s3.amazonaws.com/hamlet.png"
NO_ACLS = "AccessControlListNotSupported: The bucket does not allow ACLs"


def policy(action: str = "s3:GetObject", resource: str = "posters/*", **more: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": f"arn:aws:s3:::{resource}",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | more]})


# ---- Block Public Access ----


@pytest.mark.mends
def test_a_new_bucket_blocks_public_access(s3: Any, posters: str) -> None:
    found = s3.get_public_access_block(Bucket=posters)["PublicAccessBlockConfiguration"]

    assert found == {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }


@pytest.mark.right
def test_the_block_can_be_taken_away(s3: Any, posters: str, refusal: Refusal) -> None:
    s3.put_public_access_block(
        Bucket=posters, PublicAccessBlockConfiguration={"BlockPublicAcls": True}
    )
    s3.delete_public_access_block(Bucket=posters)

    assert refusal(s3.get_public_access_block, Bucket=posters) == (
        "NoSuchPublicAccessBlockConfiguration: The public access block configuration was not found"
    )


@pytest.mark.mends
def test_a_public_policy_is_blocked(s3: Any, posters: str, refusal: Refusal) -> None:
    assert refusal(s3.put_bucket_policy, Bucket=posters, Policy=policy()) == (
        "AccessDenied: User: arn:aws:iam::123456789012:user/learner is not authorized to perform: "
        's3:PutBucketPolicy on resource: "arn:aws:s3:::posters" because public policies are '
        "blocked by the BlockPublicPolicy block public access setting."
    )
    s3.put_bucket_policy(
        Bucket=posters, Policy=policy(Principal={"AWS": "arn:aws:iam::123456789012:root"})
    )


@pytest.mark.mends
def test_a_public_policy_counts_for_nothing_while_buckets_are_restricted(
    s3: Any, opened: str
) -> None:
    s3.put_bucket_policy(Bucket=opened, Policy=policy())
    assert requests.get(ADDRESS, timeout=5).status_code == 200

    s3.put_public_access_block(
        Bucket=opened, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True}
    )

    assert requests.get(ADDRESS, timeout=5).status_code == 403


@pytest.mark.mends
def test_a_public_acl_is_blocked(s3: Any, opened: str, refusal: Refusal) -> None:
    s3.put_public_access_block(
        Bucket=opened, PublicAccessBlockConfiguration={"BlockPublicAcls": True}
    )

    public = {"Bucket": opened, "Key": "hamlet.png", "ACL": "public-read"}
    granted = {"Bucket": opened, "Key": "lear.png", "GrantRead": f'uri="{ALL_USERS}"'}

    assert refusal(s3.put_object_acl, **public) == "AccessDenied: Access Denied"
    assert refusal(s3.put_object, **granted) == "AccessDenied: Access Denied"
    s3.put_object(Bucket=opened, Key="lear.png", ACL="private")


@pytest.mark.mends
def test_a_public_acl_counts_for_nothing_while_it_is_ignored(s3: Any, opened: str) -> None:
    s3.put_object_acl(Bucket=opened, Key="hamlet.png", ACL="public-read")
    assert requests.get(ADDRESS, timeout=5).status_code == 200

    s3.put_public_access_block(
        Bucket=opened, PublicAccessBlockConfiguration={"IgnorePublicAcls": True}
    )

    assert requests.get(ADDRESS, timeout=5).status_code == 403


# ---- ACLs ----


@pytest.mark.mends
def test_a_new_bucket_has_its_acls_off(s3: Any, posters: str) -> None:
    found = s3.get_bucket_ownership_controls(Bucket=posters)["OwnershipControls"]

    assert found == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


@pytest.mark.mends
def test_acls_are_off(s3: Any, posters: str, refusal: Refusal) -> None:
    where = {"Bucket": posters, "Key": "hamlet.png"}

    assert refusal(s3.put_object, **where, Body=b"", ACL="public-read") == NO_ACLS
    assert refusal(s3.put_object, **where, Body=b"", ACL="private") == NO_ACLS
    assert refusal(s3.put_object_acl, **where, ACL="public-read") == NO_ACLS
    assert refusal(s3.put_bucket_acl, Bucket=posters, ACL="public-read") == NO_ACLS
    assert refusal(s3.create_multipart_upload, **where, ACL="public-read") == NO_ACLS
    s3.put_object(**where, ACL="bucket-owner-full-control")


@pytest.mark.right
def test_an_acl_can_be_read_though_acls_are_off(s3: Any, posters: str) -> None:
    grants = s3.get_object_acl(Bucket=posters, Key="hamlet.png")["Grants"]

    assert [grant["Permission"] for grant in grants] == ["FULL_CONTROL"]


@pytest.mark.mends
def test_a_new_bucket_has_no_public_acl(s3: Any, refusal: Refusal) -> None:
    def said(**more: str) -> str:
        return refusal(s3.create_bucket, Bucket="flyers", **more).split(":")[0]

    assert said(ACL="public-read") == "InvalidBucketAclWithObjectOwnership"
    assert (
        said(ACL="public-read", ObjectOwnership="ObjectWriter")
        == "InvalidBucketAclWithBlockPublicAccessError"
    )
    s3.create_bucket(Bucket="flyers", ACL="private")


@pytest.mark.mends
def test_acls_that_grant_are_not_turned_off(s3: Any, opened: str, refusal: Refusal) -> None:
    s3.put_bucket_acl(Bucket=opened, ACL="public-read")
    off = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}

    said = refusal(s3.put_bucket_ownership_controls, Bucket=opened, OwnershipControls=off)

    assert said.startswith("InvalidBucketAclWithObjectOwnership: Bucket cannot have ACLs set")


# ---- nobody in particular ----


@pytest.mark.mends
def test_nobody_reads_or_writes_without_a_policy_that_says_so(
    s3: Any, posters: str, said: Said
) -> None:
    error = said(requests.get(ADDRESS, timeout=5))

    assert (error["Status"], error["Code"], error["Message"]) == (
        403,
        "AccessDenied",
        "Access Denied",
    )
    assert requests.put(ADDRESS, data=b"graffiti", timeout=5).status_code == 403
    assert s3.head_object(Bucket=posters, Key="hamlet.png")["ContentLength"] == 18


@pytest.mark.mends
def test_a_policy_lets_anybody_do_what_it_says_and_no_more(s3: Any, opened: str) -> None:
    s3.put_bucket_policy(Bucket=opened, Policy=policy())

    assert requests.get(ADDRESS, timeout=5).content == b"to be or not to be"
    assert (
        requests.get("https://posters.s3.amazonaws.com/?list-type=2", timeout=5).status_code == 403
    )
    assert requests.delete(ADDRESS, timeout=5).status_code == 403


@pytest.mark.mends
def test_the_conditions_of_a_bucket_policy_count(s3: Any, opened: str) -> None:
    office = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    s3.put_bucket_policy(Bucket=opened, Policy=policy(Condition=office))

    assert requests.get(ADDRESS, timeout=5).status_code == 403


@pytest.mark.mends
def test_who_may_not_list_is_not_told_what_is_missing(s3: Any, opened: str, said: Said) -> None:
    s3.put_bucket_policy(Bucket=opened, Policy=policy())
    missing = "https://posters.s3.amazonaws.com/otello.png"
    assert said(requests.get(missing, timeout=5))["Code"] == "AccessDenied"

    s3.delete_bucket_policy(Bucket=opened)
    both = json.loads(policy())
    both["Statement"] += json.loads(policy("s3:ListBucket", "posters"))["Statement"]
    s3.put_bucket_policy(Bucket=opened, Policy=json.dumps(both))

    assert said(requests.get(missing, timeout=5))["Code"] == "NoSuchKey"


def test_a_deny_in_the_bucket_policy_stops_its_own_users(
    s3: Any, posters: str, refusal: Refusal
) -> None:
    s3.put_bucket_policy(Bucket=posters, Policy=policy("s3:DeleteObject", Effect="Deny"))
    authoriser.current().enforced = True

    said = refusal(s3.delete_object, Bucket=posters, Key="hamlet.png")

    assert said.startswith("AccessDenied: User: arn:aws:iam::123456789012:user/learner is not ")


def test_a_deleted_object_is_missing_and_its_versions_are_not(
    sandbox: Sandbox, s3: Any, posters: str, refusal: Refusal
) -> None:
    hamlet = {"Bucket": posters, "Key": "hamlet.png"}
    s3.put_bucket_versioning(Bucket=posters, VersioningConfiguration={"Status": "Enabled"})
    s3.delete_object(**hamlet)
    iam = sandbox.client("iam")
    iam.create_user(UserName="bo")
    reads = {"Effect": "Allow", "Action": "s3:GetObject*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [reads]})
    iam.put_user_policy(UserName="bo", PolicyName="reads", PolicyDocument=document)
    authoriser.current().enforced = True
    bo = people.as_user("bo").client("s3")

    assert refusal(s3.get_object, **hamlet).startswith("NoSuchKey")
    assert refusal(bo.get_object, **hamlet).startswith("AccessDenied")
    assert bo.get_object(**hamlet, VersionId="null")["ContentLength"] == 18


# ---- what a policy must be ----


@pytest.mark.mends
def test_a_bucket_policy_is_well_formed(s3: Any, opened: str, refusal: Refusal) -> None:
    def said(text: str) -> str:
        return refusal(s3.put_bucket_policy, Bucket=opened, Policy=text)

    nobody = json.loads(policy())
    del nobody["Statement"][0]["Principal"]

    assert said("{") == (
        "MalformedPolicy: Policies must be valid JSON and the first byte must be '{'"
    )
    assert said(policy(resource="seats/*")) == "MalformedPolicy: Policy has invalid resource"
    assert said(policy(action="sqs:SendMessage")) == "MalformedPolicy: Policy has invalid action"
    assert said(json.dumps(nobody)) == "MalformedPolicy: Missing required field Principal"
    group = {"Principal": {"AWS": "arn:aws:iam::123456789012:group/designers"}}
    assert said(policy(**group)) == "MalformedPolicy: Invalid principal in policy"
    long = policy(Condition={"StringLike": {"aws:Referer": ["x" * 250] * 90}})
    assert len(long) > int(fact("s3.bucket_policy_max_bytes"))
    assert said(long) == "MalformedPolicy: Policy exceeds the maximum allowed document size."


@pytest.mark.right
def test_a_bucket_without_a_policy_says_so(s3: Any, posters: str, refusal: Refusal) -> None:
    assert refusal(s3.get_bucket_policy, Bucket=posters) == (
        "NoSuchBucketPolicy: The bucket policy does not exist"
    )


@pytest.mark.right
def test_a_policy_is_given_back_as_it_was_set(s3: Any, opened: str) -> None:
    s3.put_bucket_policy(Bucket=opened, Policy=policy())

    assert s3.get_bucket_policy(Bucket=opened)["Policy"] == policy()
    assert s3.get_bucket_policy_status(Bucket=opened)["PolicyStatus"] == {"IsPublic": True}
