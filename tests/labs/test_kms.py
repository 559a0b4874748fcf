"""Each exercise of the KMS lab: what passes, what does not, and what a learner is told.

A wrong way has a name, the code that a learner would write, and words that only its own message
has. `try_to` lets AWS refuse a call, as it would in the learner's cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit.exercises import load
from labkit.exercises.checks.kms import envelope, leak, rekey, sealing
from labkit.exercises.frame import Incorrect, NotYet, Passed
from tests.labs.study import Study

EXERCISES = {exercise.id: exercise for exercise in load("kms")}
# The cells that exercises lean on: helpers, and what these need.
GIVEN = ("open", "create", "encrypt", "decrypt", "seal", "bucket", "names", "enforce", "thief")

ORDER = '{"order": "1042"}'


def refund(context: str = ORDER, text: str = "give back 40 EUR", key: str = "alias/refunds") -> str:
    """Encrypt a refund; its ciphertext is `bound_refund`."""
    more = f", EncryptionContext={context}" if context else ""
    call = f'kms.encrypt(KeyId="{key}", Plaintext=b"{text}"{more})'
    return f'bound_refund = {call}["CiphertextBlob"]\n'


OPEN_REFUND = f"kms.decrypt(CiphertextBlob=bound_refund, EncryptionContext={ORDER})\n"

MACBETH = 'macbeth = b"Tomorrow, and tomorrow, and tomorrow. " * 1500\n'
ASK = 'new = kms.generate_data_key(KeyId="alias/posters", KeySpec="AES_256")\n'
PUT_ENC = 'put("poster-vault", "macbeth.enc", seal(macbeth, new["Plaintext"]))\n'
PUT_KEY = 'put("poster-vault", "macbeth.key", new["CiphertextBlob"])\n'
READ_BACK = """\
opener = kms.decrypt(CiphertextBlob=get("poster-vault", "macbeth.key"))["Plaintext"]
unseal(get("poster-vault", "macbeth.enc"), opener)
"""
STORED = MACBETH + ASK + PUT_ENC + PUT_KEY


def moving(names: str = '"hamlet", "lear", "othello"', to: str = "alias/posters-2026") -> str:
    """Re-encrypt these data keys, and put them back."""
    return f"""\
for name in ({names},):
    blob = get("poster-archive", f"{{name}}.key")
    moved_key = kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId="{to}")
    put("poster-archive", f"{{name}}.key", moved_key["CiphertextBlob"])
"""


OFF = 'kms.disable_key(KeyId=key_id_of("alias/posters-2025"))\n'

PAYOUT = """\
payout = kms.encrypt(KeyId="alias/payouts", Plaintext=b"pay 900 EUR")["CiphertextBlob"]
"""
TRIES = """\
for user in ("bo", "mia"):
    read(payout, client=lab.as_user(user).client("kms"))
"""
USE = '["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"]'
MANAGE = """\
["kms:Put*", "kms:Get*", "kms:Describe*", "kms:List*", "kms:Enable*", "kms:Disable*",
 "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"]
"""
BOTH_ADMINS = '[USERS + "ana", USERS + "learner"]'
ROOT = '"arn:aws:iam::123456789012:root"'


def people(
    admins: str = BOTH_ADMINS,
    manage: str = MANAGE,
    use: str = USE,
    *more: str,
    bypass: str = "",
    tries: str = TRIES,
) -> str:
    """Put a key policy of two statements, and more, on the payouts' key; then try."""
    statements = [
        f'{{"Principal": {{"AWS": {admins}}}, "Action": {manage}, "Resource": "*"}}',
        f'{{"Principal": {{"AWS": USERS + "bo"}}, "Action": {use}, "Resource": "*"}}',
        *more,
    ]
    put = f"kms.put_key_policy(KeyId=key, Policy=policy({', '.join(statements)}){bypass})\n"
    return PAYOUT + 'key = key_id_of("alias/payouts")\n' + put + tries


DENY_MIA = (
    '{"Effect": "Deny", "Principal": {"AWS": USERS + "mia"}, "Action": "kms:*", "Resource": "*"}'
)
IAM_FOR_ANA = f"""\
iam.put_user_policy(UserName="ana", PolicyName="keys",
    PolicyDocument=policy({{"Action": {MANAGE}, "Resource": "*"}}))
"""

