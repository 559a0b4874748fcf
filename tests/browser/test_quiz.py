"""Questions in a reader's browser: answered by mouse or keyboard, explained, remembered, printed.

That no question asks another host for anything or writes an error to the console is checked by
the fixtures; axe and the width of the page are checked on every page by test_pages.
"""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from labkit import questions

CHAPTER = "chapters/sqs"
BANK = questions.load("sqs")
CHOICE = BANK.get("sqs-short-poll-misses")
NUMBER = BANK.get("sqs-extend-from-now")
MULTIPLE = BANK.get("sqs-fifo-second-copy")
NUMBER_OF_CHOICE = [one.id for one in BANK].index(CHOICE.id) + 1


@pytest.fixture
def quiz(page, site):
    """The chapter's page with its quiz alive."""
    page.goto(site.address(CHAPTER))
    page.wait_for_selector(".lk-quiz-live")
    return page


def form(page, question):
    """The form of a question, brought to the front as a reader would."""
    step = [one.id for one in BANK].index(question.id)
    page.locator(".lk-step").nth(step).click()
    return page.locator(f"#q-{question.id}")


def choose(form, *ids):
    for id in ids:
        form.locator(f'input[value="{id}"]').check()
    form.get_by_role("button", name="Check").click()


def test_one_question_shows_at_a_time_and_the_steps_lead_to_each(quiz):
    assert quiz.locator("lk-quiz form:not([hidden])").count() == 1
    assert quiz.locator(".lk-step").count() == len(BANK)

    form(quiz, CHOICE)

    assert quiz.locator("lk-quiz form:not([hidden])").get_attribute("id") == f"q-{CHOICE.id}"
    assert quiz.locator(".lk-step[aria-current]").inner_text().startswith(f"{NUMBER_OF_CHOICE}")


def test_checking_nothing_asks_for_a_choice(quiz):
    question = form(quiz, CHOICE)
    question.get_by_role("button", name="Check").click()

    assert question.get_by_role("status").inner_text() == "Choose an option first."


def test_a_wrong_choice_shows_why_it_is_wrong_and_leaves_the_rest_open(quiz):
    question = form(quiz, CHOICE)
    choose(question, "joining")

    whys = question.locator(".lk-feedback")
    assert whys.count() == 1
    assert "SQS knows no consumers" in whys.inner_text()
    assert question.locator('[data-option="joining"]').first.get_attribute("data-state") == "wrong"
    assert "try again" in question.get_by_role("status").inner_text()
    assert question.get_by_role("button", name="Check").is_visible()


def test_the_right_choice_shows_why_for_every_option(quiz):
    question = form(quiz, CHOICE)
    choose(question, "sample")

    assert question.locator(".lk-feedback").count() == 4
    assert "That is right." in question.get_by_role("status").inner_text()
    tally = quiz.locator(".lk-tally").inner_text()
    assert tally == f"1 of {len(BANK)} answered, 1 at the first try"
    assert question.get_by_role("button", name="Check").is_hidden()


def test_a_mark_has_a_shape_and_words_besides_its_colour(quiz):
    question = form(quiz, CHOICE)
    choose(question, "sample")

    right = question.locator('.lk-feedback[data-verdict="right"]')
    wrong = question.locator('.lk-feedback[data-verdict="wrong"]').first
    assert (right.locator(".lk-mark").inner_text(), wrong.locator(".lk-mark").inner_text()) == (
        "■",
        "✕",
    )
    assert "Right:" in right.text_content()
    assert "Wrong:" in wrong.text_content()


def test_who_hears_the_verdict_hears_the_reason(quiz):
    question = form(quiz, CHOICE)
    choose(question, "joining")

    assert "SQS knows no consumers" in question.get_by_role("status").text_content()


def test_a_second_try_is_right_but_not_at_the_first(quiz):
    question = form(quiz, CHOICE)
    choose(question, "joining")
    choose(question, "sample")

    assert "at try 2" in question.get_by_role("status").inner_text()
    assert quiz.locator(".lk-step[aria-current]").get_attribute("data-standing") == "later"


def test_several_right_options_are_counted(quiz):
    question = form(quiz, MULTIPLE)
    choose(question, "new-id", "new-body")
    assert "1 of the 2 right ones found" in question.get_by_role("status").inner_text()

    question.locator('input[value="new-body"]').uncheck()
    choose(question, "too-late")
    assert "That is right" in question.get_by_role("status").inner_text()


def test_a_known_slip_in_a_number_is_explained(quiz):
    question = form(quiz, NUMBER)
    question.locator("input").fill("70")
    question.locator("input").press("Enter")
    assert "The call replaces what was left of it." in question.locator(".lk-feedback").inner_text()

    question.locator("input").fill("60")
    question.locator("input").press("Enter")
    assert "sets a new timeout that begins with the call" in question.inner_text()


def test_an_answer_can_be_shown_and_taken_back(quiz):
    question = form(quiz, CHOICE)
    choose(question, "joining")
    question.get_by_role("button", name="Show the answer").click()
    assert question.get_by_role("status").inner_text().startswith("The answer is D.")

    question.get_by_role("button", name="Try again").click()
    assert question.locator(".lk-feedback").count() == 0
    assert question.locator("input:checked").count() == 0


def test_the_keyboard_answers_and_goes_on(quiz):
    question = form(quiz, CHOICE)
    question.locator("input").first.focus()
    for _ in range(3):
        quiz.keyboard.press("ArrowDown")
    quiz.keyboard.press("Enter")
    assert "That is right" in question.get_by_role("status").inner_text()

    quiz.keyboard.press("Enter")  # the focus has gone to "Next question"
    focused = quiz.evaluate("document.activeElement.ariaLabel")
    assert focused.startswith(f"Question {NUMBER_OF_CHOICE + 1}: ")


