"""The IAM explorable tells its stories, says why at the line, and knows when a task is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from labkit.explorables import load
from labkit.explorables.iam_evaluation.desk import WRITTEN, desk
from labkit.explorables.iam_evaluation.scenery import ANA, QUEUE, SHOP, TOPIC
from labkit.explorables.iam_evaluation.stories import (
    ALL_OF_S3,
    POSTERS,
    READ_POSTERS,
    policy,
    statement,
)
from labkit.explorables.palette import TOKENS
from labkit.explorables.parts import Big, Entry
from labkit.explorables.svg import draw
from tests.explorables.golden import cases, differences, shown, texts

EXPLORABLE = load("iam_evaluation")
PRESETS = [preset.id for preset in EXPLORABLE.presets]
WORKER = f"arn:aws:iam::{SHOP}:role/worker"


def allow(action: str, to: Any = None) -> str:
    """A policy that allows an action on everything."""
    return policy(statement("Allow", "It", action, "*", to=to))


NO_REPLACING = policy(statement("Allow", "All", "*", "*"), statement("Deny", "No", "s3:Put*", "*"))
NO_READING = policy(statement("Allow", "Lists", "s3:ListBucket", "*"))


def values(**given: Any) -> dict[str, Any]:
    return EXPLORABLE.values(**given)


def preset(id: str, **changes: Any) -> dict[str, Any]:
    return values(**{**EXPLORABLE.preset(id).values, **changes})


def outcome(given: dict[str, Any]) -> tuple[str, str]:
    """Allowed or Denied, and the small print beside it."""
    first = EXPLORABLE.numbers(**given)[0]
    return first.text, first.note


def big(label: str, given: dict[str, Any]) -> Big:
    [found] = [one for one in EXPLORABLE.numbers(**given) if one.label == label]
    return found


def done(id: str, given: dict[str, Any]) -> bool:
    [task] = [task for task in EXPLORABLE.tasks if task.id == id]
    return task.done(**given)


def gate(name: str, given: dict[str, Any]) -> Entry:
    [found] = [entry for entry in EXPLORABLE.path(**given) if entry.name == name]
    return found


def marks(name: str, given: dict[str, Any]) -> list[tuple[str, str]]:
    """The sign of each mark in a margin, with the text of its line."""
    [text] = [text for text in texts(EXPLORABLE) if text.name == name]
    lines = given[name].split("\n")
    return [(mark.sign, lines[mark.line - 1].strip()) for mark in text.marks(**given)]


@pytest.mark.parametrize("case", cases("iam_evaluation"), ids=lambda case: str(case["given"])[:60])
def test_what_is_shown_is_what_was_shown(case: dict[str, Any]) -> None:
    """After a change on purpose: python -m tests.explorables.make_golden, and look."""
    found = list(differences(shown("iam_evaluation", case["given"]), case))

    assert not found, "\n".join(found[:10])


def test_at_most_four_controls_show_at_first() -> None:
    main = [control.name for control in EXPLORABLE.controls if not control.more]

    assert main == ["who", "ask", "identity", "resource"]


@pytest.mark.parametrize(
    ("id", "told", "says"),
    [
        ("least", ("Allowed", "by the identity policy"), "the identity policy allows it"),
        ("deny", ("Denied", "by the bucket policy"), "says Deny, which overrides every Allow"),
        (
            "boundary",
            ("Denied", "for want of an Allow in the permissions boundary"),
            "AtMostRead: its Action (s3:GetObject or s3:ListBucket) does not cover s3:PutObject.",
        ),
        (
            "account",
            ("Denied", "for want of an Allow in the identity policy"),
            "across accounts the caller's own policies must allow it too",
        ),
        (
            "scp",
            ("Denied", "for want of an Allow in the service control policy"),
            "WhatWeUse: its Action",
        ),
        (
            "condition",
            ("Denied", "nothing allows it"),
            "Bool aws:MultiFactorAuthPresent true fails: the request has false.",
        ),
        ("deputy", ("Allowed", "by the queue policy"), "the queue policy allows it"),
    ],
)
def test_each_preset_tells_its_story(id: str, told: tuple[str, str], says: str) -> None:
    given = preset(id)

    assert outcome(given) == told
    assert says in EXPLORABLE.reading(**given)


@pytest.mark.parametrize(
    ("id", "changes", "told"),
    [
        ("least", {"ask": "replace"}, "Denied"),
        ("deny", {"who": "root"}, "Denied"),
        ("boundary", {"ask": "read"}, "Allowed"),
        ("account", {"identity": READ_POSTERS}, "Allowed"),
        ("scp", {"who": "root"}, "Denied"),
        ("scp", {"scp": ""}, "Allowed"),
        ("condition", {"context": '{"aws:MultiFactorAuthPresent": "true"}'}, "Allowed"),
    ],
)
def test_what_a_preset_suggests_comes_out_as_it_says(
    id: str, changes: dict[str, Any], told: str
) -> None:
    assert outcome(preset(id, **changes))[0] == told


@pytest.mark.parametrize("id", PRESETS)
def test_no_preset_does_a_task_for_the_reader(id: str) -> None:
    assert not any(task.done(**preset(id)) for task in EXPLORABLE.tasks)


def test_a_boundary_that_alone_takes_reading_away_does_the_task() -> None:
    assert done("boundary", values(boundary=NO_READING))
    assert done("boundary", values(boundary=policy(statement("Deny", "No", "s3:*", "*"))))


@pytest.mark.parametrize(
    "given",
    [
        {"boundary": NO_READING, "identity": ""},
        {"boundary": NO_READING, "who": "bo"},
        {"boundary": NO_READING, "ask": "list"},
        {"boundary": ALL_OF_S3},
        {"boundary": "{"},
        {"identity": NO_READING},
    ],
    ids=["identity denies too", "not ana", "not reading", "allowed", "no policy", "no boundary"],
)
def test_another_denial_does_not_do_it(given: dict[str, Any]) -> None:
    assert not done("boundary", values(**given))


def test_a_bucket_policy_lets_ana_replace_a_poster() -> None:
    bucket = policy(statement("Allow", "Ana", "s3:PutObject", POSTERS, to=(("AWS", ANA),)))

    assert done("bucket", values(ask="replace", resource=bucket))
    assert not done("bucket", values(ask="replace", resource=bucket, who="bo"))
    assert not done("bucket", values(ask="replace", identity=ALL_OF_S3))
    assert not done("bucket", values(ask="replace", identity=ALL_OF_S3, resource=bucket))


@pytest.mark.parametrize(
    ("deny", "is_done"),
    [
        ({"when": (("StringNotEquals", (("aws:PrincipalArn", ANA),)),), "to": "*"}, True),
        ({"when": (("ArnNotLike", (("aws:PrincipalArn", ANA),)),), "to": "*"}, True),
        ({"when": (("StringNotEquals", (("aws:username", "ana"),)),), "to": "*"}, True),
        ({"when": (("StringEquals", (("aws:username", "bo"),)),), "to": "*"}, False),
        ({"to": "*"}, False),
        ({"to": (("AWS", ANA),)}, False),
    ],
    ids=["by ARN", "by pattern", "by name", "only bo", "ana too", "only ana"],
)
def test_a_deny_for_all_but_ana_hits_all_the_others(deny: dict[str, Any], is_done: bool) -> None:
    resource = policy(statement("Deny", "Others", "s3:*", POSTERS, **deny))

    assert done("deny", values(resource=resource)) is is_done


def test_a_deny_by_not_principal_does_it_too() -> None:
    names = f'{{"AWS": ["{ANA}", "arn:aws:iam::{SHOP}:root"]}}'
    text = policy(statement("Deny", "Others", "s3:*", POSTERS, to="*"))

    assert done(
        "deny", values(resource=text.replace('"Principal": "*"', f'"NotPrincipal": {names}'))
    )


@pytest.mark.parametrize(
    ("when", "is_done"),
    [
        ((("ArnEquals", (("aws:SourceArn", TOPIC),)),), True),
        ((("StringEquals", (("aws:SourceAccount", SHOP),)),), True),
        ((("StringEquals", (("aws:SourceAccount", "222222222222"),)),), False),
        ((("Bool", (("aws:SecureTransport", "true"),)),), False),
        (None, False),
    ],
    ids=["by topic", "by account", "the wrong account", "neither gets in", "both get in"],
)
def test_the_deputy_is_confused_no_more_when_only_the_shops_topic_gets_in(
    when: Any, is_done: bool
) -> None:
    to = (("Service", "sns.amazonaws.com"),)
    resource = policy(statement("Allow", "Send", "sqs:SendMessage", QUEUE, to=to, when=when))

    assert done("deputy", preset("deputy", resource=resource)) is is_done


def test_the_margin_says_what_a_statement_does_and_the_first_thing_that_fails() -> None:
    assert marks("identity", preset("least")) == [("■", '"Effect": "Allow",')]
    assert marks("resource", preset("deny")) == [
        ("■", '"Effect": "Allow",'),
        ("✕", '"Effect": "Deny",'),
    ]
    assert marks("boundary", preset("boundary")) == [
        ("≠", '"Action": ['),
        ("○", '"Effect": "Allow",'),
    ]
    assert marks("identity", preset("condition")) == [
        ("≠", '"aws:MultiFactorAuthPresent": "true"'),
        ("○", '"Effect": "Allow",'),
    ]


def test_policies_of_its_own_say_nothing_of_a_caller_who_can_have_none() -> None:
    for who in ("root", "sns", "anyone"):
        given = values(who=who, boundary=NO_READING)

        assert marks("identity", given) == marks("boundary", given) == []
    assert marks("session", values(session=NO_READING)) == []


def test_the_margin_tells_of_a_policy_that_is_read_though_a_deny_came_first() -> None:
    assert gate("Identity policy", preset("deny")).says == "not asked"
    assert marks("identity", preset("deny")) == [("■", '"Effect": "Allow",')]


@pytest.mark.parametrize("name", [*WRITTEN, "context"])
def test_a_text_that_is_no_json_has_a_flaw_and_nothing_is_decided(name: str) -> None:
    given = values(**{name: '{\n  "Version" "2012-10-17"\n}'})
    [text] = [text for text in texts(EXPLORABLE) if text.name == name]

    [flaw] = [mark for mark in text.marks(**given) if mark.is_flaw]

    assert (flaw.line, flaw.column, flaw.sign) == (2, 11, "✕")
    assert flaw.says == "Line 2, column 11: A colon is missing after this name."
    assert outcome(given)[0] == "–"
    assert "A colon is missing" in EXPLORABLE.reading(**given)
    assert not any(task.done(**given) for task in EXPLORABLE.tasks)


def test_a_doubt_is_marked_and_the_policy_counts_all_the_same() -> None:
    doubtful = READ_POSTERS.replace("arn:aws:s3:::posters-a1b2/*", "arn:aws:s*:::posters-a1b2/*")

    found = next(text for text in texts(EXPLORABLE) if text.name == "identity")
    [first, *_] = found.marks(**values(identity=doubtful))

    assert (first.sign, first.is_flaw) == ("!", True)
    assert outcome(values(identity=doubtful))[0] in ("Allowed", "Denied")


def test_the_path_has_each_statement_under_its_gate_with_why() -> None:
    boundary = gate("Permissions boundary", preset("boundary"))

    [statement] = boundary.entries
    assert (boundary.says, boundary.sign) == ("no Allow applies", "✕")
    assert statement.name == "AtMostRead"
    assert statement.says.startswith("Allow does not apply; its Action (s3:GetObject or")


def test_the_first_gate_reads_every_deny_and_names_its_policy() -> None:
    entry = gate("Does any Deny apply?", preset("deny"))

    assert [one.name for one in entry.entries] == ["bucket policy, KeepPosters"]
    assert entry.entries[0].says == "Deny applies and decides; it names everyone."


@pytest.mark.parametrize(
    ("given", "name", "says"),
    [
        (preset("account"), "Bucket policy", "allows it"),
        (preset("deputy"), "Queue policy", "enough by itself"),
        (preset("deputy"), "Identity policy", "not asked"),
        (values(resource=allow("s3:ListBucket", "*")), "Bucket policy", "no Allow applies"),
        (
            values(ask="decrypt", resource=allow("*", (("AWS", SHOP),))),
            "Key policy",
            "leaves it to IAM",
        ),
        (
            values(who="worker", resource=allow("*", (("AWS", WORKER),))),
            "Bucket policy",
            "allows the role",
        ),
        (values(), "Session policy", "none, so no limit"),
        (values(session=NO_READING), "Session policy", "none, so no limit"),
        (values(who="worker", session=NO_READING), "Session policy", "no Allow applies"),
        (values(who="root", ask="assume", identity=ALL_OF_S3), "Identity policy", "none"),
        (values(scp=allow("*")), "Service control policy", "lets it pass"),
        (values(scp=NO_REPLACING), "Does any Deny apply?", "no: 1 read, none applies"),
    ],
)
def test_a_gate_says_what_it_does(given: dict[str, Any], name: str, says: str) -> None:
    assert gate(name, given).says == says


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (preset("least"), "one account: either may allow"),
        (preset("account"), "two accounts: both must allow"),
        (preset("deputy"), "no account: it alone counts"),
        (values(ask="decrypt"), "the key policy must agree"),
    ],
)
def test_the_fork_says_how_the_two_sides_go_together(given: dict[str, Any], rule: str) -> None:
    assert rule in [text.strip() for text in words(given)]


def words(given: dict[str, Any]) -> list[str]:
    """Every text of the figure."""
    traces = EXPLORABLE.figure(**given)["data"]
    return [text for trace in traces if trace["mode"] == "text" for text in trace["text"]]


def test_the_figure_is_whole_until_it_is_played() -> None:
    whole, begun = (
        EXPLORABLE.figure(**preset("boundary")),
        EXPLORABLE.figure(**preset("boundary", at=0)),
    )

    assert "Denied" in str(whole)
    assert "Denied" not in str(begun)
    assert "not asked yet" in str(begun)


def test_while_it_is_on_its_way_nothing_is_decided() -> None:
    given = preset("boundary", at=1.5)

    assert outcome(given) == ("…", "on its way")
    assert [entry.says for entry in EXPLORABLE.path(**given)][4:6] == ["not asked yet"] * 2
    assert EXPLORABLE.playhead.says(given) == "Does any Deny apply?"


def test_the_end_is_where_the_request_ends_and_stands_for_it_everywhere() -> None:
    end = EXPLORABLE.playhead.end(preset("boundary"))

    assert preset("boundary", at=end) == preset("boundary") == preset("boundary", at=99)
    assert preset("boundary", at=end - 1)["at"] == end - 1


def test_the_request_moves_through_every_place_of_the_playhead() -> None:
    places = []
    for tenth in range(31):
        traces = EXPLORABLE.figure(**preset("boundary", at=tenth / 10))["data"]
        flying = [
            t
            for t in traces
            if t["mode"] == "markers" and t["marker"]["symbol"] == ["triangle-down"]
        ]
        places += [(trace["x"][0], trace["y"][0]) for trace in flying]

    assert len(places) == len(set(places)) == 30
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)


def colours(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for value in tree.values():
            yield from colours(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from colours(value)
    elif isinstance(tree, str) and tree[:1] in "@#":
        yield tree


@pytest.mark.parametrize("id", PRESETS)
def test_every_colour_is_a_token(id: str) -> None:
    given = preset(id)
    tones = [mark.tone for text in texts(EXPLORABLE) for mark in text.marks(**given)]
    tones += [entry.tone for entry in EXPLORABLE.path(**given)]

    assert {*colours(EXPLORABLE.figure(**given)), *tones} <= {f"@{token}" for token in TOKENS}


@pytest.mark.parametrize("width", [328, 640])
@pytest.mark.parametrize("id", PRESETS)
def test_it_can_be_drawn_as_svg(id: str, width: int) -> None:
    given = preset(id)

    drawn = draw(EXPLORABLE.figure(**given), width, id, "Gates", EXPLORABLE.reading(**given))

    assert "Does any Deny apply?" in drawn


def test_what_a_field_offers_to_begin_with_is_a_policy_that_aws_would_take() -> None:
    for text in texts(EXPLORABLE):
        if text.blank:
            given = values(**{text.name: text.blank})

            assert [mark for mark in text.marks(**given) if mark.is_flaw] == []
            assert desk(given).decision is not None


def test_a_field_says_how_much_it_holds() -> None:
    [identity] = [text for text in texts(EXPLORABLE) if text.name == "identity"]
    [context] = [text for text in texts(EXPLORABLE) if text.name == "context"]

    assert identity.text("") == "none"
    assert identity.text(READ_POSTERS) == "1 statement"
    assert identity.text(preset("deny")["resource"]) == "2 statements"
    assert context.text(context.start) == "3 keys"
    assert context.text("{}") == "no keys"


def test_a_desk_is_kept_while_only_the_playhead_moves() -> None:
    assert desk(values(at=1)) is desk(values())
    assert desk(values()) is not desk(values(who="bo"))
