"""The rows of S3's ledger for what labkit does right in the place of moto."""

from __future__ import annotations

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

# What `labkit.fidelity.presigned`, the authoriser and the classes in `model` and `backend` do
# right in the place of moto: what happens here, what AWS says or does, the test, the page.
CORRECTED = [
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
        "Reading what a key of KMS encrypts needs permission for the key, too.",
        "AccessDenied without kms:Decrypt; S3 asks KMS in the caller's name.",
        "reading_what_kms_encrypts_needs_the_key",
        _KMS,
    ),
    (
        "Writing under a key of KMS needs permission for the key, too.",
        "AccessDenied without kms:GenerateDataKey; a multipart upload needs kms:Decrypt besides.",
        "writing_under_a_key_of_kms_needs_the_key",
        _KMS,
    ),
    (
        "What a key of KMS encrypts is never public, whatever the bucket's policy says.",
        "A request that nobody signed cannot use a key; AWS asks for Signature Version 4.",
        "what_kms_encrypts_is_never_public",
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
        "Versions are listed from the newest to the oldest, and the newest alone is the latest.",
        "Also those of one second: a delete marker on top has IsLatest, the version below has not.",
        "versions_are_listed_from_the_newest_to_the_oldest",
        API + "API_ListObjectVersions.html",
    ),
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