OPEN_SCRIPT = """\
old_key = kms.decrypt(CiphertextBlob=get("script-vault", "premiere.key"))["Plaintext"]
script = unseal(get("script-vault", "premiere.enc"), old_key)
"""


def anew(text: str = "script", alias: str = "alias/scripts", key: str = "CiphertextBlob") -> str:
    """Encrypt the script under a new data key, and store both."""
    return (
        OPEN_SCRIPT
        + f"""\
fresh = kms.generate_data_key(KeyId="{alias}", KeySpec="AES_256")
put("script-vault", "premiere.enc", seal({text}, fresh["Plaintext"]))
put("script-vault", "premiere.key", fresh["{key}"])
"""
    )


RIGHT = {
    "context": {
        "by key id, after a refund that anybody could open": refund("")
        + 'kms.encrypt(KeyId=key_id_of("alias/refunds"), Plaintext=b"give back 40 EUR", '
        + f"EncryptionContext={ORDER})\n"
        + refund()
        + "read(bound_refund)\n"
        + OPEN_REFUND,
        "naming the key to decrypt with": refund()
        + OPEN_REFUND.replace(")\n", ', KeyId="alias/refunds")\n'),
    },
    "envelope": {
        "with a key of one's own, encrypted by KMS": MACBETH
        + """\
own = os.urandom(32)
new = kms.encrypt(KeyId="alias/posters", Plaintext=own) | {"Plaintext": own}
"""
        + PUT_ENC
        + PUT_KEY
        + READ_BACK,
        "the key without its plaintext first": MACBETH
        + """\
new = kms.generate_data_key_without_plaintext(KeyId="alias/posters", NumberOfBytes=32)
put("poster-vault", "macbeth.key", new["CiphertextBlob"])
new |= kms.decrypt(CiphertextBlob=new["CiphertextBlob"], KeyId="alias/posters")
"""
        + PUT_ENC,
    },
    "rekey": {
        "naming the source, disabling by ARN": """\
for name in ("othello", "lear", "hamlet"):
    moved_key = kms.re_encrypt(
        CiphertextBlob=get("poster-archive", name + ".key"),
        SourceKeyId="alias/posters-2025",
        DestinationKeyId=key_id_of("alias/posters-2026"),
    )
    put("poster-archive", name + ".key", moved_key["CiphertextBlob"])
old = kms.describe_key(KeyId="alias/posters-2025")["KeyMetadata"]["Arn"]
kms.disable_key(KeyId=old)
""",
        "disabled too early, and mended": OFF
        + OFF.replace("disable", "enable")
        + moving()
        + OFF
        + 'kms.delete_alias(AliasName="alias/posters-2025")\n',
    },
    "people": {
        "ana alone, without the safety check": people(
            'USERS + "ana"', bypass=", BypassPolicyLockoutSafetyCheck=True"
        ),
        "IAM decides who administers, and mia is denied": IAM_FOR_ANA
        + people(ROOT, MANAGE, USE, DENY_MIA),
        "after a policy that was too wide": people(manage='"kms:*"') + people(),
    },
    "leak": {
        "with the leaked key, which opens it as well": """\
script = unseal(get("script-vault", "premiere.enc"), get("script-vault", "debug.log"))
fresh = kms.generate_data_key(KeyId="alias/scripts", NumberOfBytes=32)
put("script-vault", "premiere.key", fresh["CiphertextBlob"])
put("script-vault", "premiere.enc", seal(script, fresh["Plaintext"]))
s3.delete_object(Bucket="script-vault", Key="debug.log")
""",
        "after a rotation in vain": "kms.rotate_key_on_demand("
        + 'KeyId=key_id_of("alias/scripts"))\n'
        + anew(),
    },
}

