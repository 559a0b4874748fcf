"""Who may ask, and for what: the shop's account, its partner's, and what the shop keeps."""

from __future__ import annotations

from dataclasses import dataclass

SHOP = "123456789012"
PARTNER = "222222222222"
BUCKET = "arn:aws:s3:::posters-a1b2"
POSTER = BUCKET + "/gala.png"
QUEUE = f"arn:aws:sqs:us-east-1:{SHOP}:orders"
KEY = f"arn:aws:kms:us-east-1:{SHOP}:key/1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d"
ROLE = f"arn:aws:iam::{SHOP}:role/refunds"
ANA = f"arn:aws:iam::{SHOP}:user/ana"
EVA = f"arn:aws:iam::{PARTNER}:user/eva"
TOPIC = f"arn:aws:sns:us-east-1:{SHOP}:refunds"
PARTNER_TOPIC = f"arn:aws:sns:us-east-1:{PARTNER}:refunds"


@dataclass(frozen=True)
class Who:
    """A caller; `called` is how a sentence begins with it.

    Users and roles have policies of their own, and sessions may have a session policy besides.
    """

    arn: str
    label: str
    called: str
    has_policies: bool = True
    is_session: bool = False


@dataclass(frozen=True)
class Ask:
    """An action on a thing of the shop's, and what the policy of that thing is called.

    `kind` is the same as `labkit.policy.validate` knows it.
    """

    action: str
    resource: str
    label: str
    policy: str
    kind: str


# Pairs, since a dict keeps no order in the page.
_CALLERS = (
    ("ana", Who(ANA, "ana, a user of the shop", "ana")),
    ("bo", Who(f"arn:aws:iam::{SHOP}:user/bo", "bo, a user of the shop", "bo")),
    (
        "worker",
        Who(
            f"arn:aws:sts::{SHOP}:assumed-role/worker/run-7",
            "a session of the shop's role worker",
            "The session run-7 of the role worker",
            is_session=True,
        ),
    ),
    (
        "root",
        Who(
            f"arn:aws:iam::{SHOP}:root",
            "the root user of the shop",
            "The root user",
            has_policies=False,
        ),
    ),
    ("eva", Who(EVA, "eva, a user of the partner's account", "eva")),
    ("sns", Who("sns.amazonaws.com", "SNS, on behalf of a topic", "SNS", has_policies=False)),
    (
        "anyone",
        Who("*", "anyone, without signing in", "Someone who has not signed in", has_policies=False),
    ),
)
_S3 = ("bucket policy", "resource-s3")
_ASKS = (
    ("read", Ask("s3:GetObject", POSTER, "s3:GetObject on a poster", *_S3)),
    ("replace", Ask("s3:PutObject", POSTER, "s3:PutObject on a poster", *_S3)),
    ("delete", Ask("s3:DeleteObject", POSTER, "s3:DeleteObject on a poster", *_S3)),
    ("list", Ask("s3:ListBucket", BUCKET, "s3:ListBucket on the bucket", *_S3)),
    (
        "send",
        Ask("sqs:SendMessage", QUEUE, "sqs:SendMessage to orders", "queue policy", "resource-sqs"),
    ),
    (
        "decrypt",
        Ask("kms:Decrypt", KEY, "kms:Decrypt with the shop's key", "key policy", "resource-kms"),
    ),
    ("assume", Ask("sts:AssumeRole", ROLE, "sts:AssumeRole of refunds", "trust policy", "trust")),
)
CALLERS = dict(_CALLERS)
ASKS = dict(_ASKS)
CALLER_OPTIONS = tuple([(id, who.label) for id, who in _CALLERS])
ASK_OPTIONS = tuple([(id, ask.label) for id, ask in _ASKS])
