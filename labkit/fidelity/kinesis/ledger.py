"""The rows of Kinesis's ledger that no rule writes: what labkit's streams mend, what moto has
right, and what is not simulated.
"""

from __future__ import annotations

from labkit.fidelity.kinesis.common import API, GUIDE
from labkit.fidelity.registry import as_on_aws, corrected, differs

# What the classes in `stream`, `shard` and `backend` do right in the place of moto's:
# what happens here, what AWS says or does, the test, the page.
_CORRECTED = [
    (
        "A new stream is CREATING for a moment, shows no shards, and then is ACTIVE.",
        "CreateStream is asynchronous: the status is CREATING, and ACTIVE once it is done.",
        "a_new_stream_is_creating_first",
        API + "CreateStream.html",
    ),
    (
        "A deleted stream is DELETING for a moment, and then gone.",
        "The stream is in the DELETING state until the deletion is complete.",
        "a_deleted_stream_is_there_for_a_moment",
        API + "DeleteStream.html",
    ),
    (
        "A stream that is created without a number of shards is on demand, with four.",
        "The same, as recorded from AWS.",
        "a_stream_without_a_number_of_shards_is_on_demand",
        API + "CreateStream.html",
    ),
    (
        "A shard takes 1 MiB in a second; what is too much is refused and can be sent a second "
        "later.",
        "ProvisionedThroughputExceededException: Rate exceeded for shard … in stream ….",
        "a_shard_takes_a_mebibyte_a_second",
        API + "PutRecord.html",
    ),
    (
        "A shard takes 1,000 records in a second, however small.",
        "Each shard can support writes up to 1,000 records per second.",
        "a_shard_takes_a_thousand_records_a_second",
        API + "PutRecord.html",
    ),
    (
        "PutRecords writes what there is room for, and answers for each of the others why not.",
        "FailedRecordCount, with ErrorCode and ErrorMessage; the call itself succeeds.",
        "a_request_of_many_records_fails_in_part",
        API + "PutRecords.html",
    ),
    (
        "A shard answers five GetRecords in a second.",
        "ProvisionedThroughputExceededException at the sixth.",
        "a_shard_is_read_five_times_a_second",
        API + "GetRecords.html",
    ),
    (
        "Who reads 2 MiB or more from a shard at once waits until a rate of 2 MiB a second is made "
        "up for.",
        "After 10 MiB, calls made within the next 5 seconds are refused.",
        "reading_much_at_once_keeps_others_waiting",
        API + "GetRecords.html",
    ),
    (
        "One answer of GetRecords holds 10 MiB at most.",
        "The maximum size of data that GetRecords can return is 10 MiB.",
        "an_answer_holds_ten_mebibytes",
        API + "GetRecords.html",
    ),
    (
        "A shard iterator expires five minutes after it was issued.",
        "ExpiredIteratorException, with both times.",
        "an_iterator_expires",
        API + "GetShardIterator.html",
    ),
    (
        "What is no iterator is refused.",
        "InvalidArgumentException: Invalid ShardIterator.",
        "what_is_no_iterator_is_refused",
        API + "GetRecords.html",
    ),
    (
        "An iterator that was asked for by the stream's ARN serves without it.",
        "An iterator belongs to its shard, however the stream was named.",
        "an_iterator_by_arn_serves_alone",
        API + "GetRecords.html",
    ),
    (
        "Sequence numbers are long and rise, also from one second to the next.",
        "Sequence numbers for the same partition key generally increase over time.",
        "sequence_numbers_are_long_and_rise",
        GUIDE + "key-concepts.html",
    ),
    (
        "A reader that is not at the end is told how old the last record that it got is.",
        "MillisBehindLatest: how far behind current time the consumer is.",
        "a_slow_reader_sees_how_far_behind_it_is",
        API + "GetRecords.html",
    ),
    (
        "Records are gone when the retention period is over.",
        "Data records are accessible for 24 hours from the time that they are added, unless set.",
        "a_record_expires_after_a_day",
        API + "PutRecord.html",
    ),
    (
        "A longer retention keeps records longer, and brings none back.",
        "Any data that is older than 24 hours remains inaccessible.",
        "a_longer_retention_brings_nothing_back",
        API + "IncreaseStreamRetentionPeriod.html",
    ),
    (
        "A shorter retention hides what is older at once.",
        "Any data already in the stream that is older than 24 hours is inaccessible.",
        "a_shorter_retention_hides_old_records",
        API + "DecreaseStreamRetentionPeriod.html",
    ),
    (
        "Resharding takes a moment, in which the stream is UPDATING and is written and read as "
        "before.",
        "SplitShard is asynchronous; read and write operations continue to work.",
        "a_stream_that_is_split_is_updating_first",
        API + "SplitShard.html",
    ),
    (
        "A shard that is split keeps its records and takes no new ones, which go to its children.",
        "Parent shards are CLOSED; the data that they hold can be read until it expires.",
        "a_split_shard_keeps_its_records",
        GUIDE + "kinesis-using-sdk-java-after-resharding.html",
    ),
    (
        "Two shards are merged in whichever order they are named.",
        "ShardToMerge and AdjacentShardToMerge become ParentShardId and AdjacentParentShardId.",
        "neighbours_merge_in_either_order",
        API + "MergeShards.html",
    ),
    (
        "The number of open shards follows every split and merge.",
        "OpenShardCount: the number of open shards in the stream.",
        "the_number_of_open_shards_follows",
        API + "DescribeStreamSummary.html",
    ),
    (
        "The account's limits are shown with what it has of them.",
        "OpenShardCount and OnDemandStreamCount.",
        "the_limits_count_what_there_is",
        API + "DescribeLimits.html",
    ),
    (
        "A closed shard is gone when its last record has expired.",
        "After the retention period the parent's state is EXPIRED, and it is listed no more.",
        "a_closed_shard_goes_with_its_records",
        GUIDE + "kinesis-using-sdk-java-after-resharding.html",
    ),
    (
        "A shard's range of sequence numbers begins with the shard and ends when it is closed.",
        "Shards that are in the OPEN state have an ending sequence number of null.",
        "a_shard_has_a_first_number_before_its_first_record",
        API + "ListShards.html",
    ),
    (
        "A new consumer is CREATING for a moment.",
        "ConsumerStatus: a consumer can't read data while in the CREATING state.",
        "a_new_consumer_is_creating_first",
        API + "RegisterStreamConsumer.html",
    ),
    (
        "Who deregisters one of several consumers by name is left with the others.",
        "Deregisters the consumer that is named.",
        "one_consumer_is_deregistered_by_name",
        API + "DeregisterStreamConsumer.html",
    ),
    (
        "A stream that is to be encrypted, or is to change its mode, is UPDATING for a moment.",
        "The status is UPDATING until the change is done; then it is ACTIVE.",
        "other_changes_take_a_moment_too",
        API + "StartStreamEncryption.html",
    ),
]
_RIGHT = [
    (
        "Records of one partition key go to one shard, in order.",
        "All data records with the same partition key map to the same shard.",
        "a_partition_key_stays_in_its_shard",
        GUIDE + "key-concepts.html",
    ),
    (
        "TRIM_HORIZON starts at the oldest record, LATEST behind the newest, the other kinds at a "
        "number or a time.",
        "The same.",
        "reading_starts_where_it_is_told_to",
        API + "GetShardIterator.html",
    ),
    (
        "Reading deletes nothing: every consumer reads everything.",
        "Several consumers can read the same stream, each from its own position.",
        "reading_deletes_nothing",
        GUIDE + "key-concepts.html",
    ),
    (
        "PutRecords takes 500 records at most.",
        "ValidationException at records.",
        "a_request_holds_five_hundred_records",
        API + "PutRecords.html",
    ),
    (
        "A stream that does not exist is named in the refusal.",
        "ResourceNotFoundException: Stream … under account … not found.",
        "a_stream_that_is_not_there_is_named",
        API + "PutRecord.html",
    ),
    (
        "The retention lies between 24 hours and 365 days.",
        "InvalidArgumentException, with the hours asked for.",
        "the_retention_has_its_range",
        API + "IncreaseStreamRetentionPeriod.html",
    ),
]
_DIFFERS = [
    (
        "SubscribeToShard, enhanced fan-out's push, is missing; consumers can only be registered.",
        "Each registered consumer gets up to 2 MiB a second of each shard pushed over HTTP/2.",
        API + "SubscribeToShard.html",
    ),
    (
        "An on-demand stream stays at four shards, whatever is written to it.",
        "It scales with the traffic, to double the peak of the last 30 days.",
        GUIDE + "how-do-i-size-a-stream.html",
    ),
    (
        "A record larger than 1 MiB takes the shard's whole second and no more of the next ones "
        "than its size.",
        "Large records are absorbed by a burst of up to 10 MiB, while the average stays at 1 MiB.",
        API + "UpdateMaxRecordSize.html",
    ),
    (
        "UpdateShardCount to a number that is no multiple splits all shards and merges neighbours "
        "from the first on.",
        "UNIFORM_SCALING ends with shards of equal size.",
        API + "UpdateShardCount.html",
    ),
    (
        "The calls a second of CreateStream, DescribeStream, ListShards and their like are not "
        "limited.",
        "Each has a limit for the account or the stream: 5, 10, 20 or 1,000 a second.",
        GUIDE + "service-sizes-and-limits.html",
    ),
    (
        "The key of an encrypted stream is neither used nor asked for its state.",
        "KMSDisabledException, KMSAccessDeniedException and others when the key cannot be used.",
        API + "PutRecord.html",
    ),
    (
        "Queues and channels of a stream are missing.",
        "CreateQueue and CreateChannel add queues, and deliveries to S3, to a stream.",
        API + "CreateQueue.html",
    ),
    (
        "A record is never written twice by itself; lab.faults lets a producer's retry do so.",
        "A retry after a lost answer writes the record again, under another sequence number.",
        GUIDE + "kinesis-record-processor-duplicates.html",
    ),
]

for _behaviour, _aws, _test, _source in _CORRECTED:
    corrected("kinesis", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _test, _source in _RIGHT:
    as_on_aws("kinesis", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _source in _DIFFERS:
    differs("kinesis", _behaviour, _aws, source=_source)
