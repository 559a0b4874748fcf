"""MFA devices are put in use by showing that one has them."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from labkit.fidelity.iam import totp
from labkit.fidelity.iam.common import API, iam
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange

_STEPS = range(-1, 4)  # from the next code that the device shows back to some before


@rule(
    "iam",
    "EnableMFADevice",
    when="before",
    follows=API + "EnableMFADevice.html",
    corrects="moto takes any two codes",
)
def a_device_is_enabled_by_two_codes_in_a_row(exchange: Exchange) -> None:
    """A virtual MFA device is enabled with two codes that it showed one after the other.

    InvalidAuthenticationCode (message: unverified).
    """
    params = exchange.params
    device = iam(exchange).virtual_mfa_devices.get(params.get("SerialNumber"))
    if device is None:
        return
    step = timedelta(seconds=totp.STEP_S)
    shown = [totp.code(device.base32_string_seed, exchange.at - step * n) for n in _STEPS]
    given = (str(params.get("AuthenticationCode2")), str(params.get("AuthenticationCode1")))
    if given not in pairwise(shown):
        raise AwsError(
            "InvalidAuthenticationCode", "Authentication code for device is not valid.", 403
        )
