"""Reading a policy document: every rule of its grammar, each breach with its path.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from typing import Any

from labkit.policy.errors import Finding, PolicyError
from labkit.policy.operators import split_operator
from labkit.policy.request import text_of
from labkit.policy.statement import Statement, as_list

VERSIONS = ("2012-10-17", "2008-10-17")
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
_PRINCIPAL_KEYS = ("AWS", "Service", "Federated", "CanonicalUser")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Policy:
    """A policy compiled for evaluation; `statements` in the order written."""

    def __init__(self, source: dict[str, Any]) -> None:
        variables = source.get("Version", VERSIONS[1]) == VERSIONS[0]
        written = as_list(source["Statement"])
        self.statements = [Statement(written[i], i, variables) for i in range(len(written))]
        self.allows = [s for s in self.statements if s.effect == "Allow"]
        self.denies = [s for s in self.statements if s.effect == "Deny"]


def compile_policy(policy: Any) -> Policy:
    """Compile a policy given as a dict or as JSON text; PolicyError names every error in it."""
    reader = Reader()
    source = reader.policy(policy)
    errors = [finding for finding in reader.findings if finding.severity == "error"]
    if errors:
        raise PolicyError(errors)
    return Policy(source)


def validate(policy: Any, kind: str = "") -> list[Finding]:
    """Everything wrong or doubtful in a policy, in the order it stands there.

    `kind` is identity, resource or trust, and adds the rules of where the policy is attached.
    """
    reader = Reader(kind)
    reader.policy(policy)
    return reader.findings


class Reader:
    """Walks a document once, collecting findings, and gives back a tidy copy of it."""

    def __init__(self, kind: str = "") -> None:
        self.kind = kind
        self.findings: list[Finding] = []

    def _error(self, path: str, rule: str, value: Any) -> None:
        self.findings.append(Finding(path, rule, value))

    def policy(self, document: Any) -> dict[str, Any]:
        """Check the whole document."""
        if isinstance(document, str):
            document = self._parsed(document)
            if document is None:
                return {}
        if not isinstance(document, dict):
            self._error("", "A policy is a JSON object.", document)
            return {}
        tidy: dict[str, Any] = {}
        self._known_keys("", document, _POLICY_KEYS)
        version = document.get("Version", VERSIONS[1])
        if version not in VERSIONS:
            self._error("Version", f"Version is {VERSIONS[0]} or {VERSIONS[1]}.", version)
        tidy["Version"] = version
        if "Statement" not in document:
            self._error("Statement", "A policy has a Statement.", None)
            return tidy
        statements = as_list(document["Statement"])
        if not statements:
            self._error("Statement", "There is at least one statement.", document["Statement"])
        sids: dict[str, int] = {}
        tidy["Statement"] = []
        for i in range(len(statements)):
            path = f"Statement[{i}]"
            tidy["Statement"].append(self._statement(path, statements[i]))
            sid = statements[i].get("Sid") if isinstance(statements[i], dict) else None
            if isinstance(sid, str) and sid:
                if sid in sids:
                    rule = f"A Sid is unique in its policy; Statement[{sids[sid]}] has it too."
                    self._error(path + ".Sid", rule, sid)
                sids[sid] = i
        return tidy

    def _parsed(self, text: str) -> Any:
        try:
            return json.loads(text)
        except (ValueError, RuntimeError) as error:
            # RuntimeError: nested more deeply than any policy can be.
            self._error("", f"A policy is valid JSON ({error}).", text[:80])
            return None

    def _known_keys(self, path: str, found: dict[str, Any], known: tuple[str, ...]) -> None:
        for key in found:
            if key not in known:
                where = f"{path}.{key}" if path else str(key)
                self._error(where, f"Elements here are {', '.join(known)}; case matters.", key)

    def _statement(self, path: str, statement: Any) -> dict[str, Any]:
        if not isinstance(statement, dict):
            self._error(path, "A statement is a JSON object.", statement)
            return {}
        self._known_keys(path, statement, _STATEMENT_KEYS)
        tidy: dict[str, Any] = {}
        effect = statement.get("Effect")
        if effect not in ("Allow", "Deny"):
            self._error(path + ".Effect", "Effect is Allow or Deny; case matters.", effect)
        tidy["Effect"] = effect
        if "Sid" in statement:
            tidy["Sid"] = self._sid(path, statement["Sid"])
        for name in ("Action", "NotAction"):
            if name in statement:
                tidy[name] = self._strings(f"{path}.{name}", statement[name], self._action)
        self._one_of(path, statement, "Action", required=True)
        for name in ("Resource", "NotResource"):
            if name in statement:
                tidy[name] = self._strings(f"{path}.{name}", statement[name], self._resource)
        self._one_of(path, statement, "Resource", required=self.kind == "identity")
        if self.kind == "trust" and ("Resource" in statement or "NotResource" in statement):
            self._error(path, "A trust policy has no Resource: it is about its role.", "Resource")
        self._principals(path, statement, tidy)
        if "Condition" in statement:
            tidy["Condition"] = self._conditions(path + ".Condition", statement["Condition"])
        return tidy

    def _one_of(self, path: str, statement: dict[str, Any], name: str, required: bool) -> None:
        both = (name in statement) + ("Not" + name in statement)
        if both == 2:
            rule = f"A statement has {name} or Not{name}, not both."
            self._error(f"{path}.Not{name}", rule, statement["Not" + name])
        if required and not both:
            self._error(path, f"A statement has {name} or Not{name}.", None)

    def _sid(self, path: str, sid: Any) -> str:
        if not isinstance(sid, str):
            self._error(path + ".Sid", "A Sid is a string.", sid)
            return ""
        if self.kind == "identity":
            for c in sid.lower():
                if c not in _LETTERS:
                    self._error(path + ".Sid", "A Sid has letters and digits only.", sid)
                    break
        return sid

    def _strings(self, path: str, value: Any, check: Any) -> list[str]:
        values = as_list(value)
        if not values:
            self._error(path, "The list holds at least one value.", value)
        good = []
        for i in range(len(values)):
            where = f"{path}[{i}]" if isinstance(value, (list, tuple)) else path
            if not isinstance(values[i], str):
                self._error(where, "The value is a string.", values[i])
            elif self._clean(where, values[i]):
                check(where, values[i])
                good.append(values[i])
        return good

    def _clean(self, path: str, text: str) -> bool:
        for c in text:
            if c < " " and c not in "\t\n\r":
                self._error(path, "Control characters are not allowed.", text)
                return False
        return True

    def _action(self, path: str, text: str) -> None:
        if text == "*":
            return
        vendor, colon, name = text.partition(":")
        if not colon or not vendor or not name:
            self._error(path, "An action is * or service:Action, such as s3:GetObject.", text)
            return
        for c in vendor.lower():
            if c not in _LETTERS and c != "-":
                rule = "The service before the colon has letters, digits and hyphens only."
                self._error(path, rule, text)
                return
        for c in name.lower():
            if c not in _LETTERS and c not in "*?-_:":
                rule = "An action's name has letters and digits, with * and ? as wildcards."
                self._error(path, rule, text)
                return

    def _resource(self, path: str, text: str) -> None:
        if text != "*" and not text.startswith("arn:") and not text.startswith("${"):
            self._error(path, "A resource is * or an ARN, which begins with arn:.", text)

    def _principals(self, path: str, statement: dict[str, Any], tidy: dict[str, Any]) -> None:
        names = [n for n in ("Principal", "NotPrincipal") if n in statement]
        if len(names) == 2:
            rule = "A statement has Principal or NotPrincipal, not both."
            self._error(path + ".NotPrincipal", rule, statement["NotPrincipal"])
        if self.kind == "identity" and names:
            rule = "An identity policy has no principal: it is whoever holds the policy."
            self._error(f"{path}.{names[0]}", rule, statement[names[0]])
        if self.kind in ("resource", "trust") and not names:
            self._error(path, "A resource policy says who: it has a Principal.", None)
        if "NotPrincipal" in names and statement.get("Effect") == "Allow":
            rule = "NotPrincipal goes with Deny; with Allow it lets in everyone else in the world."
            value = statement["NotPrincipal"]
            self.findings.append(Finding(path + ".NotPrincipal", rule, value, "warning"))
        for name in names:
            tidy[name] = self._principal(f"{path}.{name}", statement[name])

    def _principal(self, path: str, element: Any) -> Any:
        if element == "*":
            return element
        if not isinstance(element, dict) or not element:
            self._error(path, '"*" or an object such as {"AWS": "123456789012"}.', element)
            return {}
        tidy = {}
        self._known_keys(path, element, _PRINCIPAL_KEYS)
        for kind in element:
            check = self._aws_principal if kind == "AWS" else self._any_principal
            tidy[kind] = self._strings(f"{path}.{kind}", element[kind], check)
        return tidy

    def _any_principal(self, path: str, text: str) -> None:
        if not text:
            self._error(path, "A principal has a name.", text)

    def _aws_principal(self, path: str, text: str) -> None:
        if text == "*" or (text.isdigit() and len(text) == 12):
            return
        if not text.startswith("arn:") and not text.startswith("AIDA") and text[:4] != "AROA":
            self._error(path, "An AWS principal is *, an account id or an ARN.", text)
        elif "*" in text or "?" in text:
            rule = "A principal is named in full; to match many, use aws:PrincipalArn."
            self._error(path, rule, text)

    def _conditions(self, path: str, block: Any) -> dict[str, dict[str, list[str]]]:
        tidy: dict[str, dict[str, list[str]]] = {}
        if not isinstance(block, dict):
            self._error(path, "Condition is an object of operators.", block)
            return tidy
        for operator in block:
            where = f"{path}.{operator}"
            if split_operator(str(operator)) is None:
                self._error(where, "This is no condition operator.", operator)
                continue
            if not isinstance(block[operator], dict) or not block[operator]:
                self._error(where, "An operator holds an object of keys.", block[operator])
                continue
            tidy[operator] = {}
            for key in block[operator]:
                values = self._values(f"{where}.{key}", block[operator][key])
                tidy[operator][key] = values
        return tidy

    def _values(self, path: str, value: Any) -> list[str]:
        values = as_list(value)
        good = []
        for i in range(len(values)):
            if not isinstance(values[i], (str, int, float, bool)):
                self._error(path, "A condition's values are strings, numbers or booleans.", value)
            elif self._clean(path, text_of(values[i])):
                good.append(text_of(values[i]))
        return good
