"""The doctor finds each ill by its own probe and says what to do for it."""

from __future__ import annotations

import argparse
import ast
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.cli import doctor, main
from labkit.cli.doctor import Finding
from tests.browser.conftest import CHROMIUM_NAMES

LOCK = """\
# made by a tool
boto3==1.44.5
    # via labkit
jupyter-lsp[extra]==2.3.1
moto==5.2.5
appnope==1.0.0 ; sys_platform == 'darwin'
soupsieve==2.10 ; python_full_version < '3.11.5'
soupsieve==4.1.3 ; python_full_version >= '3.11.5'
"""
AS_LOCKED = {"boto3": "1.44.5", "jupyter-lsp": "2.3.1", "moto": "5.2.5", "labkit": "0.1.0"}


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text(LOCK, encoding="utf-8")
    return path


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 10, 13)], ids=str)
def test_an_old_python_is_found(version: tuple[int, ...]) -> None:
    finding = doctor.python_version(version)

    assert not finding.ok
    assert "too old: the labs need 3.11" in finding.what
    assert "make book PYTHON=" in finding.do


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0, 0)], ids=str)
def test_a_python_that_will_do_is_well(version: tuple[int, ...]) -> None:
    assert doctor.python_version(version).ok


def test_a_python_without_venv_is_found_with_debians_package() -> None:
    finding = doctor.venv_module(has=lambda name: None if name == "ensurepip" else object())

    assert not finding.ok
    assert "lacks ensurepip" in finding.what
    assert "apt install python3-venv" in finding.do


def test_this_python_can_make_a_virtual_environment() -> None:
    assert doctor.venv_module().ok


@pytest.mark.parametrize(
    "also",
    [{}, {"appnope": "1.0.0"}, {"soupsieve": "2.10"}, {"soupsieve": "4.1.3"}],
    ids=["nothing of other machines", "a mac's package", "either pin", "or the other"],
)
def test_packages_as_the_lock_pins_them_are_well(lock: Path, also: dict[str, str]) -> None:
    assert doctor.packages(lock, {**AS_LOCKED, **also}) == Finding(
        True, "The 5 packages of requirements.txt are installed."
    )


def test_a_missing_package_is_found_with_the_command_that_brings_it(lock: Path) -> None:
    finding = doctor.packages(lock, {k: v for k, v in AS_LOCKED.items() if k != "moto"})

    assert finding.what == "Missing: moto."
    assert "-m pip install -r requirements.txt" in finding.do


def test_labkit_itself_is_missed_too(lock: Path) -> None:
    finding = doctor.packages(lock, {k: v for k, v in AS_LOCKED.items() if k != "labkit"})

    assert finding.what == "Missing: labkit."
    assert "--editable ." in finding.do


@pytest.mark.parametrize(
    ("installed", "says"),
    [
        pytest.param({"boto3": "1.40.0"}, "boto3 is 1.40.0, not 1.44.5", id="one pin"),
        pytest.param({"appnope": "0.1"}, "appnope is 0.1, not 1.0.0", id="a pin with a marker"),
        pytest.param({"soupsieve": "3"}, "soupsieve is 3, not 2.10 or 4.1.3", id="two pins"),
    ],
)
def test_a_stale_package_is_found_with_both_versions(
    installed: dict[str, str], says: str, lock: Path
) -> None:
    finding = doctor.packages(lock, {**AS_LOCKED, **installed})

    assert not finding.ok
    assert finding.what == f"Stale: {says}."


def test_an_environment_in_which_nothing_was_installed_is_not_told_package_by_package(
    lock: Path,
) -> None:
    finding = doctor.packages(lock, {})

    assert finding.what == "The packages of requirements.txt are not installed."
    assert finding.do.startswith("make book")


def test_a_labkit_without_a_clone_is_found(tmp_path: Path) -> None:
    finding = doctor.packages(tmp_path / "requirements.txt", AS_LOCKED)

    assert not finding.ok
    assert "Clone the book" in finding.do


def test_the_real_lock_is_read_whole() -> None:
    lock = doctor.CLONE / "requirements.txt"
    pins = [line for line in lock.read_text(encoding="utf-8").splitlines() if line[:1].isalnum()]

    assert pins
    assert all(doctor.PINNED.match(line) for line in pins)


def test_the_packages_of_the_clones_environment_are_read_from_outside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    info = site / "Types_PyYAML-6.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: Types_PyYAML\nVersion: 6.0\n")
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)

    assert doctor.site_packages(tmp_path) == site
    assert doctor.installed(site) == {"types-pyyaml": "6.0"}


