"""A bank is built from its YAML with the facts spelled out, and refused with every fault named."""

from __future__ import annotations

import json

import pytest
import yaml

from labkit.errors import BrokenLab
from labkit.questions.build import build, read, stale


@pytest.fixture
def folders(tmp_path):
    """A folder of sources and one of banks."""
    sources, banks = tmp_path / "quiz", tmp_path / "banks"
    sources.mkdir()
    banks.mkdir()
    return sources, banks


def write(folder, *entries):
    (folder / "sqs.yml").write_text(yaml.safe_dump(list(entries)), encoding="utf-8")


def test_a_fact_is_spelled_out_in_a_text(folders, choice):
    sources, banks = folders
    write(sources, choice(stem="Hidden for {fact:sqs.visibility_timeout_default_s}. What now?"))

    assert build(sources, banks) == [banks / "sqs.json"]
    [entry] = json.loads((banks / "sqs.json").read_text(encoding="utf-8"))
    assert entry["stem"] == "Hidden for 30 seconds. What now?"


def test_a_fact_that_does_not_exist_is_a_fault_of_its_question(folders, choice):
    sources, _ = folders
    write(sources, choice(stem="Hidden for {fact:sqs.visibility_timeout_s}. What now?"))
    _, [fault] = read(sources / "sqs.yml")

    assert fault.question == "sqs-two-workers"
    assert "There is no fact 'sqs.visibility_timeout_s'." in fault.problem
    assert "Did you mean" in fault.remedy


def test_a_file_with_faults_builds_nothing_and_lists_them_all(folders, choice):
    sources, banks = folders
    write(sources, choice(id="sns-a", stem="Nothing asked."))

    with pytest.raises(BrokenLab) as broken:
        build(sources, banks)
    assert str(broken.value).splitlines()[1:] == [
        "  sqs.yml, sns-a, id: An id begins with its chapter. Begin it with 'sqs-'.",
        "  sqs.yml, sns-a, stem: Its last paragraph asks nothing. End the stem with the question.",
    ]
    assert list(banks.iterdir()) == []


def test_a_file_that_is_not_yaml_is_a_fault(folders):
    sources, _ = folders
    (sources / "sqs.yml").write_text("- id: [", encoding="utf-8")
    _, [fault] = read(sources / "sqs.yml")

    assert fault.problem == "It is not YAML:"


def test_building_again_changes_nothing(folders, choice):
    sources, banks = folders
    write(sources, choice())
    build(sources, banks)

    assert build(sources, banks) == []
    assert stale(sources, banks) == []


def test_a_bank_that_lags_or_has_lost_its_source_is_stale(folders, choice):
    sources, banks = folders
    write(sources, choice())
    build(sources, banks)
    write(sources, choice(domain="security"))
    (banks / "sns.json").write_text("[]", encoding="utf-8")

    assert stale(sources, banks) == ["sns", "sqs"]
