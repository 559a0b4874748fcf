"""The page gets every module that an explorable needs, and little else."""

import gzip
import json

import pytest

from labkit.book.engine import SHIM, bundle, import_closure, page_files
from labkit.explorables import SLUGS

OWN_CODE_MAX_BYTES = 15 * 1024


def test_the_closure_has_what_is_imported_and_its_packages() -> None:
    closure = import_closure(["labkit.explorables.parts"])

    assert closure == ["labkit.errors", "labkit.explorables", "labkit.explorables.parts"]


def test_what_only_checkers_import_is_not_shipped() -> None:
    assert "labkit.explorables.parts" not in import_closure(["labkit.explorables"])


def test_the_guard_is_not_shipped() -> None:
    assert page_files(["labkit.explorables"])["labkit/__init__.py"] == ""


def test_field_names_are_written_from_cpython() -> None:
    files = page_files(["labkit.explorables.parts"])
    scope: dict[str, dict[str, tuple[str, ...]]] = {}
    exec(files["_fields.py"], scope)

    fields = scope["FIELDS"]["labkit.explorables.parts.Choice"]

    assert fields == ("name", "label", "options", "start", "more", "help")


def test_a_table_of_facts_keeps_only_the_rows_that_are_named() -> None:
    files = page_files(["labkit.explorables.sqs_polling"])

    table = files["labkit/facts/tables/sqs.py"]

    assert "'sqs.wait_time_max_s'" in table
    assert "'sqs.queue_name_max_chars'" not in table


def test_every_stand_in_is_shipped() -> None:
    files = page_files(["labkit.explorables"])

    assert {path.name for path in SHIM.glob("*.py")} <= set(files)


@pytest.mark.parametrize("slug", SLUGS)
def test_an_explorable_s_own_python_is_light(slug: str) -> None:
    text = bundle(slug)

    assert len(gzip.compress(text.encode(), 9)) <= OWN_CODE_MAX_BYTES - PAGE_SCRIPTS_BYTES
    assert f"labkit/explorables/{slug}.py" in json.loads(text)
