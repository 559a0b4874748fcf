"""A program on an EC2 instance gets its role's credentials from the instance metadata service.

    program ── PUT latest/api/token ─────────────────────────────────▶ a token
            ── GET …/iam/security-credentials/        with the token ─▶ the name of the role
            ── GET …/iam/security-credentials/<role>  with the token ─▶ three strings and their end

The service answers at an address that leads nowhere but to the instance itself. So `on_instance`
makes a boto3 session whose own code for instance roles, renewal included, is wired to one machine.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
"""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from labkit.errors import UsageError
from labkit.fidelity.authorisation.credentials import Session, remember
from labkit.sandbox.principals import ACCOUNT_ID
from labkit.sandbox.sandbox import Sandbox
from labkit.units import SECONDS_PER_HOUR

EC2 = "ec2.amazonaws.com"
TOKEN_PATH = "latest/api/token"
ROLE_PATH = "latest/meta-data/iam/security-credentials/"
_TTL_HEADER = "x-aws-ec2-metadata-token-ttl-seconds"
_TOKEN_HEADER = "x-aws-ec2-metadata-token"
_LONGEST_TOKEN_S = 6 * SECONDS_PER_HOUR  # which botocore asks for
# AWS writes down neither: what is seen is six hours, and that new ones come well ahead of the end,
# "at least five minutes".
_LASTS = timedelta(hours=6)
_AHEAD = timedelta(hours=1)
_UNTRUSTED = (
    "EC2 cannot assume the role {}. Please see documentation at "
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html"
    "#troubleshoot_iam-ec2_errors-info-doc."
)


@dataclass(frozen=True)
class Said:
    """What the metadata service answered."""

    status: int
    text: str

    def __repr__(self) -> str:
        return f"{self.status} {self.text}"


