"""The rows of the ledger of SNS that no rule writes: what labkit's topics mend, what moto has
right, and what is not simulated.
"""

from __future__ import annotations

from labkit.fidelity.registry import as_on_aws, corrected, differs
from labkit.fidelity.sns.common import API, GUIDE

# What the classes in `topic`, `delivery` and `backend` do right in the place of moto's:
# what happens here, what AWS says or does, the test, the page.
_CORRECTED = [
    (
        "A queue gets nothing unless its own policy lets sns.amazonaws.com send to it.",
        "Without a statement in the queue's policy the message is not delivered, and Publish "
        "succeeds all the same.",
        "a_queue_must_let_sns_in",
        GUIDE + "subscribe-sqs-queue-to-sns-topic.html",
    ),
    (
        "The envelope of a message has AWS's fields in AWS's order, and the real unsubscribe link.",
        "Type, MessageId, TopicArn, Subject, Message, Timestamp, SignatureVersion and the rest.",
        "an_envelope_is_written_as_sns_writes_it",
        GUIDE + "sns-message-and-json-formats.html",
    ),
    (
        "A function gets the message's own id, time, attributes and ARNs.",
        "The same event, as recorded from AWS.",
        "a_function_gets_the_real_event",
        "https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html",
    ),
    (
        "The email that asks for confirmation is in the address's inbox; its link confirms.",
        "The owner of the address clicks the link in the confirmation email.",
        "an_address_gets_mail_once_it_has_confirmed",
        GUIDE + "sns-email-notifications.html",
    ),
    (
        "A confirmation token is void after two days.",
        "Confirmation tokens are valid for two days.",
        "a_confirmation_token_is_void_after_two_days",
        API + "Subscribe.html",
    ),
    (
        "An HTTP endpoint of this machine is sent a token, and its messages once it has confirmed.",
        "SNS posts a SubscriptionConfirmation with Token and SubscribeURL, then Notifications.",
        "an_endpoint_is_asked_over_http",
        GUIDE + "SendMessageToHttp.confirm.html",
    ),
    (
        "An email by email-json is the JSON document.",
        "Delivery of the JSON-encoded message via SMTP.",
        "an_email_can_be_json",
        API + "Subscribe.html",
    ),
    (
        "A text message arrives at its number, in the sandbox's inbox.",
        "It arrives on the telephone.",
        "a_text_message_arrives_at_its_number",
        GUIDE + "sms_publish-to-phone.html",
    ),
    (
        "A message that cannot be delivered goes to the subscription's dead-letter queue.",
        "Messages that can't be delivered due to client errors are held in the dead-letter queue.",
        "what_cannot_be_delivered_goes_to_the_dead_letter_queue",
        GUIDE + "sns-dead-letter-queues.html",
    ),
    (
        "With raw delivery a message of more than ten attributes is not delivered to a queue.",
        "It is discarded as a client-side error.",
        "a_raw_message_has_ten_attributes_at_most",
        GUIDE + "sns-large-payload-raw-message-delivery.html",
    ),
    (
        "A FIFO topic remembers deduplication ids for five minutes.",
        "Messages with the same id are accepted within the interval but not delivered.",
        "a_fifo_topic_delivers_once_in_five_minutes",
        GUIDE + "fifo-message-dedup.html",
    ),
    (
        "A FIFO topic delivers to a standard queue, too.",
        "Standard queues can subscribe to FIFO topics; order and uniqueness end there.",
        "a_fifo_topic_delivers_to_a_standard_queue",
        GUIDE + "fifo-message-delivery.html",
    ),
    (
        "Deduplication by content passes its hash on to a FIFO queue.",
        "The queue needs no content-based deduplication of its own.",
        "a_hash_of_the_content_goes_along_to_the_queue",
        GUIDE + "fifo-message-dedup.html",
    ),
    (
        "Each entry of a batch is published or refused by itself.",
        "The result of each message is reported individually in the response.",
        "each_message_of_a_batch_stands_for_itself",
        API + "PublishBatch.html",
    ),
    (
        "A filter policy's scope can be changed after the policy.",
        "FilterPolicyScope applies to the policy that is set.",
        "a_filter_can_be_turned_to_the_body",
        GUIDE + "sns-message-filtering-scope.html",
    ),
]
_RIGHT = [
    (
        "A message goes to every queue that subscribes.",
        "The same.",
        "a_message_fans_out",
        GUIDE + "sns-sqs-as-subscriber.html",
    ),
    (
        "Raw delivery hands the message and its attributes over as they are.",
        "RawMessageDelivery.",
        "a_raw_message_has_no_envelope",
        GUIDE + "sns-large-payload-raw-message-delivery.html",
    ),
    (
        "A filter policy on attributes lets through what matches: texts, prefixes, numbers, "
        "anything-but, exists.",
        "The same.",
        "a_filter_policy_goes_by_attributes",
        GUIDE + "sns-subscription-filter-policies.html",
    ),
    (
        "A topic is created by its owner's name for it; creating it again gives the same ARN.",
        "The action is idempotent.",
        "a_topic_is_created_once",
        API + "CreateTopic.html",
    ),
    (
        "A new topic's policy lets its owner in, and nobody else.",
        "AWS:SourceOwner in the default statement.",
        "a_new_topic_is_its_owners",
        GUIDE + "sns-access-policy-use-cases.html",
    ),
    (
        "Deleting a topic deletes its subscriptions, and deleting it again is no error.",
        "The action is idempotent.",
        "a_deleted_topic_takes_its_subscriptions_along",
        API + "DeleteTopic.html",
    ),
    (
        "Ten messages make a batch, each with an id of its own.",
        "TooManyEntriesInBatchRequest, BatchEntryIdsNotDistinct.",
        "a_batch_has_ten_messages_with_ids_of_their_own",
        API + "PublishBatch.html",
    ),
    (
        "A standard topic refuses a deduplication id.",
        "InvalidParameter: not valid for this topic type.",
        "a_standard_topic_takes_no_deduplication_id",
        API + "Publish.html",
    ),
    (
        "A FIFO queue cannot subscribe to a standard topic.",
        "InvalidParameter: FIFO SQS Queues can not be subscribed to standard SNS topics.",
        "a_fifo_queue_cannot_subscribe_to_a_standard_topic",
        GUIDE + "fifo-message-delivery.html",
    ),
]
_DIFFERS = [
    (
        "The signature of a message is filler, and its certificate is not there to be fetched.",
        "It can be verified with the certificate at SigningCertURL.",
        GUIDE + "sns-verify-signature-of-message.html",
    ),
    (
        "An HTTP endpoint gets its messages when the clock next moves, once, and on this machine "
        "only.",
        "SNS posts at once to any public endpoint, and tries again by the delivery policy.",
        GUIDE + "sns-message-delivery-retries.html",
    ),
    (
        "A function or queue that fails for a while is not tried again.",
        "SNS tries again 100,015 times over 23 days before it gives up on an AWS endpoint.",
        GUIDE + "sns-message-delivery-retries.html",
    ),
    (
        "Delivery to Firehose, and to a telephone with its SMS sandbox, spending limit and "
        "opt-outs, is not simulated: a text is only put into the number's inbox.",
        "A new account sends texts to verified numbers only, within a monthly spending limit.",
        GUIDE + "sns-sms-sandbox.html",
    ),
    (
        "A push to a mobile device ends at the platform endpoint.",
        "Apple's or Google's service hands it on to the device.",
        GUIDE + "sns-mobile-application-as-subscriber.html",
    ),
    (
        "The key of an encrypted topic is neither used nor asked for its state.",
        "Publish fails with KMSAccessDenied or KMSDisabled when the key cannot be used.",
        GUIDE + "sns-server-side-encryption.html",
    ),
    (
        "Archives and replay of FIFO topics, data protection and delivery status logs are missing.",
        "ArchivePolicy and ReplayPolicy, PutDataProtectionPolicy, and logs in CloudWatch.",
        GUIDE + "message-archiving-and-replay.html",
    ),
    (
        "A subscription that nobody confirms stays pending.",
        "SNS deletes it after some days.",
        GUIDE + "SendMessageToHttp.confirm.html",
    ),
]

for _behaviour, _aws, _test, _source in _CORRECTED:
    corrected("sns", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _test, _source in _RIGHT:
    as_on_aws("sns", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _source in _DIFFERS:
    differs("sns", _behaviour, _aws, source=_source)
