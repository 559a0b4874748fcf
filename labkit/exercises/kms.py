"""The five exercises of the KMS lab: what is laid and asked, three hints, the book's code."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from labkit.exercises.checks.kms import context, envelope, leak, people, rekey
from labkit.exercises.checks.kms.sealing import seal
from labkit.exercises.frame import Exercise, MakeClient
from labkit.exercises.ground import remove_bucket, remove_user


def _make_key(kms: Any, alias: str, description: str) -> str:
    """The id of a new key behind this alias; keys of this description are given up."""
    for one in kms.list_keys()["Keys"]:
        found = kms.describe_key(KeyId=one["KeyId"])["KeyMetadata"]
        if found["Description"] == description and found["KeyState"] != "PendingDeletion":
            kms.schedule_key_deletion(KeyId=one["KeyId"])
    with suppress(kms.exceptions.NotFoundException):
        kms.delete_alias(AliasName=alias)
    key_id = str(kms.create_key(Description=description)["KeyMetadata"]["KeyId"])
    kms.create_alias(AliasName=alias, TargetKeyId=key_id)
    return key_id


def _make_bucket(s3: Any, name: str) -> None:
    remove_bucket(s3, name)
    s3.create_bucket(Bucket=name)


def _lay_context(client: MakeClient) -> None:
    _make_key(client("kms"), context.ALIAS, "refunds")


CONTEXT = Exercise(
    id="context",
    title="One refund, one order",
    task=(
        f"`refund` is encrypted under `{context.ALIAS}` so that it can be opened for the order "
        "1042 only, and was opened once."
    ),
    given=f"a key with the alias `{context.ALIAS}`",
    lay=_lay_context,
    check=context.check,
    hints=(
        "What bound the receipt to its order in the example above? It was in both calls.",
        "Both `encrypt` and `decrypt` have an argument `EncryptionContext`, a dictionary of text. "
        "Call its entry `order`.",
        '`kms.encrypt(KeyId="alias/refunds", Plaintext=refund, EncryptionContext={"order": '
        '"1042"})`, and the same `EncryptionContext` for `kms.decrypt`.',
    ),
    solution="""\
refund = b"give back 40 EUR"
bound_to = {"order": "1042"}
bound_refund = kms.encrypt(
    KeyId="alias/refunds", Plaintext=refund, EncryptionContext=bound_to
)["CiphertextBlob"]
print(read(bound_refund))
print(read(bound_refund, EncryptionContext=bound_to))
""",
    claims=("kms-encryption-context", "kms-alias", "kmsapi-encrypt", "kmsapi-decrypt"),
)


def _lay_envelope(client: MakeClient) -> None:
    _make_key(client("kms"), envelope.ALIAS, "posters")
    _make_bucket(client("s3"), envelope.BUCKET)


ENVELOPE = Exercise(
    id="envelope",
    title="A poster in an envelope",
    task=(
        f"`{envelope.BUCKET}` has the poster as `{envelope.NAME}.enc`, sealed with a data key, "
        f"and as `{envelope.NAME}.key` this data key, encrypted under `{envelope.ALIAS}`; the "
        "poster was read back from these two alone."
    ),
    given=f"a key with the alias `{envelope.ALIAS}`; the bucket `{envelope.BUCKET}`, empty",
    lay=_lay_envelope,
    check=envelope.check,
    hints=(
        "Which of the two forms of a data key may be stored, and which encrypts?",
        '`generate_data_key(KeyId=..., KeySpec="AES_256")` answers with `Plaintext`, for `seal`, '
        "and `CiphertextBlob`, for the bucket.",
        '`s3.put_object(Bucket=bucket, Key="macbeth.enc", Body=seal(macbeth, ...))` and the same '
        "for `macbeth.key`; to read, get both, `kms.decrypt(CiphertextBlob=...)`, `unseal`.",
    ),
    solution="""\
