"""Sessions share what they read of AWS's service models, and nothing else."""

from __future__ import annotations

from typing import Any

import boto3

from labkit.sandbox import Sandbox


def loader_of(session: Any) -> Any:
    return session._session.get_component("data_loader")


def test_two_sessions_read_a_model_once(sandbox: Sandbox) -> None:
    first, second = boto3.Session(), boto3.Session()

    assert loader_of(first) is loader_of(second)
    assert first.client("sts").meta.service_model.shape_for("AssumeRoleRequest")


def test_sessions_keep_their_own_credentials_and_region(sandbox: Sandbox) -> None:
    ana = boto3.Session("AKIAANA", "secret", region_name="eu-west-1")
    bo = boto3.Session("AKIABO", "secret")

    assert ana.get_credentials().access_key != bo.get_credentials().access_key
    assert (ana.region_name, bo.region_name) == ("eu-west-1", "us-east-1")
    assert ana.client("sqs").meta.region_name == "eu-west-1"


def test_the_shelf_does_not_grow_with_the_sessions(sandbox: Sandbox) -> None:
    before = [*loader_of(boto3.Session()).search_paths]

    for _ in range(5):
        boto3.Session()

    assert [*loader_of(boto3.Session()).search_paths] == before
