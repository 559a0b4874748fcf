"""AssumeRole: whom the role trusts, for how long, and with how much less than the role may do."""

from __future__ import annotations

from typing import Any

from labkit.fidelity.authorisation import authoriser
from labkit.fidelity.authorisation.asked import Asked
from labkit.fidelity.authorisation.policies import role_by_arn
from labkit.fidelity.authorisation.tags import written
from labkit.fidelity.registry import rule
from labkit.fidelity.sts.common import (
    API,
    GUIDE,
    Who,
    caller_of,
    credentials_of,
    limit,
    open_session,
    packed,
    refuse_bad_policies,
    session_policies,
    within,
)
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_API = API + "AssumeRole.html"


@rule(
    "sts",
    "AssumeRole",
    when="before",
    follows=_API,
    corrects="moto lets the root user assume roles",
)
def a_root_user_assumes_no_role(exchange: Exchange) -> None:
    """The root user of an account cannot assume a role.

    AccessDenied: Roles may not be assumed by root accounts.
    """
    if caller_of(exchange).is_root:
        raise AwsError("AccessDenied", "Roles may not be assumed by root accounts.", 403)


@rule(
    "sts",
    "AssumeRole",
    when="before",
    follows=GUIDE + "troubleshoot_roles.html",
    corrects="moto lets anyone in, whatever the trust policy says, and without the external id",
)
def a_role_must_trust_who_assumes_it(exchange: Exchange) -> None:
    """A role is assumed only by whom its trust policy allows, on the conditions it makes.

    AccessDenied, which does not say whose policy it was. A role that does not exist trusts
    nobody: the sentence is the same. Tags in the call need sts:TagSession in the trust policy.
    """
    authoriser.current().must_be_trusted(Asked(exchange, caller_of(exchange)))


@rule(
    "sts",
    "AssumeRole",
    "AssumeRoleWithWebIdentity",
    when="before",
    follows=_API,
    corrects="moto takes any number of seconds",
)
def a_role_session_has_a_longest_duration(exchange: Exchange) -> None:
    """A role session lasts from 15 minutes to the role's own maximum.

    ValidationError outside of 15 minutes to 12 hours, and above the role's MaxSessionDuration.
    """
    within(exchange, limit("role_session_min_s"), limit("role_session_max_s"))
    role = role_by_arn(str(exchange.params.get("RoleArn", "")))
    asked_s = exchange.params.get("DurationSeconds")
    if role is None or asked_s is None:
        return
    if asked_s > int(role.max_session_duration or limit("role_max_session_default_s")):
        raise AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )


@rule(
    "sts",
    "AssumeRole",
    when="before",
    follows=GUIDE + "id_roles.html#iam-term-role-chaining",
    corrects="moto takes any number of seconds",
)
def a_chained_role_lasts_an_hour_at_most(exchange: Exchange) -> None:
    """A role that is assumed by another role's session lasts for an hour at most.

    ValidationError, even where the role itself allows longer sessions.
    """
    session = caller_of(exchange).session
    asked_s = exchange.params.get("DurationSeconds") or 0
    if session is not None and session.role_arn and asked_s > limit("role_chaining_max_s"):
        raise AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining",
        )


@rule(
    "sts",
    "AssumeRole",
    "AssumeRoleWithWebIdentity",
    when="before",
    follows=GUIDE + "access_policies.html#policies_session",
    corrects="moto keeps any text as the session's policy",
)
def a_session_policy_is_well_formed(exchange: Exchange) -> None:
    """A session policy must be a policy, and not too long.

    MalformedPolicyDocument, or ValidationError for its length (messages: unverified).
    """
    refuse_bad_policies(exchange)


@rule(
    "sts",
    "AssumeRole",
    when="instead",
    follows=_API,
    corrects="moto's credentials never expire, and know no session policy and no tags",
)
def a_role_session_is_what_was_asked_for(exchange: Exchange) -> Params:
    """The credentials of a role expire, and may do what role and session policy both allow.

    They last for an hour unless DurationSeconds says otherwise, carry the session's tags, and
    hand on those that are transitive. An expired one is refused: ExpiredToken.
    """
    caller = caller_of(exchange)
    params = exchange.params
    handed_on = {}
    if caller.session is not None:
        tags = caller.session.tags
        handed_on = {name: tags[name] for name in tags if name in caller.session.transitive}
    origin: dict[str, Any] = {
        "policies": session_policies(exchange),
        "tags": written(params.get("Tags")) | handed_on,
        "transitive": frozenset(params.get("TransitiveTagKeys") or ()) | handed_on.keys(),
        "mfa_at": exchange.at if params.get("TokenCode") else None,
        "source_identity": str(
            params.get("SourceIdentity")
            or (caller.session.source_identity if caller.session else "")
        ),
    }
    answer = session_of_role(exchange, origin)
    if origin["source_identity"]:
        answer["SourceIdentity"] = origin["source_identity"]
    return answer


def session_of_role(exchange: Exchange, origin: dict[str, Any]) -> Params:
    """The answer that hands out a session of the role that a request names."""
    params = exchange.params
    role = role_by_arn(str(params["RoleArn"]))
    name = str(params["RoleSessionName"])
    account = role.arn.split(":")[4]
    principal = f"arn:aws:sts::{account}:assumed-role/{role.name}/{name}"
    who = Who(principal, f"{role.id}:{name}", account, {"role_arn": role.arn, **origin})
    lasts_s = int(params.get("DurationSeconds") or limit("role_session_default_s"))
    session = open_session(exchange, who, lasts_s)
    return {
        "Credentials": credentials_of(session),
        "AssumedRoleUser": {"AssumedRoleId": who.user_id, "Arn": principal},
        **packed(exchange),
    }