macbeth = b"Tomorrow, and tomorrow, and tomorrow. " * 1500
new_key = kms.generate_data_key(KeyId="alias/posters", KeySpec="AES_256")
put("poster-vault", "macbeth.enc", seal(macbeth, new_key["Plaintext"]))
put("poster-vault", "macbeth.key", new_key["CiphertextBlob"])
opener = kms.decrypt(CiphertextBlob=get("poster-vault", "macbeth.key"))["Plaintext"]
print(unseal(get("poster-vault", "macbeth.enc"), opener) == macbeth)
""",
    claims=("env-definition", "env-local", "kmsapi-generate", "kms-4kb", "env-generatedatakey"),
)


def _lay_rekey(client: MakeClient) -> None:
    kms, s3 = client("kms"), client("s3")
    _make_key(kms, rekey.OLD, rekey.OLD_DESCRIPTION)
    _make_key(kms, rekey.NEW, "posters of 2026")
    _make_bucket(s3, rekey.BUCKET)
    for name, text in rekey.POSTERS.items():
        key = kms.generate_data_key(KeyId=rekey.OLD, KeySpec="AES_256")
        s3.put_object(Bucket=rekey.BUCKET, Key=f"{name}.enc", Body=seal(text, key["Plaintext"]))
        s3.put_object(Bucket=rekey.BUCKET, Key=f"{name}.key", Body=key["CiphertextBlob"])


REKEY = Exercise(
    id="rekey",
    title="Change the lock, leave the goods",
    task=(
        f"The three data keys in `{rekey.BUCKET}` are under `{rekey.NEW}`; they and the posters "
        f"never were in your program in plaintext; the key of `{rekey.OLD}` is disabled."
    ),
    given=(
        f"the bucket `{rekey.BUCKET}` with `hamlet`, `lear` and `othello`, each as `.enc` and "
        f"`.key`; their data keys are under `{rekey.OLD}`; a second key, `{rekey.NEW}`"
    ),
    lay=_lay_rekey,
    check=rekey.check,
    hints=(
        "What is encrypted under the KMS key: the posters, or something much smaller?",
        "`re_encrypt` takes a ciphertext and the key that it shall be under; its answer has a "
        "`CiphertextBlob` again. Disabling comes last, and wants a key id, not an alias.",
        'For each name: `kms.re_encrypt(CiphertextBlob=get("poster-archive", f"{name}.key"), '
        'DestinationKeyId="alias/posters-2026")`, and put its `CiphertextBlob` back. Then '
        "`kms.disable_key(KeyId=...)`.",
    ),
    solution="""\
for name in ("hamlet", "lear", "othello"):
    moved_key = kms.re_encrypt(
        CiphertextBlob=get("poster-archive", f"{name}.key"),
        DestinationKeyId="alias/posters-2026",
    )
    put("poster-archive", f"{name}.key", moved_key["CiphertextBlob"])
    print(name, "is under", key_id_of("alias/posters-2026")[:8])
kms.disable_key(KeyId=key_id_of("alias/posters-2025"))
print(kms.describe_key(KeyId="alias/posters-2025")["KeyMetadata"]["KeyState"])
""",
    claims=("kmsapi-reencrypt", "kms-states", "env-cmk-role"),
)


def _lay_people(client: MakeClient) -> None:
    kms, iam = client("kms"), client("iam")
    _make_key(kms, people.ALIAS, "payouts")
    for name in (people.ADMIN, people.CLERK, people.OTHER):
        remove_user(iam, name)
        iam.create_user(UserName=name)
    iam.put_user_policy(
        UserName=people.OTHER, PolicyName="all-keys", PolicyDocument=people.own_policy()
    )


PEOPLE = Exercise(
    id="people",
    title="Who looks after it, who uses it",
    task=(
        f"`{people.ADMIN}` administers the key of `{people.ALIAS}` and cannot use it, "
        f"`{people.CLERK}` uses it and cannot administer it, and `{people.OTHER}`, whose own "
        "policy stays, does neither; bo and mia have tried to decrypt `payout`."
    ),
    given=(
        f"the key `{people.ALIAS}` with the default policy; the users `{people.ADMIN}` and "
        f"`{people.CLERK}` without policies, `{people.OTHER}` with `kms:*` on everything"
    ),
    lay=_lay_people,
    check=people.check,
    hints=(
        "Which statement of the default policy lets mia in? And if it goes, who may change the "
        "policy afterwards?",
        "Two statements, each with the ARN of users as `Principal`: one with the administrative "
        "actions, for ana and for yourself, one with `kms:Encrypt`, `kms:Decrypt`, "
        "`kms:GenerateDataKey*`, for bo.",
        "`kms.put_key_policy(KeyId=..., Policy=policy(manages, uses))`, where `manages` has "
        '`"Action": ["kms:Put*", "kms:Get*", "kms:Describe*", "kms:List*", "kms:Enable*", '
        '"kms:Disable*", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"]`.',
    ),
    solution="""\
