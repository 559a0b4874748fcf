"""Exercise 1: a secret key that nobody has any more."""

from __future__ import annotations

from typing import Any

from labkit.exercises.checks.cli.scene import running, settings_of
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed
from labkit.exercises.ground import remove_user
from labkit.sandbox import guard

NAME = "ana"
ARN = f"arn:aws:iam::123456789012:user/{NAME}"


def lay(client: MakeClient) -> None:
    """The user with one key, and her profile with a secret that is not that key's."""
    iam, aws = client("iam"), running()
    aws.be_yourself()
    remove_user(iam, NAME)
    iam.create_user(UserName=NAME)
    made = iam.create_access_key(UserName=NAME)["AccessKey"]
    for name, value in (
        ("region", "us-east-1"),
        ("aws_access_key_id", made["AccessKeyId"]),
        ("aws_secret_access_key", guard.SECRET_ACCESS_KEY),
    ):
        aws(["configure", "set", name, value, "--profile", NAME])


def check(evidence: Evidence) -> Outcome:
    """The old key is gone, a new one is in the profile, and it works."""
    keys = evidence.client("iam").list_access_keys(UserName=NAME)["AccessKeyMetadata"]
    made = [key for key in keys if key["CreateDate"] >= evidence.began_at]
    new = [call.response["AccessKey"]["AccessKeyId"] for call in _made(evidence)]
    return (
        _not_begun(new)
        or _old_one(keys, new)
        or _in_the_profile(new[-1])
        or _proved(evidence, new[-1], made)
    )


def _made(evidence: Evidence) -> list[Any]:
    calls = evidence.of("iam", "CreateAccessKey", UserName=NAME)
    return [call for call in calls if not call.error_code]


def _not_begun(new: list[str]) -> Outcome | None:
    if new:
        return None
    return NotYet(
        f"The secret in the profile `{NAME}` is not that of the key, and nobody can tell what it "
        "was: AWS shows a secret once, when the key is made.",
        "Make another key for her.",
    )


def _old_one(keys: list[Any], new: list[str]) -> Outcome | None:
    old = [key for key in keys if key["AccessKeyId"] not in new]
    if not old:
        return None
    if old[0]["Status"] == "Inactive":
        return Incorrect(
            "The old key is inactive.",
            "it is deleted.",
            "Inactive is right for a key that may still be in use somewhere. This one nobody can "
            "use, since nobody has its secret.",
        )
    return NotYet("There is a new key, and the old one still works.", "Delete the old one.")


def _in_the_profile(new: str) -> Outcome | None:
    own, default = settings_of(NAME), settings_of("default")
    if default.get("aws_access_key_id") == new:
        return Incorrect(
            "The new key is in the profile `default`.",
            f"it is in the profile `{NAME}`.",
            f"Without `--profile {NAME}`, `aws configure` writes into `default`, and every command "
            'that names no profile is hers now. `lab.begin("lost")` gives you yours back.',
        )
    if own.get("aws_access_key_id") != new:
        return NotYet(
            "There is a new key, and the profile still has the old one.",
            f"Set both halves of it: `aws configure set ... --profile {NAME}`.",
        )
    return None


def _proved(evidence: Evidence, new: str, made: list[Any]) -> Outcome:
    calls = evidence.of("sts", "GetCallerIdentity")
    if any(call.principal == ARN and not call.error_code for call in calls):
        return Passed(
            "A lost secret is no drama: delete the key, make another, put it into the profile. "
            "Better still is a profile without any key, which signs in for some hours."
        )
    if any(call.error_code == "SignatureDoesNotMatch" for call in calls):
        return Incorrect(
            "The signature does not match.",
            "both halves of the new key are in the profile.",
            "The key's id was found, so AWS computed the signature with its secret, and got "
            "another one than yours.",
        )
    return NotYet(
        "The profile has the new key.",
        f"Prove it: `aws sts get-caller-identity --profile {NAME}`.",
    )
