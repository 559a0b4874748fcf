"""Public access is blocked and ACLs are off, until the owner of a bucket says otherwise.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.s3.utils import bucket_policy_is_public

from labkit.fidelity.authorisation.strangers import strangers_in
from labkit.fidelity.registry import rule
from labkit.fidelity.s3.common import API, GUIDE, body_of, bucket_of, header, limit
from labkit.policy import PolicyError, compile_policy
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_BLOCK = GUIDE + "access-control-block-public-access.html"
_OWNERSHIP = GUIDE + "about-object-ownership.html"
_PUBLIC = ("public-read", "public-read-write", "authenticated-read")
_EVERYBODY = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)


def _acl_of(exchange: Exchange) -> tuple[str, str]:
    """The canned ACL that is asked for, and the grants in headers or body as one text."""
    grants = [
        str(value)
        for name, value in exchange.request.headers.items()
        if str(name).lower().startswith("x-amz-grant-")
    ]
    if exchange.operation in ("PutObjectAcl", "PutBucketAcl"):
        grants.append(body_of(exchange).decode("utf-8", "replace"))
    return header(exchange, "x-amz-acl"), " ".join(filter(None, grants))


def _is_public(canned: str, grants: str) -> bool:
    return canned in _PUBLIC or any(group in grants for group in _EVERYBODY)


@rule(
    "s3",
    "PutObject",
    "CopyObject",
    "CreateMultipartUpload",
    "PutObjectAcl",
    "PutBucketAcl",
    when="before",
    follows=_OWNERSHIP,
    corrects="moto sets every ACL",
)
def acls_are_off(exchange: Exchange) -> None:
    """A bucket takes no ACLs unless its owner turns them on (ObjectOwnership).

    AccessControlListNotSupported; bucket-owner-full-control is accepted, and changes nothing.
    """
    canned, grants = _acl_of(exchange)
    bucket = bucket_of(exchange)
    if bucket is None or not (canned or grants) or bucket.ownership_rule != "BucketOwnerEnforced":
        return
    if canned == "bucket-owner-full-control" and not grants:
        return
    if exchange.operation in ("PutBucketAcl", "PutObjectAcl") and not canned:
        return _refuse_foreign_grants(grants)
    raise _acls_are_off()


def _refuse_foreign_grants(grants: str) -> None:
    """An ACL in full that gives the owner full control, and nothing else, is as it is anyway."""
    if grants.count("<Permission>") != 1 or "FULL_CONTROL" not in grants:
        raise _acls_are_off()


def _acls_are_off() -> AwsError:
    return AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs", 400)


@rule(
    "s3",
    "PutObject",
    "CopyObject",
    "CreateMultipartUpload",
    "PutObjectAcl",
    "PutBucketAcl",
    when="before",
    follows=_BLOCK,
    corrects="moto sets a public ACL whatever is blocked",
)
def a_public_acl_is_blocked(exchange: Exchange) -> None:
    """With BlockPublicAcls, which a new bucket has, no ACL can open an object to the public.

    AccessDenied.
    """
    bucket = bucket_of(exchange)
    settings = getattr(bucket, "public_access_block", None)
    if settings is not None and settings.block_public_acls and _is_public(*_acl_of(exchange)):
        raise AwsError("AccessDenied", "Access Denied", 403)


@rule(
    "s3",
    "CreateBucket",
    when="before",
    follows=API + "API_CreateBucket.html",
    corrects="moto makes a bucket with a public ACL",
)
def a_new_bucket_has_no_public_acl(exchange: Exchange) -> None:
    """A bucket is not created with an ACL that opens it.

    InvalidBucketAclWithObjectOwnership, or, with ACLs turned on,
    InvalidBucketAclWithBlockPublicAccessError.
    """
    canned, grants = _acl_of(exchange)
    if canned in ("", "private") and not grants:
        return
    if header(exchange, "x-amz-object-ownership") in ("", "BucketOwnerEnforced"):
        raise AwsError(
            "InvalidBucketAclWithObjectOwnership",
            "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            400,
        )
    if _is_public(canned, grants):
        raise AwsError(
            "InvalidBucketAclWithBlockPublicAccessError",
            "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
            400,
        )


@rule(
    "s3",
    "PutBucketOwnershipControls",
    when="before",
    follows=_OWNERSHIP,
    corrects="moto turns ACLs off whatever they grant",
)
def acls_that_grant_are_not_turned_off(exchange: Exchange) -> None:
    """ACLs are not turned off while the bucket's ACL gives something to others.

    InvalidBucketAclWithObjectOwnership.
    """
    bucket = bucket_of(exchange)
    if bucket is None or b"BucketOwnerEnforced" not in body_of(exchange):
        return
    grantees = [grantee for grant in bucket.acl.grants for grantee in grant.grantees]
    if any(grantee.uri for grantee in grantees):
        raise AwsError(
            "InvalidBucketAclWithObjectOwnership",
            "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            400,
        )


@rule(
    "s3",
    "PutBucketPolicy",
    when="before",
    follows=_BLOCK,
    corrects="moto stores a public policy",
)
def a_public_policy_is_blocked(exchange: Exchange) -> None:
    """With BlockPublicPolicy, which a new bucket has, a policy that opens it is refused.

    AccessDenied, naming the setting. A policy is public if it allows everybody without a condition.
    """
    bucket = bucket_of(exchange)
    settings = getattr(bucket, "public_access_block", None)
    if settings is None or not settings.block_public_policy:
        return
    if bucket_policy_is_public(body_of(exchange)):
        raise AwsError(
            "AccessDenied",
            f"User: {exchange.principal} is not authorized to perform: s3:PutBucketPolicy on "
            f'resource: "arn:aws:s3:::{bucket.name}" because public policies are blocked by the '
            "BlockPublicPolicy block public access setting.",
            403,
        )


@rule(
    "s3",
    "PutBucketPolicy",
    when="before",
    follows=API + "API_PutBucketPolicy.html",
    corrects="moto stores any text as a policy",
)
def a_bucket_policy_is_well_formed(exchange: Exchange) -> None:
    """A bucket policy is JSON, names principals that exist, and speaks of its own bucket only.

    MalformedPolicy, saying what is wrong with it.
    """
    text, bucket = body_of(exchange), exchange.handler.bucket_name
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise _malformed("Policies must be valid JSON and the first byte must be '{'")
    statements = document.get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    if not statements:
        raise _malformed("Missing required field Statement")
    for statement in statements:
        _check_statement(statement, bucket)
    if len(text) > limit("bucket_policy_max_bytes"):
        raise _malformed("Policy exceeds the maximum allowed document size.")
    try:
        compile_policy(json.dumps(document))
    except PolicyError as error:
        raise _malformed(str(error)) from error
    if strangers_in(statements):
        raise _malformed("Invalid principal in policy")


def _check_statement(statement: Any, bucket: str) -> None:
    if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed("Invalid effect: the effect must be Allow or Deny")
    for field in ("Principal", "Action", "Resource"):
        if field not in statement and f"Not{field}" not in statement:
            raise _malformed(f"Missing required field {field}")
    actions, resources = (
        found if isinstance(found, list) else [found]
        for found in (statement.get("Action", []), statement.get("Resource", []))
    )
    if any(action != "*" and not str(action).lower().startswith("s3:") for action in actions):
        raise _malformed("Policy has invalid action")
    own = f"arn:aws:s3:::{bucket}"
    if any(found != own and not str(found).startswith(own + "/") for found in resources):
        raise _malformed("Policy has invalid resource")


def _malformed(sentence: str) -> AwsError:
    return AwsError("MalformedPolicy", sentence, 400)
