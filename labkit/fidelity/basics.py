"""The ledger of what concerns every service alike: signatures, and how many requests are too many.

The code is in `labkit.fidelity.signature` and `labkit.fidelity.faults`.
"""

from __future__ import annotations

from labkit.fidelity.registry import as_on_aws, corrected, differs

_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_SIGNING = _IAM + "reference_aws-signing.html"
_SIGN_ERRORS = _IAM + "reference_sigv-troubleshooting.html"
_S3_ERRORS = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"

corrected(
    "basics",
    "A request that was signed with another secret is refused.",
    "SignatureDoesNotMatch, InvalidSignatureException where a service speaks JSON, or AuthFailure "
    "(EC2).",
    test="test_a_signature_of_another_secret_is_refused",
    source=_SIGN_ERRORS,
)
corrected(
    "basics",
    "A request that was changed after it was signed is refused.",
    "The signature covers method, path, query, body and the headers that it names.",
    test="test_a_request_that_was_changed_on_the_way_is_refused",
    source=_SIGN_ERRORS,
)
corrected(
    "basics",
    "A request that arrives long after it was signed is refused, by the sandbox's clock.",
    "The signature has expired, with both times in the message.",
    test="test_a_request_that_was_signed_too_long_ago_is_refused",
    source=_SIGNING,
)
corrected(
    "basics",
    "S3 and EC2 refuse a late request with codes of their own.",
    "RequestTimeTooSkewed and RequestExpired.",
    test="test_s3_and_ec2_say_so_in_words_of_their_own",
    source=_S3_ERRORS,
)
corrected(
    "basics",
    "A request whose signing lies in the future is refused.",
    "The signature is not yet current.",
    test="test_a_request_from_the_future_is_refused",
    source=_SIGNING,
)
as_on_aws(
    "basics",
    "A request that is a little late is served.",
    "In most cases it must arrive within minutes of its time stamp.",
    test="test_a_request_that_comes_in_time_is_served",
    source=_SIGNING,
)
differs(
    "basics",
    "No rate of requests is too high, unless the lab says so (`lab.faults.throttle`).",
    "Every service limits the rate of each kind of request, and throttles what goes beyond it.",
    source="https://docs.aws.amazon.com/general/latest/gr/api-retries.html",
)
differs(
    "basics",
    "An answer takes no time, unless the lab says so (`lab.faults.delay`).",
    "A call within a Region takes milliseconds, one across an ocean some hundred.",
    source="https://docs.aws.amazon.com/general/latest/gr/rande.html",
)
differs(
    "basics",
    "Every Region is open to the account.",
    "Newer Regions are closed to an account until it opts in to them.",
    source="https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
)
differs(
    "basics",
    "A VPC, its routes and security groups are described, and no packet meets them.",
    "They decide which packets get through.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/how-it-works.html",
)
differs(
    "basics",
    "What other programs send over HTTP may have been signed at any time.",
    "The time limit holds for everybody.",
    source=_SIGNING,
)
