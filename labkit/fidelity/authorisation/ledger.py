"""What there is to say of who may do what: it is in the ledger of IAM."""

from __future__ import annotations

from labkit.fidelity.registry import corrected, differs

_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_EVALUATION = _GUIDE + "reference_policies_evaluation-logic.html"
_DENIED = _GUIDE + "troubleshoot_access-denied.html"

corrected(
    "iam",
    "With enforcement on, the policies decide every call; moto takes all that is signed.",
    "Every request is decided, by all policies that apply to it.",
    test="test_the_policies_decide_every_call",
    source=_EVALUATION,
)
corrected(
    "iam",
    "A denial names the caller, the action, the resource and the kind of policy.",
    "AccessDenied, or AccessDeniedException where a service speaks JSON; UnauthorizedOperation "
    "with an encoded message from EC2; AuthorizationError from SNS.",
    test="test_a_denial_says_who_what_where_and_why",
    source=_DENIED,
)
corrected(
    "iam",
    "Conditions are held against the request: its keys, its caller, its time.",
    "A statement applies when every condition of it is met.",
    test="test_conditions_are_held_against_the_request",
    source=_GUIDE + "reference_policies_condition-keys.html",
)
corrected(
    "iam",
    "A permissions boundary limits what a user or a role has.",
    "What identity policies allow counts only where the boundary allows it too.",
    test="test_a_boundary_limits_what_policies_give",
    source=_GUIDE + "access_policies_boundaries.html",
)
corrected(
    "iam",
    "The policy of a queue, topic, bucket, key, function, secret, repository or table counts.",
    "A resource's policy can allow by itself in its own account, and must allow across accounts.",
    test="test_the_policy_of_a_resource_counts",
    source=_GUIDE + "access_policies_identity-vs-resource.html",
)
corrected(
    "iam",
    "A role is passed to a service only by whom iam:PassRole lets.",
    "Whoever hands a role to a service needs iam:PassRole on it besides the call's own action.",
    test="test_a_role_is_passed_by_whom_it_may_be",
    source=_GUIDE + "id_roles_use_passrole.html",
)
corrected(
    "iam",
    "An inactive access key is refused.",
    "A key that is inactive, deleted or unknown is refused alike.",
    test="test_an_inactive_access_key_is_refused",
    source=_GUIDE + "id_credentials_access-keys.html",
)
corrected(
    "iam",
    "A request that nobody signed is refused, but for S3 and the calls that need no signature.",
    "MissingAuthenticationToken.",
    test="test_a_request_that_nobody_signed_is_refused",
    source="https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html",
)
corrected(
    "iam",
    "Who may not list a bucket is not told that an object is missing.",
    "AccessDenied for s3:ListBucket in the place of NoSuchKey.",
    test="test_who_may_not_list_is_not_told_what_is_missing",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html",
)
corrected(
    "iam",
    "DeleteObjects deletes what may be deleted, and names the rest.",
    "Each object is decided by itself; the answer has AccessDenied among its errors.",
    test="test_objects_are_deleted_one_by_one",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html",
)
differs(
    "iam",
    "A change is in force at the next call.",
    "A change takes seconds to reach everywhere; until then the old state may still answer.",
    source=_GUIDE + "troubleshoot_general.html",
)
differs(
    "iam",
    "Every request comes from 203.0.113.25 (aws:SourceIp), and none through a VPC endpoint.",
    "aws:SourceIp is the caller's own address; through an endpoint aws:SourceVpce is there.",
    source=_GUIDE + "reference_policies_condition-keys.html",
)
differs(
    "iam",
    "There is no organization: no service or resource control policies, no aws:PrincipalOrgID.",
    "SCPs and RCPs of the organization limit what its accounts' identities and resources allow.",
    source=_EVALUATION,
)
differs(
    "iam",
    "What one service does for another is not asked, as SNS when it delivers to a queue.",
    "The queue's policy must allow sns.amazonaws.com to send; likewise for functions and keys.",
    source=_GUIDE + "reference_policies_elements_principal.html#principal-services",
)
differs(
    "iam",
    "A call that uses an encrypted thing needs no permission for its KMS key, but for S3.",
    "SendMessage to a queue under SSE-KMS needs kms:GenerateDataKey too, and so do others.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html",
)
differs(
    "iam",
    "PartiQL needs dynamodb:PartiQLSelect whatever the statement does.",
    "Each kind of statement has its action, and dynamodb:FullTableScan tells of a scan.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html",
)
differs(
    "iam",
    "Sentences were compared word for word for S3, SQS, EC2 and STS; the others follow IAM's form.",
    "The form may vary with the service that refuses.",
    source=_DENIED,
)
differs(
    "iam",
    "The ARN of a managed policy that says Deny stands in every service's sentence.",
    "It is being added, service by service, since the beginning of 2026.",
    source=_DENIED,
)