manages = {
    "Principal": {"AWS": [USERS + "ana", USERS + "learner"]},
    "Action": [
        *("kms:Put*", "kms:Get*", "kms:Describe*", "kms:List*"),
        *("kms:Enable*", "kms:Disable*"),
        *("kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"),
    ],
    "Resource": "*",
}
uses = {
    "Principal": {"AWS": USERS + "bo"},
    "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"],
    "Resource": "*",
}
payout = kms.encrypt(KeyId="alias/payouts", Plaintext=b"pay 900 EUR")["CiphertextBlob"]
kms.put_key_policy(KeyId=key_id_of("alias/payouts"), Policy=policy(manages, uses))
for user in ("bo", "mia"):
    print(user, "|", read(payout, client=lab.as_user(user).client("kms")))
""",
    claims=("kms-key-policy", "kms-admins", "kms-users"),
)


def _lay_leak(client: MakeClient) -> None:
    kms, s3 = client("kms"), client("s3")
    _make_key(kms, leak.ALIAS, "scripts")
    wrapped = kms.encrypt(KeyId=leak.ALIAS, Plaintext=leak.LEAKED)["CiphertextBlob"]
    _make_bucket(s3, leak.BUCKET)
    s3.put_object(Bucket=leak.BUCKET, Key=f"{leak.NAME}.enc", Body=seal(leak.SCRIPT, leak.LEAKED))
    s3.put_object(Bucket=leak.BUCKET, Key=f"{leak.NAME}.key", Body=wrapped)
    s3.put_object(Bucket=leak.BUCKET, Key=leak.LOG, Body=leak.LEAKED)


LEAK = Exercise(
    id="leak",
    title="A key in a log",
    task=(
        f"The data key in `{leak.LOG}` opens nothing in `{leak.BUCKET}`; whoever may use "
        f"`{leak.ALIAS}` still reads the script from `{leak.NAME}.enc` and `{leak.NAME}.key`."
    ),
    given=(
        f"the bucket `{leak.BUCKET}` with `{leak.NAME}.enc`, `{leak.NAME}.key` and `{leak.LOG}`, "
        f"which holds the data key in plaintext; the KMS key `{leak.ALIAS}`"
    ),
    lay=_lay_leak,
    check=leak.check,
    hints=(
        "Four remedies come to mind: rotate the KMS key, re-encrypt the data key, disable the "
        "KMS key, encrypt the script anew. After which of them does the leaked key open nothing?",
        "KMS can change everything but the data key itself, since the script is encrypted under "
        "it. Read the script as a rightful reader does, then treat it like a new one.",
        "`kms.decrypt(CiphertextBlob=...)` with `premiere.key`, `unseal`, then "
        '`kms.generate_data_key(KeyId="alias/scripts", KeySpec="AES_256")`, `seal`, and `put` for '
        "both objects.",
    ),
    solution="""\
old_key = kms.decrypt(CiphertextBlob=get("script-vault", "premiere.key"))["Plaintext"]
script = unseal(get("script-vault", "premiere.enc"), old_key)
fresh = kms.generate_data_key(KeyId="alias/scripts", KeySpec="AES_256")
put("script-vault", "premiere.enc", seal(script, fresh["Plaintext"]))
put("script-vault", "premiere.key", fresh["CiphertextBlob"])
print("the key in the log opens it:", opens(get("script-vault", "debug.log")))
""",
    claims=("env-definition", "kmsapi-rotation", "kmsapi-reencrypt", "env-cmk-role"),
)

EXERCISES = (CONTEXT, ENVELOPE, REKEY, PEOPLE, LEAK)
