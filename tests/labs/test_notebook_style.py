"""Every lab keeps to the book's form: small cells, plain boto3, exercises in their order."""

from __future__ import annotations

import ast
import re
import statistics
import sys
from collections import Counter
from typing import Any

import pytest
import yaml

from labkit import exercises, questions
from tests.labs.study import ROOT, SLUGS, cells_of, code_cells_of

LONGEST_LINES = 20
MEDIAN_LINES = 4
PROSE_WORDS = 70  # between two cells; the opening, a task and the recap may be longer
PUBLIC = {"labkit", "boto3", "botocore", "cryptography", *sys.stdlib_module_names}
PROTOCOL = ("begin", "check", "solution", "check")

labs = pytest.mark.parametrize("slug", SLUGS)


def trees(slug: str) -> list[tuple[str, ast.Module]]:
    return [(cell.id, ast.parse(cell.source)) for cell in code_cells_of(slug)]


def calls_of_lab(slug: str) -> list[tuple[str, str, str]]:
    """(cell id, method, first argument) of each lab.method("…") in the order of the lab."""
    return [
        (cell_id, node.func.attr, node.args[0].value)
        for cell_id, tree in trees(slug)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "lab"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


def is_of_an_exercise(cell_id: str, slug: str) -> bool:
    return any(cell_id.startswith(f"{one.id}-") for one in exercises.load(slug))


def lines(source: str) -> int:
    return sum(bool(line.strip()) for line in source.split("\n"))


@labs
def test_a_lab_has_a_module_of_exercises(slug: str) -> None:
    assert slug in exercises.slugs()


@labs
def test_the_first_code_cell_opens_the_sandbox(slug: str) -> None:
    assert f'labkit.start("{slug}")' in code_cells_of(slug)[0].source


@labs
def test_the_lab_ends_with_the_ledger_and_the_bill(slug: str) -> None:
    assert [cell.source for cell in code_cells_of(slug)[-2:]] == ["lab.ledger()", "lab.cost()"]


@labs
def test_it_opens_by_saying_how_to_run_it_how_long_it_takes_and_what_it_leans_on(slug: str) -> None:
    first = cells_of(slug)[0]
    syllabus = yaml.safe_load((ROOT / "chapters" / "syllabus" / f"{slug}.yml").read_text())

    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert f"{syllabus['lab_minutes']} minutes" in first.source
    assert "make lab" in first.source
    assert f"my-labs/{slug}.ipynb" in first.source
    assert f"../chapters/{slug}.md" in first.source


@labs
def test_cells_of_code_are_small(slug: str) -> None:
    sizes = {cell.id: lines(cell.source) for cell in code_cells_of(slug)}

    assert max(sizes.values()) <= LONGEST_LINES, sizes
    assert statistics.median(sizes.values()) <= MEDIAN_LINES


@labs
def test_passages_between_cells_are_short(slug: str) -> None:
    words = {
        cell.id: len(cell.source.split())
        for cell in cells_of(slug)[1:]
        if cell.cell_type == "markdown" and not cell.id.endswith("-task")
    }
    words.pop("recap", None)

    assert {id: count for id, count in words.items() if count > PROSE_WORDS} == {}


@labs
def test_only_public_names_are_imported(slug: str) -> None:
    for cell_id, tree in trees(slug):
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [str(node.module)]
            assert {name.split(".")[0] for name in names} <= PUBLIC, cell_id
            assert not [name for name in names if name.startswith("labkit.")], cell_id


@labs
def test_no_private_name_is_used(slug: str) -> None:
    for cell_id, tree in trees(slug):
        private = [
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr.startswith("_")
        ]
        assert private == [], cell_id


@labs
def test_nothing_sleeps_and_nothing_asks_the_real_clock(slug: str) -> None:
    for cell in code_cells_of(slug):
        # Code in a string is a function's own: Lambda's handlers run on the sandbox's clock.
        code = ast.unparse(_WithoutTexts().visit(ast.parse(cell.source)))
        assert not re.search(r"\b(sleep|time\.time|datetime\.now|perf_counter)\b", code)


class _WithoutTexts(ast.NodeTransformer):
    """Empties every string."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str) else node


@labs
def test_a_name_is_bound_once_outside_the_exercises(slug: str) -> None:
    bound = Counter(
        name
        for cell_id, tree in trees(slug)
        if not is_of_an_exercise(cell_id, slug)
        for name in _bound_at_top(tree)
    )

    assert {name for name, count in bound.items() if count > 1} == set()


def _bound_at_top(tree: ast.Module) -> set[str]:
    """The names that a cell leaves behind; the variable of a loop is not meant to last.

    To set an attribute, as in `lab.dynamodb.replica_lag_s = 1`, binds no name.
    """
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        for target in getattr(node, "targets", []):
            names |= {
                one.id
                for one in ast.walk(target)
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
            }
    return names


@labs
def test_its_clients_are_of_services_that_the_reader_knows_or_is_lent(slug: str) -> None:
    syllabus = yaml.safe_load((ROOT / "chapters" / "syllabus" / f"{slug}.yml").read_text())
    known = {slug, *syllabus["needs"], *syllabus.get("borrows", {})}
    # lambda_functions and lambda_versions are chapters on lambda, api_gateway is one on apigateway
    allowed = known | {name.split("_")[0] for name in known}
    allowed |= {name.replace("_", "") for name in known}
    used = {
        node.args[0].value
        for _, tree in trees(slug)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in ("client", "resource")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert used <= allowed


@labs
def test_what_is_lent_is_explained_before_it_is_used(slug: str) -> None:
    syllabus = yaml.safe_load((ROOT / "chapters" / "syllabus" / f"{slug}.yml").read_text())
    for service in syllabus.get("borrows", {}):
        told = [service in cell.source.lower() for cell in cells_of(slug)[1:]]
        uses = [f'client("{service}")' in cell.source for cell in cells_of(slug)[1:]]

        assert told.index(True) < uses.index(True)


@labs
def test_exercises_come_in_their_order_each_begun_checked_solved_and_checked(slug: str) -> None:
    expected = [(name, one.id) for one in exercises.load(slug) for name in PROTOCOL]
    found = [(name, id) for _, name, id in calls_of_lab(slug) if name in PROTOCOL]

    assert found == expected


@labs
def test_between_begin_and_check_stands_a_starter_that_says_whose_turn_it_is(slug: str) -> None:
    sources = {cell.id: cell.source for cell in code_cells_of(slug)}
    for one in exercises.load(slug):
        ids = list(sources)

        assert ids.index(f"{one.id}-begin") < ids.index(f"{one.id}-start")
        assert ids.index(f"{one.id}-start") + 1 == ids.index(f"{one.id}-check")
        assert "# your turn" in sources[f"{one.id}-start"]


@labs
def test_the_task_of_an_exercise_says_what_is_given_and_what_must_be_true(slug: str) -> None:
    texts = {cell.id: cell.source for cell in cells_of(slug)}
    for number, one in enumerate(exercises.load(slug), start=1):
        task = texts[f"{one.id}-task"]

        assert task.lower().startswith(f"### exercise {number}: {one.title}".lower())
        assert "**Given:**" in task
        assert "**In the end**" in task
        assert texts[f"{one.id}-stuck"] == (
            f'Stuck? `lab.hint("{one.id}")`. The solution is folded below.'
        )


@labs
def test_the_solution_is_the_exercises_own_and_folded_everywhere(slug: str) -> None:
    cells = {cell.id: cell for cell in code_cells_of(slug)}
    for one in exercises.load(slug):
        cell = cells[f"{one.id}-solution"]
        first, _, rest = cell.source.partition("\n")

        assert first == f'lab.solution("{one.id}")'
        assert rest.strip() == one.solution.strip()
        assert {"hide-input", "solution"} <= set(cell.metadata["tags"])
        assert cell.metadata["jupyter"]["source_hidden"] is True


@labs
def test_two_to_four_predictions_stand_before_what_they_ask_about(slug: str) -> None:
    cells = code_cells_of(slug)
    asked = [n for n, cell in enumerate(cells) if cell.source.startswith("lab.predict(")]
    kinds = {question.id: question.kind for question in questions.load(slug)}

    assert 2 <= len(asked) <= 4
    for n in asked:
        assert kinds[cells[n].source.split('"')[1]] == "predict"
        assert "hide-output" in cells[n + 1].metadata["tags"], "the answer is folded in the page"


@labs
def test_no_cell_is_skipped_by_the_comparison(slug: str) -> None:
    tags: list[Any] = [tag for cell in cells_of(slug) for tag in cell.metadata.get("tags", [])]

    assert set(tags) <= {"hide-input", "hide-output", "solution"}


@labs
def test_no_cell_shows_a_raw_response_or_an_error(slug: str) -> None:
    for cell in code_cells_of(slug):
        text = str(cell.outputs)

        assert "ResponseMetadata" not in text, cell.id
        assert not [out for out in cell.outputs if out.output_type == "error"], cell.id


@labs
def test_every_cell_has_an_id_that_says_what_it_is(slug: str) -> None:
    ids = [cell.id for cell in cells_of(slug)]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", id) for id in ids)
    assert not [id for id in ids if re.fullmatch(r"[0-9a-f]{8}|cell-\d+", id)]
