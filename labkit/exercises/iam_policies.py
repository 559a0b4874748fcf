"""The five exercises of the lab on IAM policies: what is laid, what is asked, hints, the code."""

from __future__ import annotations

from labkit.exercises.checks.iam_policies import (
    no_escalation,
    own_folder,
    past_the_limit,
    roll_back,
    start,
    third_party,
)
from labkit.exercises.frame import Exercise

ROLL_BACK = Exercise(
    id="roll-back",
    title="Find the policy that decides",
    task="`bo` writes drafts again, and of three edits only the harmful one is taken back.",
    given=(
        "`bo` with the policy `poster-work`, in the group `designers` with `designer-rules`, under "
        "the boundary `staff-boundary`; each was edited yesterday, from `v1` to `v2`"
    ),
    lay=start.lay_roll_back,
    check=roll_back.check,
    hints=(
        "Three policies, three sorts: one grants, one denies, one limits. What does the path say "
        "of each: does it apply to this call?",
        "The headline of `lab.why()` names the kind, its last lines say which policy that is. "
        "The other two may be edited for good reasons.",
        '`iam.set_default_policy_version(PolicyArn=..., VersionId="v1")` with the ARN of '
        "`staff-boundary`, as in the example with `poster-reader`.",
    ),
    solution="""\
staff_boundary = "arn:aws:iam::123456789012:policy/staff-boundary"
iam.set_default_policy_version(PolicyArn=staff_boundary, VersionId="v1")
attempt(bo.put_object, Bucket="studio-123456789012", Key="drafts/carmen.png")
""",
    claims=("pol-evaluation", "pol-versions", "pol-boundary"),
)

OWN_FOLDER = Exercise(
    id="own-folder",
    title="To each their own prefix",
    task=(
        "Each member of `sellers` gets, puts and lists receipts under their own name only, with "
        "one policy on the group."
    ),
    given="the group `sellers` with `cid` and `dea`, and a bucket with a receipt of each",
    lay=start.lay_own_folder,
    check=own_folder.check,
    hints=(
        "What is the same for all sellers, and what differs? And on which resource is a list "
        "asked: on the receipts, or on the bucket?",
        "`${aws:username}` stands for the caller's name, in the ARN of the objects as in a value "
        "of a condition. A list carries its prefix as `s3:prefix`.",
        '`iam.put_group_policy(GroupName="sellers", PolicyName="own", '
        "PolicyDocument=policy(files, listing))`, where `listing` has the condition "
        '`{"StringLike": {"s3:prefix": "${aws:username}/*"}}`.',
    ),
    solution="""\
files = {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:PutObject"],
    "Resource": "arn:aws:s3:::receipts-123456789012/${aws:username}/*",
}
listing = {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3:::receipts-123456789012",
    "Condition": {"StringLike": {"s3:prefix": "${aws:username}/*"}},
}
own = policy(files, listing)
iam.put_group_policy(GroupName="sellers", PolicyName="own", PolicyDocument=own)
cid = lab.as_user("cid").client("s3").list_objects_v2
for prefix in ("cid/", "dea/"):
    attempt(cid, Bucket="receipts-123456789012", Prefix=prefix)
""",
    claims=("pol-variable", "pol-condition", "pol-condition-missing"),
)

