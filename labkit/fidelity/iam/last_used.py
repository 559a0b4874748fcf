"""A key is used by a request that it signs, and by no other.

moto notes a use before anyone has looked at the key, with what it took for the Region out of the
address: `s3` for a bucket.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.iam import models as moto_iam

from labkit.fidelity.iam.common import API
from labkit.fidelity.registry import corrected
from labkit.sandbox.choke import Exchange, Params
from labkit.sandbox.sandbox import Sandbox

corrected(
    "iam",
    "A call that is refused for its key is no use of it, and a use has the Region of its request.",
    "GetAccessKeyLastUsed tells of the last request made with the key: time, service, Region.",
    test="test_a_refused_key_is_not_used_and_a_use_has_its_region",
    source=API + "GetAccessKeyLastUsed.html",
)


class LastUse:
    """The hook that notes the use of a key once its caller is known and its signature is good."""

    def __init__(self, note: Callable[[str, str, str, str], None], default_region: str) -> None:
        self._note = note
        self._default_region = default_region

    def before(self, exchange: Exchange) -> Params | None:
        """Note who called what, where and when."""
        region = exchange.region if "-" in exchange.region else self._default_region
        self._note(exchange.account, exchange.access_key, exchange.service, region)
        return None

    def after(self, exchange: Exchange, result: Callable[[], Params]) -> Params | None:
        """Nothing is changed once a request is served."""
        return None


def watch(sandbox: Sandbox) -> None:
    """Note uses behind the checks of caller and signature, until the sandbox closes."""
    from labkit.fidelity.rulebook import Rulebook

    names: dict[str, Any] = vars(moto_iam)
    original = names["mark_account_as_visited"]
    hooks = sandbox.choke.hooks
    place = next(n for n, hook in enumerate(hooks) if isinstance(hook, Rulebook))
    hooks.insert(place, LastUse(original, sandbox.session.region_name))
    names["mark_account_as_visited"] = lambda **_: None

    def put_back() -> None:
        names["mark_account_as_visited"] = original

    sandbox.on_close(put_back)
