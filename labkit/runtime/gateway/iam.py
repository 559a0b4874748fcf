"""Who signed a request, and whether policies let it through.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-authorization-flow.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from labkit.fidelity.authorisation import authoriser, callers
from labkit.fidelity.authorisation.asked import Asked, Need
from labkit.fidelity.authorisation.callers import ANONYMOUS, Caller
from labkit.fidelity.authorisation.context import context_of
from labkit.fidelity.authorisation.denial import reason
from labkit.fidelity.authorisation.judged import Judgement, Verdict
from labkit.fidelity.authorisation.policies import Held, Named, held_by
from labkit.fidelity.signature import SignatureCheck, Signed
from labkit.policy import Request, evaluate
from labkit.policy.decision import EXPLICIT_DENY
from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.messages import Incoming
from labkit.runtime.gateway.refusals import Refused
from labkit.sandbox.awserror import AwsError

_INVOKE = "execute-api:Invoke"


class _Fields(Mapping[str, str]):
    """Header fields as the rules on signatures read them."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming

    def __getitem__(self, name: str) -> str:
        found = self._incoming.headers.get(name)
        if found is None and name.lower() == "host":
            found = self._incoming.host
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter({name: "" for name, _ in self._incoming.headers.pairs})

    def __len__(self) -> int:
        return len(self._incoming.headers.pairs)


class _Request:
    """A request as the rules on signatures and permissions read it."""

    def __init__(self, incoming: Incoming) -> None:
        self.method, self.scheme = incoming.method, incoming.scheme
        self.headers = _Fields(incoming)
        self.raw_path = incoming.signed_path or incoming.path
        self.query_string = incoming.query.encode()
        self.args: dict[str, str] = dict(incoming.query_pairs)
        self.form: dict[str, str] = {}
        self._body = incoming.body

    def get_data(self) -> bytes:
        """The body."""
        return self._body


class Exchange:
    """A call in the place of an exchange of the choke point."""

    service, operation = "apigateway", "Invoke"

    def __init__(self, call: Call) -> None:
        self.request = _Request(call.incoming)
        self.account, self.region, self.at = call.account, call.region, call.at
        self.over_http = call.incoming.over_http
        self.params: dict[str, Any] = {}
        self.access_key = ""


def signer(call: Call, service: str = "execute-api") -> Caller:
    """Who signed a request for `service`; Refused if nobody did, or not well."""
    exchange: Any = Exchange(call)
    try:
        signed = Signed.of(exchange)
        if signed is None:
            raise Refused("MISSING_AUTHENTICATION_TOKEN")
        exchange.access_key = signed.access_key
        caller = callers.identify(exchange)
        if signed.service != service:
            sentence = f"Credential should be scoped to correct service: '{service}'. "
            raise Refused("INVALID_SIGNATURE", sentence)
        SignatureCheck().before(exchange)
    except AwsError as wrong:
        kind = "EXPIRED_TOKEN" if wrong.code.startswith("Expired") else "INVALID_SIGNATURE"
        raise Refused(kind, str(wrong.message), word=wrong.code) from wrong
    call.identity |= {
        "accessKey": signed.access_key,
        "accountId": caller.account,
        "caller": caller.user_id,
        "user": caller.user_id,
        "userArn": caller.arn,
    }
    return caller


def verdict(call: Call, caller: Caller, need: Need, policy: str | None) -> Verdict:
    """The engine's decision on an action, by the caller's policies and the resource's.

    While permissions are not enforced a caller who signed may do what nothing denies.
    """
    guard = authoriser.current()
    asked = Asked(Exchange(call), caller)  # type: ignore[arg-type]
    named = Named(policy, f"policy of {call.api_id}") if policy else None
    if caller.arn != "*" and guard.enforced:
        held = held_by(caller)
    else:
        held = Held() if caller.arn == "*" else Held((authoriser.ANYTHING,))
    decision = evaluate(
        Request(caller.arn, need.action, need.resource, context_of(asked, need, guard.source_ip)),
        identity=[one.policy for one in held.identity],
        resource=named.policy if named else None,
        boundary=held.boundary.policy if held.boundary else None,
        session=held.session,
    )
    names: dict[str, tuple[Named, ...]] = {"identity": held.identity}
    if named is not None:
        names["resource"] = (named,)
    if held.boundary is not None:
        names["boundary"] = (held.boundary,)
    found = Verdict(need, decision, names, caller.user_id)
    service, _, operation = need.action.partition(":")
    guard.judgements.append(Judgement(len(guard.sandbox.calls), service, operation, (found,)))
    return found


def may_invoke(call: Call, caller: Caller, policy: str | None) -> None:
    """Refuse who may not invoke a method, in AWS's words."""
    found = verdict(call, caller, Need(_INVOKE, call.method_arn), policy)
    if found.decision.allowed:
        return
    who = "anonymous" if caller.arn == "*" else caller.arn
    hidden = call.method_arn.replace(call.account, "********" + call.account[-4:])
    sentence = f"User: {who} is not authorized to perform: execute-api:Invoke on resource: {hidden}"
    because = reason(found, _INVOKE)
    raise Refused("ACCESS_DENIED", f"{sentence} {because}", key="Message")


def whole_policy(call: Call, policy: str | None) -> str | None:
    """A resource policy with its short ARNs written out: execute-api:/stage/GET/path."""
    if not policy:
        return None
    start = f"arn:aws:execute-api:{call.region}:{call.account}:{call.api_id}/"
    return policy.replace('"execute-api:/', f'"{start}')


def anybody(call: Call, policy: str | None) -> None:
    """Refuse an unsigned request that the API's policy does not let pass."""
    if policy:
        may_invoke(call, ANONYMOUS, policy)


def denies(call: Call, policy: str | None) -> None:
    """Refuse a request that the API's policy denies outright, before an authorizer is asked."""
    if policy is None:
        return
    found = verdict(call, ANONYMOUS, Need(_INVOKE, call.method_arn), policy)
    if found.decision.effect == EXPLICIT_DENY:
        may_invoke(call, ANONYMOUS, policy)
