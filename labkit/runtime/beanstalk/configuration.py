"""Configuration files: the YAML or JSON of `.ebextensions/*.config`, with errors at their place.

    option_settings:                        either form; the second is a list
      aws:elasticbeanstalk:command:
        DeploymentPolicy: Rolling
    option_settings:
      - namespace: aws:elasticbeanstalk:command
        option_name: DeploymentPolicy
        value: Rolling

The other sections are checked for their names and form; nothing on these instances runs them.

https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/ebextensions.html
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/ebextensions-optionsettings.html
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labkit.errors import nearest
from labkit.runtime.beanstalk.options import complaint

WIDTH = 88  # of what is wrong, in a notebook
SETTINGS = "option_settings"
ENVIRONMENT = "aws:elasticbeanstalk:application:environment"  # meant if no namespace is named
ON_INSTANCES = (
    "packages",
    "groups",
    "users",
    "sources",
    "files",
    "commands",
    "services",
    "container_commands",
)
_TEMPLATE = ("Resources", "Outputs", "Mappings", "Parameters", "Conditions")
SECTIONS = (SETTINGS, *ON_INSTANCES, *_TEMPLATE)


@dataclass(frozen=True)
class Place:
    """Where in a configuration file something stands; lines and columns count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}, column {self.column}"


@dataclass(frozen=True)
class Problem:
    """What is wrong at a place, the rule, and the line of the file with a mark below it."""

    place: Place
    what: str
    text: str

    def __str__(self) -> str:
        mark = " " * (self.place.column - 1) + "^"
        said = textwrap.fill(f"{self.place}: {self.what}", WIDTH, break_long_words=False)
        return f"{said}\n    {self.text}\n    {mark}"


@dataclass(frozen=True)
class Setting:
    """An option's value as a configuration file sets it."""

    namespace: str
    name: str
    value: str
    place: Place


@dataclass
class Configuration:
    """What all configuration files of a bundle say."""

    settings: list[Setting] = field(default_factory=list)
    sections: dict[str, list[str]] = field(default_factory=dict)  # of the others: section to names
    problems: list[Problem] = field(default_factory=list)

    @property
    def options(self) -> dict[tuple[str, str], str]:
        """Each option's value; a file that comes later in the alphabet has the last word."""
        return {(each.namespace, each.name): each.value for each in self.settings}


def read(texts: Mapping[str, str]) -> Configuration:
    """What these files say, each text under its path, in the given order."""
    found = Configuration()
    for path, text in texts.items():
        _Reader(path, text, found).read()
    return found


class _Reader:
    """Reads one file into a configuration."""

    def __init__(self, path: str, text: str, into: Configuration) -> None:
        self.path, self.lines, self.into = path, text.split("\n"), into
        # JSON may be indented by tabs, and is YAML otherwise
        self.text = text.replace("\t", " ") if text.lstrip().startswith("{") else text

    def read(self) -> None:
        import yaml  # here and nowhere else while a lab runs

        try:
            root = yaml.compose(self.text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._refuse(mark, _yaml_says(error, self.lines[mark.line] if mark else ""))
            return
        if root is None:
            return
        for key, value in self._pairs(root, "A configuration file"):
            name = key.value
            if name == SETTINGS:
                self._settings(value)
            elif name in SECTIONS:
                pairs = self._pairs(value, f"`{name}`")
                self.into.sections.setdefault(name, []).extend(each.value for each, _ in pairs)
            else:
                self._refuse(key.start_mark, _unknown("section", name, list(SECTIONS)))

    def _settings(self, node: Any) -> None:
        if node.id == "sequence":
            for entry in node.value:
                self._entry(entry)
            return
        for key, value in self._pairs(node, "`option_settings`"):
            if value.id == "scalar":  # the namespace of environment properties can be left out
                self._set(ENVIRONMENT, key, value)
                continue
            for name, given in self._pairs(value, f"`{key.value}`"):
                self._set(key.value, name, given)

    def _entry(self, entry: Any) -> None:
        fields = {key.value: value for key, value in self._pairs(entry, "An entry of the list")}
        for name in fields.keys() - {"namespace", "option_name", "value"}:
            known = ["namespace", "option_name", "value"]
            self._refuse(entry.start_mark, _unknown("field", name, known))
        missing = [name for name in ("option_name", "value") if name not in fields]
        if missing:
            self._refuse(entry.start_mark, f"The entry has no `{missing[0]}`.")
            return
        namespace = fields["namespace"].value if "namespace" in fields else ENVIRONMENT
        self._set(namespace, fields["option_name"], fields["value"])

    def _set(self, namespace: str, name: Any, value: Any) -> None:
        if value.id != "scalar":
            self._refuse(
                value.start_mark,
                f"`{name.value}` has no plain value. An option's value is one text or number.",
            )
            return
        wrong = complaint(namespace, name.value, value.value)
        if wrong:
            self._refuse(value.start_mark if wrong.of_value else name.start_mark, wrong.what)
            return
        place = self._place(name.start_mark)
        self.into.settings.append(Setting(namespace, name.value, value.value, place))

    def _pairs(self, node: Any, what: str) -> list[tuple[Any, Any]]:
        """A mapping's keys and values; a key that comes twice is a problem."""
        if node.id != "mapping":
            if node.value not in ("", "~", "null"):
                kind = "a list" if node.id == "sequence" else f"the text {node.value!r}"
                self._refuse(node.start_mark, f"{what} holds `key: value` pairs, not {kind}.")
            return []
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                self._refuse(
                    key.start_mark,
                    f"`{key.value}` stands here a second time. YAML keeps one of the two and "
                    "drops the other: put both into one.",
                )
            seen.add(str(key.value))
        return list(node.value)

    def _refuse(self, mark: Any, what: str) -> None:
        place = self._place(mark)
        line = self.lines[place.line - 1].replace("\t", "→") if self.lines else ""
        self.into.problems.append(Problem(place, what, line))

    def _place(self, mark: Any) -> Place:
        if mark is None:
            return Place(self.path, 1, 1)
        line = min(mark.line, len(self.lines) - 1)
        return Place(self.path, line + 1, mark.column + 1)


def _yaml_says(error: Any, line: str) -> str:
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "The line is indented by a tab. YAML is indented by spaces."
    context = f"{error.context}, " if error.context else ""
    return f"This is neither YAML nor JSON: {context}{error.problem}."


def _unknown(kind: str, name: str, known: list[str]) -> str:
    near = nearest(name, known)
    meant = f"Is `{near}` meant?" if near else f"It is one of {', '.join(known)}."
    return f"There is no {kind} `{name}`. {meant}"
