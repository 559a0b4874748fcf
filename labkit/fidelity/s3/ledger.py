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
