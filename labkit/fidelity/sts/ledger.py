"""What else there is to say of STS."""

from __future__ import annotations

from labkit.fidelity.registry import corrected, differs
from labkit.fidelity.sts.common import API, GUIDE

corrected(
    "sts",
    "A user's session is taken by IAM if it was opened with a second factor; a guest's never is.",
    "InvalidClientTokenId (message: unverified).",
    test="test_a_session_of_a_user_needs_a_second_factor_for_iam",
    source=GUIDE + "id_credentials_temp_request.html",
)

differs(
    "sts",
    "The signature of a web identity token is not verified, nor its provider asked for a key.",
    "The token's signature is checked with the keys that the provider publishes.",
    source=API + "AssumeRoleWithWebIdentity.html",
)
differs(
    "sts",
    "AssumeRoleWithSAML takes any assertion.",
    "The assertion must be signed by a SAML provider of the account, whom the role trusts.",
    source=API + "AssumeRoleWithSAML.html",
)
differs(
    "sts",
    "PackedPolicySize is the length of the policies and tags in percent of 2,048 characters.",
    "It tells how full the packed binary form is, which can be more than the length suggests.",
    source=API + "AssumeRole.html",
)
differs(
    "sts",
    "There is one endpoint, and credentials are good in every Region.",
    "Tokens of the global endpoint are good in Regions that are on by default only.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html",
)
differs(
    "sts",
    "An EC2 instance gets credentials for six hours, and new ones an hour before these end.",
    "How long they last is not written down; new ones come at least five minutes before.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html",
)
