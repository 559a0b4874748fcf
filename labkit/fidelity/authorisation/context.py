"""The condition keys that a request carries: the global ones, and those of its service.

A key of a service goes along only with an action that has it in the service authorization
reference, as on AWS: s3:prefix is there for s3:ListBucket and not for s3:GetObject.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit.fidelity.authorisation import s3
from labkit.fidelity.authorisation.asked import Asked, Need
from labkit.fidelity.authorisation.callers import iam_of
from labkit.fidelity.authorisation.policies import owner_of, role_by_arn
from labkit.fidelity.authorisation.tags import tags_of, written
from labkit.policy.actions import action as known_action
from labkit.policy.arn import account_of

Context = dict[str, Any]
SOURCE_IP = "203.0.113.25"  # an address of the documentation's: the learner's own is not known


def context_of(asked: Asked, need: Need, source_ip: str = SOURCE_IP) -> Context:
    """Every key that the request carries when this need of it is decided."""
    known = known_action(need.action)
    keys = known.keys if known is not None else frozenset()
    found = {**_general(asked, source_ip), **_of_caller(asked)}
    owner = account_of(need.resource) or owner_of(need.resource) or asked.account
    found["aws:ResourceAccount"] = owner
    special = {**_of_service(asked, need), **_tags(asked, need, keys), **need.context}
    for name, value in special.items():
        if known is None or _carries(keys, name.lower()) or name in need.context:
            found[name] = value
    return found


def _carries(keys: frozenset[str], name: str) -> bool:
    if name in keys:
        return True
    return any(key[-1] in "/:" and name.startswith(key) for key in keys)


def _general(asked: Asked, source_ip: str) -> Context:
    """What every signed request tells of itself."""
    now = asked.exchange.at
    found: Context = {
        "aws:CurrentTime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:SourceIp": source_ip,
        "aws:SecureTransport": asked.exchange.request.scheme == "https",
        "aws:RequestedRegion": asked.region,
        "aws:ViaAWSService": False,
    }
    for header, key in (("User-Agent", "aws:UserAgent"), ("Referer", "aws:Referer")):
        value = asked.header(header)
        if value is not None:
            found[key] = value
    return found


def _of_caller(asked: Asked) -> Context:
    """Who calls, with the tags of the user or role, and what its session adds."""
    caller, session = asked.caller, asked.caller.session
    found: Context = {}
    if caller.user_id:
        found["aws:userid"] = caller.user_id
    tags: dict[str, str] = {}
    if session is None:
        tags = tags_of(caller.arn) if caller.user_name else {}
    else:
        behind = session.role_arn or (caller.arn if caller.user_name else "")
        role = role_by_arn(session.role_arn) if session.role_arn else None
        if role is not None:
            found["aws:PrincipalArn"] = role.arn
        tags = {**tags_of(behind), **session.tags}
        found["aws:TokenIssueTime"] = f"{session.issued_at:%Y-%m-%dT%H:%M:%SZ}"
        found["aws:MultiFactorAuthPresent"] = session.mfa_at is not None
        if session.mfa_at is not None:
            age = asked.exchange.at - session.mfa_at
            found["aws:MultiFactorAuthAge"] = int(age.total_seconds())
        if session.source_identity:
            found["aws:SourceIdentity"] = session.source_identity
        found |= session.context
    if asked.service == "sts" and asked.params.get("TokenCode"):
        found |= {"aws:MultiFactorAuthPresent": True, "aws:MultiFactorAuthAge": 0}
    return found | {f"aws:PrincipalTag/{name}": value for name, value in tags.items()}


def _tags(asked: Asked, need: Need, keys: frozenset[str]) -> Context:
    """The tags in the request and those of the resource."""
    given: dict[str, str] = {}
    for parameter in ("Tags", "tags"):
        given |= written(asked.params.get(parameter))
    names = [*given, *(asked.params.get("TagKeys") or asked.params.get("tagKeys") or [])]
    found: Context = {f"aws:RequestTag/{name}": value for name, value in given.items()}
    if names:
        found["aws:TagKeys"] = names
    if "aws:resourcetag/" in keys:
        for name, value in tags_of(need.resource).items():
            found[f"aws:ResourceTag/{name}"] = value
            found[f"{asked.prefix}:ResourceTag/{name}"] = value
    return found


# ---- the keys of each service ----


def _of_service(asked: Asked, need: Need) -> Context:
    gather = _GATHER.get(need.action.split(":", 1)[0])
    return gather(asked, need) if gather is not None else {}


_S3_HEADERS = (
    "x-amz-acl",
    "x-amz-copy-source",
    "x-amz-grant-full-control",
    "x-amz-grant-read",
    "x-amz-grant-read-acp",
    "x-amz-grant-write",
    "x-amz-grant-write-acp",
    "x-amz-metadata-directive",
    "x-amz-object-ownership",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
    "x-amz-content-sha256",
)


def _of_s3(asked: Asked, need: Need) -> Context:
    params = asked.params
    found: Context = {}
    for header in _S3_HEADERS:
        value = asked.header(header)
        if value is not None:
            found["s3:" + header] = value
    for parameter, key in (
        ("Prefix", "s3:prefix"),
        ("Delimiter", "s3:delimiter"),
        ("MaxKeys", "s3:max-keys"),
        ("VersionId", "s3:VersionId"),
        ("ObjectLockMode", "s3:object-lock-mode"),
        ("ObjectLockLegalHoldStatus", "s3:object-lock-legal-hold"),
        ("IfNoneMatch", "s3:if-none-match"),
        ("IfMatch", "s3:if-match"),
    ):
        if parameter in params:
            found[key] = params[parameter]
    location = (params.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    if location:
        found["s3:LocationConstraint"] = location
    found["s3:signatureversion"] = "AWS4-HMAC-SHA256"
    presigned = "X-Amz-Signature" in asked.exchange.request.args
    found["s3:authType"] = "REST-QUERY-STRING" if presigned else "REST-HEADER"
    found["s3:ResourceAccount"] = owner_of(need.resource) or asked.account
    tagging = params.get("Tagging")
    asked_tags = _s3_tags(tagging)
    for name, value in asked_tags.items():
        found[f"s3:RequestObjectTag/{name}"] = value
    if asked_tags:
        found["s3:RequestObjectTagKeys"] = sorted(asked_tags)
    for name, value in s3.object_tags(need.resource).items():
        found[f"s3:ExistingObjectTag/{name}"] = value
    return found


def _s3_tags(tagging: Any) -> dict[str, str]:
    """Tags in the query form of a header, or in the body of PutObjectTagging."""
    from urllib.parse import parse_qsl

    if isinstance(tagging, str):
        return dict(parse_qsl(tagging, keep_blank_values=True))
    return written((tagging or {}).get("TagSet"))


def _of_iam(asked: Asked, need: Need) -> Context:
    found: Context = {}
    if asked.params.get("PolicyArn"):
        found["iam:PolicyARN"] = asked.params["PolicyArn"]
    boundary = asked.params.get("PermissionsBoundary") or _held_boundary(asked)
    if boundary:
        found["iam:PermissionsBoundary"] = boundary
    if asked.params.get("AWSServiceName"):
        found["iam:AWSServiceName"] = asked.params["AWSServiceName"]
    return found


def _held_boundary(asked: Asked) -> str:
    """The boundary that the user or role that a call changes has now."""
    iam = iam_of(asked.account)
    entity = iam.users.get(asked.params.get("UserName"))
    for role in iam.roles.values():
        if role.name == asked.params.get("RoleName"):
            entity = role
    return str(getattr(entity, "permissions_boundary_arn", None) or "")


def _of_sts(asked: Asked, need: Need) -> Context:
    params = asked.params
    names = ("ExternalId", "RoleSessionName", "SourceIdentity", "DurationSeconds")
    found: Context = {f"sts:{name}": params[name] for name in names if name in params}
    if params.get("TransitiveTagKeys"):
        found["sts:TransitiveTagKeys"] = params["TransitiveTagKeys"]
    return found


def _of_lambda(asked: Asked, need: Need) -> Context:
    params = asked.params
    found: Context = {}
    if params.get("FunctionName"):
        name = str(params["FunctionName"]).split("function:", 1)[-1].split(":", 1)[0]
        found["lambda:FunctionArn"] = asked.arn("lambda", f"function:{name}")
    for parameter in ("Principal", "FunctionUrlAuthType"):
        if params.get(parameter):
            found[f"lambda:{parameter}"] = params[parameter]
    if params.get("Layers"):
        found["lambda:Layer"] = params["Layers"]
    return found


def _of_sns(asked: Asked, need: Need) -> Context:
    names = ("Endpoint", "Protocol")
    return {f"sns:{name}": asked.params[name] for name in names if name in asked.params}


def _of_ssm(asked: Asked, need: Need) -> Context:
    names = ("Overwrite", "Recursive")
    return {f"ssm:{name}": asked.params[name] for name in names if name in asked.params}


def _of_ec2(asked: Asked, need: Need) -> Context:
    params = asked.params
    found: Context = {"ec2:Region": asked.region}
    for parameter in ("InstanceType", "VolumeType", "VolumeSize", "Encrypted", "AvailabilityZone"):
        if params.get(parameter) is not None:
            found[f"ec2:{parameter}"] = params[parameter]
    for specification in params.get("TagSpecifications") or []:
        for name, value in written(specification.get("Tags")).items():
            found[f"aws:RequestTag/{name}"] = value
            found.setdefault("aws:TagKeys", []).append(name)
    if need.action in ("ec2:CreateTags", "ec2:RunInstances"):
        found["ec2:CreateAction"] = asked.operation
    return found


def _of_secrets(asked: Asked, need: Need) -> Context:
    params = asked.params
    found: Context = {"secretsmanager:VersionStage": params.get("VersionStage", "AWSCURRENT")}
    for parameter in ("SecretId", "Name", "VersionId"):
        if params.get(parameter):
            found[f"secretsmanager:{parameter}"] = params[parameter]
    return found


_GATHER: dict[str, Callable[[Asked, Need], Context]] = {
    "ec2": _of_ec2,
    "iam": _of_iam,
    "lambda": _of_lambda,
    "s3": _of_s3,
    "secretsmanager": _of_secrets,
    "sns": _of_sns,
    "ssm": _of_ssm,
    "sts": _of_sts,
}
