"""The rows of Parameter Store's ledger that no rule writes."""

from __future__ import annotations

from labkit.fidelity.registry import as_on_aws, corrected, differs
from labkit.fidelity.ssm.common import API, GUIDE

_KMS = "https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html"

# What the classes in `parameter` do right in the place of moto's:
# what happens here, what AWS says or does, the test, the page.
_CORRECTED = [
    (
        "Without decryption a SecureString is shown as its ciphertext.",
        "The value is the ciphertext in base64, unless WithDecryption is set.",
        "a_secret_is_shown_encrypted",
        API + "GetParameter.html",
    ),
    (
        "The ciphertext of a secret can be decrypted with KMS, under the parameter's ARN.",
        "The encryption context is PARAMETER_ARN.",
        "a_secret_is_sealed_under_its_arn",
        _KMS,
    ),
    (
        "A secret cannot be read while its key is disabled.",
        "InvalidKeyId, with the words of KMS.",
        "a_secret_is_read_with_its_key",
        _KMS,
    ),
    (
        "With intelligent tiering a parameter is standard until it needs more.",
        "It becomes advanced with a value above 4 KB or with policies, and stays so.",
        "a_tier_is_worked_out",
        GUIDE + "parameter-store-advanced-parameters.html",
    ),
    (
        "A parameter with an expiration is deleted when its time has come.",
        "When the expiration time is reached, Parameter Store deletes the parameter.",
        "a_parameter_expires",
        GUIDE + "parameter-store-policies.html",
    ),
    (
        "New policies replace the old ones, and an empty list ends them.",
        "All existing policies are preserved until you send new policies or an empty policy.",
        "policies_last_until_others_are_sent",
        API + "PutParameter.html",
    ),
    (
        "Policies are shown with their text, type and status.",
        "PolicyText, PolicyType and PolicyStatus.",
        "policies_are_shown",
        API + "DescribeParameters.html",
    ),
]
_RIGHT = [
    (
        "A parameter is overwritten only where that is asked for.",
        "ParameterAlreadyExists.",
        "a_parameter_is_not_overwritten_by_accident",
        API + "PutParameter.html",
    ),
    (
        "Every change makes a version, and old versions can be read.",
        "name:version; the latest without one.",
        "every_change_makes_a_version",
        GUIDE + "sysman-paramstore-versions.html",
    ),
    (
        "The hundred latest versions are kept.",
        "The oldest is deleted when a new one is created.",
        "a_hundred_versions_are_kept",
        GUIDE + "sysman-paramstore-versions.html",
    ),
    (
        "The oldest version is not dropped while it bears a label.",
        "ParameterMaxVersionLimitExceeded.",
        "a_labelled_version_is_not_dropped",
        GUIDE + "sysman-paramstore-versions.html",
    ),
    (
        "A label is on one version, and moves.",
        "You can't attach the same label to different versions of the same parameter.",
        "a_label_moves",
        GUIDE + "sysman-paramstore-labels.html",
    ),
    (
        "A version bears ten labels at most.",
        "ParameterVersionLabelLimitExceeded.",
        "a_version_bears_ten_labels",
        API + "LabelParameterVersion.html",
    ),
    (
        "A path is read one level deep, or with all below it; ten at a time.",
        "Recursive and MaxResults.",
        "a_path_is_read_by_level",
        API + "GetParametersByPath.html",
    ),
    (
        "Of names that are read together, those that are not there are listed.",
        "InvalidParameters.",
        "what_is_not_there_is_listed",
        API + "GetParameters.html",
    ),
    (
        "Names that begin with aws or ssm are refused.",
        "ValidationException, or AccessDeniedException for a path under /aws.",
        "reserved_names_are_refused",
        API + "PutParameter.html",
    ),
    (
        "A new parameter has a type; an update need not name it.",
        "A parameter type is required when you create a parameter.",
        "a_new_parameter_has_a_type",
        API + "PutParameter.html",
    ),
    (
        "AWS's public parameters are there: the latest AMIs of Amazon Linux.",
        "The same, under /aws/service.",
        "aws_has_parameters_of_its_own",
        GUIDE + "parameter-store-public-parameters.html",
    ),
]
_DIFFERS = [
    (
        "The notifications of policies are not sent.",
        "ExpirationNotification and NoChangeNotification send events to EventBridge.",
        GUIDE + "parameter-store-policies.html",
    ),
    (
        "An advanced secret is sealed as a standard one is.",
        "It is encrypted with a data key, by the AWS Encryption SDK.",
        _KMS,
    ),
    (
        "The rate of reading is not limited.",
        "40 transactions a second by default, more with higher throughput, which costs.",
        GUIDE + "parameter-store-throughput.html",
    ),
    (
        "A deleted name can be used again at once, and 10,000 parameters are not the limit.",
        "Wait for at least 30 seconds; 10,000 standard and 100,000 advanced parameters a Region.",
        API + "DeleteParameter.html",
    ),
    (
        "A parameter of the type aws:ec2:image may hold any text.",
        "Parameter Store checks asynchronously that the AMI is there.",
        GUIDE + "parameter-store-ec2-aliases.html",
    ),
    (
        "Parameters are not shared with other accounts.",
        "Advanced ones can be, through Resource Access Manager.",
        GUIDE + "parameter-store-shared-parameters.html",
    ),
]

for _behaviour, _aws, _test, _source in _CORRECTED:
    corrected("ssm", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _test, _source in _RIGHT:
    as_on_aws("ssm", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _source in _DIFFERS:
    differs("ssm", _behaviour, _aws, source=_source)
