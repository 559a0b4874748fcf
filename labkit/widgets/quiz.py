"""Questions in JupyterLab: live where a kernel runs, readable where none does.

    ask(question)          one question, as `lab.predict` asks it
    show(bank)             several, one at a time where they are many, as `lab.quiz` does

The live form is the page's own (labkit/book/static/quiz.mjs), so both behave alike. What is
stored in a notebook is plain: the question as HTML, with its answer folded, and as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol

from labkit.explorables.palette import DARK, LIGHT

FACE = Path(__file__).parents[1] / "book" / "static"


class Asked(Protocol):
    """What a question must offer to be shown; labkit.questions.Question does."""

    @property
    def id(self) -> str:
        """The stable id under which an answer is kept."""

    @property
    def slug(self) -> str:
        """The chapter whose bank it is of."""

    def as_html(self, number: int | None = None) -> str:
        """The question as a form, its answer folded; `number` where it is one of several."""

    def as_text(self) -> str:
        """The question for a terminal."""


@dataclass(frozen=True)
class Answer:
    """What a reader answered: the options (or the number), at which try, and how it stands."""

    chosen: tuple[str, ...]
    tries: int
    state: Literal["wrong", "right", "shown"]

    def as_dict(self) -> dict[str, Any]:
        """The form in which the live quiz keeps it."""
        return {"chosen": list(self.chosen), "tries": self.tries, "state": self.state}


Tell = Callable[[str, Answer], None]


class Quiz:
    """Questions to show; `answers` are those given before, `tell` hears each new one."""

    def __init__(
        self,
        questions: Iterable[Asked],
        answers: Mapping[str, Answer] | None = None,
        tell: Tell | None = None,
    ) -> None:
        self.questions = tuple(questions)
        self._answers = dict(answers or {})
        self._tell = tell

    def widget(self) -> Any:
        """The live quiz, a new widget each time: views of one widget would share its buttons."""
        widget = _widget_class()(
            forms=self._forms(),
            answers={id: answer.as_dict() for id, answer in self._answers.items()},
        )
        widget.observe(self._hear, "answers")
        return widget

    def _hear(self, change: Mapping[str, Any]) -> None:
        """Remember what is new in the answers that the widget sends, and pass it on."""
        known = {question.id for question in self.questions}
        sent = {id: _answer(answer) for id, answer in change["new"].items() if id in known}
        before, self._answers = self._answers, sent
        for id, answer in sent.items():
            if before.get(id) != answer and self._tell is not None:
                self._tell(id, answer)

    def _forms(self) -> str:
        if len(self.questions) == 1:
            return self.questions[0].as_html()
        return "\n".join(one.as_html(number) for number, one in enumerate(self.questions, 1))

    def __repr__(self) -> str:
        return "\n\n".join(question.as_text() for question in self.questions)

    def _repr_html_(self) -> str:
        bank = self.questions[0].slug
        return f'<lk-quiz class="lk-quiz" data-bank="{bank}">\n{self._forms()}\n</lk-quiz>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """The live quiz for a frontend that has widgets, the plain one for all others."""
        live = self.widget()._repr_mimebundle_()
        bundle = dict(live[0] if isinstance(live, tuple) else live)
        return bundle | {"text/plain": repr(self), "text/html": self._repr_html_()}


def ask(
    question: Asked, answers: Mapping[str, Answer] | None = None, tell: Tell | None = None
) -> Quiz:
    """Show one question; `tell` is called with its id and each answer."""
    return Quiz([question], answers, tell)


def show(
    questions: Iterable[Asked],
    answers: Mapping[str, Answer] | None = None,
    tell: Tell | None = None,
) -> Quiz:
    """Show several questions; `tell` is called with the id of a question and each answer."""
    return Quiz(questions, answers, tell)


def _answer(sent: Mapping[str, Any]) -> Answer:
    chosen = tuple(str(id) for id in sent["chosen"])
    return Answer(chosen, int(sent["tries"]), sent["state"])


@cache
def _widget_class() -> Any:
    """The widget, defined when first needed: anywidget is slow to load."""
    import anywidget
    import traitlets

    class QuizWidget(anywidget.AnyWidget):
        """The forms of some questions, and the answers given to them."""

        _esm = (FACE / "quiz.mjs").read_text(encoding="utf-8")
        _css = style()
        forms = traitlets.Unicode().tag(sync=True)
        answers = traitlets.Dict().tag(sync=True)

    return QuizWidget


def style() -> str:
    """The page's style, with the colours that a page has from its tokens."""
    light, dark = (
        "".join(f"--lk-{token}: {colour}; " for token, colour in colours.items())
        for colours in (LIGHT, DARK)
    )
    look = (FACE / "quiz.css").read_text(encoding="utf-8")
    return (
        f".lk-quiz {{ {light}max-width: 46rem; font-size: 0.9375rem; line-height: 1.6; }}\n"
        f'[data-jp-theme-light="false"] .lk-quiz {{ {dark}}}\n{look}'
    )
