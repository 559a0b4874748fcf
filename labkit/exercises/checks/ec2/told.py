"""Exercise 4: a password that everybody can read."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Any

from labkit.exercises.checks.ec2.scene import attribute, instance, lay_instance, state
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed

NAME, SECRET = "mailer", "romeo-and-juliet"
SCRIPT = f"""\
#!/bin/bash
dnf install -y postfix
echo "PASSWORD={SECRET}" > /etc/mailer.conf
"""
# A password that is given a value; one that is fetched (`PASSWORD=$(...)`) is not.
SPELT_OUT = re.compile(r"""passw(?:or)?d[ \t]*=[ \t]*["']?[^\s"'$`]""", re.IGNORECASE)


def lay(client: MakeClient) -> None:
    """An instance whose user data has a password in it."""
    lay_instance(client, NAME, UserData=SCRIPT)


def check(evidence: Evidence) -> Outcome:
    """The same instance runs, its user data installs the mailer, and has no password."""
    found = instance(evidence, NAME)
    if found is None:
        return Incorrect(
            f"`{NAME}` was terminated.", "it runs.", '`lab.begin("told")` lays it again.'
        )
    if any(not call.error_code for call in evidence.of("ec2", "RunInstances")):
        return Incorrect(
            "Another instance was launched.",
            f"the user data of `{NAME}` is changed.",
            "The old one still tells its password.",
        )
    return _text(evidence, found)


def _text(evidence: Evidence, found: dict[str, Any]) -> Outcome:
    kept = attribute(evidence.client("ec2"), found["InstanceId"], "UserData")
    text = b64decode(kept).decode("utf-8", "replace") if kept else ""
    if SECRET in text:
        off = found["MetadataOptions"]["HttpEndpoint"] == "disabled"
        if off:
            return Incorrect(
                "The metadata service is switched off; the password is still in the user data.",
                "it is not there.",
                "Whoever may call `DescribeInstanceAttribute` reads it from outside.",
            )
        return NotYet(
            f"The user data of `{NAME}` has the password in it, in base64, which hides nothing.",
            "User data is changed while an instance is stopped.",
        )
    if SPELT_OUT.search(text):
        return Incorrect(
            "Another password is in the user data.",
            "none; the script fetches it when it runs.",
            "The next one is read as easily as the last. `PASSWORD=$(aws ssm get-parameter ...)` "
            "keeps it out.",
        )
    if "postfix" not in text:
        return Incorrect(
            "The user data is gone, with what it installs.",
            "the script without the password.",
            "A new machine of this kind would come up empty.",
        )
    if state(found) != "running":
        return NotYet(f"The password is gone, and `{NAME}` is {state(found)}.", "Start it again.")
    return Passed(
        "The script is back without its secret, which belongs into Parameter Store or Secrets "
        "Manager, read with the instance's role. The old password is known by now: change it."
    )