WRONG = {
    "context": {
        "no context": (refund(""), "without an encryption context"),
        "another name": (
            refund('{"Order": "1042"}'),
            "The encryption context is {'Order': '1042'}",
        ),
        "the order in the text": (
            refund(text="order 1042: give back 40 EUR"),
            "the order belongs into the context",
        ),
        "another key": (refund(key="alias/receipts"), "under the key `alias/receipts`"),
        "decrypted without it": (
            refund() + "read(bound_refund)\n",
            "Decrypt was refused with `InvalidCiphertextException`; its context was not given",
        ),
    },
    "envelope": {
        "the poster as it is": (
            MACBETH + ASK + 'put("poster-vault", "macbeth.enc", macbeth)\n' + PUT_KEY,
            "is the poster as it was",
        ),
        "the plaintext key beside it": (
            MACBETH + ASK + PUT_ENC + PUT_KEY.replace("CiphertextBlob", "Plaintext"),
            "the data key in plaintext, beside what it opens",
        ),
        "two data keys": (MACBETH + ASK + PUT_ENC + ASK + PUT_KEY, "does not open `macbeth.enc`"),
        "another KMS key": (
            STORED.replace("alias/posters", "alias/receipts"),
            "was encrypted under",
        ),
        "with a context": (
            STORED.replace('"AES_256")', f'"AES_256", EncryptionContext={ORDER})'),
            "KMS answers `InvalidCiphertextException`",
        ),
        "half a poster": (
            STORED.replace("seal(macbeth,", "seal(macbeth[:4096],"),
            "4,096 bytes that are not the poster",
        ),
    },
    "rekey": {
        "decrypt, then encrypt": (
            """\
for name in ("hamlet", "lear", "othello"):
    seen = kms.decrypt(CiphertextBlob=get("poster-archive", f"{name}.key"))["Plaintext"]
    again = kms.encrypt(KeyId="alias/posters-2026", Plaintext=seen)["CiphertextBlob"]
    put("poster-archive", f"{name}.key", again)
"""
            + OFF,
            "`Decrypt` brought 3 data keys into your program",
        ),
        "new data keys": (
            'kms.generate_data_key(KeyId="alias/posters-2026", KeySpec="AES_256")\n',
            "You asked for new data keys",
        ),
        "the alias moved": (
            'kms.update_alias(AliasName="alias/posters-2025", '
            'TargetKeyId=key_id_of("alias/posters-2026"))\n',
            "The alias points elsewhere",
        ),
        "the old key rotated": (
            'kms.rotate_key_on_demand(KeyId=key_id_of("alias/posters-2025"))\n',
            "A rotation gave a key new material",
        ),
        "disabled first": (OFF + moving(), "all three data keys are under it"),
        "one forgotten": (moving('"hamlet", "lear"') + OFF, "`othello.key` is still under"),
        "overwritten": (
            'put("poster-archive", "lear.key", b"lost")\n' + moving('"hamlet"'),
            "KMS can make nothing of `lear.key`",
        ),
        "mixed up": (
            moving()
            + 'put("poster-archive", "lear.key", get("poster-archive", "hamlet.key"))\n'
            + OFF,
            "`lear.key` does not open `lear.enc`",
        ),
    },
    "people": {
        "the author locked out": (people('USERS + "ana"'), "KMS refused the policy"),
        "the account left in": (
            people(
                BOTH_ADMINS,
                MANAGE,
                USE,
                f'{{"Principal": {{"AWS": {ROOT}}}, "Action": "kms:*", "Resource": "*"}}',
            ),
            "`mia` may still do `kms:Encrypt`",
        ),
        "mia's own policy taken": (
            people() + 'iam.delete_user_policy(UserName="mia", PolicyName="all-keys")\n',
            "`mia` has lost `kms:*` in IAM",
        ),
        "everything for ana": (people(manage='"kms:*"'), "`ana` may do `kms:Decrypt`"),
        "everything for you": (
            people(
                'USERS + "ana"',
                MANAGE,
                USE,
                '{"Principal": {"AWS": USERS + "learner"}, "Action": "kms:*", "Resource": "*"}',
            ),
            "You may do `kms:Decrypt`",
        ),
        "everything for bo": (people(use='"kms:*"'), "`bo` may do `kms:PutKeyPolicy`"),
        "no data keys for bo": (
            people(use='["kms:Encrypt", "kms:Decrypt"]'),
            "`bo` may not do `kms:GenerateDataKey`",
        ),
        "ana cannot delete": (
            people(manage='["kms:Put*", "kms:Get*", "kms:Describe*", "kms:Disable*"]'),
            "`ana` may not do `kms:ScheduleKeyDeletion`",
        ),
    },
    "leak": {
        "rotate the KMS key": (
            'kms.rotate_key_on_demand(KeyId=key_id_of("alias/scripts"))\n',
            "Rotation gives the KMS key new material",
        ),
        "re-encrypt the data key": (
            """\
again = kms.re_encrypt(
    CiphertextBlob=get("script-vault", "premiere.key"), DestinationKeyId="alias/scripts"
)
put("script-vault", "premiere.key", again["CiphertextBlob"])
""",
            "ReEncrypt wraps the same data key anew",
        ),
        "disable the KMS key": (
            'kms.disable_key(KeyId=key_id_of("alias/scripts"))\n',
            "The thief asks KMS nothing",
        ),
        "the same key, another nonce": (
            OPEN_SCRIPT + 'put("script-vault", "premiere.enc", seal(script, old_key))\n',
            "A new nonce is not a new key",
        ),
        "in plaintext": (
            OPEN_SCRIPT + 'put("script-vault", "premiere.enc", script)\n',
            "is the script in plaintext",
        ),
        "the new key not stored": (
            anew().rsplit("put(", 1)[0],
            "nobody can read the script now",
        ),
        "the new key in plaintext": (anew(key="Plaintext"), "KMS answers `"),
        "another KMS key": (anew(alias="alias/receipts"), "is under another KMS key"),
        "the ciphertext sealed once more": (
            anew(text='get("script-vault", "premiere.enc")'),
            "other bytes",
        ),
        "thrown away": (
            's3.delete_object(Bucket="script-vault", Key="premiere.enc")\n',
            "`premiere.enc` is gone",
        ),
    },
}

