"""The decision: which policies must allow a request, in the order in which AWS asks them.

A Deny anywhere ends it. Then each kind of policy that applies must let the request pass:

    every level of RCPs ─ every level of SCPs ─ endpoint policy
        │
        ├─ same account:   the resource's policy OR the caller's own policies
        └─ across accounts: the resource's policy AND the caller's own policies

The caller's own policies allow where identity, boundary and session policy all do. What the
resource's policy says of the caller decides how much of that is needed: see labkit.policy.caller.
A caller without an account, as a service or an anonymous one, has no policies of its own.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.policy.caller import ACCOUNT, BOUNDED, DIRECT
from labkit.policy.decision import ALLOW, EXPLICIT_DENY, IMPLICIT_DENY, Decision
from labkit.policy.document import Policy
from labkit.policy.memo import compiled
from labkit.policy.request import Request, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

# AWS lets these pass whatever the policies say.
_FREE = ("sts:getcalleridentity", "sts:getsessiontoken")
# No RCP restricts these.
_NO_RCP = ("kms:retiregrant",)
# A bucket's policy cannot lock its account's root user out of these.
_BUCKET_POLICY = ("s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy")
# What a role's trust policy must allow.
_TRUST = (
    "sts:assumerole",
    "sts:assumerolewithwebidentity",
    "sts:assumerolewithsaml",
    "sts:tagsession",
    "sts:setsourceidentity",
)
# When several kinds deny, AWS names one and does not say which; here it is the first of these.
_DENY_ORDER = ("rcp", "scp", "endpoint", "resource", "identity", "boundary", "session")


def evaluate(
    request: Request,
    *,
    identity: Iterable[Any] = (),
    resource: Any = None,
    boundary: Any = None,
    session: Any = None,
    scps: Iterable[Iterable[Any]] = (),
    rcps: Iterable[Iterable[Any]] = (),
    endpoint: Any = None,
) -> Decision:
    """Decide a request as AWS would.

    Policies are dicts, JSON text, or compiled by `compile_policy`. `identity` holds all the
    policies of the caller and its groups; session policies that were passed together are given
    as one `session` with all their statements; `scps` and `rcps` hold the levels from the root of
    the organisation down, each a list of policies, with AWS's default full-access policy included.
    Raises PolicyError for a policy that AWS would refuse, and UsageError for a request that it
    could not get.

    Not modelled: S3's ACLs and Block Public Access, KMS grants.
    """
    subject = Subject(request)
    case = _Case(subject)
    case.control("rcp", rcps)
    case.control("scp", scps)
    case.attach("endpoint", endpoint)
    case.attach("resource", resource)
    for policy in identity:
        case.attach("identity", policy)
    case.attach("boundary", boundary)
    case.attach("session", session)
    effect, decided_by = case.decide()
    return Decision(effect, decided_by, subject, case.policies, case.has("boundary"))


class _Case:
    """The policies of one request and what each kind says of it."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.policies: list[tuple[str, int, Policy]] = []
        self._kinds: dict[str, list[Policy]] = {}
        self._levels: dict[str, list[list[Policy]]] = {}

    def attach(self, kind: str, policy: Any) -> None:
        if policy is not None:
            ready = compiled(policy)
            held = self._kinds.setdefault(kind, [])
            self.policies.append((kind, len(held), ready))
            held.append(ready)

    def control(self, kind: str, levels: Iterable[Iterable[Any]]) -> None:
        """SCPs restrict the principals of accounts, RCPs everyone; neither, service-linked roles.

        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps
        """
        caller = self.subject.caller
        if caller.service_linked or (kind == "scp" and not caller.account):
            return
        if kind == "rcp" and self.subject.action_lower in _NO_RCP:
            return
        for level in levels:
            start = len(self._kinds.get(kind, []))
            for policy in level:
                self.attach(kind, policy)
            self._levels.setdefault(kind, []).append(self._kinds.get(kind, [])[start:])

    def has(self, kind: str) -> bool:
        return bool(self._kinds.get(kind))

    def decide(self) -> tuple[str, str | None]:
        if self.subject.action_lower in _FREE:
            return ALLOW, None
        for kind in _DENY_ORDER:
            if kind in self._kinds and self._denies(kind):
                return EXPLICIT_DENY, kind
        passed = self._passed()
        for kind in ("rcp", "scp"):
            for level in self._levels.get(kind, []):
                if not self._grant(level):
                    return IMPLICIT_DENY, kind if passed[0] == ALLOW else passed[1]
        if self.has("endpoint") and not self._grant(self._kinds["endpoint"]):
            return IMPLICIT_DENY, "endpoint" if passed[0] == ALLOW else passed[1]
        return passed

    def _denies(self, kind: str) -> bool:
        subject, bounded = self.subject, "boundary" in self._kinds
        if kind == "resource" and self._root_at_home() and subject.action_lower in _BUCKET_POLICY:
            return False
        for policy in self._kinds[kind]:
            for statement in policy.denies:
                if statement.applies(subject, bounded):
                    return True
        return False

    def _grant(self, policies: list[Policy]) -> str:
        """The most direct way in which any of the policies allows the request."""
        best = ""
        for policy in policies:
            for statement in policy.allows:
                strength = statement.applies(self.subject)
                if strength == DIRECT:
                    return DIRECT
                if strength and best != BOUNDED:
                    best = strength
        return best

    def _passed(self) -> tuple[str, str | None]:
        """What the resource's policy and the caller's own policies come to together."""
        caller = self.subject.caller
        granted = self._grant(self._kinds.get("resource", []))
        if not caller.account:
            return (ALLOW, "resource") if granted else (IMPLICIT_DENY, None)
        if caller.kind == "root" and self.subject.action_lower in _TRUST:
            return IMPLICIT_DENY, None  # roles are assumed by users and roles
        return self._within(granted) if self.subject.same_account else self._across(granted)

    def _within(self, granted: str) -> tuple[str, str | None]:
        """Either side is enough, in the way in which the resource's policy names the caller."""
        if granted in (DIRECT, BOUNDED):
            missing = self._ceiling() if granted == BOUNDED else None
            return (IMPLICIT_DENY, missing) if missing else (ALLOW, "resource")
        own, withheld = self._own()
        if not own:
            return IMPLICIT_DENY, withheld
        if granted != ACCOUNT and self._needs_resource_policy():
            return IMPLICIT_DENY, "resource"
        return ALLOW, None if self.subject.caller.kind == "root" else "identity"

    def _across(self, granted: str) -> tuple[str, str | None]:
        """Each account must allow; the side that withholds what the other gave has decided."""
        own, withheld = self._own()
        if own:
            return (ALLOW, "resource") if granted else (IMPLICIT_DENY, "resource")
        return IMPLICIT_DENY, (withheld or "identity") if granted else None

    def _own(self) -> tuple[bool, str | None]:
        """Whether the caller's own policies allow, and which kind withheld it if one did."""
        root = self.subject.caller.kind == "root"
        if not root and not self._grant(self._kinds.get("identity", [])):
            return False, None
        missing = self._ceiling()
        return not missing, missing

    def _ceiling(self) -> str | None:
        """The boundary or session policy that does not let the request pass, if any.

        A federated user's session has what its session policies let through; without one, nothing.
        """
        if "boundary" in self._kinds and not self._grant(self._kinds["boundary"]):
            return "boundary"
        if "session" in self._kinds:
            return None if self._grant(self._kinds["session"]) else "session"
        return "session" if self.subject.caller.kind == "federated-user" else None

    def _root_at_home(self) -> bool:
        return self.subject.caller.kind == "root" and self.subject.same_account

    def _needs_resource_policy(self) -> bool:
        """KMS keys and roles: the account's own policies count only if their policy lets them."""
        action = self.subject.action_lower
        if action in _TRUST:
            return True
        fields = self.subject.fields
        return action.startswith("kms:") and fields is not None and fields[5].startswith("key/")
