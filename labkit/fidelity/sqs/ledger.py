"""The rows of SQS's ledger that no rule writes: what labkit's queue mends, what moto has right,
and what is not simulated.
"""

from __future__ import annotations

from labkit.fidelity.registry import as_on_aws, corrected, differs
from labkit.fidelity.sqs.common import API, GUIDE

# What the classes in `queue`, `backend` and `redrive` do right in the place of moto's:
# what happens here, what AWS says or does, the test, the page.
_CORRECTED = [
    (
        "A queue's URL is the one that it has on AWS, for the `aws` command and functions too.",
        "The URL names the Region's endpoint, the account and the queue.",
        "a_queue_has_its_address_on_aws",
        GUIDE + "sqs-queue-message-identifiers.html",
    ),
    (
        "A hidden message shows again at the very end of its timeout, and at once after a "
        "timeout of 0.",
        "When the visibility timeout expires, the message becomes visible to other consumers.",
        "a_timeout_ends_on_the_second",
        GUIDE + "sqs-visibility-timeout.html",
    ),
    (
        "Changing the timeout of a message that is no longer in flight succeeds and changes "
        "nothing.",
        "The call succeeds; that it hides nothing is unverified.",
        "a_late_change_of_visibility_changes_nothing",
        API + "ChangeMessageVisibility.html",
    ),
    (
        "The longest total timeout counts from the receive.",
        "InvalidParameterValue: the total is beyond the limit.",
        "the_longest_timeout_counts_from_the_receive",
        API + "ChangeMessageVisibility.html",
    ),
    (
        "A receipt handle of an earlier receive deletes nothing, and the call succeeds.",
        "The request will succeed, but the message might not be deleted.",
        "an_old_receipt_handle_deletes_nothing",
        API + "DeleteMessage.html",
    ),
    (
        "An unknown receipt handle is named in the refusal.",
        "ReceiptHandleIsInvalid, with the handle.",
        "an_unknown_receipt_handle_is_named",
        API + "DeleteMessage.html",
    ),
    (
        "The timeout of a deleted message cannot be changed.",
        "InvalidParameterValue: the message does not exist or is not available.",
        "the_timeout_of_a_deleted_message_cannot_be_changed",
        API + "ChangeMessageVisibility.html",
    ),
    (
        "A queue's new delay reaches the messages that wait in a FIFO queue.",
        "For FIFO queues the setting is retroactive; for standard queues it is not.",
        "a_new_delay_reaches_queued_fifo_messages",
        GUIDE + "sqs-delay-queues.html",
    ),
    (
        "A message that is older than the retention period is gone, and no longer counted.",
        "SQS deletes messages that have been in a queue for longer than the retention period.",
        "an_expired_message_is_gone",
        API + "CreateQueue.html",
    ),
    (
        "A shorter retention period reaches the messages that are in the queue.",
        "Existing messages may expire if the period is reduced below their age.",
        "a_shorter_retention_reaches_queued_messages",
        API + "SetQueueAttributes.html",
    ),
    (
        "A message expires while it is in flight, too.",
        "The retention period runs from the sending, whoever holds the message.",
        "a_message_in_flight_expires_too",
        API + "CreateQueue.html",
    ),
    (
        "A long poll moves the sandbox's clock until a message is due or the wait is over.",
        "The same, in real time.",
        "a_long_poll_moves_the_clock",
        GUIDE + "sqs-short-and-long-polling.html",
    ),
    (
        "A message group goes on at the end of the timeout of its first message.",
        "No more of the group is returned until the message is deleted or becomes visible.",
        "a_group_goes_on_when_the_timeout_of_its_first_is_over",
        GUIDE + "FIFO-queues-understanding-logic.html",
    ),
    (
        "Deduplication outlives the message, and a duplicate is answered like the first.",
        "SQS keeps track of the deduplication id even after the message is received and deleted.",
        "deduplication_outlives_the_message",
        GUIDE + "FIFO-queues-exactly-once-processing.html",
    ),
    (
        "Deduplication can be set to work per message group.",
        "DeduplicationScope=messageGroup.",
        "deduplication_can_be_per_group",
        API + "CreateQueue.html",
    ),
    (
        "Every message of a FIFO queue has a sequence number, and the numbers rise.",
        "A large, non-consecutive number that increases within a message group.",
        "sequence_numbers_rise",
        API + "SendMessage.html",
    ),
    (
        "The receipt handle of a FIFO message expires with the timeout.",
        "InvalidParameterValue: the receipt handle has expired.",
        "a_fifo_handle_expires_with_its_timeout",
        GUIDE + "sqs-visibility-timeout.html",
    ),
    (
        "At the most messages in flight a standard queue refuses a short poll, and a long poll "
        "waits.",
        "OverLimit with short polling (message: unverified), no error with long polling.",
        "only_so_many_messages_are_in_flight",
        GUIDE + "sqs-visibility-timeout.html",
    ),
    (
        "A FIFO queue with the most messages in flight answers with none.",
        "SQS returns no error messages.",
        "a_crowded_fifo_queue_says_nothing",
        GUIDE + "sqs-visibility-timeout.html",
    ),
    (
        "A queue's timestamps are whole seconds.",
        "Epoch time in seconds.",
        "times_are_whole_seconds",
        API + "GetQueueAttributes.html",
    ),
    (
        "Setting one attribute leaves the queue's policy as it is.",
        "Only the attributes that are named change.",
        "setting_one_attribute_leaves_the_policy",
        API + "SetQueueAttributes.html",
    ),
    (
        "A RedriveAllowPolicy names a permission that exists, and queues for byQueue only.",
        "InvalidParameterValue (message: unverified).",
        "a_redrive_allow_policy_is_checked",
        API + "SetQueueAttributes.html",
    ),
    (
        "A message that was received too often stays where it is if the dead-letter queue is gone.",
        "There is nowhere to move it to (unverified).",
        "a_message_stays_where_its_dead_letter_queue_is_gone",
        GUIDE + "sqs-dead-letter-queues.html",
    ),
    (
        "In a standard dead-letter queue a message's retention goes on.",
        "Its enqueue timestamp is unchanged.",
        "retention_goes_on_in_a_dead_letter_queue",
        GUIDE + "setting-up-dead-letter-queue-retention.html",
    ),
    (
        "In a FIFO dead-letter queue a message's retention begins again.",
        "Its enqueue timestamp resets.",
        "retention_begins_again_in_a_fifo_dead_letter_queue",
        GUIDE + "setting-up-dead-letter-queue-retention.html",
    ),
    (
        "In a FIFO dead-letter queue a message's id stands for its deduplication id.",
        "Two messages that share a deduplication id are both kept.",
        "messages_that_share_a_deduplication_id_are_both_buried",
        GUIDE + "sqs-configure-dead-letter-queue-redrive.html",
    ),
    (
        "A move task keeps to the rate it was given.",
        "MaxNumberOfMessagesPerSecond.",
        "a_move_task_keeps_to_its_rate",
        API + "StartMessageMoveTask.html",
    ),
    (
        "A move task can move messages to another queue than they came from.",
        "DestinationArn.",
        "messages_can_be_moved_elsewhere",
        API + "StartMessageMoveTask.html",
    ),
    (
        "A move task is checked: source, destination and their types, rate, and that none runs.",
        "ResourceNotFoundException or InvalidParameterValue (message about types: unverified).",
        "a_move_task_is_checked",
        API + "StartMessageMoveTask.html",
    ),
    (
        "A move task without destination fails at a message that no queue gave up.",
        "CouldNotDetermineMessageSource.",
        "a_move_task_fails_where_a_message_has_nowhere_to_go",
        GUIDE + "troubleshooting-dlq-redrive.html",
    ),
    (
        "A move task fails when its destination is deleted.",
        "FailureReason AWS.SimpleQueueService.NonExistentQueue.",
        "a_move_task_fails_where_the_destination_is_deleted",
        API + "ListMessageMoveTasks.html",
    ),
]

