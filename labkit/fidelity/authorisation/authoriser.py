"""Every request passes here before any rule: whose is it, and, with enforcement on, may it be done.

    credentials ──→ caller ──→ needs ──→ context ──→ policies ──→ labkit.policy ──→ go on, or AWS's
    (unknown,        user       action    keys         identity,    decides each     sentence of
     expired)        session    resource               boundary …   need             denial

Credentials are looked at always, as AWS does; permissions only while `enforced` is set, so that
a lab can be laid out first. What labkit does by itself, quietly, is never held up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from labkit.errors import ClosedLab
from labkit.fidelity.authorisation import callers, credentials, s3
from labkit.fidelity.authorisation.asked import Asked, Need
from labkit.fidelity.authorisation.context import SOURCE_IP, context_of
from labkit.fidelity.authorisation.denial import denial, sentence_of
from labkit.fidelity.authorisation.errors import refusal
from labkit.fidelity.authorisation.judged import Judgement, Verdict
from labkit.fidelity.authorisation.needs import needs_of
from labkit.fidelity.authorisation.policies import (
    Held,
    Named,
    held_by,
    owner_of,
    resource_policy,
)
from labkit.policy import Decision, Request, evaluate
from labkit.sandbox.choke import Exchange, Params
from labkit.sandbox.sandbox import Sandbox

# What a caller is taken to have while permissions are not enforced.
ANYTHING = Named('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}', "anything")
# What is to be named in the answer to a DeleteObjects that is under way.
_left_out: WeakKeyDictionary[Exchange, list[dict[str, Any]]] = WeakKeyDictionary()


class Authoriser:
    """The hook of the choke point that knows callers and decides what they may do."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.enforced = False
        self.source_ip = SOURCE_IP
        self.judgements: list[Judgement] = []

    def before(self, exchange: Exchange) -> Params | None:
        """Refuse bad credentials and, with enforcement on, whatever no policy allows."""
        caller = callers.identify(exchange)
        exchange.caller = caller
        exchange.principal = caller.arn
        # Nobody in particular has no policy of its own, so that the bucket's is always asked.
        anonymous = caller.arn == "*"
        if anonymous and exchange.service != "s3":
            if not _may_be_unsigned(exchange):
                raise refusal(exchange, "unsigned")
            return None  # what such an operation is given proves who asks
        if (self.enforced or anonymous) and not self.sandbox.quiet:
            return self._authorise(Asked(exchange, caller))
        return None

    def after(self, exchange: Exchange, result: Callable[[], Params]) -> Params | None:
        """Name what DeleteObjects left out; nothing else changes once a request is served."""
        left_out = _left_out.pop(exchange, None)
        if left_out is None:
            return None
        answer = result()
        return answer | {"Errors": [*answer.get("Errors", []), *left_out]}

    def _authorise(self, asked: Asked) -> Params | None:
        if _finds_no_bucket(asked) or _is_asked_of_nobody(asked):
            return None
        held = held_by(asked.caller)
        verdicts = [self.verdict(asked, need, held) for need in needs_of(asked)]
        self._keep(asked, verdicts)
        if asked.operation == "DeleteObjects":
            return self._leave_out(asked, verdicts)
        for verdict in verdicts:
            if not verdict.decision.allowed and not s3.acl_lets(asked, verdict):
                raise denial(asked, verdict)
        self._hide_missing_object(asked, held, verdicts)
        return None

    def verdict(self, asked: Asked, need: Need, held: Held) -> Verdict:
        """The engine's decision on one need, with the names of the policies that it looked at."""
        policy = self._resource_policy(asked, need)
        request = Request(
            asked.caller.arn,
            need.action,
            need.resource,
            context_of(asked, need, self.source_ip),
            owner_of(need.resource) or (asked.account if need.resource == "*" else None),
        )
        decision = evaluate(
            request,
            identity=[named.policy for named in held.identity],
            resource=policy.policy if policy else None,
            boundary=held.boundary.policy if held.boundary else None,
            session=held.session,
        )
        names: dict[str, tuple[Named, ...]] = {"identity": held.identity}
        if policy is not None:
            names["resource"] = (policy,)
        if held.boundary is not None:
            names["boundary"] = (held.boundary,)
        return Verdict(need, decision, names, asked.caller.user_id)

    @staticmethod
    def _resource_policy(asked: Asked, need: Need) -> Named | None:
        # A role's trust policy is asked when it is assumed, not when it is administered.
        if need.resource.startswith("arn:aws:iam:") and not need.action.startswith("sts:"):
            return None
        if asked.caller.arn == "*" and s3.public_policy_is_restricted(need.resource):
            return None
        return resource_policy(need.resource)

    def _keep(self, asked: Asked, verdicts: list[Verdict]) -> None:
        self.judgements.append(
            Judgement(len(self.sandbox.calls), asked.service, asked.operation, tuple(verdicts))
        )

    @staticmethod
    def _leave_out(asked: Asked, verdicts: list[Verdict]) -> Params | None:
        """DeleteObjects deletes what may be deleted, and names the rest among its errors.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
        """
        objects = asked.params["Delete"]["Objects"]
        kept, left_out = [], []
        for entry, verdict in zip(objects, verdicts, strict=True):
            if verdict.decision.allowed:
                kept.append(entry)
            else:
                left_out.append(entry | {"Code": "AccessDenied", "Message": sentence_of(verdict)})
        if not left_out:
            return None
        if not kept:
            return {"Errors": left_out}
        asked.exchange.handler.body = s3.deletion_of(kept)
        _left_out[asked.exchange] = left_out
        return None

    def _hide_missing_object(self, asked: Asked, held: Held, verdicts: list[Verdict]) -> None:
        """Who may not list a bucket is not told that an object is missing, but refused.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        """
        if asked.service != "s3" or asked.operation not in ("GetObject", "HeadObject"):
            return
        arn = verdicts[0].need.resource
        if s3.stored(arn, str(asked.params.get("VersionId") or "")) is not None:
            return
        listing = Need("s3:ListBucket", arn.split("/", 1)[0])
        verdict = self.verdict(asked, listing, held)
        if not verdict.decision.allowed:
            self._keep(asked, [*verdicts, verdict])
            raise denial(asked, verdict)

    def anybody_may_read(self, exchange: Exchange, bucket: str, key: str) -> bool:
        """Whether the bucket's policy, or the object's ACL, lets anonymous requests read it."""
        asked = Asked(exchange, callers.ANONYMOUS)
        needs = s3.to_read(asked, bucket, key)
        verdicts = [self.verdict(asked, need, Held()) for need in needs]
        return all(one.decision.allowed or s3.acl_lets(asked, one) for one in verdicts)

    def anybody_may_list(self, exchange: Exchange, bucket: str) -> bool:
        """Whether the bucket's policy lets anonymous requests list it."""
        asked = Asked(exchange, callers.ANONYMOUS)
        verdict = self.verdict(asked, Need("s3:ListBucket", s3.object_arn(bucket)), Held())
        return verdict.decision.allowed

    def must_be_trusted(self, asked: Asked) -> None:
        """Refuse who may not assume a role by the role's own trust policy.

        With enforcement off that policy still decides; what the caller may do is then not asked.
        """
        if self.enforced and not self.sandbox.quiet:
            return  # decided already
        anything = Held((ANYTHING,))
        verdicts = [self.verdict(asked, need, anything) for need in needs_of(asked)]
        self._keep(asked, verdicts)
        for verdict in verdicts:
            if not verdict.decision.allowed:
                raise denial(asked, verdict)

    def decide(
        self, principal: str, action: str, resource: str, context: dict[str, Any] | None = None
    ) -> Decision:
        """Whether a service may do something to a resource, by the resource's policy.

        For what one service does to another, as SNS when it delivers to a queue.
        """
        policy = resource_policy(resource)
        request = Request(principal, action, resource, context or {}, owner_of(resource))
        return evaluate(request, resource=policy.policy if policy else None)


