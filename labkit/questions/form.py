"""A question as it stands where nothing runs: a form to read, its answer folded beneath.

The published page holds this HTML, and a notebook stores it. Where scripts run, the element
<lk-quiz> (labkit/book/static/quiz.mjs) brings the same HTML to life: it takes the reasons from
the folded answer, so every text stands in a page once.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from html import escape

from labkit.questions import LETTERS, Option, Question, Slip
from labkit.questions.proofs import shown
from labkit.questions.prose import Prose, code_html
from labkit.questions.rules import COUNTED

ASKED = {"choice": "Choose one", "predict": "Predict", "number": "Answer with a number"}


def quiz(questions: Iterable[Question], slug: str, *, anchored: bool = False) -> str:
    """The questions as one <lk-quiz>; with `anchored`, each can be linked to by its id."""
    every = tuple(questions)
    forms = "\n".join(
        html(question, number=number if len(every) > 1 else None, anchored=anchored)
        for number, question in enumerate(every, 1)
    )
    return f'<lk-quiz class="lk-quiz" data-bank="{escape(slug)}">\n{forms}\n</lk-quiz>'


def html(question: Question, *, number: int | None = None, anchored: bool = False) -> str:
    """One question as a form, its answer in a <details> at the end."""
    anchor = f' id="q-{question.id}"' if anchored else ""
    asked_for = f' <span class="lk-question-kind">{_asked(question)}</span>' if number else ""
    name = f"Question {number}" if number else _asked(question)
    summary = f"Answer to question {number}" if number else "Answer"
    *situation, asked = question.stem.blocks
    stem = "".join(block.block_html for block in situation)
    parts = [
        # method=dialog outside a dialog: Enter submits nothing where scripts are off
        f'<form class="lk-question" method="dialog" autocomplete="off"{anchor}'
        f' data-question="{question.id}" data-kind="{question.kind}"'
        f' data-claims="{" ".join(question.claims)}">',
        f'<p class="lk-question-head"><span class="lk-question-name">{name}</span>{asked_for}</p>',
        f'<div class="lk-stem">{stem}</div>' if stem else "",
        f"<fieldset>\n<legend>{asked.inline}</legend>",
        _number_input(question) if question.kind == "number" else _options(question),
        "</fieldset>",
        f'<details class="lk-answer"><summary>{summary}</summary>',
        _answer(question),
        "</details>\n</form>",
    ]
    return "\n".join(part for part in parts if part)


def text(question: Question) -> str:
    """The question for a terminal, without its answer."""
    parts = [_filled(block) for block in question.stem.blocks]
    options = [_filled(o.text, f"{question.letter(o.id)}  ") for o in question.options]
    if question.kind == "number":
        options = [f"(a number, in {question.unit})"]
    return "\n\n".join([*parts, "\n".join(options)])


def _filled(block: Prose, mark: str = "") -> str:
    """A paragraph in lines of at most 88 characters after its mark; code stays as it is."""
    if block.is_code:
        return "\n".join(f"    {line}" for line in block.splitlines()[1:-1])
    words = " ".join(block.split())
    return textwrap.fill(words, 88, initial_indent=mark, subsequent_indent=" " * len(mark))


def _asked(question: Question) -> str:
    if question.kind == "multiple":
        return f"Choose {COUNTED.get(len(question.key), 'one')}"
    return ASKED[question.kind]


def _options(question: Question) -> str:
    control = "checkbox" if question.kind == "multiple" else "radio"
    return "\n".join(
        f'<div class="lk-option" data-option="{option.id}"><label>'
        f'<input type="{control}" name="answer" value="{option.id}">'
        f'<span class="lk-letter" aria-hidden="true">{letter}</span>'
        f'<span class="lk-option-text">{option.text.inline}</span></label></div>'
        for letter, option in zip(LETTERS, question.options, strict=False)
    )


def _number_input(question: Question) -> str:
    return (
        '<div class="lk-number"><label><span class="lk-visually-hidden">Your answer in </span>'
        '<input type="number" name="answer" step="any" inputmode="decimal">'
        f' <span class="lk-unit">{escape(question.unit)}</span></label></div>'
    )


def _answer(question: Question) -> str:
    judged = ""
    if question.answer is not None:
        judged = f' data-answer="{question.answer:.10g}" data-tolerance="{question.tolerance:.10g}"'
    parts = [f'<p class="lk-key"{judged}>{_key(question)}</p>']
    if question.why:
        parts.append(f'<div class="lk-because">{question.why.html}</div>')
    if question.slips:
        parts.append('<p class="lk-slips-head">Where other numbers come from:</p>')
    rows = [_option_why(question, option) for option in question.options]
    rows += [_slip_why(question, slip) for slip in question.slips]
    parts.append(f'<ul class="lk-whys">\n{chr(10).join(rows)}\n</ul>')
    if question.proof:
        parts.append(
            '<details class="lk-proof"><summary>Code that shows it</summary>'
            "<p>The book's tests run it, and so can you in a notebook.</p>"
            f"{code_html(shown(question))}</details>"
        )
    return "\n".join(parts)


def _key(question: Question) -> str:
    if question.answer is not None:
        return f"<strong>{question.answer:.10g} {escape(question.unit)}</strong>"
    letters = [question.letter(id) for id in question.key]
    return f"<strong>{' and '.join(letters)}</strong>"


def _option_why(question: Question, option: Option) -> str:
    letter = question.letter(option.id)
    right = ' data-right=""' if option.correct else ""
    verdict = "right" if option.correct else "wrong"
    return (
        f'<li data-option="{option.id}"{right}><strong>{letter}, {verdict}:</strong> '
        f'<span class="lk-why">{option.why.inline}</span></li>'
    )


def _slip_why(question: Question, slip: Slip) -> str:
    value = f"{slip.value:.10g}"
    return (
        f'<li data-value="{value}"><strong>{value} {escape(question.unit)}:</strong> '
        f'<span class="lk-why">{slip.why.inline}</span></li>'
    )
