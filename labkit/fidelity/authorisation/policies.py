"""The policies that have a say in a request: the caller's own, and that of the resource."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from labkit.errors import BrokenLab
from labkit.fidelity.authorisation.callers import Caller, iam_of
from labkit.fidelity.authorisation.grants import with_grants
from labkit.policy import Policy, PolicyError, compile_policy
from labkit.policy.arn import split_arn


@dataclass(frozen=True)
class Named:
    """A policy with the name that people know it by, and its ARN if it has one."""

    text: str
    name: str
    arn: str = ""

    @property
    def policy(self) -> Policy:
        """The policy, compiled."""
        return compiled(self.text)


@dataclass(frozen=True)
class Held:
    """The policies of a caller: what gives, and what limits."""

    identity: tuple[Named, ...] = ()
    boundary: Named | None = None
    session: Policy | None = None


@lru_cache(maxsize=1024)
def compiled(text: str) -> Policy:
    """A policy's text compiled, once for each text."""
    try:
        return compile_policy(text)
    except PolicyError as error:
        raise BrokenLab(
            f"A policy in the sandbox is not one that AWS would have taken: {error}",
            "It was stored before anyone looked at it.",
            f"The policy is {text}",
        ) from error


def held_by(caller: Caller) -> Held:
    """The policies of a user and its groups, or of the role behind a session."""
    session = caller.session
    if caller.arn == "*" or caller.is_root:
        return Held()
    iam = iam_of(caller.account)
    limits = merged(session.policies) if session is not None and session.policies else None
    if session is not None and session.role_arn:
        of_role = held_by_role(session.role_arn)  # nothing if it was deleted meanwhile
        return Held(of_role.identity, of_role.boundary, limits)
    user = iam.users.get(caller.user_name)
    if user is None:
        return Held(session=limits)
    given = [*_of(user, f"user {user.name}")]
    for group in iam.get_groups_for_user(user.name):
        given += _of(group, f"group {group.name}")
    return Held(tuple(given), boundary_of(iam, user), limits)


def held_by_role(arn: str) -> Held:
    """The policies of a role, whoever takes it on; nothing if there is no such role."""
    role = role_by_arn(arn)
    if role is None:
        return Held()
    iam = iam_of(arn.split(":")[4])
    return Held(tuple(_of(role, f"role {role.name}")), boundary_of(iam, role))


def role_by_arn(arn: str) -> Any:
    """The role of that ARN in whatever account, or None."""
    fields = split_arn(arn)
    if fields is None or not fields[4]:
        return None
    for role in iam_of(fields[4]).roles.values():
        if role.arn == arn:
            return role
    return None


def _of(entity: Any, whose: str) -> list[Named]:
    given = [
        Named(text, f"inline policy {name} of {whose}") for name, text in entity.policies.items()
    ]
    for policy in entity.managed_policies.values():
        given.append(managed(policy, whose))
    return given


def managed(policy: Any, whose: str = "") -> Named:
    """The default version of a managed policy of moto's."""
    name = f"managed policy {policy.name}" + (f" of {whose}" if whose else "")
    return Named(default_document(policy), name, policy.arn)


def default_document(policy: Any) -> str:
    """The text of a managed policy's default version."""
    for version in policy.versions:
        if version.version_id == policy.default_version_id:
            return str(version.document)
    return str(policy.versions[0].document)


def boundary_of(iam: Any, entity: Any) -> Named | None:
    """The permissions boundary of a user or role, if it has one."""
    arn = getattr(entity, "permissions_boundary_arn", None)
    if not arn:
        return None
    policy = managed_by_arn(iam, arn)
    if policy is None:
        raise BrokenLab(f"The permissions boundary {arn} does not exist.")
    return managed(policy)


def managed_by_arn(iam: Any, arn: str) -> Any:
    """A managed policy of the account or of AWS, or None."""
    from labkit.fidelity.iam.aws_managed import load_one

    load_one(iam, arn)
    return iam.managed_policies.get(arn)


def merged(policies: tuple[dict[str, Any], ...]) -> Policy:
    """Session policies passed together count as one."""
    statements: list[Any] = []
    for policy in policies:
        written = policy["Statement"]
        statements += written if isinstance(written, list) else [written]
    return compile_policy({"Version": "2012-10-17", "Statement": statements})


