"""What else there is to say of EventBridge."""

from __future__ import annotations

from labkit.fidelity.registry import corrected, differs

GUIDE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/"

corrected(
    "events",
    "A rule hands an event that fits its pattern to a function, as the clock moves.",
    "Asynchronously, usually within a second.",
    test="test_a_rule_hands_an_event_to_a_function",
    source=GUIDE + "eb-targets.html",
)
differs(
    "events",
    "An event that its target does not take is lost.",
    "EventBridge tries again for a day, with growing pauses, then uses the dead-letter queue.",
    source=GUIDE + "eb-rule-retry-policy.html",
)
differs(
    "events",
    "A cron expression with L, W or # never fires.",
    "They mean the last day, the nearest weekday and the n-th weekday of a month.",
    source=GUIDE + "eb-scheduled-rule-pattern.html",
)
differs(
    "events",
    "Functions, queues, log groups and other buses are targets; what else a rule names is ignored.",
    "Some twenty services can be targets.",
    source=GUIDE + "eb-targets.html",
)