@dataclass
class InstanceMetadata:
    """The metadata service of one running instance, asked with a method, a path and headers.

    `get` and `put` are how a program on it asks; `hops` is 2 for one in a container.
    """

    instance_id: str
    _tokens: dict[str, datetime] = field(default_factory=dict)  # until when each is good
    _issued: dict[str, Session] = field(default_factory=dict)  # by the role's ARN

    def get(self, path: str, headers: dict[str, str] | None = None) -> Said:
        """Ask for a path below the service's address, as `latest/meta-data/instance-id`."""
        return Said(*self.answer("GET", path.lstrip("/"), headers or {}))

    def put(self, path: str, headers: dict[str, str] | None = None, hops: int = 1) -> Said:
        """Ask for a token. Raises TimeoutError if the answer may not travel so many hops."""
        limit = int(
            getattr(_instance(self.instance_id).metadata_options, "http_put_response_hop_limit", 1)
        )
        if hops > limit:
            raise TimeoutError(
                f"No answer came: it may travel {limit} hop, and this program is {hops} away."
            )
        return Said(*self.answer("PUT", path.lstrip("/"), headers or {}))

    def answer(self, method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
        """The status and the body of the answer.

        401 without a good token where the instance demands one (`HttpTokens=required`), 404 for
        what is not there: an instance without a role has no security-credentials.
        """
        given = {name.lower(): value for name, value in headers.items()}
        if path == TOKEN_PATH:
            return self._token(method, given.get(_TTL_HEADER, ""))
        if not self._may_read(given.get(_TOKEN_HEADER)):
            return 401, "Unauthorized"
        told = self._told().get(path)
        if told is not None:
            return 200, told
        role = self._role()
        if role is not None and path == ROLE_PATH:
            return 200, str(role.name)
        if role is not None and path == ROLE_PATH + role.name:
            return 200, json.dumps(self._credentials(role))
        return 404, "Not Found"

    def _told(self) -> dict[str, str]:
        """What is the same for every program: by its path."""
        found = _instance(self.instance_id)
        known = {
            "instance-id": self.instance_id,
            "instance-type": found.instance_type,
            "ami-id": found.image_id,
            "local-ipv4": found.private_ip,
            "public-ipv4": found.public_ip,
            "placement/availability-zone": found.placement.zone,
        }
        told = {f"latest/meta-data/{name}": str(value) for name, value in known.items() if value}
        if found.user_data:
            told["latest/user-data"] = b64decode(str(found.user_data)).decode("utf-8", "replace")
        return told

    def _token(self, method: str, ttl_s: str) -> tuple[int, str]:
        if method != "PUT":
            return 405, "Not Allowed"
        if not ttl_s.isdigit() or not 1 <= int(ttl_s) <= _LONGEST_TOKEN_S:
            return 400, "Bad Request"
        made = sha256(f"{self.instance_id} {_now()} {len(self._tokens)}".encode()).hexdigest()
        self._tokens[made] = _now() + timedelta(seconds=int(ttl_s))
        return 200, made

    def _may_read(self, token: str | None) -> bool:
        if token is None:
            options = _instance(self.instance_id).metadata_options
            return str(getattr(options, "http_tokens", "required")) != "required"
        return token in self._tokens and _now() < self._tokens[token]

    def _role(self) -> Any:
        """The role in the instance's profile, or None."""
        backend = _backend_of(self.instance_id)
        association = backend.iam_instance_profile_associations.get(self.instance_id)
        roles = association.iam_instance_profile.roles if association is not None else []
        return roles[0] if roles else None

    def _credentials(self, role: Any) -> dict[str, str]:
        """What EC2 has got from STS for the role, or why it got nothing."""
        from labkit.fidelity.authorisation.people import session_for_service

        session = self._issued.get(role.arn)
        if session is None or _now() >= session.expires_at - _AHEAD:
            try:
                opened = session_for_service(role.arn, EC2, self.instance_id)
            except UsageError:
                message = _UNTRUSTED.format(role.name)
                return {"Code": "AssumeRoleUnauthorizedAccess", "Message": message}
            session = replace(
                opened,
                expires_at=opened.issued_at.replace(microsecond=0) + _LASTS,
                context={"ec2:RoleDelivery": "2.0", "ec2:SourceInstanceARN": self._arn()},
            )
            remember(session)
            self._issued[role.arn] = session
        return {
            "Code": "Success",
            "LastUpdated": f"{session.issued_at:%Y-%m-%dT%H:%M:%SZ}",
            "Type": "AWS-HMAC",
            "AccessKeyId": session.access_key,
            "SecretAccessKey": session.secret_key,
            "Token": session.token,
            "Expiration": f"{session.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        }

    def _arn(self) -> str:
        region = _backend_of(self.instance_id).region_name
        return f"arn:aws:ec2:{region}:{ACCOUNT_ID}:instance/{self.instance_id}"


def of_running(instance_id: str) -> InstanceMetadata:
    """The metadata service of an instance; while that is pending, the clock is turned on.

    UsageError for an instance that does not exist or is not running: nobody asks there.
    """
    if _instance(instance_id).state == "pending":
        Sandbox.current().clock.advance_to(_instance(instance_id).settled_at)
    state = _instance(instance_id).state
    if state != "running":
        raise UsageError(
            f"The instance {instance_id} is {state}.",
            "A program runs on an instance that is running.",
            "Start it, or take another one.",
        )
    return InstanceMetadata(instance_id)


def on_instance(instance_id: str) -> Any:
    """A boto3 session as a program on that EC2 instance makes it, with no credentials of its own.

    While the instance is pending, the clock is turned on until it runs. UsageError for an instance
    that does not exist or is not running: no program runs there.
    """
    import boto3
    from botocore.credentials import CredentialResolver, InstanceMetadataProvider
    from botocore.session import Session as BotocoreSession
    from botocore.utils import InstanceMetadataFetcher

    service = of_running(instance_id)
    fetcher: Any = InstanceMetadataFetcher(env={})
    fetcher._session = _Wire(service)
    session: Any = BotocoreSession()
    resolver: Any = CredentialResolver([InstanceMetadataProvider(fetcher)])
    session.register_component("credential_provider", resolver)
    region = _backend_of(instance_id).region_name
    return boto3.Session(botocore_session=session, region_name=region)


class _Wire:
    """The way from a program on the instance to its metadata service, in botocore's terms."""

    def __init__(self, service: InstanceMetadata) -> None:
        self.service = service

    def send(self, request: Any) -> Any:
        """The answer to a prepared request, as botocore's HTTP session gives it."""
        from botocore.awsrequest import AWSResponse

        path = request.url.split("/", 3)[3]
        status, body = self.service.answer(request.method, path, dict(request.headers))
        return AWSResponse(request.url, status, {}, _Body(body.encode()))


class _Body:
    """The body of an answer, read in one piece."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        """All of it."""
        return [self._content]


def _now() -> datetime:
    return Sandbox.current().clock.now


def _backend_of(instance_id: str) -> Any:
    """moto's EC2 of the Region that has the instance."""
    from moto.ec2.models import ec2_backends

    backends: Any = ec2_backends[ACCOUNT_ID]
    for region in list(backends):
        for known in backends[region].all_instances():
            if known.id == instance_id:
                return backends[region]
    raise UsageError(
        f"There is no instance {instance_id!r}.",
        "lab.on_instance takes the id of an EC2 instance, as i-0a1b2c3d4e5f67890.",
        "describe_instances lists them.",
    )


def _instance(instance_id: str) -> Any:
    return _backend_of(instance_id).get_instance(instance_id)