ON_THE_WAY = {
    "context": {
        "nothing done": ("", "Nothing has been encrypted yet"),
        "encrypted": (refund(), "Now decrypt it again"),
    },
    "envelope": {
        "nothing stored": (MACBETH + ASK, "`poster-vault` is empty"),
        "the poster only": (MACBETH + ASK + PUT_ENC, "`macbeth.key` is missing"),
        "the key only": (MACBETH + ASK + PUT_KEY, "`macbeth.enc` is missing"),
        "not read back": (STORED, "let KMS decrypt `macbeth.key`"),
    },
    "rekey": {
        "nothing moved": ("", "All three data keys are under the key of 2025"),
        "one moved": (moving('"lear"'), "Still there: `hamlet.key` and `othello.key`"),
        "all moved": (moving(), "Now disable the key of 2025"),
    },
    "people": {
        "nothing written": (PAYOUT, "has its default policy"),
        "not tried": (people(tries=""), "let `bo` decrypt `payout`"),
        "tried by bo": (
            people(tries='read(payout, client=lab.as_user("bo").client("kms"))\n'),
            "let `mia` decrypt `payout`",
        ),
    },
    "leak": {
        "nothing done": ("", "The key from the log opens `premiere.enc`"),
        "opened only": (OPEN_SCRIPT, "Change what is stored"),
    },
}


def cases(table: dict[str, dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(id, *(way if isinstance(way, tuple) else (way,)), id=f"{id}: {name}")
        for id, ways in table.items()
        for name, way in ways.items()
    ]


@pytest.fixture
def learner(study: Callable[[str], Study]) -> Study:
    """A learner who has run the cells that exercises lean on."""
    learner = study("kms")
    learner.run(*GIVEN)
    return learner


@pytest.mark.parametrize("id", EXERCISES)
def test_the_books_solution_passes(learner: Study, id: str) -> None:
    learner.lab.begin(id)

    learner.do(EXERCISES[id].solution)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way"), cases(RIGHT))
def test_another_right_way_passes(learner: Study, id: str, way: str) -> None:
    learner.lab.begin(id)

    learner.do(way)

    assert isinstance(learner.lab.check(id), Passed), learner.lab.check(id)


@pytest.mark.parametrize(("id", "way", "words"), cases(WRONG))
def test_a_wrong_way_is_told_what_is_wrong_with_it(
    learner: Study, id: str, way: str, words: str
) -> None:
    learner.lab.begin(id)

    learner.try_to(way)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, Incorrect), outcome
    said = " ".join((outcome.found, outcome.expected, outcome.hint))
    assert words in said, outcome


