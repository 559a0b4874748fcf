"""Exercise 5: the first visitor of the morning does not wait for a start."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from labkit.exercises.checks.lambda_versions.deploying import alias, asked, invocations
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed

if TYPE_CHECKING:
    from labkit.sandbox.calllog import Call

NAME, ALIAS = "preview", "live"
_SLOW = "import time\n\ntime.sleep(4)  # a large model is read before the first event\n\n\n"
OLD = _SLOW + 'def handler(event, context):\n    return {"preview": "hall"}\n'
NEW = _SLOW + 'def handler(event, context):\n    return {"preview": "hall in colour"}\n'


def check(evidence: Evidence) -> Outcome:
    """Environments of the alias's version are ready, and a call through it met one."""
    lam = evidence.client("lambda")
    found = alias(evidence, NAME, ALIAS)
    if found != ("2", {}):
        return Incorrect(
            f"`{ALIAS}` does not lead to version 2 alone any more.",
            f"`{ALIAS}` as it was; only the wait shall go.",
            '`lab.begin("doors")` lays the start again.',
        )
    listed = lam.list_provisioned_concurrency_configs(FunctionName=NAME)
    configs = {
        one["FunctionArn"].rsplit(":", 1)[-1]: one
        for one in listed["ProvisionedConcurrencyConfigs"]
    }
    ready = configs.get(ALIAS) or configs.get("2")
    if ready is None:
        return _nothing_ready(evidence, configs)
    if ready["Status"] != "READY":
        return NotYet(
            f"The environments are being started: {ready['Status']}.",
            "It takes a minute or two: `lab.clock.advance(minutes=2)`.",
        )
    return _proved(evidence)


def _proved(evidence: Evidence) -> Outcome:
    calls = [call for call in invocations(evidence, NAME) if _came_after_put(evidence, call)]
    through = [call for call in calls if asked(call)[1] == ALIAS and "LogResult" in call.response]
    if not through:
        if calls:
            return Incorrect(
                f"Your last call asked for `{asked(calls[-1])[1]}`.",
                f"a call through `{ALIAS}`, with its log.",
                "What is provisioned belongs to one version. A call that means another one starts "
                'cold. `start_of("preview", "live")` asks as the visitors do.',
            )
        return NotYet(
            "The environments are ready.",
            'Prove it as a visitor: `start_of("preview", "live")`.',
        )
    if _was_cold(through[-1]):
        return NotYet(
            "Your last call began before the environments were ready, and started one itself.",
            'Call again: `start_of("preview", "live")`.',
        )
    return Passed(
        "The call found an environment that had been started before anybody asked. You pay for it "
        "as long as it is set, used or not; a schedule can give it back at night."
    )


def _nothing_ready(evidence: Evidence, configs: dict[str, object]) -> Outcome:
    reserved = evidence.client("lambda").get_function_concurrency(FunctionName=NAME)
    if configs:
        where = ", ".join(sorted(configs))
        return Incorrect(
            f"Environments are provisioned for version {where}, where nobody calls.",
            f"for `{ALIAS}`, which leads to version 2.",
            "Each version has environments of its own, since their code differs.",
        )
    if "ReservedConcurrentExecutions" in reserved:
        return Incorrect(
            f"{reserved['ReservedConcurrentExecutions']} places are reserved for `{NAME}`.",
            "environments that are started beforehand.",
            "Reserved concurrency is a number, kept free for the function. It starts nothing, so "
            "the first visitor waits as before.",
        )
    refused = [
        call for call in evidence.of("lambda", "PutProvisionedConcurrencyConfig") if call.error_code
    ]
    if refused:
        return Incorrect(
            f"PutProvisionedConcurrencyConfig was refused with `{refused[-1].error_code}`.",
            f"the qualifier `{ALIAS}`.",
            "`$LATEST` changes with every upload, so there is nothing that could be kept ready.",
        )
    return NotYet(
        f"Nothing is provisioned for `{NAME}`.",
        "Which of the two kinds of concurrency starts environments?",
    )


def _came_after_put(evidence: Evidence, call: Call) -> bool:
    puts = [
        one
        for one in evidence.of("lambda", "PutProvisionedConcurrencyConfig")
        if not one.error_code
    ]
    return bool(puts) and call.index > puts[-1].index


def _was_cold(call: Call) -> bool:
    return b"Init Duration" in base64.b64decode(call.response["LogResult"])
