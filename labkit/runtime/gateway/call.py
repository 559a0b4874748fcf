"""One request with all that is known of it while API Gateway serves it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from labkit.runtime.gateway.messages import Incoming

# Spelled like this whoever sends them; the rest stays as it is sent.
_SPELLED = {
    name.lower(): name
    for name in (
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Authorization",
        "Cache-Control",
        "Content-Type",
        "Cookie",
        "Host",
        "Origin",
        "Referer",
        "User-Agent",
        "X-Api-Key",
    )
}


@dataclass
class Call:
    """A request to a stage: where it leads, who sent it, when."""

    incoming: Incoming
    account: str
    region: str
    api_id: str
    stage: str
    path: str  # below the stage, as it was sent
    at: datetime
    request_id: str
    extended_id: str
    source_ip: str
    stage_variables: dict[str, str] = field(default_factory=dict)
    resource_path: str = ""
    resource_id: str = ""
    deployment_id: str = ""
    path_parameters: dict[str, str] = field(default_factory=dict)
    edge: bool = False
    identity: dict[str, Any] = field(default_factory=dict)
    authorizer: dict[str, Any] = field(default_factory=dict)
    usage_key: str = ""  # the API key that an authorizer named
    found_in_cache: bool = False

    @property
    def trace_id(self) -> str:
        """The id by which X-Ray would know the request."""
        digits = self.request_id.replace("-", "")
        return f"Root=1-{int(self.at.timestamp()):08x}-{digits[:24]}"

    @property
    def method_arn(self) -> str:
        """The ARN that policies name: arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH."""
        rest = self.path.strip("/")
        start = f"arn:aws:execute-api:{self.region}:{self.account}:{self.api_id}"
        return f"{start}/{self.stage}/{self.incoming.method}/{rest}"

    @property
    def source_arn(self) -> str:
        """The ARN under which API Gateway invokes: with the resource's path, its variables as *."""
        parts = ["*" if part.startswith("{") else part for part in self.resource_path.split("/")]
        start = f"arn:aws:execute-api:{self.region}:{self.account}:{self.api_id}"
        return f"{start}/{self.stage}/{self.incoming.method}{'/'.join(parts)}"

    @property
    def request_time(self) -> str:
        """The time as access logs have it."""
        return f"{self.at:%d/%b/%Y:%H:%M:%S} +0000"

    @property
    def epoch_ms(self) -> int:
        """The time in milliseconds since 1970."""
        return round(self.at.timestamp() * 1000)

    def headers(self) -> list[tuple[str, str]]:
        """The headers as what is behind sees them: with what API Gateway adds, by name."""
        found = [
            (_SPELLED.get(name.lower(), name), value) for name, value in self.incoming.passed_on()
        ]
        names = {name.lower() for name, _ in found}
        added = {
            "Host": self.incoming.host,
            "X-Amzn-Trace-Id": self.trace_id,
            "X-Forwarded-For": self.source_ip,
            "X-Forwarded-Port": "443",
            "X-Forwarded-Proto": "https",
        }
        if self.edge:
            added |= self._of_cloudfront()
        found += [(name, value) for name, value in added.items() if name.lower() not in names]
        return sorted(found, key=lambda pair: pair[0].lower())

    def _of_cloudfront(self) -> dict[str, str]:
        """What CloudFront adds, which stands before an edge-optimised API."""
        return {
            "CloudFront-Forwarded-Proto": "https",
            "CloudFront-Is-Desktop-Viewer": "true",
            "CloudFront-Is-Mobile-Viewer": "false",
            "CloudFront-Is-SmartTV-Viewer": "false",
            "CloudFront-Is-Tablet-Viewer": "false",
            "CloudFront-Viewer-ASN": "64496",  # a number of the documentation's
            "CloudFront-Viewer-Country": "US",
            "Via": f"1.1 {self.request_id.replace('-', '')[:32]}.cloudfront.net (CloudFront)",
            "X-Amz-Cf-Id": self.extended_id.rstrip("=") + "==",
        }

    def text(self) -> str:
        """The body as text."""
        return self.incoming.body.decode("utf-8", "replace")

    def body_told(self, binary: bool) -> tuple[str | None, bool]:
        """The body as an event holds it, and whether that is base64; None if there is none."""
        body = self.incoming.body
        if not body:
            return None, False
        if binary:
            return base64.b64encode(body).decode(), True
        try:
            return body.decode("utf-8"), False
        except UnicodeDecodeError:
            return body.decode("utf-8", "replace"), False

    def context(self) -> dict[str, Any]:
        """`$context`, and an event's requestContext but for a few members."""
        whole = self.path if self.stage == "$default" else f"/{self.stage}{self.path}"
        told: dict[str, Any] = {
            "resourceId": self.resource_id,
            "resourcePath": self.resource_path,
            "httpMethod": self.incoming.method,
            "extendedRequestId": self.extended_id,
            "requestTime": self.request_time,
            "path": whole,
            "accountId": self.account,
            "protocol": "HTTP/1.1",
            "stage": self.stage,
            "domainPrefix": self.incoming.host.split(".", 1)[0],
            "requestTimeEpoch": self.epoch_ms,
            "requestId": self.request_id,
            "identity": {**_NOBODY, **self.identity, **self._sender()},
            "domainName": self.incoming.host,
            "deploymentId": self.deployment_id,
            "apiId": self.api_id,
        }
        if self.authorizer:
            told["authorizer"] = dict(self.authorizer)
        return told

    def _sender(self) -> dict[str, Any]:
        return {"sourceIp": self.source_ip, "userAgent": self.incoming.headers.get("User-Agent")}


# Who calls, where nobody says.
_NOBODY: dict[str, Any] = dict.fromkeys(
    (
        "cognitoIdentityPoolId",
        "accountId",
        "cognitoIdentityId",
        "caller",
        "principalOrgId",
        "accessKey",
        "cognitoAuthenticationType",
        "cognitoAuthenticationProvider",
        "userArn",
        "user",
    )
)
