"""The rows of the ledger of SES that no rule writes: what labkit's identities mend, what moto has
right, and what is not simulated.
"""

from __future__ import annotations

from labkit.fidelity.registry import as_on_aws, corrected, differs
from labkit.fidelity.ses.common import API, GUIDE

# What the classes in `identity`, `backend` and `receiving` do right in the place of moto's:
# what happens here, what AWS says or does, the test, the page.
_CORRECTED = [
    (
        "An address is pending until the link in its inbox is clicked.",
        "VerificationStatus is Pending until the owner clicks the link in the email.",
        "an_address_is_verified_by_a_click",
        API + "GetIdentityVerificationAttributes.html",
    ),
    (
        "A link that was not clicked within 24 hours is void, and the verification has failed.",
        "The verification status changes to Failed; it must be restarted.",
        "a_link_is_void_after_a_day",
        API + "GetIdentityVerificationAttributes.html",
    ),
    (
        "A domain is verified by the record in its hosted zone.",
        "When SES detects the TXT record in DNS, the status changes to Success.",
        "a_domain_is_verified_by_its_record",
        API + "VerifyDomainIdentity.html",
    ),
    (
        "Mail from an address that is not verified is refused.",
        "MessageRejected: Email address is not verified. The following identities failed the "
        "check in region ….",
        "an_unverified_sender_is_refused",
        API + "SendEmail.html",
    ),
    (
        "In the sandbox mail to addresses that are not verified is refused, and they are named.",
        "MessageRejected, with the identities that failed the check.",
        "in_the_sandbox_recipients_are_verified_too",
        GUIDE + "request-production-access.html",
    ),
    (
        "The sandbox sends to one recipient a second.",
        "Throttling: Maximum sending rate exceeded.",
        "the_sandbox_sends_once_a_second",
        GUIDE + "manage-sending-quotas-errors.html",
    ),
    (
        "The sandbox sends to 200 recipients in any 24 hours.",
        "Throttling: Daily message quota exceeded.",
        "the_sandbox_sends_two_hundred_a_day",
        GUIDE + "manage-sending-quotas-errors.html",
    ),
    (
        "What has been sent is counted for 24 hours.",
        "SentLast24Hours: the number of emails sent during the previous 24 hours.",
        "the_quota_counts_the_last_day",
        API + "GetSendQuota.html",
    ),
    (
        "A message has a recipient, and fifty at most.",
        "InvalidParameterValue; its words are unverified.",
        "a_message_has_one_to_fifty_recipients",
        API + "SendEmail.html",
    ),
    (
        "A recipient that is no address is refused.",
        "InvalidParameterValue: Missing final '@domain'.",
        "a_recipient_is_an_address",
        API + "SendEmail.html",
    ),
    (
        "A message of the v1 API is 10 MB at most.",
        "InvalidParameterValue: Message length is more than 10485760 bytes long.",
        "a_message_has_its_limit",
        GUIDE + "quotas.html",
    ),
    (
        "A message arrives in the inbox of each of its recipients.",
        "It arrives, if the recipient's provider takes it.",
        "a_message_arrives",
        API + "SendEmail.html",
    ),
    (
        "A template arrives filled in.",
        "The same.",
        "a_template_arrives_filled_in",
        API + "SendTemplatedEmail.html",
    ),
    (
        "Of many destinations each gets the template with its own data, or with the default.",
        "ReplacementTemplateData, or DefaultTemplateData where that is empty.",
        "each_of_many_gets_data_of_its_own",
        API + "SendBulkTemplatedEmail.html",
    ),
    (
        "A template that lacks data is taken, answered with an id, and never arrives.",
        "SES accepts the message, does not send it, and tells of it by a Rendering Failure event.",
        "a_template_without_its_data_is_lost",
        API + "SendTemplatedEmail.html",
    ),
    (
        "Data for a template are a JSON object.",
        "InvalidParameterValue: The template data is invalid.",
        "data_for_a_template_are_json",
        API + "SendTemplatedEmail.html",
    ),
    (
        "Deleting a template that is not there is no error.",
        "The same.",
        "a_template_can_be_deleted_twice",
        API + "DeleteTemplate.html",
    ),
    (
        "A bounce of the mailbox simulator is told to the sender by email, and to a topic.",
        "The same, unless feedback forwarding is turned off.",
        "a_bounce_is_told",
        GUIDE + "send-an-email-from-console.html",
    ),
    (
        "Mail to a verified domain is saved to a bucket by the rules of the active set.",
        "The same.",
        "mail_for_a_domain_is_saved",
        GUIDE + "receiving-email-action-s3.html",
    ),
    (
        "An identity that is pending can be deleted.",
        "The same.",
        "a_pending_identity_can_be_deleted",
        API + "DeleteIdentity.html",
    ),
]
_RIGHT = [
    (
        "A preview of a template names the first blank that the data leave empty.",
        "MissingRenderingAttribute: Attribute … is not present in the rendering data.",
        "a_preview_names_what_is_missing",
        API + "TestRenderTemplate.html",
    ),
    (
        "A template's name is given once, and the template has a subject.",
        "AlreadyExists, InvalidParameterValue.",
        "a_template_is_made_once",
        API + "CreateTemplate.html",
    ),
    (
        "Sending with a template that is not there is refused.",
        "TemplateDoesNotExist.",
        "a_template_must_be_there",
        API + "SendTemplatedEmail.html",
    ),
    (
        "A rule set can be active, one at a time, and is then not deleted.",
        "CannotDelete: Cannot delete active rule set.",
        "an_active_rule_set_is_not_deleted",
        API + "DeleteReceiptRuleSet.html",
    ),
    (
        "The quota of the sandbox is 200 a day and one a second.",
        "Max24HourSend and MaxSendRate.",
        "the_sandbox_has_its_quota",
        API + "GetSendQuota.html",
    ),
]
_DIFFERS = [
    (
        "The account stays in the sandbox.",
        "PutAccountDetails asks for production access, and AWS's people decide within a day.",
        GUIDE + "request-production-access.html",
    ),
    (
        "The rate of sending holds at every moment: a second message at once is refused.",
        "Short bursts above the rate are let through; a sustained rate above it is not.",
        GUIDE + "manage-sending-quotas.html",
    ),
    (
        "Nothing leaves the machine: every address has an inbox, and none refuses mail but those "
        "of the simulator.",
        "Mail is sent to the recipient's provider, which may reject it or take it for spam.",
        GUIDE + "send-email-concepts-deliverability.html",
    ),
    (
        "Events of a configuration set (opens, clicks, rendering failures) are not published.",
        "They go to CloudWatch, Firehose, EventBridge or SNS.",
        GUIDE + "monitor-using-event-publishing.html",
    ),
    (
        "A rule for incoming mail stores, notifies, invokes or stops; bounces, headers, WorkMail "
        "and spam checks are not simulated.",
        "All actions, and a verdict on spam and viruses with each message.",
        GUIDE + "receiving-email-action.html",
    ),
    (
        "Incoming mail is what is sent from within the sandbox to a verified domain.",
        "Anybody can write to it once its MX record points to SES.",
        GUIDE + "receiving-email-mx-record.html",
    ),
    (
        "The management calls of SES are not limited to one a second.",
        "Most can be executed no more than once a second.",
        API + "VerifyEmailIdentity.html",
    ),
    (
        "Suppression lists, dedicated addresses and the reputation of a sender are missing.",
        "Addresses that bounced hard are suppressed; too many complaints pause the account.",
        GUIDE + "sending-email-suppression-list.html",
    ),
]

for _behaviour, _aws, _test, _source in _CORRECTED:
    corrected("ses", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _test, _source in _RIGHT:
    as_on_aws("ses", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _source in _DIFFERS:
    differs("ses", _behaviour, _aws, source=_source)
