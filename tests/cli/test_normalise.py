"""A notebook has one committed form, whoever ran it and wherever."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.cli import main
from labkit.cli.normalise import normalise, to_text
from labkit.errors import UsageError

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def code(source: str | list[str] = "1 + 1", outputs: Any = (), **fields: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": "a-cell",
        "metadata": {},
        "outputs": list(outputs),
        "source": source,
        **fields,
    }


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def display(data: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {}, **fields}


def stream(text: str | list[str], name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def only_cell(result: dict[str, Any]) -> dict[str, Any]:
    (cell,) = result["cells"]
    return dict(cell)


def test_widget_state_and_widget_views_are_dropped_and_the_text_beside_them_stays() -> None:
    with_text = display({WIDGET_VIEW: {"model_id": "7f"}, "text/plain": "Sold: 3"})
    result = normalise(notebook(code(outputs=[with_text]), widgets={"state": {"7f": {}}}))

    assert "widgets" not in result["metadata"]
    assert only_cell(result)["outputs"] == [display({"text/plain": "Sold: 3"})]


def test_an_output_that_was_only_a_widget_is_gone() -> None:
    result = normalise(notebook(code(outputs=[display({WIDGET_VIEW: {"model_id": "7f"}})])))

    assert only_cell(result)["outputs"] == []


def test_counts_run_in_the_order_of_the_cells_and_skip_what_jupyter_does_not_run() -> None:
    value = {"output_type": "execute_result", "data": {"text/plain": "2"}, "metadata": {}}
    cells = [
        code(id="one", execution_count=14),
        {"cell_type": "markdown", "id": "two", "metadata": {}, "source": "Between"},
        code("  \n", id="three", execution_count=3),
        code(id="four", execution_count=2, outputs=[{**value, "execution_count": 2}]),
    ]
    result = normalise(notebook(*cells))

    assert [cell.get("execution_count") for cell in result["cells"]] == [1, None, None, 2]
    assert result["cells"][3]["outputs"][0]["execution_count"] == 2


def test_ids_are_kept_and_a_missing_or_copied_one_is_given_without_taking_anothers() -> None:
    cells = [code(id="orders"), code(id="cell-2"), code(id="orders"), code()]
    del cells[3]["id"]
    result = normalise(notebook(*cells))

    assert [cell["id"] for cell in result["cells"]] == ["orders", "cell-2", "cell-3", "cell-4"]


def test_a_given_id_steps_aside_for_one_that_is_there() -> None:
    cells = [code(), code(id="cell-1")]
    del cells[0]["id"]
    result = normalise(notebook(*cells))

    assert [cell["id"] for cell in result["cells"]] == ["cell-2", "cell-1"]


def test_the_kernel_is_named_without_the_version_that_ran_it() -> None:
    ran_here = {
        "kernelspec": {"display_name": ".venv", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.13.0", "pygments_lexer": "ipython3"},
    }
    result = normalise(notebook(code(), **ran_here))

    assert result["metadata"]["language_info"] == {"name": "python"}
    assert result["metadata"]["kernelspec"]["display_name"] == "Python 3"


def test_times_and_scroll_positions_go_and_what_the_book_reads_stays() -> None:
    folded = {"tags": ["hide-input", "solution"], "jupyter": {"source_hidden": True}}
    passing = {"execution": {"iopub.execute_input": "2026-01-05T09:00:00Z"}, "scrolled": True}
    result = normalise(notebook(code(metadata={**folded, **passing})))

    assert only_cell(result)["metadata"] == folded


def test_pieces_of_one_stream_are_joined_whatever_the_timing_was() -> None:
    one_piece = [stream("sent 1\nsent 2\n"), stream("late\n", "stderr")]
    in_pieces = [
        stream("sent 1\n"),
        display({WIDGET_VIEW: {"model_id": "7f"}}),
        stream(["sent", " 2\n"]),
        stream("late\n", "stderr"),
    ]

    assert only_cell(normalise(notebook(code(outputs=in_pieces))))["outputs"] == one_piece


def test_a_traceback_keeps_its_last_line_and_loses_the_paths_of_the_machine() -> None:
    error = {
        "output_type": "error",
        "ename": "QueueDoesNotExist",
        "evalue": "The specified queue does not exist.",
        "traceback": ["\x1b[31mFile ~/clone/labkit/x.py:3", "QueueDoesNotExist: ..."],
    }
    result = only_cell(normalise(notebook(code(outputs=[error]))))

    assert result["outputs"][0]["traceback"] == [
        "QueueDoesNotExist: The specified queue does not exist."
    ]


def test_the_text_is_the_one_that_nbformat_writes() -> None:
    result = normalise(notebook(code("a = 'Straße'\nb = 2"), code(id="b")))

    node = nbformat.from_dict(result)
    assert to_text(result) == nbformat.writes(node) + "\n"
    assert nbformat.reads(to_text(result), as_version=4) == node


def test_the_notebook_that_was_given_is_not_changed() -> None:
    given_one = notebook(code(["a = 1\n", "a"], execution_count=9), widgets={})
    before = copy.deepcopy(given_one)
    normalise(given_one)

    assert given_one == before


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
sources = st.one_of(texts, st.lists(texts, max_size=3))
mimes = st.sampled_from(
    ["text/plain", "text/html", "image/svg+xml", WIDGET_VIEW, "application/vnd.plotly.v1+json"]
)
mime_bundles = st.dictionaries(mimes, texts, max_size=3)
outputs_of_any_kind = st.one_of(
    st.builds(stream, sources, st.sampled_from(["stdout", "stderr"])),
    st.builds(display, mime_bundles),
    st.builds(
        lambda data, count: {
            "output_type": "execute_result",
            "data": data,
            "metadata": {WIDGET_VIEW: {}},
            "execution_count": count,
        },
        mime_bundles,
        st.one_of(st.none(), st.integers(0, 99)),
    ),
    st.builds(
        lambda name, value: {
            "output_type": "error",
            "ename": name,
            "evalue": value,
            "traceback": [value, name],
        },
        texts,
        texts,
    ),
)
cell_metadata = st.dictionaries(
    st.sampled_from(["execution", "scrolled", "collapsed", "mine"]), st.just({}), max_size=3
)
cells_of_any_kind = st.builds(
    lambda cell, cell_id: {**cell, "id": cell_id} if cell_id else cell,
    st.one_of(
        st.builds(
            lambda source, outputs, metadata, count: {
                "cell_type": "code",
                "source": source,
                "outputs": outputs,
                "metadata": metadata,
                "execution_count": count,
            },
            sources,
            st.lists(outputs_of_any_kind, max_size=4),
            cell_metadata,
            st.one_of(st.none(), st.integers(0, 99)),
        ),
        st.builds(
            lambda source, metadata: {
                "cell_type": "markdown",
                "source": source,
                "metadata": metadata,
            },
            sources,
            cell_metadata,
        ),
    ),
    st.sampled_from([None, "cell-1", "cell-2", "orders", "refunds"]),
)
notebooks = st.builds(notebook, cells_of_any_kind, cells_of_any_kind, cells_of_any_kind)


@given(notebooks)
def test_normalising_twice_is_normalising_once(any_notebook: dict[str, Any]) -> None:
    once = normalise(any_notebook)

    assert normalise(once) == once
    assert normalise(json.loads(to_text(once))) == once


@given(notebooks)
def test_every_result_is_a_valid_notebook_with_distinct_ids(any_notebook: dict[str, Any]) -> None:
    once = normalise(any_notebook)

    nbformat.validate(nbformat.from_dict(once))
    ids = [cell["id"] for cell in once["cells"]]
    assert len(set(ids)) == len(ids)


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.ipynb"
    path.write_text(json.dumps(notebook(code(execution_count=7))), encoding="utf-8")
    return path


def test_the_command_rewrites_a_notebook_once(
    untidy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["normalise", str(untidy)]) == 0
    assert "tickets.ipynb normalised." in capsys.readouterr().out
    assert main(["normalise", str(untidy)]) == 0

    assert capsys.readouterr().out == ""
    assert json.loads(untidy.read_text(encoding="utf-8"))["cells"][0]["execution_count"] == 1


def test_check_changes_nothing_and_says_what_to_run(
    untidy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = untidy.read_bytes()

    assert main(["normalise", "--check", str(untidy)]) == 1
    assert "run `labkit normalise " in capsys.readouterr().out
    assert untidy.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("<<<<<<< HEAD", "is not JSON", id="merge marks"),
        pytest.param('{"nbformat": 3, "worksheets": []}', "no notebook of nbformat 4", id="old"),
        pytest.param(
            json.dumps(notebook(code(id="not an id"))), "does not follow nbformat's", id="bad id"
        ),
        pytest.param(None, "cannot be read", id="missing"),
    ],
)
def test_what_cannot_be_normalised_is_named_and_left_alone(
    text: str | None, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tickets.ipynb"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    assert main(["normalise", str(path)]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert "tickets.ipynb" in error
    assert text is None or path.read_text(encoding="utf-8") == text


def test_an_invalid_notebook_is_a_usage_error_for_callers_too() -> None:
    with pytest.raises(UsageError, match="does not follow nbformat's schema"):
        to_text(normalise(notebook(code(id="not an id"))))
