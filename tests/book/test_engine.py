"""The page gets every module that an explorable needs, and little else."""

import gzip
import json

import pytest

from labkit.book.engine import (
    LIBRARIES,
    SHIM,
    core_bundle,
    import_closure,
    libraries,
    library_bundle,
    own_bundle,
    page_files,
)
from labkit.explorables import SLUGS

OWN_CODE_MAX_BYTES = 15 * 1024
TEXTS_MAX_BYTES = 4 * 1024
LIBRARY_MAX_BYTES = 20 * 1024  # a subject of its own, which pages share
STATIC = SHIM.parent / "static"
PAGE_FILES = (
    *("explorable.mjs", "engine.mjs", "playhead.mjs", "memory.mjs", "worker.mjs"),
    "explorable.css",
)
TEXT_FILES = ("desk.mjs", "desk.css", "path.css")  # loaded where there are texts


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
    assert weight(own_bundle(slug)) <= OWN_CODE_MAX_BYTES


@pytest.mark.parametrize("slug", SLUGS)
def test_no_file_comes_in_two_bundles_of_a_page(slug: str) -> None:
    bundles = [core_bundle(), own_bundle(slug), *map(library_bundle, libraries(slug))]
    files = [path for bundle in bundles for path in json.loads(bundle)]

    assert sorted(files) == sorted(set(files))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_bundles_of_a_page_have_all_that_is_imported(slug: str) -> None:
    bundles = [core_bundle(), own_bundle(slug), *map(library_bundle, libraries(slug))]
    files = {path for bundle in bundles for path in json.loads(bundle)}

    wanted = set(page_files(import_closure([f"labkit.explorables.{slug}"])))
    assert wanted <= files


def test_an_explorable_loads_the_libraries_that_it_imports_and_no_others() -> None:
    assert libraries("iam_evaluation") == ("policy",)
    assert libraries("sqs_polling") == ()


def test_what_explorables_with_texts_share_besides_is_light() -> None:
    files = [(STATIC / name).read_text(encoding="utf-8") for name in TEXT_FILES]

    assert sum(map(weight, files)) <= TEXTS_MAX_BYTES


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_is_light(name: str) -> None:
    assert weight(library_bundle(name)) <= LIBRARY_MAX_BYTES


def test_what_all_explorables_share_is_light() -> None:
    scripts = [(STATIC / name).read_text(encoding="utf-8") for name in PAGE_FILES]

    assert sum(map(weight, [core_bundle(), *scripts])) <= OWN_CODE_MAX_BYTES