# ---- the policy of a resource ----


def resource_policy(arn: str) -> Named | None:
    """The policy that hangs on the resource of an ARN, as far as moto keeps one."""
    fields = split_arn(arn)
    find = _FINDERS.get(fields[2]) if fields else None
    text = find(fields) if find is not None and fields is not None else None
    if text and arn.startswith("arn:aws:kms:"):
        text = with_grants(arn, text)
    return Named(text, f"policy of {arn}") if text else None


def owner_of(arn: str) -> str | None:
    """The account that owns a resource whose ARN does not say so: a bucket's."""
    fields = split_arn(arn)
    if fields is None or fields[2] != "s3" or not _loaded("s3"):
        return None
    from moto.s3.models import s3_backends

    known = s3_backends.bucket_accounts.get(fields[5].split("/", 1)[0])
    return str(known[1]) if known else None


def _loaded(service: str) -> bool:
    import sys

    return f"moto.{service}.models" in sys.modules


def _bucket(fields: list[str]) -> str | None:
    if not _loaded("s3"):
        return None
    from moto.s3.models import s3_backends

    name = fields[5].split("/", 1)[0]
    known = s3_backends.bucket_accounts.get(name)
    if known is None:
        return None
    policy = s3_backends[known[1]][known[0]].buckets[name].policy
    return policy.decode() if isinstance(policy, bytes) else policy


def _queue(fields: list[str]) -> str | None:
    from moto.sqs.models import sqs_backends

    queue = sqs_backends[fields[4]][fields[3]].queues.get(fields[5])
    return queue.policy if queue is not None else None


def _topic(fields: list[str]) -> str | None:
    from moto.sns.models import sns_backends

    topic = sns_backends[fields[4]][fields[3]].topics.get(":".join(fields))
    return topic.policy if topic is not None else None


def _key(fields: list[str]) -> str | None:
    from moto.kms.models import kms_backends

    key = kms_backends[fields[4]][fields[3]].keys.get(fields[5].removeprefix("key/"))
    return key.policy if key is not None else None


def _function(fields: list[str]) -> str | None:
    from moto.awslambda.models import lambda_backends

    name = fields[5].split(":")
    if name[0] != "function":
        return None
    try:
        function = lambda_backends[fields[4]][fields[3]].get_function(*name[1:3])
    except Exception:
        return None
    statements = [
        statement | {"Principal": _as_element(statement["Principal"])}
        for statement in function.policy.statements
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else None


def _as_element(principal: Any) -> Any:
    """moto keeps an ARN or an account as it was passed to AddPermission."""
    return principal if isinstance(principal, dict) or principal == "*" else {"AWS": principal}


def _trust(fields: list[str]) -> str | None:
    role = role_by_arn(":".join(fields))
    return role.assume_role_policy_document if role is not None else None


def _secret(fields: list[str]) -> str | None:
    from moto.secretsmanager.models import secretsmanager_backends

    for secret in secretsmanager_backends[fields[4]][fields[3]].secrets.values():
        if secret.arn == ":".join(fields):
            return getattr(secret, "policy", None)
    return None


def _repository(fields: list[str]) -> str | None:
    from moto.ecr.models import ecr_backends

    repositories = ecr_backends[fields[4]][fields[3]].repositories
    repository = repositories.get(fields[5].removeprefix("repository/"))
    return repository.policy if repository is not None else None


def _table(fields: list[str]) -> str | None:
    from moto.dynamodb.models import dynamodb_backends

    table = "/".join(fields[5].split("/")[:2])
    policies = dynamodb_backends[fields[4]][fields[3]].resource_policies
    policy = policies.get(":".join([*fields[:5], table]))
    return policy.policy_doc if policy is not None else None


_FINDERS: dict[str, Callable[[list[str]], str | None]] = {
    "s3": _bucket,
    "sqs": _queue,
    "sns": _topic,
    "kms": _key,
    "lambda": _function,
    "iam": _trust,
    "secretsmanager": _secret,
    "ecr": _repository,
    "dynamodb": _table,
}
