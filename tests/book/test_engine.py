"""The page gets every module that an explorable needs, and little else."""

import gzip
import json

import pytest

from labkit.book.engine import SHIM, core_bundle, import_closure, own_bundle, page_files
from labkit.explorables import SLUGS

OWN_CODE_MAX_BYTES = 15 * 1024
STATIC = SHIM.parent / "static"
PAGE_FILES = (
    *("explorable.mjs", "engine.mjs", "playhead.mjs", "memory.mjs", "worker.mjs"),
    "explorable.css",
)


def weight(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


def test_the_closure_has_what_is_imported_and_its_packages() -> None:
    closure = import_closure(["labkit.explorables.controls"])

    assert closure == ["labkit.errors", "labkit.explorables", "labkit.explorables.controls"]


def test_what_only_checkers_import_is_not_shipped() -> None:
    assert "labkit.explorables.parts" not in import_closure(["labkit.explorables"])


def test_the_guard_is_not_shipped() -> None:
    files = json.loads(core_bundle())

    assert files["labkit/__init__.py"] == ""
    assert not [path for path in files if "sandbox" in path]


def test_every_stand_in_is_shipped() -> None:
    assert {path.name for path in SHIM.glob("*.py")} <= set(json.loads(core_bundle()))


def test_field_names_are_written_from_cpython() -> None:
    files = page_files(["labkit.explorables.controls"])
    scope: dict[str, dict[str, tuple[str, ...]]] = {}
    exec(files["labkit/explorables/controls.py"].splitlines()[0], scope)

    assert scope["_FIELD_NAMES"]["Choice"] == ("name", "label", "options", "start", "more", "help")


def test_a_table_of_facts_keeps_only_the_rows_that_are_named() -> None:
    table = json.loads(own_bundle("sqs_polling"))["labkit/facts/tables/sqs.py"]

    assert "'sqs.wait_time_max_s'" in table
    assert "'sqs.queue_name_max_chars'" not in table


@pytest.mark.parametrize("slug", SLUGS)
def test_an_explorable_s_own_python_is_light(slug: str) -> None:
    own = own_bundle(slug)

    assert weight(own) <= OWN_CODE_MAX_BYTES
    assert not set(json.loads(own)) & set(json.loads(core_bundle()))


def test_what_all_explorables_share_is_light() -> None:
    scripts = [(STATIC / name).read_text(encoding="utf-8") for name in PAGE_FILES]

    assert sum(map(weight, [core_bundle(), *scripts])) <= OWN_CODE_MAX_BYTES
