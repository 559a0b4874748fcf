"""Which resources a call names: the forms of ARNs in the tables, filled from its parameters."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import product
from typing import Any

from labkit.fidelity.authorisation.asked import Asked
from labkit.fidelity.authorisation.callers import iam_of
from labkit.policy.actions import Action, resource_form

# What stands for the resource of an action that works on none in particular, where the service
# names one in its denials.
_WHOLE = {
    "dynamodb": "table/*",
    "logs": "log-group::log-stream:",
    "sns": "*",
    "sqs": "",
    "ssm": "*",
    "states": "stateMachine:*",
}
# In IAM that goes by the operation, and some have none even in its denials.
# https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns
_LISTED = {"ListGroups": "group/*", "ListRoles": "role/*", "ListUsers": "user/*"}
_HOLE = re.compile(r"\$\{(\w+)\}")
_QUEUE_URL = re.compile(r"/(\d{12})/[^/]+$")

# Parameters that are named otherwise than what they fill.
_NAMES = {
    ("cloudformation", "Id"): (),
    ("cloudwatch", "AlarmName"): ("AlarmNames",),
    ("codebuild", "ProjectName"): ("projectName", "name"),
    ("codepipeline", "PipelineName"): ("pipelineName", "name"),
    ("cognito-idp", "UserPoolId"): ("UserPoolId",),
    ("rds", "DbInstanceName"): ("DBInstanceIdentifier",),
    ("rds", "DbClusterInstanceName"): ("DBClusterIdentifier",),
    ("rds", "SnapshotName"): ("DBSnapshotIdentifier",),
    ("rds", "SubnetGroupName"): ("DBSubnetGroupName",),
    ("rds", "ParameterGroupName"): ("DBParameterGroupName",),
    ("route53", "Id"): ("HostedZoneId", "Id"),
}


def resources_of(asked: Asked, action: Action) -> list[str]:
    """The ARNs that a call names for an action; every one of them must be allowed.

    Of the resource types that are not always named, the first that the parameters fill is it.
    """
    if action.required:
        named = [_filled(asked, kind) or [_open(asked, kind)] for kind in action.required]
        return [_as_asked_for(asked, arn) for arns in named for arn in arns]
    for kind in action.resources:
        found = _filled(asked, kind)
        if found:
            return [_as_asked_for(asked, arn) for arn in found]
    if asked.prefix == "iam" and asked.operation in _LISTED:
        return [asked.arn("iam", _LISTED[asked.operation])]
    if asked.prefix in _WHOLE:
        return [asked.arn(asked.prefix, _WHOLE[asked.prefix])]
    return ["*"]


def _as_asked_for(asked: Asked, arn: str) -> str:
    """CloudWatch Logs asks for a log group as for a stream in it, except where tags are put.

    So policies name `log-group:NAME:*`.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    """
    is_group = asked.prefix == "logs" and ":log-group:" in arn and ":log-stream:" not in arn
    if not is_group or "Tag" in asked.operation:
        return arn
    return f"{arn.removesuffix(':*')}:log-stream:{asked.params.get('logStreamName', '')}"


def _open(asked: Asked, kind: str) -> str:
    """The ARN with a star for each part that the call does not name, as for what it creates."""
    return _written(asked, resource_form(asked.prefix, kind), {})


def _filled(asked: Asked, kind: str) -> list[str]:
    """The ARNs of one resource type that the parameters name; none if they leave a part out."""
    form = resource_form(asked.prefix, kind)
    given = [arn for arn in _arns(asked) if _pattern(form).fullmatch(arn)]
    if given:
        return given
    holes = [hole for hole in _HOLE.findall(form) if not _own(asked, hole)]
    values = [_values(asked, hole) for hole in holes]
    if not holes or not all(values):
        return []
    return [
        _written(asked, form, dict(zip(holes, chosen, strict=True))) for chosen in product(*values)
    ]


def _written(asked: Asked, form: str, parts: dict[str, str]) -> str:
    return _HOLE.sub(lambda hole: _own(asked, hole[1]) or parts.get(hole[1], "*"), form)


def _own(asked: Asked, hole: str) -> str:
    return {"Partition": "aws", "Region": asked.region, "Account": _owner(asked)}.get(hole, "")


def _owner(asked: Asked) -> str:
    """The account of what the call names: the caller's, but for a queue that tells its own."""
    owner = queue_owner(asked.params) if asked.prefix == "sqs" else ""
    return owner or asked.account


def queue_owner(params: dict[str, Any]) -> str:
    """The account that a request to SQS names as the queue's, in its URL or beside its name."""
    return str(params.get("QueueOwnerAWSAccountId") or "") or "".join(
        _QUEUE_URL.findall(str(params.get("QueueUrl", "")))
    )


@lru_cache(maxsize=1024)
def _pattern(form: str) -> re.Pattern[str]:
    """What an ARN of this form looks like; the account and Region may be any."""
    parts = re.split(r"\$\{\w+\}", form)
    return re.compile(".+?".join(map(re.escape, parts)))


def _arns(asked: Asked) -> list[str]:
    """Every parameter that is an ARN, at the first level."""
    texts = []
    for value in asked.params.values():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and text.startswith("arn:"):
                texts.append(text)
    return texts


def _values(asked: Asked, hole: str) -> list[str]:
    special = _SPECIAL.get((asked.prefix, hole))
    if special is not None:
        return special(asked)
    for name in _NAMES.get((asked.prefix, hole), (hole, hole + "s", *_shorter(hole))):
        value = asked.lower.get(name.lower())
        texts = [text for text in (value if isinstance(value, list) else [value]) if text]
        if texts and all(isinstance(text, str) for text in texts):
            return [_last(text) for text in map(str, texts)]
    return []


