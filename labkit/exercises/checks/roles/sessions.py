"""Who made a call: a user, or the session of a role; and the words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

LEARNER = "learner"  # the administrator whose credentials a lab begins with


def role_of(call: Call) -> str:
    """The name of the role whose session called; empty if none did."""
    return _session(call)[0]


def session_of(call: Call) -> str:
    """The name of the session that called; empty if it was none of a role."""
    return _session(call)[1]


def user_of(call: Call) -> str:
    """The name of the user who called; empty if it was none."""
    _, found, name = call.principal.partition(":user/")
    return name.rsplit("/", 1)[-1] if found else ""


def caller(call: Call) -> str:
    """Who called, for a sentence that a learner reads.

    The administrator is "you": with those credentials the learner has laid everything out.
    """
    if role_of(call):
        return f"the role `{role_of(call)}`, in its session `{session_of(call)}`"
    name = user_of(call)
    return "you as the administrator" if name in ("", LEARNER) else f"the user `{name}`"


def message(call: Call) -> str:
    """Why AWS refused the call, in its own words."""
    return str(call.response["Error"]["Message"]).rstrip(".") + "."


def refused(call: Call) -> bool:
    """Whether AWS refused the call for want of a permission."""
    return call.error_code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")


def _session(call: Call) -> tuple[str, str]:
    _, found, rest = call.principal.partition(":assumed-role/")
    role, _, session = rest.partition("/")
    return (role, session) if found else ("", "")
