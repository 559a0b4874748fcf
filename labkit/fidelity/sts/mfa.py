"""A session opened with a second factor knows it, and only the right code opens one.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
"""

from __future__ import annotations

from labkit.fidelity.authorisation.callers import iam_of
from labkit.fidelity.iam import totp
from labkit.fidelity.registry import rule
from labkit.fidelity.sts.common import API, caller_of
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange


@rule(
    "sts",
    "AssumeRole",
    "GetSessionToken",
    when="before",
    follows=API + "GetSessionToken.html",
    corrects="moto takes any code, and the device of anyone",
)
def a_second_factor_is_checked(exchange: Exchange) -> None:
    """The code of a virtual MFA device must be the one that its seed gives now.

    AccessDenied for another code, and for a device that is not the caller's own.
    """
    serial, given = exchange.params.get("SerialNumber"), exchange.params.get("TokenCode")
    if serial is None and given is None:
        return
    caller = caller_of(exchange)
    iam = iam_of(caller.account)
    user = iam.users.get(caller.user_name)
    if user is None or serial not in user.mfa_devices:
        raise AwsError(
            "AccessDenied",
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your "
            "MFA serial number is valid and associated with this user.",
            403,
        )
    device = iam.virtual_mfa_devices.get(serial)
    if device is None or not totp.fits(device.base32_string_seed, str(given), exchange.at):
        raise AwsError(
            "AccessDenied",
            "MultiFactorAuthentication failed with invalid MFA one time pass code.",
            403,
        )
