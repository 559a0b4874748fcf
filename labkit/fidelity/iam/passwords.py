"""Passwords of users: the account's policy for them, and changing one's own.

Without a policy of the account, AWS's default holds.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
"""

from __future__ import annotations

from typing import Any

from labkit.fidelity.iam.common import API, GUIDE, asked_user, iam, limit, missing
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_SYMBOLS = set("!@#$%^&*()_+-=[]{}|'")
_KINDS_NEEDED = 3  # of upper case, lower case, numbers and symbols, without a policy


def _kinds(password: str) -> dict[str, bool]:
    return {
        "uppercase letter": any(letter.isupper() for letter in password),
        "lowercase letter": any(letter.islower() for letter in password),
        "number": any(letter.isdigit() for letter in password),
        "symbol": bool(_SYMBOLS & set(password)),
    }


def _violation(password: str, policy: Any) -> str:
    """What is wrong with a password; empty for a good one."""
    least = limit("password_default_min_chars")
    if policy is not None:
        least = policy.minimum_password_length
    if len(password) < least:
        return f"Password should have a minimum length of {least}"
    kinds = _kinds(password)
    if policy is None:
        enough = sum(kinds.values()) >= _KINDS_NEEDED
        return "" if enough else "Password does not conform to the account password policy."
    for kind, needed in (
        ("uppercase letter", policy.require_uppercase_characters),
        ("lowercase letter", policy.require_lowercase_characters),
        ("number", policy.require_numbers),
        ("symbol", policy.require_symbols),
    ):
        if needed and not kinds[kind]:
            return f"Password should have at least one {kind}"
    return ""


@rule(
    "iam",
    "CreateLoginProfile",
    "UpdateLoginProfile",
    when="before",
    follows=GUIDE + "id_credentials_passwords_account-policy.html",
    corrects="moto takes any password",
)
def a_password_follows_the_policy(exchange: Exchange) -> None:
    """A password follows the account's password policy, or AWS's default where there is none.

    PasswordPolicyViolation, with the first thing that it lacks (messages: unverified).
    """
    password = exchange.params.get("Password")
    wrong = _violation(str(password), iam(exchange).account_password_policy) if password else ""
    if wrong:
        raise AwsError("PasswordPolicyViolation", wrong)


@rule(
    "iam",
    "CreateLoginProfile",
    when="before",
    follows=API + "CreateLoginProfile.html",
    corrects="moto says User ana already has password",
)
def a_user_has_one_password(exchange: Exchange) -> None:
    """A user has one password.

    EntityAlreadyExists: Login Profile for user ana already exists.
    """
    user = asked_user(exchange)
    if user is not None and user.password:
        raise AwsError("EntityAlreadyExists", f"Login Profile for user {user.name} already exists.")


@rule(
    "iam",
    "ChangePassword",
    when="instead",
    follows=API + "ChangePassword.html",
    corrects="moto does not have the operation",
)
def users_change_their_own_password(exchange: Exchange) -> Params:
    """A user changes its own password by giving the old one.

    AccessDenied for a wrong old password (message: unverified); the new one follows the policy.
    """
    user = iam(exchange).users.get(exchange.caller.user_name)
    if user is None or not user.password:
        raise missing("Login Profile for the user cannot be found.")
    if exchange.params["OldPassword"] != user.password:
        raise AwsError("AccessDenied", "The old password is not right.", 403)
    wrong = _violation(exchange.params["NewPassword"], iam(exchange).account_password_policy)
    if wrong:
        raise AwsError("PasswordPolicyViolation", wrong)
    user.password = exchange.params["NewPassword"]
    user.password_reset_required = False
    return {}
