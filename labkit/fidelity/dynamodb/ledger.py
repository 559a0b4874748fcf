"""The rows of DynamoDB's ledger that no rule writes."""

from __future__ import annotations

from labkit.fidelity.dynamodb.common import API, GUIDE
from labkit.fidelity.registry import as_on_aws, corrected, differs

_UNITS = GUIDE + "CapacityUnitCalculations.html"
_PROVISIONED = GUIDE + "provisioned-capacity-mode.html"
_STREAMS = GUIDE + "Streams.html"

_CORRECTED = [
    (
        "A write costs a unit for each 1 KB of the item, old or new, whichever is larger.",
        "One write capacity unit is one write per second, for an item up to 1 KB.",
        "a_write_costs_by_the_larger_item",
        _UNITS,
    ),
    (
        "A strongly consistent read costs a unit for each 4 KB, an eventually consistent one half.",
        "So does the read of an item that is not there, at the least.",
        "a_read_costs_by_the_size_of_the_item",
        _UNITS,
    ),
    (
        "A deletion costs as much as the item is large; of nothing, one unit.",
        "The larger of before and after counts.",
        "a_deletion_costs_by_the_item",
        _UNITS,
    ),
    (
        "A write whose condition fails costs, too.",
        "A conditional write that fails consumes write capacity by the size of the item.",
        "a_condition_that_fails_costs",
        GUIDE + "WorkingWithItems.html",
    ),
    (
        "An update costs by the whole item, however little it changes.",
        "Even if you update just a subset of the attributes, the full item counts.",
        "an_update_costs_by_the_whole_item",
        _UNITS,
    ),
    (
        "A query costs by all it reads, summed up before it is rounded, and before the filter.",
        "The sum of the sizes of the items processed; a filter saves nothing.",
        "a_query_costs_by_what_it_reads",
        _UNITS,
    ),
    (
        "A local index that is asked for more than it holds fetches each item, at its cost.",
        "Index plus table: for each item its whole size, rounded up by itself.",
        "a_local_index_fetches_what_it_does_not_hold",
        GUIDE + "LSI.html",
    ),
    (
        "A page of a query or scan takes what fits into 1 MB of 1,048,576 bytes.",
        "A maximum of 1 MB of data, taken as a power of two, as other sizes of AWS are.",
        "a_page_takes_what_fits_into_it",
        GUIDE + "Query.Pagination.html",
    ),
    (
        "A scan costs by all it reads, and counts what the filter leaves out.",
        "The size of the items that are evaluated, not of those that are returned.",
        "a_scan_costs_by_what_it_reads",
        _UNITS,
    ),
    (
        "A transaction costs double, for reading as for writing.",
        "One read or write to prepare, one to commit, for each item.",
        "a_transaction_costs_double",
        GUIDE + "transaction-apis.html",
    ),
    (
        "Each index that a write touches is reported under its own name.",
        "ReturnConsumedCapacity=INDEXES names the table and each index.",
        "each_index_is_reported_by_its_name",
        GUIDE + "GSI.html",
    ),
    (
        "An index costs one write where its entry comes, goes or changes, and two where it moves.",
        "If the update changes the value of an indexed key, two writes are required.",
        "an_index_entry_that_moves_costs_two_writes",
        GUIDE + "GSI.html",
    ),
    (
        "Requests in a batch cost as they would alone, reported for each table.",
        "ConsumedCapacity is a list.",
        "a_batch_reports_each_table",
        API + "BatchWriteItem.html",
    ),
    (
        "Nothing is reported that was not asked for.",
        "ConsumedCapacity is only returned if it was asked for.",
        "capacity_is_reported_only_if_asked_for",
        API + "UpdateItem.html",
    ),
    (
        "A provisioned table throttles what goes beyond its capacity, by the sandbox's clock.",
        "ProvisionedThroughputExceededException.",
        "a_table_throttles_what_goes_beyond_its_capacity",
        _PROVISIONED,
    ),
    (
        "What was not used in the last five minutes can be used in a burst.",
        "DynamoDB retains up to 300 seconds of unused read and write capacity.",
        "unused_capacity_is_kept_for_five_minutes",
        GUIDE + "burst-adaptive-capacity.html",
    ),
    (
        "boto3 tries a throttled request again by itself, and finishes as the clock goes on.",
        "The SDKs retry with exponential backoff, for DynamoDB up to ten times.",
        "boto3_tries_again_and_finishes",
        GUIDE + "Programming.Errors.html",
    ),
    (
        "A key that is asked for too often is throttled although its table has capacity left.",
        "A partition serves 3,000 read units and 1,000 write units a second at most.",
        "a_hot_key_is_throttled_while_its_table_has_capacity",
        GUIDE + "bp-partition-key-design.html",
    ),
    (
        "A throttled request says which limit it met, and on what.",
        "ThrottlingReasons, each with reason and resource.",
        "a_throttled_request_says_what_ran_out",
        API + "ThrottlingReason.html",
    ),
    (
        "A global index with too little write capacity throttles the writes to its table.",
        "Its capacity should be equal or greater than that of the table.",
        "an_index_without_capacity_throttles_its_table",
        GUIDE + "GSI.html",
    ),
    (
        "A batch hands back what found no capacity.",
        "UnprocessedItems; an exception if nothing at all could be written.",
        "a_batch_hands_back_what_found_no_capacity",
        API + "BatchWriteItem.html",
    ),
    (
        "A batch of reads hands back the keys that found no capacity.",
        "UnprocessedKeys.",
        "a_batch_of_reads_hands_back_keys",
        API + "BatchGetItem.html",
    ),
    (
        "A new table is CREATING first, and a waiter waits for it.",
        "After the table is created, its status is ACTIVE.",
        "a_new_table_is_creating_first",
        API + "CreateTable.html",
    ),
    (
        "A table that is deleted is DELETING first.",
        "Then it does not exist.",
        "a_deleted_table_is_deleting_first",
        API + "DeleteTable.html",
    ),
    (
        "A table that is changed is UPDATING first, and a new index CREATING.",
        "UpdateTable is asynchronous.",
        "a_changed_table_is_updating_first",
        API + "UpdateTable.html",
    ),
    (
        "A provisioned table has no summary of its billing mode, and every table an id.",
        "BillingModeSummary is there for tables that are, or were, on demand.",
        "a_table_shows_what_it_has",
        API + "TableDescription.html",
    ),
    (
        "The stream tells that the service deleted an item whose time was over.",
        "userIdentity: Service, dynamodb.amazonaws.com.",
        "the_stream_tells_who_swept_an_item_away",
        GUIDE + "time-to-live-ttl-streams.html",
    ),
    (
        "An update that makes an item is one record in the stream.",
        "INSERT, with the whole new image.",
        "an_update_that_makes_an_item_is_one_record",
        _STREAMS,
    ),
    (
        "A write that changes nothing is no record in the stream.",
        "No stream record is written if the item is not changed.",
        "a_write_that_changes_nothing_is_no_record",
        _STREAMS,
    ),
    (
        "A record of a stream tells its size.",
        "The bytes of the key and of the images that it holds.",
        "a_stream_record_tells_its_size",
        _STREAMS,
    ),
    (
        "A record of a stream is kept for a day.",
        "Records are available for 24 hours.",
        "a_stream_record_is_kept_for_a_day",
        _STREAMS,
    ),
    (
        "An item is at most 400 KB large, to the byte.",
        "ValidationException: Item size has exceeded the maximum allowed size.",
        "an_item_has_its_largest_size",
        GUIDE + "Constraints.html",
    ),
]
_AS_ON_AWS = [
    (
        "A condition that fails changes nothing, and gives back the item if it is asked to.",
        "ConditionalCheckFailedException; ReturnValuesOnConditionCheckFailure=ALL_OLD.",
        "a_condition_that_fails_gives_back_the_item",
        API + "PutItem.html",
    ),
    (
        "A transaction that is cancelled gives a reason for each of its items.",
        "TransactionCanceledException with CancellationReasons.",
        "a_cancelled_transaction_gives_reasons",
        API + "TransactWriteItems.html",
    ),
    (
        "A transaction cannot touch one item twice.",
        "ValidationException.",
        "a_transaction_touches_an_item_once",
        API + "TransactWriteItems.html",
    ),
    (
        "An item must have its whole key, of the right types, and not empty.",
        "ValidationException: Missing the key, or Type mismatch for key.",
        "an_item_must_have_its_key",
        API + "PutItem.html",
    ),
    (
        "The key of an item cannot be updated.",
        "ValidationException: Cannot update attribute. This attribute is part of the key.",
        "a_key_cannot_be_updated",
        API + "UpdateItem.html",
    ),
    (
        "An update needs what it refers to.",
        "ValidationException: the expression refers to an attribute that does not exist, or the "
        "document path is invalid for update.",
        "an_update_needs_what_it_refers_to",
        GUIDE + "Expressions.UpdateExpressions.html",
    ),
    (
        "A query names one partition key, exactly.",
        "ValidationException: Query condition missed key schema element.",
        "a_query_names_one_partition",
        API + "Query.html",
    ),
    (
        "A global index cannot be read with strong consistency.",
        "ValidationException: Consistent reads are not supported on global secondary indexes.",
        "a_global_index_is_eventually_consistent",
        API + "Query.html",
    ),
    (
        "An index holds what it projects, and only items that have its key.",
        "KEYS_ONLY, INCLUDE or ALL; sparse indexes.",
        "an_index_holds_what_it_projects",
        GUIDE + "GSI.html",
    ),
    (
        "A query or scan reads 1 MB at most, and says where to go on.",
        "LastEvaluatedKey.",
        "a_page_is_one_megabyte",
        GUIDE + "Query.Pagination.html",
    ),
    (
        "Limit counts what is read, before the filter.",
        "The maximum number of items to evaluate.",
        "a_limit_counts_before_the_filter",
        API + "Query.html",
    ),
    (
        "A scan can be shared among workers.",
        "Segment and TotalSegments.",
        "a_scan_can_be_shared",
        GUIDE + "Scan.html",
    ),
    (
        "A batch reads 100 items at most, each once.",
        "ValidationException: Too many items requested for the BatchGetItem call.",
        "a_batch_reads_a_limited_number_of_items",
        API + "BatchGetItem.html",
    ),
    (
        "A write can return what was there before, or what is there now.",
        "ReturnValues: ALL_OLD, ALL_NEW, UPDATED_OLD, UPDATED_NEW.",
        "a_write_returns_what_was_asked_for",
        API + "UpdateItem.html",
    ),
    (
        "A stream shows keys, images before, after or both, as it was set up.",
        "KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES.",
        "a_stream_shows_what_it_was_set_up_for",
        _STREAMS,
    ),
    (
        "A table that exists cannot be created again.",
        "ResourceInUseException: Table already exists.",
        "a_table_is_created_once",
        API + "CreateTable.html",
    ),
    (
        "A protected table cannot be deleted.",
        "ValidationException, as long as DeletionProtectionEnabled is set.",
        "a_protected_table_is_not_deleted",
        API + "DeleteTable.html",
    ),
]
_DIFFERS = [  # a lab shows the first five
    (
        "A table is ready ten seconds after its creation or change, gone five after its deletion.",
        "It takes as long as it takes: a new index as long as the table is large.",
        API + "CreateTable.html",
    ),
    (
        "An item whose time is over goes at the next sweep, every six hours.",
        "It goes within a few days.",
        GUIDE + "howitworks-ttl.html",
    ),
    (
        "Each partition key has a partition of its own; an index and an on-demand table have none.",
        "Many keys share a partition until one is hot; a hot key throttles there as well.",
        GUIDE + "bp-partition-key-design.html",
    ),
    (
        "An on-demand table is never throttled.",
        "It takes up to twice its previous peak at once, and grows from there.",
        GUIDE + "on-demand-capacity-mode.html",
    ),
    (
        "Eventually consistent reads are up to date, unless the lab sets a lag.",
        "They may not show a write that was completed just now.",
        GUIDE + "HowItWorks.ReadConsistency.html",
    ),
    (
        "PartiQL's SELECT knows only simple conditions, and no statement is metered.",
        "PartiQL reads and writes items at the same cost as the other operations.",
        GUIDE + "ql-reference.html",
    ),
    (
        "An export to S3 is one plain file, done at once.",
        "Exports come from point-in-time recovery, with a manifest, within minutes.",
        GUIDE + "S3DataExport.HowItWorks.html",
    ),
    (
        "A scan, and its segments, come to the partition keys in alphabetical order.",
        "They follow the hash of the key: in no order that means anything.",
        GUIDE + "Scan.html",
    ),
    (
        "Global tables are not replicated.",
        "A replica in another Region follows, usually within a second.",
        GUIDE + "GlobalTables.html",
    ),
    (
        "DAX has no data plane: its clusters answer no reads.",
        "A cluster caches items and queries, in microseconds.",
        GUIDE + "DAX.html",
    ),
    (
        "Capacity can be lowered as often as you like; auto scaling changes nothing.",
        "It can be lowered a few times a day; auto scaling follows the use within minutes.",
        GUIDE + "ServiceQuotas.html",
    ),
    (
        "The count and the size of a table's items are up to date.",
        "DynamoDB updates both about every six hours.",
        API + "TableDescription.html",
    ),
    (
        "Transactions of two callers never meet.",
        "TransactionConflict cancels one of two that touch the same item at once.",
        GUIDE + "transaction-apis.html",
    ),
]
for _behaviour, _aws, _test, _source in _CORRECTED:
    corrected("dynamodb", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _test, _source in _AS_ON_AWS:
    as_on_aws("dynamodb", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _source in _DIFFERS:
    differs("dynamodb", _behaviour, _aws, source=_source)