def _last(text: str) -> str:
    return text.rsplit(":", 1)[-1] if text.startswith("arn:") else text


def _shorter(hole: str) -> tuple[str, ...]:
    """`StateMachineName` may be given as `name`, `ClusterName` as `cluster`."""
    return ("Name", hole.removesuffix("Name")) if hole.endswith("Name") else ()


# ---- parts that take more than a look at a parameter ----


def _queue_name(asked: Asked) -> list[str]:
    url = str(asked.params.get("QueueUrl", ""))
    name = url.rsplit("/", 1)[-1] or str(asked.params.get("QueueName", ""))
    return [name] if name else []


def _function_name(asked: Asked) -> list[str]:
    """A function's name without the account, and with the qualifier if one is given."""
    given = str(asked.params.get("FunctionName", ""))
    if not given:
        return []
    name = given.split("function:", 1)[-1].split(":", 1)
    qualifier = asked.params.get("Qualifier") or (name[1] if len(name) > 1 else "")
    return [f"{name[0]}:{qualifier}" if qualifier else name[0]]


def _parameter_names(asked: Asked) -> list[str]:
    """The names of Parameter Store, with no slash in front, version or label."""
    given = asked.params.get("Names") or asked.params.get("Name") or asked.params.get("Path")
    if given is None and asked.params.get("ResourceType") == "Parameter":
        given = asked.params.get("ResourceId")
    names = given if isinstance(given, list) else [given or ""]
    return [
        str(name).split(":parameter/", 1)[-1].lstrip("/").split(":", 1)[0] for name in names if name
    ]


def _stream_name(asked: Asked) -> list[str]:
    iterator = asked.params.get("ShardIterator")
    if asked.params.get("StreamName"):
        return [str(asked.params["StreamName"])]
    if not iterator:
        return []
    from moto.kinesis.utils import decompose_shard_iterator

    return [str(decompose_shard_iterator(iterator)[0])]


def _secret_id(asked: Asked) -> list[str]:
    """A secret's name with the six characters that AWS adds, which only the secret knows."""
    name = str(asked.params.get("SecretId") or asked.params.get("Name") or "")
    if asked.operation == "CreateSecret" or not name:
        return [name + "-??????"] if name else []
    from moto.secretsmanager.models import secretsmanager_backends

    backend = secretsmanager_backends[asked.account][asked.region]
    for secret in backend.secrets.values():
        if name in (secret.name, secret.arn):
            return [str(secret.arn).split(":secret:", 1)[1]]
    return [name]


def _table_name(asked: Asked) -> list[str]:
    given = str(asked.params.get("TableName") or asked.params.get("SourceTableName") or "")
    return [given.rsplit("table/", 1)[-1]] if given else []


def _log_group(asked: Asked) -> list[str]:
    name = asked.params.get("logGroupName") or asked.params.get("logGroupIdentifier")
    return [str(name).split("log-group:", 1)[-1]] if name else []


def _stack(asked: Asked) -> list[str]:
    name = str(asked.params.get("StackName", ""))
    return [name] if name else []


def _user(asked: Asked) -> list[str]:
    """A user with its path; the caller's own where an operation leaves the name out."""
    name = asked.params.get("UserName") or asked.caller.user_name
    return [_with_path(asked, name, iam_of(asked.account).users.get(name))] if name else []


def _group(asked: Asked) -> list[str]:
    name = asked.params.get("GroupName")
    return [_with_path(asked, name, iam_of(asked.account).groups.get(name))] if name else []


def _role(asked: Asked) -> list[str]:
    name = asked.params.get("RoleName")
    if not name:
        return []
    roles = [role for role in iam_of(asked.account).roles.values() if role.name == name]
    return [_with_path(asked, name, roles[0] if roles else None)]


def _policy(asked: Asked) -> list[str]:
    name = asked.params.get("PolicyName") if asked.operation == "CreatePolicy" else None
    return [_with_path(asked, name, None)] if name else []


def _profile(asked: Asked) -> list[str]:
    name = asked.params.get("InstanceProfileName")
    if not name:
        return []
    profiles = iam_of(asked.account).instance_profiles.values()
    found = [profile for profile in profiles if profile.name == name]
    return [_with_path(asked, name, found[0] if found else None)]


def _with_path(asked: Asked, name: str, entity: object) -> str:
    path = str(getattr(entity, "path", None) or asked.params.get("Path") or "/")
    return path.lstrip("/") + name


_SPECIAL: dict[tuple[str, str], Callable[[Asked], list[str]]] = {
    ("cloudformation", "StackName"): _stack,
    ("dynamodb", "TableName"): _table_name,
    ("iam", "GroupNameWithPath"): _group,
    ("iam", "InstanceProfileNameWithPath"): _profile,
    ("iam", "PolicyNameWithPath"): _policy,
    ("iam", "RoleNameWithPath"): _role,
    ("iam", "UserNameWithPath"): _user,
    ("kinesis", "StreamName"): _stream_name,
    ("lambda", "FunctionName"): _function_name,
    ("logs", "LogGroupName"): _log_group,
    ("secretsmanager", "SecretId"): _secret_id,
    ("sqs", "QueueName"): _queue_name,
    ("ssm", "ParameterNameWithoutLeadingSlash"): _parameter_names,
}
