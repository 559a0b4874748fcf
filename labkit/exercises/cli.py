"""The five exercises of the lab on the AWS CLI: laid, asked, hinted, solved."""

from __future__ import annotations

from labkit.exercises.checks.cli import filtered, lost, office, pages, slices
from labkit.exercises.frame import Exercise

LOST = Exercise(
    id="lost",
    title="A secret that nobody has",
    task=(
        f"A command with `--profile {lost.NAME}` is signed by a new key of hers, and the old key "
        "is deleted."
    ),
    given=f"the user `{lost.NAME}`, with one access key, and her profile, with a wrong secret",
    lay=lost.lay,
    check=lost.check,
    hints=(
        "Run `aws sts get-caller-identity` with her profile, and read the error: what does AWS "
        "know, and what does it find wrong?",
        "`iam list-access-keys`, `iam delete-access-key` and `iam create-access-key` take "
        "`--user-name`. The secret is in the answer of the last one, and nowhere else.",
        '`lab.aws("iam create-access-key --user-name ana").json()["AccessKey"]`, then `configure '
        "set` twice: `lab.aws(f\"configure set aws_access_key_id {key['AccessKeyId']} --profile "
        'ana")`.',
    ),
    solution="""\
[old] = lab.aws("iam list-access-keys --user-name ana").json()["AccessKeyMetadata"]
lab.aws(f"iam delete-access-key --user-name ana --access-key-id {old['AccessKeyId']}")
key = lab.aws("iam create-access-key --user-name ana").json()["AccessKey"]
lab.aws(f"configure set aws_access_key_id {key['AccessKeyId']} --profile ana")
lab.aws(f"configure set aws_secret_access_key {key['SecretAccessKey']} --profile ana")
print(lab.aws("sts get-caller-identity --profile ana"))
""",
    claims=("cli-lost-secret", "cli-profiles"),
)

OFFICE = Exercise(
    id="office",
    title="A profile without a key",
    task=(
        f"A command with `--profile {office.NAME}` is signed as the role `{office.ROLE}`, and the "
        "profile holds no key."
    ),
    given=f"the role `{office.ROLE}`, which your account may put on",
    lay=office.lay,
    check=office.check,
    hints=(
        "A profile can say how to get credentials instead of holding some.",
        "Three settings: `role_arn`, `source_profile` and `region`.",
        '`lab.aws("configure set role_arn arn:aws:iam::123456789012:role/box-office --profile '
        'office")`, and likewise the other two.',
    ),
    solution="""\
role = "arn:aws:iam::123456789012:role/box-office"
lab.aws(f"configure set role_arn {role} --profile office")
lab.aws("configure set source_profile default --profile office")
lab.aws("configure set region us-east-1 --profile office")
print(lab.aws("sts get-caller-identity --profile office"))
""",
    claims=("cli-profiles", "cli-own-keys"),
)

PAGES = Exercise(
    id="pages",
    title="The whole list, in short calls",
    task=f"All posters are listed by one command, whose calls ask for {pages.SIZE} keys each.",
    given="the bucket `posters` with 1,200 objects",
    lay=pages.lay,
    check=pages.check,
    hints=(
        "Of the three options, one is about calls, one about what is printed, and one about where "
        "to begin.",
        "The one about calls is `--page-size`.",
        '`lab.aws("s3api list-objects-v2 --bucket posters --page-size 100")`.',
    ),
    solution="""\
listed = lab.aws("s3api list-objects-v2 --bucket posters --page-size 100")
print(len(listed.json()["Contents"]), "keys,", len(listed.calls), "calls")
""",
    claims=("pag-page-size", "pag-page-size-effect", "pag-timeout"),
)

SLICES = Exercise(
    id="slices",
    title="In slices, and nothing twice",
    task=(
        f"The first {slices.SLICE} keys of `posters` are fetched by one command and the next "
        f"{slices.SLICE} by another, with one call each."
    ),
    given="the bucket `posters` with 1,200 objects",
    lay=slices.lay,
    check=slices.check,
    hints=(
        "`--max-items` cuts off what is printed. How large is the page that was fetched for it?",
        "Give `--page-size` and `--max-items` the same value; the second command has "
        "`--starting-token` too, with the `NextToken` of the first.",
        '`lab.aws("s3api list-objects-v2 --bucket posters --page-size 400 --max-items 400")`, '
        "then once more with `--starting-token {token}`.",
    ),
    solution="""\
slice_of = "s3api list-objects-v2 --bucket posters --page-size 400 --max-items 400"
first_slice = lab.aws(slice_of).json()
second_slice = lab.aws(f"{slice_of} --starting-token {first_slice['NextToken']}").json()
print(first_slice["Contents"][-1]["Key"], "then", second_slice["Contents"][0]["Key"])
""",
    claims=("pag-max-items", "pag-purpose"),
)

FILTERED = Exercise(
    id="filtered",
    title="What need not come",
    task="The keys of the posters of 2026 are listed, and no other key comes over.",
    given="the bucket `posters`, where every fourth key begins with `2026/`",
    lay=filtered.lay,
    check=filtered.check,
    hints=(
        "Where does `--query` work: before the answer is sent, or after it has come?",
        "The operation has a parameter for the beginning of a key.",
        '`lab.aws("s3api list-objects-v2 --bucket posters --prefix 2026/ --query ...")`.',
    ),
    solution="""\
of_2026 = lab.aws("s3api list-objects-v2 --bucket posters --prefix 2026/ --query 'Contents[].Key'")
print(len(of_2026.json()), "keys,", len(of_2026.calls), "call")
""",
    claims=("cli-query",),
)

EXERCISES = (LOST, OFFICE, PAGES, SLICES, FILTERED)
