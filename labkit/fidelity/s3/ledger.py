"""The rows of S3's ledger that no rule writes: what labkit's models mend, what moto has right,
and what is not simulated.
"""

from __future__ import annotations

from labkit.fidelity.registry import as_on_aws, corrected, differs
from labkit.fidelity.s3.common import API, GUIDE

_QUERY = API + "sigv4-query-string-auth.html"
_OLD = API + "RESTAuthentication.html"
_FORM = API + "sigv4-HTTPPOSTConstructPolicy.html"
_BLOCK = GUIDE + "access-control-block-public-access.html"
_OWNERSHIP = GUIDE + "about-object-ownership.html"
_KMS = GUIDE + "UsingKMSEncryption.html"
_SSE_C = GUIDE + "ServerSideEncryptionCustomerKeys.html"
_LIFECYCLE = GUIDE + "intro-lifecycle-rules.html"
_TRANSITIONS = GUIDE + "lifecycle-transition-general-considerations.html"
_MARKER = GUIDE + "DeleteMarker.html"
_ERRORS = API + "ErrorResponses.html"

# What `labkit.fidelity.presigned`, the authoriser and the classes in `model` and `backend` do
# right in the place of moto: what happens here, what AWS says or does, the test, the page.
_CORRECTED = [
    # presigned addresses
    (
        "A presigned address expires, by the sandbox's clock.",
        "AccessDenied: Request has expired, with Expires and ServerTime.",
        "a_presigned_address_expires",
        _QUERY,
    ),
    (
        "A presigned address of Signature Version 4 lasts a week at most.",
        "AuthorizationQueryParametersError.",
        "a_presigned_address_lasts_a_week_at_most",
        _QUERY,
    ),
    (
        "A presigned address opens the one object that it was made for.",
        "SignatureDoesNotMatch, with the text that AWS has signed.",
        "a_presigned_address_is_for_one_object",
        _QUERY,
    ),
    (
        "A presigned address is good for one method.",
        "SignatureDoesNotMatch: what was signed for GET does not upload.",
        "a_presigned_address_is_for_one_method",
        _QUERY,
    ),
    (
        "Nothing can be added to a presigned address.",
        "SignatureDoesNotMatch: the signature covers the query.",
        "a_presigned_address_signs_its_query",
        _QUERY,
    ),
    (
        "A presigned address that lacks a part is refused.",
        "AuthorizationQueryParametersError, or AccessDenied for Version 2.",
        "a_presigned_address_is_complete",
        _QUERY,
    ),
    (
        "A credential that was percent-encoded twice is not read.",
        "AuthorizationQueryParametersError: the Credential is mal-formed.",
        "a_credential_that_was_encoded_twice_is_not_read",
        _QUERY,
    ),
    (
        "Whoever uses a presigned address cannot add headers of Amazon's.",
        "AccessDenied, with HeadersNotSigned; under Version 4.",
        "headers_of_amazons_must_be_signed",
        _QUERY,
    ),
    (
        "Signature Version 2 covers the Content-Type, Version 4 only if it was signed.",
        "SignatureDoesNotMatch for an upload with another Content-Type.",
        "the_old_signature_covers_the_content_type",
        _OLD,
    ),
    (
        "A header that was signed must come with the request.",
        "SignatureDoesNotMatch.",
        "a_header_that_was_signed_must_come",
        _QUERY,
    ),
    (
        "A request is signed in its header or in its query, not in both.",
        "InvalidArgument: only one auth mechanism allowed.",
        "one_way_of_signing_is_enough",
        _QUERY,
    ),
    (
        "A presigned address of the sandbox's endpoint works over plain HTTP, and expires there.",
        "It works with any HTTP client.",
        "a_presigned_address_is_good_over_http_too",
        GUIDE + "using-presigned-url.html",
    ),
    (
        "A presigned address ends with the temporary credentials that signed it.",
        "ExpiredToken, though the address itself would be good for longer.",
        "an_address_ends_with_the_credentials_that_signed_it",
        GUIDE + "using-presigned-url.html",
    ),
    # forms
    (
        "A signed form expires with its policy.",
        "AccessDenied: Invalid according to Policy: Policy expired.",
        "a_form_expires",
        _FORM,
    ),
    (
        "A signed form sets how large the file may be.",
        "EntityTooLarge or EntityTooSmall, by content-length-range.",
        "a_form_may_be_no_larger_than_its_policy_says",
        _FORM,
    ),
    (
        "A form keeps to the conditions of its policy, and has no fields besides.",
        "AccessDenied, naming the condition that failed or the fields that are extra.",
        "a_form_keeps_to_the_conditions_of_its_policy",
        _FORM,
    ),
    (
        "A form whose policy was changed is refused.",
        "SignatureDoesNotMatch.",
        "a_form_whose_policy_was_changed_is_refused",
        _FORM,
    ),
    (
        "A form names the key of the object.",
        "InvalidArgument: Bucket POST must contain a field named 'key'.",
        "a_form_needs_a_key",
        API + "RESTObjectPOST.html",
    ),
    (
        "A form is held against its policy over plain HTTP, too.",
        "The policy holds for whoever posts the form.",
        "a_form_is_looked_at_over_http_too",
        _FORM,
    ),
    # access
    (
        "A new bucket blocks public access.",
        "All four settings are on since April 2023.",
        "a_new_bucket_blocks_public_access",
        _BLOCK,
    ),
    (
        "A public policy counts for nothing while RestrictPublicBuckets is on.",
        "Only the account itself and AWS services get in.",
        "a_public_policy_counts_for_nothing_while_buckets_are_restricted",
        _BLOCK,
    ),
    (
        "A public ACL counts for nothing while IgnorePublicAcls is on.",
        "The ACL stays, and opens nothing.",
        "a_public_acl_counts_for_nothing_while_it_is_ignored",
        _BLOCK,
    ),
    (
        "A new bucket has its ACLs off.",
        "ObjectOwnership is BucketOwnerEnforced since April 2023.",
        "a_new_bucket_has_its_acls_off",
        _OWNERSHIP,
    ),
    (
        "A request that nobody signed reads or writes nothing, unless a policy or ACL says so.",
        "AccessDenied.",
        "nobody_reads_or_writes_without_a_policy_that_says_so",
        GUIDE + "access-control-overview.html",
    ),
    (
        "A bucket policy lets anybody do what it says, and no more.",
        "A policy for GetObject lets nobody list or delete.",
        "a_policy_lets_anybody_do_what_it_says_and_no_more",
        GUIDE + "example-bucket-policies.html",
    ),
    (
        "The conditions of a bucket policy count.",
        "A statement applies if its conditions are met.",
        "the_conditions_of_a_bucket_policy_count",
        GUIDE + "amazon-s3-policy-keys.html",
    ),
    (
        "Who may not list the bucket is not told that an object is missing.",
        "AccessDenied without s3:ListBucket, NoSuchKey with it.",
        "who_may_not_list_is_not_told_what_is_missing",
        API + "API_GetObject.html",
    ),
    # encryption
    (
        "Every object is encrypted with SSE-S3 unless something else is asked for.",
        "Every answer says x-amz-server-side-encryption: AES256.",
        "every_object_is_encrypted_by_default",
        GUIDE + "default-encryption-faq.html",
    ),
    (
        "A bucket has encryption settings from the first.",
        "GetBucketEncryption answers with SSE-S3.",
        "a_bucket_has_an_encryption_from_the_first",
        API + "API_GetBucketEncryption.html",
    ),
    (
        "Deleting the encryption settings leaves SSE-S3.",
        "The default encryption is reset to SSE-S3.",
        "deleting_the_encryption_settings_leaves_sse_s3",
        API + "API_DeleteBucketEncryption.html",
    ),
    (
        "SSE-KMS without a key uses the key of AWS for S3.",
        "The alias aws/s3.",
        "kms_without_a_key_is_the_key_of_aws",
        _KMS,
    ),
    (
        "An answer names the key of KMS by its ARN, however it was named in the request.",
        "SSEKMSKeyId is the ARN of the key.",
        "a_key_is_named_by_its_arn_in_the_answer",
        _KMS,
    ),
    (
        "A bucket's own key of KMS must be usable when an object is written.",
        "KMS.DisabledException.",
        "the_key_of_a_bucket_must_be_usable_too",
        _KMS,
    ),
    (
        "A customer's key does not open an object that has none.",
        "InvalidRequest: the encryption parameters are not applicable.",
        "a_customer_key_does_not_fit_what_has_none",
        _SSE_C,
    ),
    (
        "A customer's key is 256 bits long, and its MD5 must fit.",
        "InvalidArgument.",
        "a_customer_key_is_256_bits_long",
        _SSE_C,
    ),
    # versions and uploads
    (
        "Deleting a delete marker by its version says that it was one.",
        "DeleteMarker is true in the answer.",
        "the_deletion_of_a_marker_says_so",
        _MARKER,
    ),
    (
        "Deleting what is not there leaves a delete marker in a bucket with versions.",
        "A simple DELETE inserts a delete marker, whether or not the key exists.",
        "a_marker_is_set_over_nothing_too",
        _MARKER,
    ),
    (
        "While versioning is suspended, a put replaces only the version with the id null.",
        "The other versions stay.",
        "while_versioning_is_suspended_only_the_null_version_is_replaced",
        GUIDE + "AddingObjectstoVersionSuspendedBuckets.html",
    ),
    (
        "While versioning is suspended, a delete leaves a marker with the id null.",
        "It takes the place of the null version; the other versions stay.",
        "while_versioning_is_suspended_a_delete_leaves_a_null_marker",
        GUIDE + "DeletingObjectsfromVersionSuspendedBuckets.html",
    ),
    (
        "A part of an upload is 5 MiB at least, but for the last.",
        "EntityTooSmall, with ProposedSize, MinSizeAllowed and the number of the part.",
        "a_part_has_a_smallest_size_but_for_the_last",
        GUIDE + "qfacts.html",
    ),
    (
        "The parts of an upload are listed in their order when it is completed.",
        "InvalidPartOrder.",
        "parts_are_listed_in_their_order",
        API + "API_CompleteMultipartUpload.html",
    ),
    (
        "An upload that was completed or aborted takes no more parts.",
        "NoSuchUpload.",
        "an_upload_must_be_under_way",
        API + "API_UploadPart.html",
    ),
    (
        "Parts are listed page by page, whatever their numbers.",
        "NextPartNumberMarker is the number of the last part that was listed.",
        "parts_are_listed_page_by_page",
        API + "API_ListParts.html",
    ),
    # lifecycle
    (
        "An answer says when a lifecycle rule will delete the object.",
        "The header x-amz-expiration, with the date and the id of the rule.",
        "an_answer_says_when_the_object_expires",
        API + "API_HeadObject.html",
    ),
    (
        "What expires in a bucket with versions gets a delete marker.",
        "The current version becomes noncurrent.",
        "what_expires_in_a_bucket_with_versions_gets_a_marker",
        GUIDE + "lifecycle-expire-general-considerations.html",
    ),
    (
        "Lifecycle rules move objects to cheaper storage classes, but none of 128 KB or less.",
        "By default objects smaller than 128 KB do not transition.",
        "objects_move_to_cheaper_classes",
        _TRANSITIONS,
    ),
    (
        "Noncurrent versions expire by the days since they were replaced; the newest may stay.",
        "NoncurrentDays and NewerNoncurrentVersions.",
        "noncurrent_versions_expire_but_for_the_newest",
        _LIFECYCLE,
    ),
    (
        "A delete marker that no version stands behind can be removed by a rule.",
        "ExpiredObjectDeleteMarker.",
        "a_marker_without_versions_goes_too",
        _LIFECYCLE,
    ),
    (
        "Multipart uploads that nobody completes can be aborted by a rule.",
        "AbortIncompleteMultipartUpload, days after the upload began.",
        "uploads_that_nobody_completes_are_aborted",
        GUIDE + "mpu-abort-incomplete-mpu-lifecycle-config.html",
    ),
    (
        "A lifecycle rule can be about the objects that have a tag.",
        "A filter by prefix, tags, sizes, or all of them.",
        "a_rule_is_about_objects_with_its_tags",
        _LIFECYCLE,
    ),
    # browsers
    (
        "A bucket without CORS rules tells a browser so.",
        "403 AccessForbidden: CORS is not enabled for this bucket.",
        "a_bucket_without_cors_rules_says_so",
        GUIDE + "cors-troubleshooting.html",
    ),
    (
        "An answer lets a page read it only if a CORS rule fits its origin and the method.",
        "The headers Access-Control-Allow-… are those of the first rule that fits.",
        "an_answer_lets_only_the_origins_of_a_rule_read_it",
        GUIDE + "cors.html",
    ),
    (
        "A website shows its error document for what is not there, or not for everybody.",
        "403 for who may not list the bucket, 404 for who may; a page of S3's without a document.",
        "a_website_has_an_error_document",
        GUIDE + "CustomErrorDocSupport.html",
    ),
    (
        "A website redirects by its rules: by prefix, by error, or everything.",
        "RoutingRules and RedirectAllRequestsTo.",
        "a_website_redirects_by_its_rules",
        GUIDE + "how-to-page-redirect.html",
    ),
    (
        "A website is there once it is set up, and seen once the policy lets anybody read.",
        "404 NoSuchWebsiteConfiguration, 403 AccessDenied.",
        "a_website_must_be_set_up_and_open",
        GUIDE + "WebsiteAccessPermissionsReqd.html",
    ),
    # events
    (
        "An event tells what happened to which object of which bucket.",
        "With requestParameters, responseElements, the bucket's owner and a sequencer.",
        "an_event_tells_what_happened_to_what",
        GUIDE + "notification-content-structure.html",
    ),
    (
        "A delete marker is an event of its own.",
        "ObjectRemoved:DeleteMarkerCreated; ObjectRemoved:Delete for a version.",
        "a_delete_marker_is_an_event_of_its_own",
        GUIDE + "notification-how-to-event-types-and-destinations.html",
    ),
    (
        "A function that is not there is no destination, unless validation is skipped.",
        "InvalidArgument: Not authorized to invoke function.",
        "a_function_that_is_not_there_is_no_destination",
        API + "API_PutBucketNotificationConfiguration.html",
    ),
]

