"""What the exercises lay and the checks read: a bucket of posters, and profiles."""

from __future__ import annotations

from configparser import ConfigParser
from typing import TYPE_CHECKING

from labkit.fidelity.s3.stock import fill
from labkit.runtime import aws_cli
from labkit.sandbox import Sandbox

if TYPE_CHECKING:
    from labkit.exercises.frame import Evidence, MakeClient
    from labkit.runtime.aws_cli.runner import AwsCli
    from labkit.sandbox.calllog import Call

BUCKET, POSTERS = "posters", 1200
LISTING = "ListObjectsV2"


def running() -> AwsCli:
    """The `aws` of the open sandbox."""
    return aws_cli.of(Sandbox.current())


def lay_posters(client: MakeClient) -> None:
    """The bucket with its 1,200 posters and nothing else."""
    s3 = client("s3")
    if BUCKET not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=BUCKET)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    there = {found["Key"] for page in pages for found in page.get("Contents", ())}
    wanted = [key(number) for number in range(POSTERS)]
    for other in there - set(wanted):
        s3.delete_object(Bucket=BUCKET, Key=other)
    fill(BUCKET, [name for name in wanted if name not in there], b"a poster")


def key(number: int) -> str:
    """The key of a poster: every fourth is of 2026."""
    return f"{2026 if number % 4 == 0 else 2025}/poster-{number:04}.png"


def listings(evidence: Evidence) -> tuple[Call, ...]:
    """The learner's listings of the posters, by the `aws` command or whatever speaks HTTP."""
    found = evidence.of("s3", LISTING, "ListObjects", Bucket=BUCKET)
    return tuple(call for call in found if call.over_http and not call.error_code)


def profile(home_file: str, section: str) -> dict[str, str]:
    """A section of `~/.aws/config` or `~/.aws/credentials`."""
    parser = ConfigParser(interpolation=None)
    parser.read(running().home / ".aws" / home_file)
    return dict(parser[section]) if parser.has_section(section) else {}


def settings_of(name: str) -> dict[str, str]:
    """All that the two files say of a profile."""
    section = name if name == "default" else f"profile {name}"
    return {**profile("config", section), **profile("credentials", name)}


def drop(*names: str) -> None:
    """No profile of these names is there."""
    for file, wrap in (("config", "profile {}"), ("credentials", "{}")):
        path = running().home / ".aws" / file
        parser = ConfigParser(interpolation=None)
        parser.read(path)
        for name in names:
            parser.remove_section(wrap.format(name))
        with path.open("w", encoding="utf-8") as opened:
            parser.write(opened)
