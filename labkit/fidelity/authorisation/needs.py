"""What a call needs to be allowed: one action on one resource for most, several for some.

An operation needs the action of its own name, except where `_NAMED` or a module of this package
says otherwise. The test of this module holds the exceptions against botocore's models.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from labkit.fidelity.authorisation import dynamodb, kms, s3
from labkit.fidelity.authorisation.asked import Asked, Need
from labkit.fidelity.authorisation.callers import iam_of
from labkit.fidelity.authorisation.passing import PASSES
from labkit.fidelity.authorisation.resources import resources_of
from labkit.policy.actions import action as known_action

# Operations whose action has another name. The service authorization reference says so where it
# describes the action; batches: "permission of the single action covers its batch".
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
_NAMED = {
    "dynamodb:BatchExecuteStatement": "PartiQLSelect",
    "dynamodb:ExecuteStatement": "PartiQLSelect",
    "dynamodb:ExecuteTransaction": "PartiQLSelect",
    "lambda:GetLayerVersionByArn": "GetLayerVersion",
    "lambda:Invoke": "InvokeFunction",
    "lambda:InvokeWithResponseStream": "InvokeFunction",
    "sns:PublishBatch": "Publish",
    "sqs:ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "DeleteMessage",
    "sqs:SendMessageBatch": "SendMessage",
}


def _assuming(asked: Asked) -> list[Need] | None:
    """Tags and a source identity that are passed to a session need actions of their own.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    """
    if asked.operation != "AssumeRole":
        return None
    role = str(asked.params.get("RoleArn", ""))
    found = [Need("sts:AssumeRole", role)]
    if asked.params.get("Tags"):
        found.append(Need("sts:TagSession", role))
    if asked.params.get("SourceIdentity"):
        found.append(Need("sts:SetSourceIdentity", role))
    return found


_SPECIAL: dict[str, Callable[[Asked], list[Need] | None]] = {
    "dynamodb": dynamodb.needs,
    "kms": kms.needs,
    "s3": s3.needs,
    "sts": _assuming,
}
# A HEAD is read as a GET.
_VERBS = {"GET": "GET", "HEAD": "GET", "POST": "POST", "PUT": "PUT", "PATCH": "PATCH"}


def needs_of(asked: Asked) -> list[Need]:
    """Everything that must be allowed for a call, in the order in which AWS asks."""
    special = _SPECIAL.get(asked.prefix)
    found = special(asked) if special is not None else None
    if found is None:
        found = _managing_apis(asked) if asked.prefix == "apigateway" else _usual(asked)
    return [*found, *_roles_passed(asked)]


def action_name(prefix: str, operation: str) -> str:
    """The action of an operation, as `lambda:InvokeFunction`, as it is written in policies."""
    name = _NAMED.get(f"{prefix}:{operation}", operation)
    if prefix == "s3":
        name = s3.ACTIONS.get(operation, operation)
    known = known_action(f"{prefix}:{name}")
    return f"{prefix}:{known.name if known else name}"


def _usual(asked: Asked) -> list[Need]:
    name = action_name(asked.prefix, asked.operation)
    known = known_action(name)
    if known is None:
        return [Need(name, "*")]
    return [Need(name, arn) for arn in resources_of(asked, known)]


def _managing_apis(asked: Asked) -> list[Need]:
    """API Gateway's actions are HTTP's verbs, its resources the paths of its own API.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-create-and-manage-apis.html
    """
    method = asked.exchange.request.method
    arn = f"arn:aws:apigateway:{asked.region}::{asked.exchange.request.path}"
    return [Need("apigateway:" + _VERBS.get(method, method), arn)]


def _roles_passed(asked: Asked) -> Iterator[Need]:
    """iam:PassRole on each role that a call hands to a service.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    for path, service in PASSES.get((asked.service, asked.operation), ()):
        for value in _at(asked.params, path.split(".")):
            for arn in _roles(asked, str(value)):
                yield Need("iam:PassRole", arn, {"iam:PassedToService": service})


def _at(value: Any, path: list[str]) -> list[Any]:
    """What stands at a path in the parameters; a list on the way stands for all its entries."""
    if isinstance(value, list):
        return [found for entry in value for found in _at(entry, path)]
    if not path:
        return [value] if value else []
    return _at(value.get(path[0]), path[1:]) if isinstance(value, dict) else []


def _roles(asked: Asked, text: str) -> list[str]:
    """The ARNs of a role that is named, or of those in an instance profile."""
    iam = iam_of(asked.account)
    if re.match(r"arn:aws:iam::\d*:role/", text):
        return [text]
    named = text.rsplit("/", 1)[-1]
    for profile in iam.instance_profiles.values():
        if profile.name == named:
            return [role.arn for role in profile.roles]
    return [role.arn for role in iam.roles.values() if role.name == named]
