"""What else there is to say of IAM."""

from __future__ import annotations

from labkit.fidelity.iam.common import API, GUIDE, QUOTAS
from labkit.fidelity.registry import as_on_aws, corrected, differs

corrected(
    "iam",
    "The account has a user from the start: `learner`, with AdministratorAccess, who calls.",
    "Whoever signs with an access key of a user is that user; someone administers the account.",
    test="test_the_learner_is_a_user_of_the_account",
    source=GUIDE + "id_users.html",
)
corrected(
    "iam",
    "Ids tell what they are of.",
    "AIDA begins the id of a user, AGPA that of a group, ANPA a managed policy, AIPA a profile.",
    test="test_ids_tell_what_they_are_of",
    source=GUIDE + "reference_identifiers.html",
)
as_on_aws(
    "iam",
    "A user has two access keys at most.",
    "LimitExceeded: Cannot exceed quota for AccessKeysPerUser.",
    test="test_a_user_has_two_access_keys_at_most",
    source=QUOTAS,
)
as_on_aws(
    "iam",
    "When and for what an access key was last used is told.",
    "GetAccessKeyLastUsed names the time, the service and the Region; N/A for a key never used.",
    test="test_it_is_told_when_an_access_key_was_last_used",
    source=API + "GetAccessKeyLastUsed.html",
)
as_on_aws(
    "iam",
    "A managed policy has five versions at most.",
    "LimitExceeded, until a version is deleted; the default version cannot be.",
    test="test_a_managed_policy_has_five_versions_at_most",
    source=QUOTAS,
)
as_on_aws(
    "iam",
    "A user or role with policies, or a role in an instance profile, is not deleted.",
    "DeleteConflict, which names what must be removed first.",
    test="test_policies_are_removed_before_who_has_them",
    source=API + "DeleteRole.html",
)
as_on_aws(
    "iam",
    "An account without a password policy has none to show.",
    "NoSuchEntity: The Password Policy with domain name 123456789012 cannot be found.",
    test="test_an_account_without_a_password_policy_has_none_to_show",
    source=API + "GetAccountPasswordPolicy.html",
)
differs(
    "iam",
    "An action of a service that does not exist is taken into a policy, and so is an unknown "
    "service as a principal.",
    "MalformedPolicyDocument: the vendor is not valid, or Invalid principal in policy.",
    source=GUIDE + "troubleshoot_policies.html",
)
differs(
    "iam",
    "No password expires, is refused for having been used before, or signs anyone in.",
    "MaxPasswordAge and PasswordReusePrevention hold, and a password opens the console.",
    source=GUIDE + "id_credentials_passwords_account-policy.html",
)
differs(
    "iam",
    "The simulator counts lines and columns of a matched statement from 1, at its braces.",
    "StartPosition and EndPosition come from AWS's own parser, which may differ by a few columns.",
    source=API + "SimulateCustomPolicy.html",
)
differs(
    "iam",
    "There is no access advisor: GenerateServiceLastAccessedDetails is missing.",
    "It tells for each service when an identity last reached it.",
    source=API + "GenerateServiceLastAccessedDetails.html",
)
differs(
    "iam",
    "The simulator does not ask service control policies, and gives no decision details for "
    "access across accounts.",
    "OrganizationsDecisionDetail and EvalDecisionDetails are filled.",
    source=API + "SimulatePrincipalPolicy.html",
)