_RIGHT = [
    (
        "A received message is hidden for the timeout and then comes back.",
        "a_received_message_is_hidden_and_comes_back",
        GUIDE + "sqs-visibility-timeout.html",
    ),
    (
        "A message's timeout can be extended; the new one runs from the call.",
        "a_timeout_can_be_extended",
        API + "ChangeMessageVisibility.html",
    ),
    (
        "A deleted message is gone, and can be deleted twice.",
        "a_deleted_message_is_gone_and_can_be_deleted_twice",
        API + "DeleteMessage.html",
    ),
    (
        "On a standard queue a receipt handle deletes after its timeout, if nobody has received "
        "the message since.",
        "a_handle_whose_timeout_is_over_still_deletes",
        API + "DeleteMessage.html",
    ),
    (
        "A queue can be purged once in a while; messages in flight and delayed go too.",
        "a_queue_is_purged_once_in_a_while",
        API + "PurgeQueue.html",
    ),
    (
        "A queue's delay keeps each message back; a message's own delay goes before it.",
        "a_queue_can_keep_messages_back",
        GUIDE + "sqs-delay-queues.html",
    ),
    (
        "A message can have a delay of its own, up to the maximum.",
        "a_message_can_have_its_own_delay",
        GUIDE + "sqs-message-timers.html",
    ),
    (
        "A standard queue's new delay leaves the messages in it as they are.",
        "a_new_delay_leaves_queued_standard_messages",
        GUIDE + "sqs-delay-queues.html",
    ),
    (
        "A FIFO queue hands a group out in order, and no more of it while one is in flight.",
        "a_group_is_received_in_order_and_one_batch_at_a_time",
        GUIDE + "FIFO-queues-understanding-logic.html",
    ),
    (
        "A FIFO message needs a group, and a deduplication id unless the content stands for it.",
        "a_fifo_message_needs_a_group_and_a_deduplication_id",
        API + "SendMessage.html",
    ),
    (
        "A FIFO message cannot have a delay of its own.",
        "a_fifo_message_has_no_delay_of_its_own",
        GUIDE + "sqs-message-timers.html",
    ),
    (
        "A standard queue takes a MessageGroupId and shows it to the receiver.",
        "a_standard_queue_takes_a_message_group",
        GUIDE + "sqs-fair-queues.html",
    ),
    (
        "A message that was received too often goes to the dead-letter queue.",
        "a_message_received_too_often_is_moved",
        GUIDE + "sqs-dead-letter-queues.html",
    ),
    (
        "A new queue has AWS's defaults, encryption with SQS's own key among them.",
        "a_new_queue_has_the_defaults",
        API + "CreateQueue.html",
    ),
    (
        "A queue that is not there is refused with QueueDoesNotExist.",
        "a_queue_that_is_not_there_is_refused",
        API + "GetQueueUrl.html",
    ),
]