@pytest.mark.parametrize("id", EXERCISES)
def test_every_wrong_way_of_an_exercise_has_words_of_its_own(id: str) -> None:
    words = [words for _, words in WRONG[id].values()]

    assert len(set(words)) == len(words) >= 3


@pytest.mark.parametrize(("id", "way", "words"), cases(ON_THE_WAY))
def test_half_the_way_is_told_the_next_step(learner: Study, id: str, way: str, words: str) -> None:
    learner.lab.begin(id)

    learner.do(way)

    outcome = learner.lab.check(id)
    assert isinstance(outcome, NotYet), outcome
    assert words in " ".join((outcome.seen, outcome.next_step))


@pytest.mark.parametrize("id", EXERCISES)
def test_the_starter_of_the_lab_leaves_the_task_undone(learner: Study, id: str) -> None:
    learner.run(f"{id}-begin", f"{id}-start")

    assert isinstance(learner.lab.check(id), NotYet)


@pytest.mark.parametrize("id", EXERCISES)
def test_a_check_changes_nothing(learner: Study, id: str) -> None:
    learner.lab.begin(id)
    learner.run(f"{id}-start")
    calls, now = len(learner.lab._sandbox.calls), learner.lab.clock.now

    first, second = learner.lab.check(id), learner.lab.check(id)

    assert first == second
    assert (len(learner.lab._sandbox.calls), learner.lab.clock.now) == (calls, now)


@pytest.mark.parametrize(
    ("id", "deleted"),
    [
        ("context", 'kms.delete_alias(AliasName="alias/refunds")'),
        ("envelope", 's3.delete_bucket(Bucket="poster-vault")'),
        ("rekey", 'kms.delete_alias(AliasName="alias/posters-2026")'),
        ("people", PAYOUT + 'kms.delete_alias(AliasName="alias/payouts")'),
        ("leak", 'kms.schedule_key_deletion(KeyId=key_id_of("alias/scripts"))'),
    ],
)
def test_what_the_learner_deleted_is_a_finding_and_can_be_laid_again(
    learner: Study, id: str, deleted: str
) -> None:
    learner.lab.begin(id)
    learner.do(deleted)

    outcome = learner.lab.check(id)
    learner.lab.begin(id)
    learner.do(EXERCISES[id].solution)

    assert isinstance(outcome, Incorrect | NotYet)
    assert isinstance(learner.lab.check(id), Passed)


def test_exercises_can_be_done_in_any_order_and_twice(learner: Study) -> None:
    for id in [*reversed(EXERCISES), *EXERCISES]:
        learner.lab.begin(id)
        learner.do(EXERCISES[id].solution)

        assert isinstance(learner.lab.check(id), Passed), id


def test_the_solutions_run_although_the_learner_left_the_starters_out(
    study: Callable[[str], Study],
) -> None:
    learner = study("kms")

    shown = learner.run_all({f"{id}-start": "" for id in EXERCISES})

    assert all(shown[f"{id}-solved"].by_the_book for id in EXERCISES)


def test_the_notebook_seals_as_the_checks_unseal(learner: Study) -> None:
    sealed = learner.names["seal"](b"hamlet", leak.LEAKED)

    assert sealing.unseal(sealed, leak.LEAKED) == b"hamlet"
    assert learner.names["unseal"](sealing.seal(b"lear", leak.LEAKED), leak.LEAKED) == b"lear"
    assert sealing.unseal(sealed[:-1], leak.LEAKED) is None


def test_the_lab_names_what_the_checks_look_for(learner: Study) -> None:
    learner.run("envelope-begin", "envelope-start")

    assert learner.names["macbeth"] == envelope.POSTER
    assert all(f'"{name}"' in learner.sources["rekey-start"] for name in rekey.POSTERS)
