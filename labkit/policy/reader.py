"""Reading a policy document: every rule of its grammar, each breach with its path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from labkit.policy import grammar
from labkit.policy.errors import Notes
from labkit.policy.kinds import EVERYONE, NEEDED, NONE, Kind
from labkit.policy.parts import conditions, known_keys, principal, strings
from labkit.policy.statement import as_list

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_POLICY_KEYS = ("Version", "Id", "Statement")
_STATEMENT_KEYS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)


class Reader:
    """Walks a document once, noting what is wrong, and gives back a tidy copy of it."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.notes = Notes()
        self._variables = False

    def policy(self, document: Any) -> dict[str, Any]:
        """Check the whole document."""
        if isinstance(document, str):
            document = self._parsed(document)
            if document is None:
                return {}
        if not isinstance(document, dict):
            self.notes.error("", "A policy is a JSON object.", document)
            return {}
        known_keys(self.notes, "", document, _POLICY_KEYS)
        version = document.get("Version", grammar.DEFAULT_VERSION)
        if version not in grammar.VERSIONS:
            rule = f"Version is {grammar.VERSIONS[0]} or {grammar.VERSIONS[1]}."
            self.notes.error("Version", rule, version)
        self._variables = grammar.has_variables(version)
        tidy: dict[str, Any] = {"Version": version}
        if "Statement" in document:
            tidy["Statement"] = self._statements(document["Statement"])
        else:
            self.notes.error("Statement", "A policy has a Statement.", None)
        return tidy

    def _parsed(self, text: str) -> Any:
        if self.kind.latin:
            for c in text:
                if c > "\xff":
                    self.notes.error("", "The characters of a policy go up to U+00FF.", c)
                    return None
        try:
            return json.loads(text)
        except (ValueError, RuntimeError) as error:
            # RuntimeError: nested more deeply than any policy can be.
            self.notes.error("", f"A policy is valid JSON ({error}).", text[:80])
            return None

    def _statements(self, written: Any) -> list[dict[str, Any]]:
        statements = as_list(written)
        if not statements:
            self.notes.error("Statement", "There is at least one statement.", written)
        tidy = []
        sids: dict[str, int] = {}
        for i in range(len(statements)):
            path = f"Statement[{i}]"
            tidy.append(self._statement(path, statements[i]))
            sid = statements[i].get("Sid") if isinstance(statements[i], dict) else None
            if isinstance(sid, str) and sid:
                if sid in sids:
                    rule = f"A Sid is unique in its policy; Statement[{sids[sid]}] has it too."
                    self.notes.error(path + ".Sid", rule, sid)
                sids[sid] = i
        return tidy

    def _statement(self, path: str, statement: Any) -> dict[str, Any]:
        if not isinstance(statement, dict):
            self.notes.error(path, "A statement is a JSON object.", statement)
            return {}
        known_keys(self.notes, path, statement, _STATEMENT_KEYS)
        effect = statement.get("Effect")
        if effect not in ("Allow", "Deny"):
            self.notes.error(path + ".Effect", "Effect is Allow or Deny; case matters.", effect)
        tidy: dict[str, Any] = {"Effect": effect}
        if "Sid" in statement:
            tidy["Sid"] = self._sid(path + ".Sid", statement["Sid"])
        self._element(path, statement, "Action", self._action, tidy)
        self._one_of(path, statement, "Action", required=True)
        self._element(path, statement, "Resource", self._resource, tidy)
        self._one_of(path, statement, "Resource", required=self.kind.resource == NEEDED)
        if self.kind.resource == NONE and ("Resource" in statement or "NotResource" in statement):
            rule = "A trust policy has no Resource: it is about its role."
            self.notes.error(path, rule, "Resource")
        self._principals(path, statement, tidy)
        if "Condition" in statement:
            block = statement["Condition"]
            where = path + ".Condition"
            tidy["Condition"] = conditions(self.notes, where, block, self._variables)
        return tidy

    def _sid(self, path: str, sid: Any) -> str:
        if not isinstance(sid, str):
            self.notes.error(path, "A Sid is a string.", sid)
            return ""
        if self.kind.plain_sid:
            self.notes.broken(path, grammar.sid_rule(sid), sid)
        return sid

    def _element(
        self,
        path: str,
        statement: dict[str, Any],
        name: str,
        check: Callable[[str, str], None],
        tidy: dict[str, Any],
    ) -> None:
        """Read an element or its negation; both, if both are there."""
        for each in (name, "Not" + name):
            if each in statement:
                tidy[each] = strings(self.notes, f"{path}.{each}", statement[each], check)

    def _one_of(self, path: str, statement: dict[str, Any], name: str, required: bool) -> None:
        both = (name in statement) + ("Not" + name in statement)
        if both == 2:
            rule = f"A statement has {name} or Not{name}, not both."
            self.notes.error(f"{path}.Not{name}", rule, statement["Not" + name])
        if required and not both:
            self.notes.error(path, f"A statement has {name} or Not{name}.", None)

    def _action(self, path: str, text: str) -> None:
        if self.notes.broken(path, grammar.action_rule(text), text):
            return
        if self.kind.only_sts and not text.lower().startswith("sts:"):
            rule = "A trust policy is about actions of STS, such as sts:AssumeRole."
            self.notes.error(path, rule, text)

    def _resource(self, path: str, text: str) -> None:
        if self.notes.broken(path, grammar.resource_rule(text), text):
            return
        if self.kind.complete_arns and not grammar.is_complete_arn(text):
            self.notes.error(path, "In a session policy an ARN has all its six fields.", text)
        doubt = grammar.resource_doubt(text)
        if doubt:
            self.notes.warning(path, doubt, text)

    def _principals(self, path: str, statement: dict[str, Any], tidy: dict[str, Any]) -> None:
        self._one_of(path, statement, "Principal", required=False)
        names = [name for name in ("Principal", "NotPrincipal") if name in statement]
        if self.kind.principal == NONE and names:
            rule = "Such a policy has no principal: it is whoever the policy is attached to."
            self.notes.error(f"{path}.{names[0]}", rule, statement[names[0]])
        if self.kind.principal in (NEEDED, EVERYONE) and not names:
            self.notes.error(path, "Such a policy says who: it has a Principal.", None)
        if "NotPrincipal" in names:
            rule = ""
            if statement.get("Effect") == "Allow":
                rule = "NotPrincipal goes with Deny; with Allow it would let in everyone else."
            elif not self.kind.not_principal:
                rule = "Such a policy has Principal, not NotPrincipal."
            self.notes.broken(path + ".NotPrincipal", rule, statement["NotPrincipal"])
        for name in names:
            where, element = f"{path}.{name}", statement[name]
            if self.kind.principal == EVERYONE and element != "*":
                self.notes.error(where, 'An RCP is about everyone: its Principal is "*".', element)
            tidy[name] = principal(self.notes, where, element)
