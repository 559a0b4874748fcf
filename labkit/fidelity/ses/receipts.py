"""What a receipt rule may be."""

from __future__ import annotations

from labkit.fidelity.registry import rule
from labkit.fidelity.ses import receiving
from labkit.fidelity.ses.common import API, GUIDE
from labkit.fidelity.ses.identities import backend_of
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

_SETUP = (
    "Return-path: <no-reply-aws@amazon.com>\r\nFrom: no-reply-aws@amazon.com\r\n"
    "Subject: Amazon SES Setup Notification\r\n\r\n"
    "You received this message because you attempted to set up Amazon SES to deliver emails to "
    "this S3 bucket.\r\n"
)


@rule(
    "ses",
    "CreateReceiptRule",
    when="before",
    follows=API + "CreateReceiptRule.html",
    corrects="moto keeps two rules of one name",
)
def a_receipt_rule_has_a_name_of_its_own(exchange: Exchange) -> None:
    """Within a rule set a name is given once.

    AlreadyExists: Rule already exists.
    """
    rule_set = backend_of(exchange).receipt_rule_set.get(exchange.params["RuleSetName"])
    name = exchange.params["Rule"]["Name"]
    if rule_set is not None and any(one["Name"] == name for one in rule_set.rules):
        raise AwsError("AlreadyExists", f"Rule already exists: {name}")


@rule(
    "ses",
    "CreateReceiptRule",
    "UpdateReceiptRule",
    when="before",
    follows=GUIDE + "receiving-email-permissions.html",
    corrects="moto does not look at the bucket's policy",
)
def a_bucket_must_let_ses_in(exchange: Exchange) -> None:
    """Mail is saved to a bucket whose policy lets ses.amazonaws.com put objects.

    InvalidS3Configuration: Could not write to bucket.
    """
    for action in exchange.params["Rule"].get("Actions") or ():
        store = action.get("S3Action")
        if store and not receiving.allowed(backend_of(exchange), store):
            raise AwsError(
                "InvalidS3Configuration", f"Could not write to bucket: {store['BucketName']}"
            )


@rule(
    "ses",
    "CreateReceiptRule",
    when="after",
    follows=GUIDE + "receiving-email-action-s3.html",
    corrects="moto writes nothing",
)
def a_bucket_gets_a_first_object(exchange: Exchange, answer: Params) -> Params:
    """SES tries the bucket of a new rule with an object, AMAZON_SES_SETUP_NOTIFICATION.

    The same; it can be deleted.
    """
    for action in exchange.params["Rule"].get("Actions") or ():
        store = action.get("S3Action")
        if store:
            key = (store.get("ObjectKeyPrefix") or "") + receiving.SETUP_KEY
            receiving.put(backend_of(exchange), store, key, _SETUP.encode())
    return answer
