"""The engine decides in the page, under MicroPython, as it does here."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from labkit.book.engine import core_bundle, import_closure, page_files
from labkit.policy import Request, evaluate, validate
from labkit.policy.render import as_html, as_text
from tests.policy.cases import all_cases

RUNNER = Path(__file__).with_name("page.mjs")
CODE = """
import json
from labkit.policy import Request, evaluate, validate
from labkit.policy.render import as_html, as_text
with open("/book/cases.json") as file:
    cases = json.load(file)
out = []
for case in cases["decisions"]:
    given = case["policies"]
    decision = evaluate(Request(**case["request"]), **given)
    out.append([decision.effect, decision.decided_by, as_text(decision), as_html(decision)])
found = []
for policy, kind in cases["policies"]:
    found.append([[each.path, each.rule, each.severity] for each in validate(policy, kind)])
print(json.dumps({"decisions": out, "findings": found}))
"""
BAD = [
    ("{", ""),
    ("[" * 2000, ""),
    ({"Version": "2012-10-17", "Statement": [{"Effect": "allow", "Action": "s3"}]}, "identity"),
    (
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "s3:*",
                "Resource": "arn:aws:s3:::posters/" + "x" * 7000,
                "Condition": {"NumericLessThan": {"s3:max-keys": "10"}},
            },
        },
        "identity-managed",
    ),
    (
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {"DateLessThan": {"aws:CurrentTime": "soon"}},
            },
        },
        "identity",
    ),
]


@pytest.mark.skipif(shutil.which("node") is None, reason="Node runs MicroPython outside a browser")
def test_in_the_page_every_case_is_decided_and_told_in_the_same_words() -> None:
    cases = all_cases()
    files = json.loads(core_bundle()) | page_files(import_closure(["labkit.policy.render"]))
    given = [{"request": case.request, "policies": case.policies} for case in cases]
    files["cases.json"] = json.dumps({"decisions": given, "policies": BAD})

    done = subprocess.run(
        ["node", RUNNER],
        input=json.dumps({"files": files, "code": CODE}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr or done.stdout
    told = json.loads(done.stdout)
    for case, (effect, decided_by, text, html) in zip(cases, told["decisions"], strict=True):
        decision = evaluate(Request(**case.request), **case.policies)
        assert (effect, decided_by) == (decision.effect, decision.decided_by), case.id
        # A page's dicts keep no order, so neither do the conditions of a statement nor its lists.
        assert sorted(text.split("\n")) == sorted(as_text(decision).split("\n")), case.id
        assert sorted(html.split("<")) == sorted(as_html(decision).split("<")), case.id
    for (policy, kind), findings in zip(BAD, told["findings"], strict=True):
        wanted = [[each.path, each.severity] for each in validate(policy, kind)]
        assert sorted([path, severity] for path, _, severity in findings) == sorted(wanted)
