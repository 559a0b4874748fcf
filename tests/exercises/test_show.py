"""What labkit says is the same words as text and as HTML."""

from __future__ import annotations

from labkit.exercises.show import WIDTH, Note


def test_the_text_form_wraps_and_keeps_backticks() -> None:
    note = Note("Passed.", ("The receive waited, as `WaitTimeSeconds` says. " * 4, "Second."))

    lines = repr(note).split("\n")

    assert lines[0].startswith("Passed. The receive waited, as `WaitTimeSeconds` says.")
    assert max(map(len, lines)) <= WIDTH
    assert lines[-1] == "Second."


def test_the_html_form_marks_code_and_state_and_escapes_the_rest() -> None:
    note = Note("Not yet.", ("`a < b` & c",), "flight")

    html = note._repr_html_()

    assert "<strong>Not yet.</strong> <code>a &lt; b</code> &amp; c</p>" in html
    assert 'class="lk-note lk-flight"' in html
    assert "var(--lk-flight,#b45309)" in html


def test_code_stands_as_it_is_in_both_forms() -> None:
    note = Note("The book's solution.", ("Run it.",), code="if a < b:\n    pass")

    assert repr(note).endswith("\n    if a < b:\n        pass")
    assert "<pre><code>if a &lt; b:\n    pass</code></pre>" in note._repr_html_()


def test_lines_of_a_paragraph_stay_lines() -> None:
    note = Note("1 of 2 passed.", ("", "■ one\n□ two"))

    assert repr(note) == "1 of 2 passed.\n■ one\n□ two"
    assert "■ one<br>□ two" in note._repr_html_()
