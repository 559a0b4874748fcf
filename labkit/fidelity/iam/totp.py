"""The six digits of an authenticator app follow from a seed and the time.

https://www.rfc-editor.org/rfc/rfc6238
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

STEP_S = 30
DIGITS = 6
_SLACK_STEPS = 1  # a clock may be a little off


def code(seed: str | bytes, at: datetime) -> str:
    """What the app shows at a time for a Base32 seed.

    >>> from datetime import UTC
    >>> code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC))
    '287082'
    """
    secret = base64.b32decode(seed)
    counter = int(at.timestamp()) // STEP_S
    digest = hmac.digest(secret, counter.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def fits(seed: str | bytes, given: str, at: datetime) -> bool:
    """Whether a code is the one of now, or of the step before or after."""
    steps = range(-_SLACK_STEPS, _SLACK_STEPS + 1)
    return given in {code(seed, at + timedelta(seconds=STEP_S * step)) for step in steps}
