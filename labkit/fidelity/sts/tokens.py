"""Temporary credentials for a user itself, and for someone whom only the application knows."""

from __future__ import annotations

from labkit.fidelity.authorisation.denial import decode
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


@rule(
    "sts",
    "GetSessionToken",
    "GetFederationToken",
    when="before",
    follows=API + "GetSessionToken.html",
    corrects="moto takes any number of seconds",
)
def a_session_of_a_user_has_its_range(exchange: Exchange) -> None:
    """A session of GetSessionToken or GetFederationToken lasts from 15 minutes to 36 hours.

    ValidationError, with the range. The root user's lasts for an hour at most.
    """
    within(exchange, limit("session_token_min_s"), limit("session_token_max_s"))


@rule(
    "sts",
    "GetSessionToken",
    "GetFederationToken",
    when="before",
    follows=GUIDE + "id_credentials_temp_request.html",
    corrects="moto does not look at who calls",
)
def a_session_begets_no_session(exchange: Exchange) -> None:
    """Temporary credentials cannot ask for a session token or a federation token.

    AccessDenied: Cannot call GetSessionToken with session credentials (message: unverified).
    """
    if caller_of(exchange).session is not None:
        raise AwsError(
            "AccessDenied", f"Cannot call {exchange.operation} with session credentials", 403
        )


@rule(
    "sts",
    "GetSessionToken",
    when="instead",
    follows=API + "GetSessionToken.html",
    corrects="moto gives everyone the same made-up credentials, which are nobody's",
)
def a_session_token_is_the_users_own(exchange: Exchange) -> Params:
    """GetSessionToken gives temporary credentials with which the user stays who it is.

    They may do what the user may, carry whether a second factor was shown, and expire after 12
    hours unless DurationSeconds says otherwise.
    """
    caller = caller_of(exchange)
    lasts_s = int(exchange.params.get("DurationSeconds") or limit("session_token_default_s"))
    if caller.is_root:
        lasts_s = min(lasts_s, limit("root_session_token_max_s"))
    with_mfa = exchange.at if exchange.params.get("TokenCode") else None
    more = {"user_name": caller.user_name, "mfa_at": with_mfa}
    who = Who(caller.arn, caller.user_id, caller.account, more)
    return {"Credentials": credentials_of(open_session(exchange, who, lasts_s))}


@rule(
    "sts",
    "GetFederationToken",
    when="before",
    follows=API + "GetFederationToken.html",
    corrects="moto keeps any text as the session's policy",
)
def a_federated_users_policy_is_well_formed(exchange: Exchange) -> None:
    """The policy for a federated user must be a policy, and not too long.

    MalformedPolicyDocument, or ValidationError for its length (messages: unverified).
    """
    refuse_bad_policies(exchange)


@rule(
    "sts",
    "GetFederationToken",
    when="instead",
    follows=API + "GetFederationToken.html",
    corrects="moto gives everyone the same made-up credentials, which are nobody's",
)
def a_federated_user_has_its_own_name(exchange: Exchange) -> Params:
    """GetFederationToken gives credentials of a federated user, who may do no more than asked for.

    What the calling user and the passed policy both allow; nothing if no policy is passed.
    """
    caller, name = caller_of(exchange), str(exchange.params["Name"])
    lasts_s = int(exchange.params.get("DurationSeconds") or limit("federation_token_default_s"))
    principal = f"arn:aws:sts::{caller.account}:federated-user/{name}"
    more = {"user_name": caller.user_name, "policies": session_policies(exchange)}
    who = Who(principal, f"{caller.account}:{name}", caller.account, more)
    return {
        "Credentials": credentials_of(open_session(exchange, who, lasts_s)),
        "FederatedUser": {"FederatedUserId": who.user_id, "Arn": principal},
        **packed(exchange),
    }


@rule(
    "sts",
    "DecodeAuthorizationMessage",
    when="instead",
    follows=API + "DecodeAuthorizationMessage.html",
    corrects="moto does not have the operation",
)
def an_encoded_message_is_decoded(exchange: Exchange) -> Params:
    """DecodeAuthorizationMessage says what EC2's encoded denial holds.

    Whether a Deny matched, the principal, the action, the resource and the condition keys; a
    text that EC2 did not send is an InvalidAuthorizationMessageException.
    """
    decoded = decode(str(exchange.params.get("EncodedMessage", "")))
    if decoded is None:
        raise AwsError("InvalidAuthorizationMessageException", "Message is not valid.")
    return {"DecodedMessage": decoded}