def test_a_package_whose_metadata_is_missing_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "half_installed-1.0.dist-info").mkdir()
    whole = tmp_path / "whole-2.0.dist-info"
    whole.mkdir()
    (whole / "METADATA").write_text("Metadata-Version: 2.1\nName: whole\nVersion: 2.0\n")

    assert doctor.installed(tmp_path) == {"whole": "2.0"}


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as owner:
        owner.bind(("127.0.0.1", 0))
        owner.listen()
        yield owner.getsockname()[1]


def test_a_taken_port_is_found_and_a_free_one_offered(taken_port: int) -> None:
    finding = doctor.free_port(taken_port)

    assert not finding.ok
    assert not finding.needed
    offered = int(finding.do.partition("make serve PORT=")[2])
    assert offered != taken_port
    assert doctor.free_port(offered).ok


def test_a_number_that_is_no_port_is_answered_with_one_that_is() -> None:
    finding = doctor.free_port(70000)

    assert "a port is 1 to 65535" in finding.what
    assert finding.do == "make serve PORT=8000"


def test_no_chromium_is_found_and_only_the_browser_tests_need_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    finding = doctor.chromium(doctor.browser(home=tmp_path))

    assert not finding.ok
    assert not finding.needed
    assert "playwright install chromium" in finding.do


def test_a_chromium_of_playwrights_own_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    (tmp_path / ".cache/ms-playwright/chromium-1200").mkdir(parents=True)

    assert doctor.chromium(doctor.browser(home=tmp_path)).ok


def test_it_looks_for_the_browsers_that_the_browser_tests_take() -> None:
    assert doctor.BROWSERS == CHROMIUM_NAMES


def test_a_chromium_on_the_path_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / ("chromium.exe" if os.name == "nt" else "chromium")
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert doctor.browser() == str(program)


def test_a_folder_that_refuses_files_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)  # root may write anywhere
    finding = doctor.writable(tmp_path / "my-labs", "your copies of the labs")

    assert not finding.ok
    assert "my-labs cannot be written (Permission denied)" in finding.what
    assert str(tmp_path) in finding.do


def test_a_file_in_the_place_of_a_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "my-labs").touch()
    finding = doctor.writable(tmp_path / "my-labs", "your copies of the labs")

    assert not finding.ok
    assert "move it away" in finding.do


def test_a_folder_that_is_not_there_yet_is_asked_for_where_it_would_be_made(
    tmp_path: Path,
) -> None:
    assert doctor.writable(tmp_path / "not" / "yet", "your progress").ok
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("found", "client"),
    [({"awslambdaric": "4.2.2"}, "AWS's runtime client 4.2.2."), ({}, "labkit's runtime client:")],
    ids=["aws", "labkit"],
)
def test_it_says_what_runs_the_functions_of_lambda(found: dict[str, str], client: str) -> None:
    finding = doctor.runtime_client(found)

    assert finding.ok
    assert f"Lambda functions run under {client}" in finding.what


def test_what_the_book_needs_decides_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_chromium = Finding(False, "No Chromium.", "apt install chromium", needed=False)
    monkeypatch.setattr(doctor, "examine", lambda clone, port: [without_chromium])
    assert doctor.run(argparse.Namespace(port=8000)) == 0
    monkeypatch.setattr(doctor, "examine", lambda clone, port: [Finding(False, "Old.", "New.")])
    assert doctor.run(argparse.Namespace(port=8000)) == 1

    note, _, mend = capsys.readouterr().out.partition("All that the book needs is here.")
    assert "note  No Chromium.\n      do: apt install chromium" in note
    assert "MEND  Old.\n      do: New." in mend


def test_the_command_looks_at_everything_on_this_machine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["doctor"]) in (0, 1)

    said = capsys.readouterr().out
    for subject in ("Python 3", "virtual environment", "requirements.txt", "my-labs", "Port 8000"):
        assert subject in said


def test_it_starts_where_nothing_is_installed_and_on_an_old_python(lock: Path) -> None:
    source = Path(doctor.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))
    copy = lock.parent / "labkit" / "cli" / "doctor.py"
    copy.parent.mkdir(parents=True)
    copy.write_text(source, encoding="utf-8")
    bare = subprocess.run(
        [sys.executable, "-I", "-S", str(copy)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert "The packages of requirements.txt are not installed." in bare.stdout
    assert (bare.returncode, bare.stderr) == (1, "")