def test_feedback_links_to_the_passage_that_teaches_it(quiz):
    question = form(quiz, CHOICE)
    choose(question, "sample")
    link = question.locator(".lk-passages a")

    assert link.inner_text() == "Asking costs money"
    assert quiz.locator(link.get_attribute("href")).count() == 1


def test_answers_are_remembered_in_this_browser_alone(quiz):
    choose(form(quiz, CHOICE), "sample")
    kept = json.loads(quiz.evaluate("localStorage.getItem('labkit.quiz.sqs')"))
    assert kept == {CHOICE.id: {"chosen": ["sample"], "tries": 1, "state": "right"}}

    quiz.reload()
    quiz.wait_for_selector(".lk-quiz-live")
    assert form(quiz, CHOICE).locator(".lk-feedback").count() == 4


def test_a_quiz_works_where_nothing_can_be_stored(browse, site):
    page = browse()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw Error(); }})"
    )
    page.goto(site.address(CHAPTER))
    page.wait_for_selector(".lk-quiz-live")

    question = form(page, CHOICE)
    choose(question, "sample")

    assert "That is right" in question.get_by_role("status").inner_text()


def test_an_answer_of_another_edition_does_no_harm(page, site):
    page.goto(site.address(CHAPTER))
    page.evaluate(
        "localStorage.setItem('labkit.quiz.sqs', JSON.stringify({'sqs-gone': {chosen: [], tries: 1,"
        f"state: 'right'}}, '{CHOICE.id}': {{chosen: ['renamed'], tries: 1, state: 'wrong'}}}}))"
    )
    page.reload()
    page.wait_for_selector(".lk-quiz-live")

    assert form(page, CHOICE).locator("input:checked").count() == 0


def test_a_link_opens_its_question(page, site):
    page.goto(f"{site.address(CHAPTER)}#q-{NUMBER.id}")
    page.wait_for_selector(".lk-quiz-live")

    assert page.locator(f"#q-{NUMBER.id}").is_visible()
    assert page.locator("lk-quiz form:not([hidden])").count() == 1


def test_when_all_are_answered_the_quiz_sums_up_and_can_start_again(quiz):
    for question in BANK:
        shown = form(quiz, question)
        if question.kind == "number":
            shown.locator("input").fill(f"{question.answer:g}")
            shown.locator("input").press("Enter")
        else:
            choose(shown, *question.key)
    summary = quiz.locator(".lk-summary")
    total = len(BANK)
    assert f"All {total} answered, {total} of them at the first try." in summary.inner_text()

    summary.get_by_role("button", name="Start again").click()
    assert quiz.locator(".lk-tally").inner_text() == f"{total} questions"
    assert quiz.locator("lk-quiz input:checked").count() == 0


@pytest.mark.parametrize("answer", ["joining", "sample"], ids=["wrong", "right"])
def test_axe_finds_nothing_in_an_answered_question_in_either_theme(quiz, answer):
    choose(form(quiz, CHOICE), answer)

    for theme in ("light", "dark"):
        quiz.emulate_media(color_scheme=theme)
        found = Axe().run(quiz, context="lk-quiz").response["violations"]
        assert [(theme, rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


def test_nothing_overflows_a_phone_when_every_why_is_shown(browse, site):
    page = browse(viewport={"width": 360, "height": 740})
    page.goto(site.address(CHAPTER))
    page.wait_for_selector(".lk-quiz-live")
    choose(form(page, MULTIPLE), *MULTIPLE.key)
    page.locator(f"#q-{MULTIPLE.id} .lk-after .lk-proof summary").click()

    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_scripts_every_question_reads_and_its_answer_unfolds(browse, site):
    page = browse(java_script_enabled=False)
    page.goto(site.address(CHAPTER))
    question = page.locator(f"#q-{CHOICE.id}")

    assert page.locator("lk-quiz form").count() == len(BANK)
    assert question.locator("legend").is_visible()
    assert question.get_by_text("SQS knows no consumers").is_hidden()
    question.get_by_text(f"Answer to question {NUMBER_OF_CHOICE}").click()
    assert question.get_by_text("SQS knows no consumers").is_visible()


def test_on_paper_all_questions_come_first_and_their_answers_after(quiz):
    quiz.emulate_media(media="print")
    tops = quiz.evaluate(
        """() => {
          const top = (selector) => [...document.querySelectorAll(selector)]
            .map((element) => element.getBoundingClientRect().top);
          return [top("lk-quiz fieldset"), top("lk-quiz .lk-answer")];
        }"""
    )
    asked, answered = tops

    assert asked == sorted(asked)
    assert answered == sorted(answered)
    assert asked[-1] < answered[0]
    assert quiz.get_by_text("SQS knows no consumers").is_visible()


def test_jupyterlab_shows_the_same_form_and_hears_the_answer(page, site):
    page.goto(site.address(CHAPTER))
    page.evaluate(
        """async ([script, forms]) => {
          const { default: face } = await import(script);
          const state = { forms, answers: {} };
          window.sent = [];
          const model = {
            get: (name) => state[name],
            set: (name, value) => { state[name] = value; },
            save_changes: () => window.sent.push(structuredClone(state.answers)),
          };
          const el = document.createElement("div");
          document.querySelector("article").replaceChildren(el);
          face.render({ model, el });
        }""",
        [f"{site.url}_static/quiz.mjs", CHOICE.as_html()],
    )
    choose(page.locator("lk-quiz form"), "sample")

    assert page.evaluate("window.sent") == [
        {CHOICE.id: {"chosen": ["sample"], "tries": 1, "state": "right"}}
    ]
    assert page.locator(".lk-feedback").count() == 4
    assert page.evaluate("localStorage.getItem('labkit.quiz.sqs')") is None
