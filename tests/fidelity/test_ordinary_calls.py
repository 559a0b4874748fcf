"""What moto does as AWS does, the rules leave alone; and a reset leaves nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from itertools import zip_longest
from typing import Any

import pytest

from labkit import fidelity
from labkit.sandbox import Sandbox
from tests.fidelity.ordinary import identity, machines, messages, storage
from tests.fidelity.ordinary.owned import OWNED
from tests.fidelity.ordinary.record import Record

Answers = list[tuple[str, dict[str, Any]]]

CALLS = 200

# How each service is asked what there is.
LISTED = (
    ("cloudwatch", "list_metrics"),
    ("dynamodb", "list_tables"),
    ("ec2", "describe_instances"),
    ("ec2", "describe_key_pairs"),
    ("ec2", "describe_security_groups"),
    ("ec2", "describe_tags"),
    ("ec2", "describe_volumes"),
    ("elbv2", "describe_target_groups"),
    ("events", "list_rules"),
    ("iam", "list_groups"),
    ("iam", "list_instance_profiles"),
    ("iam", "list_roles"),
    ("iam", "list_users"),
    ("kinesis", "list_streams"),
    ("kms", "list_aliases"),
    ("kms", "list_keys"),
    ("logs", "describe_log_groups"),
    ("rds", "describe_db_instances"),
    ("rds", "describe_db_snapshots"),
    ("route53", "list_hosted_zones"),
    ("s3", "list_buckets"),
    ("secretsmanager", "list_secrets"),
    ("ses", "list_identities"),
    ("ses", "list_templates"),
    ("sns", "list_subscriptions"),
    ("sns", "list_topics"),
    ("sqs", "list_queues"),
    ("ssm", "describe_parameters"),
)


def listing(call: Callable[..., Any], _: object) -> None:
    """What there is in each service."""
    for service, method in LISTED:
        call(service, method)


SCRIPTS = [*storage.ALL, *messages.ALL, *identity.ALL, *machines.ALL, listing]


def recorded(sandbox: Sandbox, *scripts: Callable[..., None]) -> Answers:
    """What `scripts` were answered in `sandbox`, which is closed then."""
    record = Record(sandbox.client)
    for script in scripts:
        script(record, lambda seconds: sandbox.clock.advance(seconds=seconds))
    sandbox.close()
    return record.answers


@pytest.fixture(scope="module")
def ours() -> Answers:
    return recorded(fidelity.open_sandbox("tests"), *SCRIPTS)


@pytest.fixture(scope="module")
def motos() -> Answers:
    return recorded(Sandbox.open("tests"), *SCRIPTS)


def different(ours: Answers, motos: Answers) -> set[tuple[str, str]]:
    """The call and the field of each difference."""
    return {
        (call, field)
        for (call, answer), (same, motos_answer) in zip_longest(ours, motos)
        for field in answer.keys() | motos_answer.keys() | {"" if call == same else "order"}
        if field == "order" or answer.get(field) != motos_answer.get(field)
    }


def owns(line: tuple[str, str], difference: tuple[str, str]) -> bool:
    """Whether the field of a call is one that the line speaks of."""
    return all(map(fnmatchcase, difference, line))


def test_ordinary_calls_are_answered_as_moto_answers_but_for_what_rules_own(
    ours: Answers, motos: Answers
) -> None:
    strange = {
        found for found in different(ours, motos) if not any(owns(line, found) for line in OWNED)
    }

    assert len(ours) >= CALLS
    assert strange == set()


def test_no_line_of_the_owned_fields_is_there_in_vain(ours: Answers, motos: Answers) -> None:
    found = different(ours, motos)

    assert [line for line in OWNED if not any(owns(line, one) for one in found)] == []


def test_a_reset_leaves_every_service_empty(ours: Answers) -> None:
    full = ours[-len(LISTED) :]

    first = recorded(fidelity.open_sandbox("tests"), listing)
    recorded(fidelity.open_sandbox("tests"), *SCRIPTS)
    again = recorded(fidelity.open_sandbox("tests"), listing)

    unused = [name for (name, none), (_, some) in zip(first, full, strict=True) if none == some]
    assert unused == []  # every service was used
    assert again == first