def _may_be_unsigned(exchange: Exchange) -> bool:
    """Whether the operation's model says that nobody need sign for it."""
    from moto.core.utils import get_service_model

    model = get_service_model(exchange.service)
    if exchange.operation not in model.operation_names:
        return True
    operation: Any = model.operation_model(exchange.operation)
    return operation.auth_type == "none" or "noAuth" in str(operation.auth)


def _finds_no_bucket(asked: Asked) -> bool:
    """S3 says that a bucket does not exist to whoever asks."""
    if asked.service != "s3" or asked.operation == "CreateBucket":
        return False
    bucket = asked.params.get("Bucket")
    return bool(bucket) and not s3.bucket_exists(str(bucket))


def _is_asked_of_nobody(asked: Asked) -> bool:
    """A browser's question about CORS needs no permission; a website asks for its own pages."""
    of_website = asked.operation.endswith("of a website")
    return asked.service == "s3" and (asked.operation == "OptionsObject" or of_website)


# ---- the one in force ----

_in_force: list[Authoriser] = []


def install(sandbox: Sandbox) -> Authoriser:
    """Put an authoriser in force in `sandbox`, before the rules; it ends with the sandbox."""
    authoriser = Authoriser(sandbox)
    sandbox.choke.hooks.append(authoriser)
    _in_force[:] = [authoriser]
    sandbox.on_close(_end)
    return authoriser


def current() -> Authoriser:
    """The authoriser of the open sandbox. Raises ClosedLab where there is none."""
    if not _in_force:
        raise ClosedLab("No sandbox with rules is open.", "", "labkit.start(...) opens one.")
    return _in_force[0]


def _end() -> None:
    _in_force.clear()
    credentials.forget_all()
    callers.forget_root_keys()
