"""What a source bundle holds, and what is wrong with its configuration files, at which place."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from labkit.errors import UsageError
from labkit.runtime.beanstalk.application import Application
from labkit.runtime.beanstalk.bundle import open_bundle
from labkit.runtime.beanstalk.call import Call, Waiter
from labkit.runtime.beanstalk.configuration import read
from labkit.runtime.beanstalk.service import Beanstalk

from .conftest import GOOD

FILES = {"application.py": GOOD, ".ebextensions/a.config": "option_settings:\n  SEATS: 40\n"}


def zipped(files: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return made.getvalue()


def problems(text: str) -> list[str]:
    return [str(each) for each in read({"x.config": text}).problems]


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_zip_a_folder_and_a_dictionary_are_the_same_bundle(tmp_path: Path) -> None:
    folder, archive = tmp_path / "shop", tmp_path / "shop.zip"
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    archive.write_bytes(zipped(FILES))

    found = [open_bundle(given) for given in (FILES, zipped(FILES), folder, archive)]

    assert all(each == found[0] for each in found)


def test_configuration_files_lie_in_their_folder_at_the_top() -> None:
    inside = {f"shop/{path}": text for path, text in FILES.items()}
    bundle = open_bundle(
        {**inside, ".ebextensions/b.conf": "x", ".ebextensions/deep/c.config": "x"}
    )

    assert bundle.configuration.options == {}
    assert bundle.unread == [
        ".ebextensions/b.conf",
        ".ebextensions/deep/c.config",
        "shop/.ebextensions/a.config",
    ]
    assert open_bundle(FILES).unread == []


def test_both_forms_of_option_settings_and_json_say_the_same() -> None:
    mapping = (
        "option_settings:\n"
        "  aws:autoscaling:asg:\n"
        "    MinSize: 4\n"
        "  aws:elasticbeanstalk:application:environment:\n"
        "    SHOP: royal\n"
    )
    listed = (
        "option_settings:\n"
        "  - namespace: aws:autoscaling:asg\n"
        "    option_name: MinSize\n"
        "    value: 4\n"
        "  - option_name: SHOP\n"
        "    value: royal\n"
    )
    as_json = '{\n\t"option_settings": {"aws:autoscaling:asg": {"MinSize": 4}, "SHOP": "royal"}}'
    found = [read({"x.config": text}) for text in (mapping, listed, as_json)]

    assert [each.problems for each in found] == [[], [], []]
    assert found[0].options == found[1].options == found[2].options
    assert found[0].options["aws:autoscaling:asg", "MinSize"] == "4"


def test_the_file_that_comes_later_in_the_alphabet_has_the_last_word() -> None:
    text = "option_settings:\n  aws:autoscaling:asg:\n    MinSize: "
    files = {f".ebextensions/{name}.config": text + name[1] for name in ("02", "01")}

    assert open_bundle(files).configuration.options == {("aws:autoscaling:asg", "MinSize"): "2"}


def test_an_error_stands_at_its_place() -> None:
    text = "option_settings:\n  aws:elasticbeanstalk:command:\n    DeploymentPolicy: Roling\n"

    assert problems(text) == [
        "x.config, line 3, column 23: `DeploymentPolicy` cannot be 'Roling'. It is one of\n"
        "AllAtOnce, Rolling, RollingWithAdditionalBatch, Immutable, TrafficSplitting. Is\n"
        "`Rolling` meant?\n"
        "        DeploymentPolicy: Roling\n"
        "                          ^"
    ]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("option_settings:\n\tSEATS: 4\n", "line 2, column 1", "indented by a tab"),
        ("option_settings:\n  a: [1\n", "line 3, column 1", "neither YAML nor JSON"),
        ("option_setting:\n  a: b\n", "line 1, column 1", "Is `option_settings` meant?"),
        ("container_command:\n  a: b\n", "line 1, column 1", "Is `container_commands` meant?"),
        ("- a\n", "line 1, column 1", "`key: value` pairs, not a list"),
        ("just words\n", "line 1, column 1", "not the text 'just words'"),
        ("files:\n  - a\n", "line 2, column 3", "`files` holds `key: value` pairs, not a list"),
        ("option_settings:\n  A: 1\n  A: 2\n", "line 3, column 3", "a second time"),
        ("files:\n  a: {}\nfiles:\n  b: {}\n", "line 3, column 1", "a second time"),
        (
            "option_settings:\n  aws:autoscaling:agg:\n    MinSize: 1\n",
            "line 3, column 5",
            "Is `aws:autoscaling:asg` meant?",
        ),
        (
            "option_settings:\n  aws:autoscaling:asg:\n    MinSze: 1\n",
            "line 3, column 5",
            "Is `MinSize` meant",
        ),
        (
            "option_settings:\n  aws:autoscaling:asg:\n    MinSize: [1]\n",
            "line 3, column 14",
            "no plain value",
        ),
        (
            "option_settings:\n  aws:autoscaling:asg:\n    MinSize: 0\n",
            "line 3, column 14",
            "a whole number from 1 to",
        ),
        ("option_settings:\n  - value: 1\n", "line 2, column 5", "no `option_name`"),
        (
            "option_settings:\n  - option_name: A\n    value: 1\n    val: 2\n",
            "line 2, column 5",
            "Is `value` meant?",
        ),
    ],
)
def test_what_is_wrong_says_where_and_why(text: str, place: str, said: str) -> None:
    found = problems(text)

    assert len(found) == 1
    assert f"x.config, {place}: " in in_one_line(found[0])
    assert said in in_one_line(found[0])


def test_other_namespaces_and_sections_of_aws_are_let_pass() -> None:
    text = (
        "option_settings:\n"
        "  aws:elasticbeanstalk:healthreporting:system:\n"
        "    SystemType: enhanced\n"
        "  aws:elbv2:listener:443:\n"
        "    Protocol: HTTPS\n"
        "packages:\n"
        "  yum:\n"
        "    git: []\n"
        "container_commands:\n"
        "  01_migrate:\n"
        "    command: python migrate.py\n"
        "    leader_only: true\n"
        "Resources:\n"
        "  Orders:\n"
        "    Type: AWS::SQS::Queue\n"
    )
    found = read({"x.config": text})

    assert found.problems == []
    assert found.sections == {
        "packages": ["yum"],
        "container_commands": ["01_migrate"],
        "Resources": ["Orders"],
    }


def test_an_empty_file_says_nothing() -> None:
    assert problems("") == []
    assert problems("# not yet\n") == []


def test_a_broken_file_touches_no_instance(tickets: Beanstalk) -> None:
    bundle = {"application.py": GOOD, ".ebextensions/a.config": "option_settings:\n\tA: 1\n"}
    said = repr(tickets.create_version("v7", bundle))
    assert ".ebextensions/a.config, line 2, column 1: The line is indented by a tab." in said

    answer = repr(tickets.deploy("tickets", "v7"))

    assert "v7 cannot be deployed, and no instance was touched." in answer
    assert tickets["tickets"].status == "Ready"
    assert {version for version, _ in tickets["tickets"].instances.values()} == {"v1"}
    assert "line 2, column 1" in tickets.events("tickets")[-2].message
    with pytest.raises(UsageError, match="line 2, column 1"):
        tickets.create_environment("others", "v7")


def test_an_application_of_several_modules_is_imported_from_the_bundle() -> None:
    files = {
        "shop/__init__.py": "",
        "shop/wsgi.py": "from shop.words import HELLO\n"
        "def application(environ, start_response):\n"
        "    start_response('200 OK', [])\n"
        "    return [HELLO]\n",
        "shop/words.py": "HELLO = b'welcome'\n",
    }
    running = Application(open_bundle(files), "shop/wsgi.py", {})

    assert (running.broken, running.answer("/").body) == ("", b"welcome")


def test_an_application_is_where_the_platform_looks() -> None:
    running = Application(open_bundle({"app.py": GOOD}), "application", {})

    assert running.broken == "ModuleNotFoundError: No module named 'application'"
    assert running.answer("/").status == 502


def test_two_versions_do_not_share_a_module() -> None:
    one, two = (
        Application(open_bundle({"application.py": GOOD.replace("v1", name)}), "application", {})
        for name in ("one", "two")
    )

    assert one.answer("/").body.split()[0] == b"one"
    assert two.answer("/").body.split()[0] == b"two"


def test_the_call_on_aws_is_one_that_its_model_takes() -> None:
    from botocore.exceptions import ParamValidationError

    assert repr(Call("TerminateEnvironment", EnvironmentName="tickets")) == (
        "eb.terminate_environment(EnvironmentName='tickets')"
    )
    with pytest.raises(ParamValidationError):
        Call("TerminateEnvironment", Name="tickets")
    assert "environment_updated" in repr(Waiter("environment_updated", "tickets"))
    with pytest.raises(ValueError, match="does not exist"):
        Waiter("environment_swapped", "tickets")
