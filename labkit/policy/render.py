"""A decision in words: as text for a terminal, as HTML for a notebook and the page."""

from __future__ import annotations

from typing import Any

from labkit.policy.decision import ALLOW, EXPLICIT_DENY, Decision, Step
from labkit.policy.statement import Reason

KINDS = {
    "identity": "identity policy",
    "resource": "resource policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "scp": "service control policy",
    "rcp": "resource control policy",
    "endpoint": "VPC endpoint policy",
}

_WORDS = {
    "action_matched": "{actual} is among its actions",
    "action_no_match": "{actual} is not among its actions ({expected})",
    "not_action_matched": "{actual} is not among the actions it excepts",
    "not_action_no_match": "it excepts {actual}",
    "resource_matched": "{actual} is among its resources",
    "resource_no_match": "{actual} is not among its resources ({expected})",
    "not_resource_matched": "{actual} is not among the resources it excepts",
    "not_resource_no_match": "it excepts {actual}",
    "principal_direct": "it names {actual}",
    "principal_bounded": "it names the role or user behind {actual}",
    "principal_account": "it names the account of {actual}, so that account's own policies decide",
    "principal_no_match": "it does not name {actual} (but {expected})",
    "not_principal_matched": "it hits everyone but {expected}, and does not except {actual}",
    "not_principal_no_match": "it excepts {actual}",
    "condition_matched": "{key} holds: the request has {actual}",
    "condition_no_match": "{key} wants {expected}, the request has {actual}",
    "condition_key_missing": "{key} wants {expected}, and the request does not carry that key",
    "condition_holds_without_key": "{key} holds, since the request does not carry that key",
    "condition_key_has_many_values": (
        "{key} compares one value, the request has {actual}: it needs ForAnyValue or ForAllValues"
    ),
    "condition_value_unreadable": "{key} cannot read {actual}",
}

# The codes of reasons that keep a statement from applying.
_FAILED = (
    "action_no_match",
    "not_action_no_match",
    "resource_no_match",
    "not_resource_no_match",
    "principal_no_match",
    "not_principal_no_match",
    "condition_no_match",
    "condition_key_missing",
    "condition_key_has_many_values",
    "condition_value_unreadable",
)


def failed(reason: Reason) -> bool:
    """Whether this reason alone keeps its statement from applying."""
    return reason.code in _FAILED


def headline(decision: Decision) -> str:
    """The outcome in one sentence."""
    kind = KINDS.get(decision.decided_by or "", "")
    if decision.effect == ALLOW:
        return f"Allowed by the {kind}." if kind else "Allowed: this action needs no permission."
    if decision.effect == EXPLICIT_DENY:
        return f"Denied: the {kind} has an explicit deny."
    if kind:
        return f"Denied: another policy allows it, but no {kind} does."
    return "Denied: no policy allows it."


def words(reason: Reason) -> str:
    """One reason as half a sentence."""
    expected, actual = _listed(reason.expected), _listed(reason.actual)
    text = _WORDS[reason.code].replace("{key}", reason.key)
    return text.replace("{expected}", expected).replace("{actual}", actual)


def _listed(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return " or ".join([str(item) for item in value]) if value else "nothing"
    return str(value)


def title(decision: Decision, step: Step) -> str:
    """Which statement a step is about, as `identity policy 1, statement 2 (ReadPosters), Allow`."""
    statement = decision.statement(step)
    sid = f" ({statement.sid})" if statement.sid else ""
    kind, number = KINDS[step.policy_kind], step.policy_index + 1
    return f"{kind} {number}, statement {step.statement_index + 1}{sid}, {statement.effect}"


def because(step: Step) -> str:
    """Why a statement applies, or the first thing that keeps it from applying."""
    if not step.matched:
        for reason in step.reasons:
            if failed(reason):
                return words(reason)
    return "; ".join([words(reason) for reason in step.reasons])


def as_text(decision: Decision) -> str:
    """The decision and the path to it, one line for each statement."""
    asked = decision.request
    lines = [headline(decision), f"  {asked.principal} asked for {asked.action}"]
    lines.append(f"  on {asked.resource}")
    for step in decision.steps:
        mark = "applies" if step.matched else "does not apply"
        lines.append(f"- {title(decision, step)}: {mark}; {because(step)}")
    if not decision.steps:
        lines.append("- There is no policy that could allow it.")
    return "\n".join(lines)


def as_html(decision: Decision) -> str:
    """The same as an HTML fragment; state is told by class and by word, never by colour alone."""
    asked = decision.request
    state = "done" if decision.allowed else "failed"
    rows = []
    for step in decision.steps:
        mark = "applies" if step.matched else "does not apply"
        css = "lk-applies" if step.matched else "lk-idle"
        name, why = escape(title(decision, step)), escape(because(step))
        rows.append(f'<li class="{css}"><b>{name}</b>: {mark}; {why}</li>')
    if not rows:
        rows.append("<li>There is no policy that could allow it.</li>")
    what = f"{asked.principal} asked for {asked.action} on {asked.resource}"
    return (
        f'<div class="lk-decision lk-{state}"><p><b>{escape(headline(decision))}</b></p>'
        f"<p>{escape(what)}</p><ol>{''.join(rows)}</ol></div>"
    )


def escape(text: str) -> str:
    """`text` safe inside HTML."""
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(raw, safe)
    return text
