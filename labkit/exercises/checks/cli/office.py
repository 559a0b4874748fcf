"""Exercise 2: a profile that holds no key, and puts on a role."""

from __future__ import annotations

import json

from labkit.exercises.checks.cli.scene import drop, settings_of
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed
from labkit.exercises.ground import remove_role

NAME, ROLE = "office", "box-office"
ARN = f"arn:aws:iam::123456789012:role/{ROLE}"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def lay(client: MakeClient) -> None:
    """The role, and no profile that uses it."""
    iam = client("iam")
    remove_role(iam, ROLE)
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(_TRUST))
    drop(NAME)


def check(evidence: Evidence) -> Outcome:
    """The profile names the role and whose credentials put it on, and a command has used it."""
    found = settings_of(NAME)
    return _keys(found) or _role(found) or _source(found) or _used(evidence)


def _keys(found: dict[str, str]) -> Outcome | None:
    if "aws_access_key_id" in found:
        return Incorrect(
            f"The profile `{NAME}` holds a key.",
            "it holds none.",
            "Copied credentials of a role end within the hour. The profile shall say how to get "
            "fresh ones: which role, and with whose credentials.",
        )
    return None


def _role(found: dict[str, str]) -> Outcome | None:
    if not found:
        return NotYet(f"There is no profile `{NAME}`.", "`aws configure set` makes one.")
    if "role_arn" not in found:
        return NotYet(f"The profile `{NAME}` names no role.", "The setting is `role_arn`.")
    if found["role_arn"] != ARN:
        return Incorrect(
            f"`role_arn` is `{found['role_arn']}`.",
            f"`{ARN}`.",
            "A role is named by its whole ARN, with the account.",
        )
    return None


def _source(found: dict[str, str]) -> Outcome | None:
    if found.get("source_profile") == "default":
        return None
    if found.get("source_profile"):
        return Incorrect(
            f"`source_profile` is `{found['source_profile']}`.",
            "`default`.",
            "The profile whose credentials put the role on is your own.",
        )
    if found.get("credential_source"):
        return Incorrect(
            f"`credential_source` is `{found['credential_source']}`.",
            "`source_profile`, with the value `default`.",
            "Credentials from the environment or an instance are for machines. Yours are in a "
            "profile.",
        )
    return NotYet(
        f"The profile `{NAME}` names the role, and not who puts it on.",
        "The setting is `source_profile`.",
    )


def _used(evidence: Evidence) -> Outcome:
    calls = evidence.of("sts", "GetCallerIdentity")
    if any(f"assumed-role/{ROLE}/" in call.principal for call in calls):
        return Passed(
            "Two calls for one command: AssumeRole with the credentials of `default`, and then "
            "yours with those of the role. The command keeps them until they end."
        )
    return NotYet(
        f"The profile `{NAME}` says all that is needed.",
        f"Prove it: `aws sts get-caller-identity --profile {NAME}`. It needs a Region, like every "
        "profile.",
    )
