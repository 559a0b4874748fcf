"""The credential report: every user with the state of its credentials, ready after a while.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

from labkit.fidelity.iam.common import API, GUIDE, iam
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params
from labkit.sandbox.clock import START

_TAKES_S = 10  # AWS says nothing of how long; one waits and asks again
_KEPT = timedelta(hours=4)  # within which AWS gives the last report again
_COLUMNS = (
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    "access_key_1_active",
    "access_key_1_last_rotated",
    "access_key_1_last_used_date",
    "access_key_1_last_used_region",
    "access_key_1_last_used_service",
    "access_key_2_active",
    "access_key_2_last_rotated",
    "access_key_2_last_used_date",
    "access_key_2_last_used_region",
    "access_key_2_last_used_service",
    "cert_1_active",
    "cert_1_last_rotated",
    "cert_2_active",
    "cert_2_last_rotated",
)
_ACCOUNT_MADE = START - timedelta(days=400)


@rule(
    "iam",
    "GenerateCredentialReport",
    when="instead",
    follows=API + "GenerateCredentialReport.html",
    corrects="moto has the report ready at the second call, whatever the time",
)
def a_report_takes_a_while(exchange: Exchange) -> Params:
    """A credential report is STARTED, then INPROGRESS, and COMPLETE after ten seconds here.

    AWS says STARTED, INPROGRESS and COMPLETE too, and gives the same report for four hours.
    """
    backend = iam(exchange)
    asked_at: datetime | None = getattr(backend, "report_asked_at", None)
    if asked_at is None or exchange.at - asked_at >= _KEPT:
        backend.report_asked_at = exchange.at
        backend.report_text = _report(backend)
        return {
            "State": "STARTED",
            "Description": "No report exists. Starting a new report generation task",
        }
    return {"State": "COMPLETE" if _ready(exchange) else "INPROGRESS"}


@rule(
    "iam",
    "GetCredentialReport",
    when="instead",
    follows=GUIDE + "id_credentials_getting-report.html",
    corrects="moto leaves out the root user, and where and for what a key was last used",
)
def a_report_has_everyone(exchange: Exchange) -> Params:
    """A credential report has the root user and every user, with password, MFA and access keys.

    ReportNotPresent where none was asked for, ReportInProgress while it is being made.
    """
    backend = iam(exchange)
    if getattr(backend, "report_asked_at", None) is None:
        raise AwsError("ReportNotPresent", "No report exists.", 410)
    if not _ready(exchange):
        raise AwsError("ReportInProgress", "Report is being generated.", 404)
    return {
        "Content": backend.report_text,
        "ReportFormat": "text/csv",
        "GeneratedTime": backend.report_asked_at,
    }


def _ready(exchange: Exchange) -> bool:
    asked_at: datetime = iam(exchange).report_asked_at
    return exchange.at - asked_at >= timedelta(seconds=_TAKES_S)


def _report(backend: Any) -> bytes:
    rows = [_root_row(backend), *(_row(user) for user in backend.users.values())]
    written = io.StringIO()
    writer = csv.DictWriter(written, _COLUMNS, restval="N/A", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def _root_row(backend: Any) -> dict[str, str]:
    row = {
        "user": "<root_account>",
        "arn": f"arn:aws:iam::{backend.account_id}:root",
        "user_creation_time": _time(_ACCOUNT_MADE),
        "password_enabled": "not_supported",
        "password_last_used": "no_information",
        "password_last_changed": "not_supported",
        "password_next_rotation": "not_supported",
        "mfa_active": "false",
    }
    return row | _no_keys() | _no_certificates()


def _row(user: Any) -> dict[str, str]:
    row = {
        "user": user.name,
        "arn": user.arn,
        "user_creation_time": _time(user.create_date),
        "password_enabled": _bool(user.password),
        "mfa_active": _bool(user.mfa_devices),
    }
    if user.password:
        row["password_last_used"] = "no_information"
        row["password_last_changed"] = _time(user.create_date)
    row |= _no_keys() | _no_certificates()
    for number, key in enumerate(user.access_keys[:2], start=1):
        head = f"access_key_{number}"
        row[f"{head}_active"] = _bool(key.status == "Active")
        row[f"{head}_last_rotated"] = _time(key.create_date)
        if key.last_used is not None:
            row[f"{head}_last_used_date"] = _time(key.last_used.timestamp)
            row[f"{head}_last_used_region"] = key.last_used.region
            row[f"{head}_last_used_service"] = key.last_used.service
    return row


def _no_keys() -> dict[str, str]:
    return {f"access_key_{number}_active": "false" for number in (1, 2)}


def _no_certificates() -> dict[str, str]:
    return {f"cert_{number}_active": "false" for number in (1, 2)}


def _bool(value: object) -> str:
    return "true" if value else "false"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S+00:00}"
