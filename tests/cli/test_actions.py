"""`labkit actions`: shows an action, and builds the tables."""

from __future__ import annotations

import pytest

from labkit.cli import main


def test_an_action_is_shown_with_what_it_may_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["actions", "sqs:sendmessage"]) == 0

    said = capsys.readouterr().out
    assert said.startswith("sqs:SendMessage\nlevel       Write\n")
    assert "${QueueName} (always)" in said


def test_an_unknown_action_is_told_the_services(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["actions", "boxoffice:SellSeat"]) == 2
    assert "There is no action 'boxoffice:SellSeat'" in capsys.readouterr().err


def test_building_what_is_in_step_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["actions", "--build"]) == 0
    assert capsys.readouterr().out == "The tables are up to date.\n"


def test_one_thing_is_asked_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["actions"]) == 2
    assert "Name one action, or say --build" in capsys.readouterr().err
