"""The rows of S3's ledger for what moto does as AWS does."""

from __future__ import annotations

from labkit.fidelity.s3.common import API, GUIDE

_QUERY = API + "sigv4-query-string-auth.html"
_OWNERSHIP = GUIDE + "about-object-ownership.html"
_MARKER = GUIDE + "DeleteMarker.html"
_ERRORS = API + "ErrorResponses.html"

# What happens here and on AWS, in short; what AWS says or does; the test; the page.
AS_ON_AWS = [
    (
        "A presigned GET needs no credentials.",
        "Whoever holds the address may use it.",
        "a_presigned_get_needs_no_credentials",
        GUIDE + "using-presigned-url.html",
    ),
    (
        "A presigned PUT uploads an object.",
        "An object of that key is made, or replaced.",
        "a_presigned_put_uploads",
        GUIDE + "PresignedUrlUploadObject.html",
    ),
    (
        "A presigned GET may set headers of its answer.",
        "response-content-type, response-content-disposition and others.",
        "a_presigned_get_may_change_the_headers_of_the_answer",
        API + "API_GetObject.html",
    ),
    (
        "Metadata may travel in the query of a presigned PUT.",
        "What was signed as a parameter counts as a header.",
        "metadata_may_travel_in_a_signed_query",
        _QUERY,
    ),
    (
        "A signed form uploads a file, and takes the name of it into the key.",
        "${filename} is the name of the file.",
        "a_signed_form_uploads_a_file",
        API + "RESTObjectPOST.html",
    ),
    (
        "The owner of a bucket can take the block of public access away.",
        "NoSuchPublicAccessBlockConfiguration afterwards.",
        "the_block_can_be_taken_away",
        API + "API_DeletePublicAccessBlock.html",
    ),
    (
        "An ACL can be read though ACLs are off.",
        "It gives the owner full control.",
        "an_acl_can_be_read_though_acls_are_off",
        _OWNERSHIP,
    ),
    (
        "A bucket without a policy says so.",
        "NoSuchBucketPolicy.",
        "a_bucket_without_a_policy_says_so",
        API + "API_GetBucketPolicy.html",
    ),
    (
        "A policy is given back as it was set, and whether it is public.",
        "GetBucketPolicy and GetBucketPolicyStatus.",
        "a_policy_is_given_back_as_it_was_set",
        API + "API_GetBucketPolicyStatus.html",
    ),
    # buckets
    (
        "In us-east-1 a bucket can be created again by its owner.",
        "200, for the sake of old programs; nothing changes.",
        "a_bucket_can_be_created_again_in_us_east_1",
        API + "API_CreateBucket.html",
    ),
    (
        "In other Regions a bucket is created once.",
        "BucketAlreadyOwnedByYou.",
        "elsewhere_a_bucket_is_created_once",
        API + "API_CreateBucket.html",
    ),
    (
        "A bucket is created in the Region of the endpoint.",
        "IllegalLocationConstraintException or InvalidLocationConstraint.",
        "the_region_of_a_bucket_is_that_of_the_endpoint",
        API + "API_CreateBucket.html",
    ),
    (
        "The location of a bucket in us-east-1 is empty.",
        "LocationConstraint is null.",
        "the_location_of_us_east_1_is_nothing",
        API + "API_GetBucketLocation.html",
    ),
    (
        "A bucket that holds objects cannot be deleted.",
        "BucketNotEmpty.",
        "a_bucket_with_objects_is_not_deleted",
        API + "API_DeleteBucket.html",
    ),
    (
        "A bucket that is not there is named in the error.",
        "NoSuchBucket, with BucketName.",
        "a_bucket_that_is_not_there_is_named",
        _ERRORS,
    ),
    (
        "A key that is not there is named in the error.",
        "NoSuchKey, with Key.",
        "a_key_that_is_not_there_is_named",
        _ERRORS,
    ),
    (
        "The answer to a HEAD has no body, so that an error is a bare 404.",
        "404, Not Found.",
        "a_head_has_no_words",
        API + "API_HeadObject.html",
    ),
    (
        "Deleting an object that is not there succeeds.",
        "204.",
        "deleting_what_is_not_there_succeeds",
        API + "API_DeleteObject.html",
    ),
    (
        "Settings that were never made are not found.",
        "A 404 with a code for each kind, as NoSuchCORSConfiguration.",
        "settings_that_were_never_made_are_not_found",
        _ERRORS,
    ),
    (
        "An object has ten tags at most.",
        "BadRequest: Object tags cannot be greater than 10.",
        "an_object_has_ten_tags_at_most",
        GUIDE + "object-tagging.html",
    ),
    (
        "Tags that begin with aws: cannot be set.",
        "InvalidTag.",
        "tags_of_aws_are_not_set",
        GUIDE + "CostAllocTagging.html",
    ),
    (
        "A listing goes on with the token of the page before.",
        "NextContinuationToken, while IsTruncated.",
        "a_listing_goes_on_where_it_stopped",
        API + "API_ListObjectsV2.html",
    ),
    (
        "A delimiter groups keys under common prefixes.",
        "Each common prefix counts as one key.",
        "a_delimiter_groups_keys",
        GUIDE + "using-prefixes.html",
    ),
    (
        "A storage class is one that exists.",
        "InvalidStorageClass.",
        "a_storage_class_is_one_that_exists",
        GUIDE + "storage-class-intro.html",
    ),
    # objects
    (
        "A range is a part of an object.",
        "206, with Content-Range.",
        "a_range_is_part_of_an_object",
        API + "API_GetObject.html",
    ),
    (
        "A range beyond the end is refused.",
        "416 InvalidRange, with ActualObjectSize.",
        "a_range_beyond_the_end_is_refused",
        _ERRORS,
    ),
    (
        "An object is sent only if its ETag is as the condition says.",
        "304 for If-None-Match, 412 PreconditionFailed for If-Match.",
        "an_object_is_sent_only_if_it_has_changed",
        GUIDE + "conditional-reads.html",
    ),
    (
        "With If-None-Match: * an object is written only if there is none.",
        "412 PreconditionFailed.",
        "an_object_is_written_only_if_there_is_none",
        GUIDE + "conditional-writes.html",
    ),
    (
        "With If-Match an object is replaced only if nobody else has.",
        "412 PreconditionFailed.",
        "an_object_is_replaced_only_if_it_is_the_one_that_was_read",
        GUIDE + "conditional-writes.html",
    ),
    (
        "An object is copied onto itself only if something about it changes.",
        "InvalidRequest: This copy request is illegal.",
        "an_object_is_not_copied_onto_itself",
        API + "API_CopyObject.html",
    ),
    (
        "A copy keeps the metadata unless they are replaced.",
        "MetadataDirective is COPY by default.",
        "a_copy_keeps_metadata_unless_they_are_replaced",
        API + "API_CopyObject.html",
    ),
    (
        "A source that is not there is not copied.",
        "NoSuchKey.",
        "a_source_that_is_not_there_is_not_copied",
        API + "API_CopyObject.html",
    ),
    # versions
    (
        "A new bucket has no versions.",
        "The version id of its objects is null.",
        "a_new_bucket_has_no_versions",
        GUIDE + "Versioning.html",
    ),
    (
        "With versioning every put makes a version, and the earlier ones stay.",
        "VersionId in every answer.",
        "every_put_makes_a_version",
        GUIDE + "Versioning.html",
    ),
    (
        "A deleted object hides behind a delete marker.",
        "The versions stay, and can be read by their ids.",
        "a_deleted_object_hides_behind_a_marker",
        _MARKER,
    ),
    (
        "Without its delete marker the object is back.",
        "The version before is current again.",
        "without_its_marker_the_object_is_back",
        GUIDE + "RestoringPreviousVersions.html",
    ),
    (
        "A version that is not there is not found.",
        "NoSuchVersion.",
        "a_version_that_is_not_there_is_not_found",
        _ERRORS,
    ),
    # uploads
    (
        "Parts make an object, in whatever order they were uploaded.",
        "Its ETag ends with the number of parts.",
        "parts_make_an_object",
        GUIDE + "mpuoverview.html",
    ),
    (
        "Until an upload is complete there is no object.",
        "The parts are stored, and billed, until the upload is completed or aborted.",
        "until_it_is_complete_there_is_no_object",
        GUIDE + "mpuoverview.html",
    ),
    (
        "A part that was not uploaded, or is another, is not found.",
        "InvalidPart.",
        "a_part_that_was_not_uploaded_is_not_found",
        API + "API_CompleteMultipartUpload.html",
    ),
    (
        "An upload without parts cannot be completed.",
        "MalformedXML.",
        "an_upload_without_parts_cannot_be_completed",
        API + "API_CompleteMultipartUpload.html",
    ),
    (
        "boto3 uploads a large file in parts by itself.",
        "upload_file, from a threshold on.",
        "a_large_file_is_uploaded_in_parts_by_boto3",
        GUIDE + "mpu-upload-object.html",
    ),
    # locks
    (
        "GOVERNANCE can be bypassed by whoever may.",
        "BypassGovernanceRetention.",
        "governance_can_be_bypassed",
        GUIDE + "object-lock.html",
    ),
    (
        "A legal hold has no end.",
        "It stays until it is taken off.",
        "a_legal_hold_has_no_end",
        GUIDE + "object-lock.html",
    ),
    (
        "Only a bucket with Object Lock retains objects.",
        "InvalidRequest: Bucket is missing Object Lock Configuration.",
        "only_a_bucket_with_object_lock_retains",
        GUIDE + "object-lock.html",
    ),
    # events
    (
        "Events are chosen by kind, prefix and suffix.",
        "A filter on the key.",
        "events_are_chosen_by_kind_and_key",
        GUIDE + "notification-how-to-filtering.html",
    ),
    (
        "A new destination gets a test event.",
        "s3:TestEvent.",
        "a_new_destination_gets_a_test_event",
        GUIDE + "notification-content-structure.html",
    ),
]
