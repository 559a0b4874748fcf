"""What the exercises lay and the checks compare: packages, functions, what was called."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence
    from labkit.sandbox.calllog import Call

ROLE = "shop-functions"
LATEST = "$LATEST"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def package(source: str) -> bytes:
    """The zip file of one module, app.py; the same source makes the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo("app.py"), source)
    return written.getvalue()


def sha_of(source: str) -> str:
    """The `CodeSha256` that Lambda shows for a source."""
    return base64.b64encode(hashlib.sha256(package(source)).digest()).decode()


def role_arn(iam: Any) -> str:
    """The role of the shop's functions, made if it is not there."""
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(_TRUST))
    return str(iam.get_role(RoleName=ROLE)["Role"]["Arn"])


def lay_function(client: Any, name: str, *sources: str) -> Any:
    """A function afresh, with one published version for each source; Lambda's client."""
    lam = client("lambda")
    with suppress(lam.exceptions.ResourceNotFoundException):
        lam.delete_function(FunctionName=name)
    lam.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role_arn(client("iam")),
        Handler="app.handler",
        Timeout=10,
        Code={"ZipFile": package(sources[0])},
        Publish=True,
    )
    for source in sources[1:]:
        lam.update_function_code(FunctionName=name, ZipFile=package(source), Publish=True)
    return lam


def sha_by_version(evidence: Evidence, name: str) -> dict[str, str]:
    """The code of each version of a function, as its hash."""
    listed = evidence.client("lambda").list_versions_by_function(FunctionName=name)["Versions"]
    return {one["Version"]: one["CodeSha256"] for one in listed}


def alias(evidence: Evidence, name: str, called: str) -> tuple[str, dict[str, float]] | None:
    """The version that an alias leads to, and the weights beside it; None if it is gone."""
    lam = evidence.client("lambda")
    try:
        found = lam.get_alias(FunctionName=name, Name=called)
    except lam.exceptions.ResourceNotFoundException:
        return None
    weights = (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    return found["FunctionVersion"], dict(weights)


def asked(call: Call) -> tuple[str, str]:
    """The function and the qualifier that a call asked for, however it was written."""
    name = str(call.params.get("FunctionName", "")).rsplit(":function:", 1)[-1]
    name, _, inside = name.partition(":")
    return name, inside or str(call.params.get("Qualifier", "")) or LATEST


def invocations(evidence: Evidence, name: str, qualifier: str | None = None) -> list[Call]:
    """The learner's invocations of a function that Lambda carried out, in order."""
    return [
        call
        for call in evidence.of("lambda", "Invoke")
        if not call.error_code and asked(call)[0] == name and qualifier in (None, asked(call)[1])
    ]
