"""A version of a parameter, and the account's parameters: secrets sealed, policies kept in time.

put ──▶ tier worked out ──▶ sealed if secret ──▶ a new version ──▶ its expiration on the clock
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from moto.ssm import models as moto_ssm
from moto.ssm import urls

from labkit.fidelity.ssm import secrets
from labkit.fidelity.ssm.common import limit
from labkit.sandbox.clock import Due
from labkit.sandbox.sandbox import Sandbox

_ORDER = (
    "name",
    "description",
    "value",
    "parameter_type",
    "allowed_pattern",
    "keyid",
    "overwrite",
    "tags",
    "data_type",
)
INTELLIGENT, STANDARD, ADVANCED = "Intelligent-Tiering", "Standard", "Advanced"


class Parameter(moto_ssm.Parameter):
    """A version that shows a secret as its ciphertext, and who made it."""

    modified_by = ""

    def encrypt(self, value: str) -> str:
        """The value as it is kept: the backend has sealed it already."""
        return value

    def decrypt(self, value: str) -> str | None:
        """The plaintext; what refers to Secrets Manager is so already."""
        if self.parameter_type != "SecureString" or self.source_result:
            return value
        return secrets.opened(self.account_id, self.name, value)

    def response_object(self, decrypt: bool = False, region: str | None = None) -> dict[str, Any]:
        """The version as GetParameter has it."""
        kept, self.policies = self.policies, None
        shown = super().response_object(decrypt, region)
        self.policies = kept
        if kept:
            shown["Policies"] = [
                {
                    "PolicyText": json.dumps(policy),
                    "PolicyType": policy["Type"],
                    "PolicyStatus": "Pending",
                }
                for policy in json.loads(kept)
            ]
        return shown

    def describe_response_object(
        self, decrypt: bool = False, include_labels: bool = False
    ) -> dict[str, Any]:
        """The version as DescribeParameters and GetParameterHistory have it."""
        shown = super().describe_response_object(decrypt, include_labels)
        return shown | {"LastModifiedUser": self.modified_by or shown["LastModifiedUser"]}


class Backend(moto_ssm.SimpleSystemManagerBackend):
    """The parameters of one Region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.expirations: dict[str, Due] = {}

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module

    def latest(self, name: str) -> Any:
        """The current version of a parameter, or None."""
        if name not in self._parameters:  # which also knows names by another spelling
            return None
        versions = self._parameters[name]
        return versions[-1] if versions else None

    def tier_for(self, name: str, tier: str | None, value: str, policies: str | None) -> str:
        """The tier that a value ends in; advanced stays advanced."""
        old = self.latest(name)
        wanted = tier or (old.tier if old is not None else None) or self.default_parameter_tier
        if wanted != INTELLIGENT:
            return str(wanted)
        needs = len(value.encode()) > limit("standard_max_bytes") or bool(policies)
        stays = old is not None and old.tier == ADVANCED
        return ADVANCED if needs or stays else STANDARD

    def put_parameter(self, *args: Any, **more: Any) -> Any:
        """Keep a new version; a secret is sealed, and an expiration noted on the clock.

        SSM's handler passes the first arguments by position, CloudFormation all of them by name.
        """
        asked = dict(zip(_ORDER, args, strict=False)) | more
        name, value = asked["name"], asked["value"]
        old = self.latest(name)
        kind = asked["parameter_type"] or (old.parameter_type if old is not None else "")
        asked["tier"] = self.tier_for(name, asked.get("tier"), value, asked.get("policies"))
        if kind == "SecureString" and value and (old is None or asked["overwrite"]):
            named = asked["keyid"] or (old.keyid if old is not None else None)
            key = secrets.key_of(self.account_id, self.region_name, named or secrets.DEFAULT_KEY)
            asked["value"] = secrets.sealed(key, self.account_id, self.region_name, name, value)
        version: Any = super().put_parameter(**asked)
        if version.policies == "[]":
            version.policies = None
        self._note_expiration(name, version.policies)
        return version

    def _note_expiration(self, name: str, policies: str | None) -> None:
        due = self.expirations.pop(name, None)
        if due is not None:
            due.cancel()
        for policy in json.loads(policies or "[]"):
            if policy["Type"] == "Expiration":
                at = expiration_of(policy)
                self.expirations[name] = Sandbox.current().clock.call_at(
                    at, lambda: self._expire(name)
                )

    def _expire(self, name: str) -> None:
        if name in self._parameters:
            self.delete_parameter(name)

    def delete_parameter(self, name: str) -> None:
        """Forget a parameter, and when it would have expired."""
        super().delete_parameter(name)
        self._note_expiration(name, None)


def expiration_of(policy: dict[str, Any]) -> datetime:
    """When an Expiration policy ends its parameter. Raises KeyError, ValueError."""
    return datetime.fromisoformat(policy["Attributes"]["Timestamp"].replace("Z", "+00:00"))