NO_ESCALATION = Exercise(
    id="no-escalation",
    title="Roles of her own, and not one right more",
    task=(
        "`noa` creates roles named `app-…` under `app-boundary` and writes inline policies on "
        "them; she gets no right beyond that boundary by any way."
    ),
    given=(
        "the user `noa`, without any right; the policy `app-boundary`, for S3 and SQS; the roles "
        "`app-legacy` and `shop-admin`, which have no boundary"
    ),
    lay=start.lay_no_escalation,
    check=no_escalation.check,
    hints=(
        "Two calls make a role that can do something. On which roles may she make them, and what "
        "must the call bring, or the role have?",
        "The key `iam:PermissionsBoundary` holds the boundary that a call asks for or, where it "
        "asks for none, that the role has. Name the actions one by one: which others would a "
        "wildcard take in?",
        '`iam.put_user_policy(UserName="noa", PolicyName="roles", '
        "PolicyDocument=policy(roles))`: `roles` allows `iam:CreateRole` and `iam:PutRolePolicy` "
        'on `arn:aws:iam::123456789012:role/app-*` if `{"StringEquals": '
        '{"iam:PermissionsBoundary": app_boundary}}`.',
    ),
    solution="""\
roles = {
    "Effect": "Allow",
    "Action": ["iam:CreateRole", "iam:PutRolePolicy"],
    "Resource": "arn:aws:iam::123456789012:role/app-*",
    "Condition": {"StringEquals": {"iam:PermissionsBoundary": app_boundary}},
}
made = policy(roles)
iam.put_user_policy(UserName="noa", PolicyName="roles", PolicyDocument=made)
noa = lab.as_user("noa").client("iam")
trust = policy(trusts_lambda)
role = {"RoleName": "app-refunds", "AssumeRolePolicyDocument": trust}
attempt(noa.create_role, **role)
attempt(noa.create_role, **role, PermissionsBoundary=app_boundary)
attempt(noa.delete_role_permissions_boundary, RoleName="app-refunds")
""",
    claims=("pol-boundary-delegate", "pol-boundary", "pol-condition-missing"),
)

THIRD_PARTY = Exercise(
    id="third-party",
    title="The deputy that can be fooled",
    task=(
        "`tally-reader` lets in tally for the shop, with the external ID `shop-7731`, and nobody "
        "for anybody else."
    ),
    given=(
        "the role `tally-reader`, which trusts tally's account and reads the reports of "
        "`sales-123456789012`; its program, an administrator of account 222222222222"
    ),
    lay=start.lay_third_party,
    check=third_party.check,
    hints=(
        "The two calls differ in one parameter only. Who chose its value, and where could the "
        "role look at it?",
        "A trust policy takes conditions like any other. The parameter `ExternalId` of the call "
        "is the key `sts:ExternalId`.",
        '`iam.update_assume_role_policy(RoleName="tally-reader", PolicyDocument=policy(trust))`, '
        "with the statement that is there, and the condition "
        '`{"StringEquals": {"sts:ExternalId": "shop-7731"}}`.',
    ),
    solution="""\
trust = {
    "Effect": "Allow",
    "Principal": {"AWS": "222222222222"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": "shop-7731"}},
}
iam.update_assume_role_policy(
    RoleName="tally-reader", PolicyDocument=policy(trust)
)
for customer in ("shop-7731", "rival-0042"):
    attempt(read_for, customer=customer)
""",
    claims=("xa-external-id", "xa-both", "xa-role"),
)

PAST_THE_LIMIT = Exercise(
    id="past-the-limit",
    title="The limit that did not hold",
    task=(
        "`vera` receives from `refunds`; `max`, `nia` and whoever comes under `contractor-limits` "
        "do not; and two calls have shown it."
    ),
    given=(
        "the queue `refunds` with its policy; `vera` with a policy for it; the contractors `max` "
        "and `nia` with one for everything, under the boundary `contractor-limits`"
    ),
    lay=start.lay_past_the_limit,
    check=past_the_limit.check,
    hints=(
        "The boundary is silent about SQS, and yet the call passes. Which policy let it in, and "
        "whom does it name?",
        "A resource's policy that names somebody, or everybody, goes past boundaries; one that "
        "names the *account* leaves it to each caller's own policies, within their limits.",
        '`sqs.set_queue_attributes(QueueUrl=refunds, Attributes={"Policy": policy(receive)})`, '
        'where `receive` has the principal `{"AWS": "123456789012"}`; then let `max` and '
        "`vera` try.",
    ),
    solution="""\
receive = {
    "Effect": "Allow",
    "Principal": {"AWS": "123456789012"},
    "Action": "sqs:ReceiveMessage",
    "Resource": "arn:aws:sqs:us-east-1:123456789012:refunds",
}
left_to_us = policy(receive)
sqs.set_queue_attributes(QueueUrl=refunds, Attributes={"Policy": left_to_us})
for name in ("max", "vera"):
    attempt(lab.as_user(name).client("sqs").receive_message, QueueUrl=refunds)
""",
    claims=("pol-named", "pol-boundary", "pol-evaluation"),
)

EXERCISES = (ROLL_BACK, OWN_FOLDER, NO_ESCALATION, THIRD_PARTY, PAST_THE_LIMIT)
