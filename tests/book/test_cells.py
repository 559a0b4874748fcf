"""A lab's page folds solutions and answers to predictions, and frames its tables."""

from __future__ import annotations

import nbformat


def lab(*tags: str) -> str:
    """A notebook of one cell with these tags."""
    output = nbformat.v4.new_output("stream", text="seat 12\n")
    cell = nbformat.v4.new_code_cell("print('seat 12')", outputs=[output], metadata={"tags": tags})
    title = nbformat.v4.new_markdown_cell("# Lab")
    book = nbformat.v4.new_notebook(
        cells=[title, cell], metadata={"language_info": {"name": "python"}}
    )
    return nbformat.writes(book)


def page_of(build, *tags: str) -> str:
    """The page of that notebook."""
    book = build(**{"labs/shop.ipynb": lab(*tags)})
    assert book.warnings == ""
    return book.page("labs/shop")


def test_a_plain_cell_shows_its_code_and_its_output(build):
    page = page_of(build)

    assert "<details" not in page
    assert page.index("print") < page.index("<span></span>seat 12")


def test_a_solution_is_folded_with_its_output(build):
    page = page_of(build, "hide-input", "solution")

    fold = page.partition("<details")[2].partition("</details>")[0]
    assert "<summary>Show the book's solution</summary>" in fold
    assert fold.index("cell_input") < fold.index("cell_output")


def test_code_that_is_hidden_leaves_its_output_in_sight(build):
    page = page_of(build, "hide-input")

    fold = page.partition("<details")[2].partition("</details>")[0]
    assert "<summary>Show the code</summary>" in fold
    assert "cell_input" in fold
    assert "cell_output" not in fold


def test_the_output_after_a_prediction_is_folded(build):
    page = page_of(build, "hide-output")

    fold = page.partition("<details")[2].partition("</details>")[0]
    assert "<summary>Show what happened</summary>" in fold
    assert "cell_output" in fold
    assert "cell_input" not in fold


def test_a_table_with_an_empty_corner_names_its_rows(build):
    page = build("# Shop\n\n| | seat |\n|---|---|\n| row | F |\n").page()

    assert '<span class="lk-unseen">compared</span></th>' in page
    assert '<th class="stub"><p>row</p></th>' in page


def test_a_table_has_a_frame_of_its_own(build):
    page = build("# Shop\n\n| seat | row |\n|---|---|\n| 12 | F |\n").page()

    frame = page.partition("lk-table")[2].partition("</div>")[0]
    assert frame.count("<table") == 1
