"""The `labkit` command starts quickly, explains itself and shows no traceback for a wrong word."""

from __future__ import annotations

import argparse
import subprocess
import sys
from types import SimpleNamespace

import pytest

from labkit import cli
from labkit.cli import COMMANDS, main
from labkit.errors import UnknownFact


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])

    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"usage: labkit {name}" in said
    assert (COMMANDS[name].__doc__ or "").partition("\n")[0] in said


def test_a_teaching_error_is_printed_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_: argparse.Namespace) -> int:
        raise UnknownFact("There is no fact 'sqs.delay'.", next_step="Did you mean …?")

    refuse = SimpleNamespace(__doc__="Refuse.", add_arguments=lambda parser: None, run=run)
    monkeypatch.setitem(cli.COMMANDS, "refuse", refuse)

    assert main(["refuse"]) == 2
    said = capsys.readouterr()
    assert said.err == "labkit refuse: There is no fact 'sqs.delay'. Did you mean …?\n"
    assert said.out == ""


def test_without_a_command_it_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])

    assert "usage: labkit" in capsys.readouterr().err


def test_asking_for_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from labkit.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'boto3', 'moto', 'nbformat', 'yaml', 'jsonschema', 'IPython', 'plotly'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "doctor" in done.stdout
