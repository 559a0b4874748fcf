"""`python -m tests.explorables.make_golden` writes the golden files anew.

To be run after a figure was changed on purpose, and its new pictures looked at.
"""

from __future__ import annotations

import json
from typing import Any

from labkit.explorables import SLUGS, load
from tests.explorables.golden import FOLDER, shown

IAM_BOUNDARY = """{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "*"}
}"""
IAM_EVERYONE = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
    {
      "Sid": "FromTheOffice", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
      "Resource": "arn:aws:s3:::posters-a1b2/${aws:username}/*",
      "Condition": {
        "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"},
        "StringNotLike": {"aws:PrincipalArn": ["*/ana", "*/bo"]}
      }
    }
  ]
}"""

GIVEN: dict[str, list[dict[str, Any]]] = {
    "api_throttle": [
        {"at_s": 0},
        {"at_s": 20, "shape": "spike", "rate_per_s": 7300, "limit_per_s": 770, "burst": 1234},
        {"rate_per_s": 3.3, "shape": "steady", "limit_per_s": 2, "burst": 1, "at_s": 11.7},
        {"ttl_s": 3, "answers": 7, "backend_s": 0.7, "rate_per_s": 33, "shape": "steady"},
        {"plan_rate_per_s": 10, "clients": 17, "rate_per_s": 450, "others_percent": 100},
        {"rate_per_s": 20000, "limit_per_s": 10000, "burst": 5000, "others_percent": 35},
    ],
    "backoff": [
        {"at": 0},
        {"at": 61, "strategy": "full", "clients": 17, "seed": 9},
        {"at": 12.5, "strategy": "decorrelated", "base_ms": 330, "cap_ms": 710, "seed": 4},
        {"at": 149, "strategy": "equal", "resource": "server", "rate_per_s": 170, "clients": 40},
        {"strategy": "none", "resource": "server", "clients": 9, "base_ms": 1000, "cap_ms": 100},
        {"clients": 2, "cap_ms": 20000},
    ],
    "beanstalk_deployments": [
        {"at_s": 0},
        {"at_s": 615, "instances": 12, "batch": 5, "version": "some"},
        {"instances": 3, "batch": 6, "version": "crash", "timeout_s": 300, "react_min": 0},
        {"policy": "TrafficSplitting", "version": "late", "late_min": 11, "evaluation_min": 14},
        {"policy": "BlueGreen", "version": "late", "late_min": 20, "react_min": 7, "at_s": 1000},
        {"policy": "RollingWithAdditionalBatch", "version": "some", "instances": 7, "batch": 3},
        {"policy": "AllAtOnce", "at_s": 30, "deploy_s": 240, "health_s": 300, "instances": 2},
        {"policy": "Rolling", "ignore": True, "instances": 12, "batch": 1, "at_s": 5000},
    ],
    "dynamodb_capacity": [
        {"at": 0},
        {"at": 86.5, "size_bytes": 4097, "read_kind": "strong", "hot_percent": 35},
        {"shape": "wave", "at": 240, "hot_percent": 100, "writes_per_s": 700, "size_bytes": 12289},
        {"shape": "bursts", "peak_s": 300, "peak_factor": 3, "write_units": 77, "at": 201},
        {"shape": "wave", "peak_factor": 50, "reads_per_s": 13000, "read_kind": "transactional"},
        {"shape": "steady", "size_bytes": 409600, "write_in_transaction": True, "at": 33},
    ],
    "ebs_burst": [
        {"at": 0},
        {"at": 190, "shape": "office", "iops": 610, "peak_min": 595, "quiet_percent": 11},
        {"shape": "hourly", "iops": 1234, "peak_min": 15, "start_percent": 37, "size_gib": 77},
        {"kind": "st1", "size_gib": 1300, "mibps": 333, "peak_min": 125, "at": 41},
        {"kind": "sc1", "size_gib": 4, "mibps": 9, "shape": "steady", "at": 288},
        {"kind": "gp3", "iops": 20000, "size_gib": 5000},
        {"size_gib": 16384, "iops": 20000, "shape": "steady"},
    ],
    "ebs_curves": [
        {"kind": "gp2", "size_gib": 333, "iops": 990, "io_kib": 128},
        {"kind": "io2", "size_gib": 77, "iops": 123456, "io_kib": 4},
        {"kind": "io1", "iops": 47000, "io_kib": 16, "size_gib": 1500},
        {"kind": "st1", "io_kib": 512, "iops": 300, "sequential": True, "size_gib": 7000},
        {"kind": "sc1", "io_kib": 1024, "iops": 11, "size_gib": 900},
        {"kind": "gp3", "old": True, "size_gib": 65536, "iops": 16000, "io_kib": 64},
        {"iops": 256000, "io_kib": 1024},
    ],
    "ec2_pricing": [
        {},
        {"peak_h": 0, "base": 0, "peak": 0, "committed": 0},
        {"plan": "convertible", "convertible_percent": 0, "payment": "all", "committed": 12},
        {"plan": "csp", "years": 3, "payment": "partial", "spot": 4, "peak": 6, "peak_h": 730},
        {"plan": "isp", "payment": "all", "spot": 12, "lost_percent": 20, "spot_percent": 15},
        {"years": 3, "payment": "partial", "base": 6, "committed": 3, "peak_h": 37.5},
    ],
    "envelope_encryption": [
        {},
        {"at": 0},
        {"at": 1.5},
        {"at": 3.25, "mode": "cached", "max_messages": 2},
        {"at": 11.75, "mode": "cached", "max_messages": 2, "curve": "time"},
        {"at": 6.5},
        {"at": 13.9, "mode": "direct", "size_bytes": 30, "readers": 3},
        {"at": 1.4, "mode": "direct", "size_bytes": 4097},
        {"mode": "direct", "size_bytes": 4096, "speed_mbit_per_s": 0.7, "curve": "time"},
        {"mode": "cached", "max_age_s": 7, "processes": 33, "objects_per_s": 17, "at": 9},
        {"mode": "cached", "processes": 1000, "objects_per_s": 50, "size_bytes": 870000000},
        {"objects_per_s": 71000, "quota_per_s": 20000, "readers": 0, "round_trip_ms": 2.3},
    ],
    "iam_evaluation": [
        {},
        {"at": 0},
        {"at": 1.5, "boundary": IAM_BOUNDARY},
        {"who": "worker", "session": IAM_BOUNDARY, "rcp": IAM_EVERYONE, "scp": IAM_BOUNDARY},
        {"who": "root", "ask": "assume", "resource": ""},
        {"who": "anyone", "resource": IAM_EVERYONE, "context": '{"aws:SourceIp": "203.0.113.9"}'},
        {"who": "bo", "ask": "decrypt", "identity": "{\n  x: 1\n}"},
        {"ask": "send", "identity": IAM_BOUNDARY.replace("Allow", "allow").replace(":*", "*")},
        {"context": '{"aws:SourceIp": [}'},
    ],
    "lambda_concurrency": [
        {"at_s": 0},
        {"at_s": 60, "shape": "ramp", "rate_per_s": 4700, "duration_s": 0.13, "account": 200},
        {"caller": "async", "reserved": 20, "duration_s": 1.7, "init_s": 0.3, "at_s": 33.5},
        {"reserved": 0, "caller": "async", "rate_per_s": 9},
        {"reserved": 900, "account": 300, "provisioned": 500, "others_percent": 85},
        {"rate_per_s": 5000, "duration_s": 10, "account": 10000, "memory_mib": 10240, "at_s": 29},
        {"rate_per_s": 1, "duration_s": 0.1, "shape": "steady", "memory_mib": 128, "at_s": 0.5},
    ],
    "sqs_polling": [
        {},
        {"at_s": 0},
        {"at_s": 40.75, "wait_time_s": 20, "visibility_timeout_s": 3},
        {"arrivals_per_min": 0.5, "consumers": 8, "wait_time_s": 20, "seed": 3},
        {"arrivals_per_min": 22, "consumers": 3, "wait_time_s": 7, "at_s": 120, "seed": 12},
        {
            "arrivals_per_min": 8,
            "failure_percent": 45,
            "max_receive_count": 3,
            "poison": True,
            "delay_s": 12,
            "visibility_timeout_s": 9,
            "wait_time_s": 20,
            "seed": 8,
            "at_s": 77.5,
        },
    ],
}


def main() -> None:
    for slug in SLUGS:
        given = [preset.values for preset in load(slug).presets] + GIVEN[slug]
        text = ",\n".join(
            json.dumps(shown(slug, one), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            for one in given
        )
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{slug}.json").write_text(f"[\n{text}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
