"""A decision in words: as text for a terminal, as HTML for a notebook and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.policy.decision import ALLOW, EXPLICIT_DENY, Decision, Step
from labkit.policy.headline import headline, kind_name
from labkit.policy.statement import Reason

if TYPE_CHECKING:
    from typing import Any

# A statement that applies says what it names and which conditions hold; that its actions and
# resources match is said once. One that does not apply says the first thing that fails.
_WORDS = {
    "action_matched": "",
    "action_no_match": "its Action ({expected}) does not cover {actual}",
    "not_action_matched": "its NotAction ({expected}) does not list the action",
    "not_action_no_match": "its NotAction ({expected}) lists {actual}",
    "resource_matched": "",
    "resource_no_match": "its Resource ({expected}) does not cover {actual}",
    "not_resource_matched": "its NotResource ({expected}) does not list the resource",
    "not_resource_no_match": "its NotResource ({expected}) lists {actual}",
    "principal_direct": "it names {named}",
    "principal_bounded": "it names the role or user behind the session ({expected})",
    "principal_account": "it names the caller's account, which leaves it to the account's policies",
    "principal_no_match": "it names {expected}, not {actual}",
    "not_principal_matched": "its NotPrincipal ({expected}) does not list {actual}",
    "not_principal_boundary": (
        "the caller has a permissions boundary, and NotPrincipal denies whoever has one"
    ),
    "not_principal_no_match": "its NotPrincipal ({expected}) lists {actual}",
    "condition_matched": "{key} {expected} holds: the request has {actual}",
    "condition_no_match": "{key} {expected} fails: the request has {actual}",
    "condition_key_missing": "{key} {expected} fails: the request has no value for it",
    "condition_holds_without_key": "{key} {expected} holds: the request has no value for it",
    "condition_key_has_many_values": (
        "{key} fails: it compares one value, and the request has {actual}; "
        "ForAnyValue or ForAllValues compares several"
    ),
    "condition_value_unreadable": "{key} {expected} fails: it cannot read {actual}",
}

# The codes of reasons that keep a statement from applying, besides those in …_no_match.
_FAILED = ("condition_key_missing", "condition_key_has_many_values", "condition_value_unreadable")
_SHOWN = 3  # of a longer list of values the first ones are enough to see what it is


def failed(reason: Reason) -> bool:
    """Whether this reason alone keeps its statement from applying."""
    return reason.code.endswith("_no_match") or reason.code in _FAILED


def words(reason: Reason) -> str:
    """One reason as half a sentence; empty for one that goes without saying."""
    expected, actual = _listed(reason.expected, "or"), _listed(reason.actual, "and")
    text = _WORDS[reason.code].replace("{key}", reason.key)
    named = "everyone" if "*" in _as_texts(reason.expected) else actual
    text = text.replace("{named}", named)
    text = text.replace("{expected}", expected).replace("{actual}", actual)
    if reason.code in ("resource_no_match", "condition_no_match") and "${" in expected:
        text += " (a ${…} that is left has no value in this request)"
    return text


def _as_texts(value: Any) -> list[str]:
    return [str(item) for item in (value if isinstance(value, (list, tuple)) else [value])]


def _listed(value: Any, conjunction: str) -> str:
    texts = [text if text else "an empty text" for text in _as_texts(value)]
    more = len(texts) - _SHOWN
    if more > 1:
        texts = texts[:_SHOWN]
        texts.append(f"{more} more")
    head = ", ".join(texts[:-1])
    return f"{head} {conjunction} {texts[-1]}" if head else "".join(texts)


def title(decision: Decision, step: Step) -> str:
    """Which statement a step is about, as `identity policy 1, statement 2 (ReadPosters)`."""
    sid = decision.statement(step).sid
    kind, number = kind_name(decision, step.policy_kind), step.policy_index + 1
    return f"{kind} {number}, statement {step.statement_index + 1}" + (f" ({sid})" if sid else "")


def verdict(decision: Decision, step: Step) -> str:
    """What the statement does to the request, as `Deny applies`, and whether that decided it."""
    effect = decision.statement(step).effect
    if not step.matched:
        return f"{effect} does not apply"
    return f"{effect} applies" + (" and decides" if decides(decision, step) else "")


def decides(decision: Decision, step: Step) -> bool:
    """Whether the outcome is this statement's doing."""
    effect = decision.statement(step).effect
    wanted = {ALLOW: "Allow", EXPLICIT_DENY: "Deny"}.get(decision.effect)
    return step.matched and effect == wanted and step.policy_kind == decision.decided_by


def because(step: Step) -> str:
    """Why a statement applies, or the first thing that keeps it from applying."""
    if not step.matched:
        for reason in step.reasons:
            if failed(reason):
                return words(reason)
    said = [words(reason) for reason in step.reasons]
    return "; ".join([text for text in said if text]) or "its actions and resources match"


def as_text(decision: Decision) -> str:
    """The decision and the path to it, one line for each statement."""
    asked = decision.request
    lines = [
        headline(decision),
        f"  who   {asked.principal}",
        f"  what  {asked.action}",
        f"  on    {asked.resource}",
    ]
    for step in decision.steps:
        mark = "=>" if decides(decision, step) else " -"
        does, why = verdict(decision, step), because(step)
        lines.append(f"{mark} {title(decision, step)}: {does}; {why}.")
    if not decision.steps:
        lines.append(" - No policy was there to ask.")
    return "\n".join(lines)


def as_html(decision: Decision) -> str:
    """The same as an HTML fragment; state is told by class and by word, never by colour alone."""
    asked = decision.request
    rows = []
    for step in decision.steps:
        css = "lk-applies" if step.matched else "lk-idle"
        if decides(decision, step):
            css += " lk-decides"
        name, does = escape(title(decision, step)), escape(verdict(decision, step))
        rows.append(f'<li class="{css}">{name}: <b>{does}</b>; {escape(because(step))}.</li>')
    if not rows:
        rows.append("<li>No policy was there to ask.</li>")
    facts = [("who", asked.principal), ("what", asked.action), ("on", asked.resource)]
    what = "".join([f"<dt>{name}</dt><dd><code>{escape(text)}</code></dd>" for name, text in facts])
    state = "done" if decision.allowed else "failed"
    return (
        f'<div class="lk-decision lk-{state}"><p><b>{escape(headline(decision))}</b></p>'
        f"<dl>{what}</dl><ol>{''.join(rows)}</ol></div>"
    )


def escape(text: str) -> str:
    """`text` safe inside HTML, also within quotes."""
    for raw, safe in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ('"', "&quot;"),
        ("'", "&#39;"),
    ):
        text = text.replace(raw, safe)
    return text