# What moto does as AWS does: likewise.
_AS_ON_AWS = [
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

# What is not simulated: what happens here, what happens on AWS, the page.
_DIFFERS = [
    (
        "A change is seen everywhere at once.",
        "Objects are strongly consistent; a bucket's settings may take a while to spread.",
        GUIDE + "Welcome.html",
    ),
    (
        "Nothing is replicated.",
        "Replication rules copy new objects to other buckets, mostly within minutes.",
        GUIDE + "replication.html",
    ),
    (
        "S3 Select answers simple queries.",
        "S3 Select is closed to new customers.",
        GUIDE + "selecting-content-from-objects.html",
    ),
    (
        "The ETag of an object encrypted with KMS or a customer's key is the MD5 of its content.",
        "It is not an MD5 then.",
        API + "API_Object.html",
    ),
    (
        "Customer keys are taken over plain HTTP, at the sandbox's own endpoint.",
        "S3 refuses SSE-C over HTTP.",
        _SSE_C,
    ),
    (
        "A checksum CRC32C or CRC64NVME is kept as it was sent.",
        "It is held against the body, as every checksum.",
        GUIDE + "checking-object-integrity.html",
    ),
    (
        "Lifecycle rules act at midnight UTC, all at once.",
        "They are queued at midnight; the deed may follow hours or days later.",
        GUIDE + "troubleshoot-lifecycle.html",
    ),
    (
        "An object of an archive class is restored at the next look at it.",
        "A restore takes minutes to 48 hours, by storage class and tier.",
        GUIDE + "restoring-objects-retrieval-options.html",
    ),
    (
        "Nothing is billed for a minimum of days in an infrequent-access or archive class.",
        "Standard-IA is billed for 30 days at least, Glacier classes for 90 or 180.",
        GUIDE + "storage-class-intro.html",
    ),
    (
        "An event arrives with the call that caused it, once, and in order.",
        "Events arrive mostly within seconds, at least once, and in any order.",
        GUIDE + "EventNotifications.html",
    ),
    (
        "The caller and the owner in an event are always the same.",
        "They are the ids of who caused the event, and of the bucket's owner.",
        GUIDE + "notification-content-structure.html",
    ),
    (
        "A website is at its address inside the sandbox's process only.",
        "It is open to any browser, over HTTP.",
        GUIDE + "WebsiteEndpoints.html",
    ),
    (
        "Intelligent-Tiering, inventories, access logs, metrics and acceleration do nothing.",
        "They move objects by use, write reports, count requests and shorten ways.",
        GUIDE + "Welcome.html",
    ),
    (
        "A version id is a UUID.",
        "A version id is an opaque text of up to 1,024 bytes.",
        GUIDE + "versioning-workflows.html",
    ),
    (
        "A bucket answers at the endpoints of all Regions.",
        "Another Region's endpoint answers 301 PermanentRedirect; boto3 follows.",
        GUIDE + "Redirects.html",
    ),
    (
        "A policy with any condition counts as not public.",
        "Only conditions on fixed values of some keys make a policy not public.",
        _BLOCK,
    ),
]

for _behaviour, _aws, _test, _page in _CORRECTED:
    corrected("s3", _behaviour, _aws, test=f"test_{_test}", source=_page)
for _behaviour, _aws, _test, _page in _AS_ON_AWS:
    as_on_aws("s3", _behaviour, _aws, test=f"test_{_test}", source=_page)
for _behaviour, _aws, _page in _DIFFERS:
    differs("s3", _behaviour, _aws, source=_page)