# What happens here, what AWS does instead, the page.
_DIFFERENT = [
    (
        "A short poll finds every visible message.",
        "A short poll asks a subset of the servers and may return fewer messages than there are, "
        "or none.",
        GUIDE + "sqs-short-and-long-polling.html",
    ),
    (
        "A standard queue delivers once for each timeout, in the order of sending.",
        "At-least-once delivery in best-effort order: now and then a copy comes again.",
        GUIDE + "standard-queues-at-least-once-delivery.html",
    ),
    (
        "The counts of messages are exact and immediate.",
        "They are approximate, and settle some time after the producers stop.",
        API + "GetQueueAttributes.html",
    ),
    (
        "Changed attributes, a purge and a deletion take effect at once.",
        "They take a while to reach every server, a changed retention period the longest.",
        API + "SetQueueAttributes.html",
    ),
    (
        "No request is throttled, on FIFO queues neither.",
        "A FIFO queue has a quota of requests and messages a second: RequestThrottled.",
        GUIDE + "quotas-messages.html",
    ),
    (
        "A MessageGroupId on a standard queue changes nothing in the order of delivery.",
        "Fair queues serve quiet tenants first while a noisy one has a backlog.",
        GUIDE + "sqs-fair-queues.html",
    ),
    (
        "A queue's KMS key is noted and never used.",
        "Messages are encrypted with it; sending and receiving need permission for the key.",
        GUIDE + "sqs-server-side-encryption.html",
    ),
    (
        "A queue's policy is evaluated only while lab.enforce_iam() is on.",
        "It always decides who may send and receive, also from other accounts.",
        GUIDE + "sqs-using-identity-based-policies.html",
    ),
    (
        "A repeated receive with the same ReceiveRequestAttemptId is a new receive.",
        "On a FIFO queue it returns the same messages again for some minutes.",
        API + "ReceiveMessage.html",
    ),
    (
        "A move task without a rate moves as many messages a second as the highest rate allows.",
        "SQS chooses the rate by the size of the backlog.",
        API + "StartMessageMoveTask.html",
    ),
    (
        "A queue sends no metrics to CloudWatch.",
        "Every queue reports its counts and the age of its oldest message.",
        GUIDE + "sqs-available-cloudwatch-metrics.html",
    ),
]

for _behaviour, _aws, _test, _source in _CORRECTED:
    corrected("sqs", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _test, _source in _RIGHT:
    as_on_aws("sqs", _behaviour, "The same.", test=f"test_{_test}", source=_source)
for _behaviour, _aws, _source in _DIFFERENT:
    differs("sqs", _behaviour, _aws, source=_source)
