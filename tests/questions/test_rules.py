"""Whatever spoils a question is found, with its place and what to do about it."""

from __future__ import annotations

import pytest

from labkit.questions.rules import faults


def only_fault(*entries):
    found = faults("sqs.yml", list(entries), "sqs")
    assert len(found) == 1, [str(fault) for fault in found]
    return found[0]


def test_sound_questions_have_no_fault(choice, number):
    assert faults("sqs.yml", [choice(), number()], "sqs") == []


def test_a_fault_says_file_question_field_problem_and_remedy(choice):
    assert str(only_fault(choice(kind="essay"))) == (
        "sqs.yml, sqs-two-workers, kind: 'essay' is not one of "
        "['choice', 'multiple', 'predict', 'number']. Choose one of these."
    )


@pytest.mark.parametrize(
    ("fields", "field", "problem", "remedy"),
    [
        ({"id": "Sqs Two"}, "id", "does not match", "Use lower-case words joined by hyphens."),
        ({"claims": []}, "claims", "should be non-empty", "Add what is missing."),
        ({"claims": list("abcd")}, "claims", "is too long", "Take some out."),
        ({"domain": "billing"}, "domain", "is not one of", "Choose one of these."),
        ({"stem": 5}, "stem", "is not of type 'string'", "Quote it"),
        ({"answer": 5}, "answer", "does not have it", "Take it out"),
        ({"options": []}, "options", "is too short", "Add what is missing."),
        ({"points": 2}, "", "'points' was unexpected", "mend its spelling"),
        ({"kind": "predict"}, "", "'proof' is a required property", "Add it."),
    ],
)
def test_the_schema_tells_what_to_do(choice, fields, field, problem, remedy):
    fault = only_fault(choice(**fields))

    assert fault.field == field
    assert problem in fault.problem
    assert remedy in fault.remedy


@pytest.mark.parametrize("missing", ["answer", "unit", "tolerance", "slips", "why", "proof"])
def test_a_number_question_needs_what_judges_and_explains_it(number, missing):
    entry = number()
    del entry[missing]

    assert f"'{missing}' is a required property" in only_fault(entry).problem


def test_every_option_has_a_why(choice):
    entry = choice()
    del entry["options"][2]["why"]
    fault = only_fault(entry)

    assert fault.field == "options[2]"
    assert fault.problem == "'why' is a required property."


def test_an_id_that_yaml_read_as_a_truth_value_is_found(choice):
    entry = choice()
    entry["options"][1]["id"] = False  # `id: no`

    assert only_fault(entry).field == "options[1].id"


def test_two_questions_cannot_share_an_id(choice):
    assert only_fault(choice(), choice()).problem == "Another question has this id."


def test_an_id_begins_with_its_chapter(choice):
    assert only_fault(choice(id="sns-two-workers")).remedy == "Begin it with 'sqs-'."


@pytest.mark.parametrize("right", [(), (0, 1)], ids=["none", "two"])
def test_a_choice_has_one_right_option(choice, right):
    entry = choice()
    for number, option in enumerate(entry["options"]):
        option["correct"] = number in right

    assert f"{len(right)} options are correct" in only_fault(entry).problem


def test_a_multiple_says_how_many_to_choose(choice):
    entry = choice(kind="multiple")
    entry["options"][1]["correct"] = True
    assert only_fault(entry).remedy == "End it with '(Choose two.)'."

    entry["stem"] += " (Choose two.)"
    assert faults("sqs.yml", [entry], "sqs") == []


def test_a_multiple_leaves_something_wrong(choice):
    entry = choice(kind="multiple", stem="What does worker B get? (Choose four.)")
    for option in entry["options"]:
        option["correct"] = True

    assert only_fault(entry).problem == "4 of 4 options are correct."


@pytest.mark.parametrize("field", ["id", "text"])
def test_options_differ(choice, field):
    entry = choice()
    entry["options"][1][field] = entry["options"][2][field]

    assert only_fault(entry).field == f"options.{field}"


def test_a_slip_is_wrong(number):
    entry = number()
    entry["slips"][0]["value"] = 31

    assert only_fault(entry).problem == "31 is accepted as right."


@pytest.mark.parametrize(
    ("stem", "problem"),
    [
        ("The worker asks again.", "asks nothing"),
        ("Which call does " + "long " * 30 + "polling?", "34 words"),
        ("Which call does NOT hide a message?", "asks for an exception (NOT)"),
        ("What hides `a message?", "is not closed"),
    ],
)
def test_a_stem_asks_one_plain_question(choice, stem, problem):
    assert problem in only_fault(choice(stem=stem)).problem


@pytest.mark.parametrize("text", ["All of the above.", "None of these happens."])
def test_no_option_speaks_of_the_others(choice, text):
    entry = choice()
    entry["options"][3]["text"] = text

    assert only_fault(entry).problem == "An option speaks of the other options."


@pytest.mark.parametrize(
    ("why", "problem"),
    [
        ("Correct: a receive hides a message from all others.", "begins with a verdict"),
        ("It is hidden.", "too short to teach"),
        ("A message is hidden, unlike what option B says.", "names an option by its place"),
    ],
)
def test_a_why_teaches(choice, why, problem):
    entry = choice()
    entry["options"][0]["why"] = why

    assert problem in only_fault(entry).problem


@pytest.mark.parametrize(
    ("proof", "problem"),
    [
        ("print(", "It is not Python"),
        ("a = 1\n", "It prints nothing."),
        ('a = 1\nprint("nothing")\n', "It prints a constant."),
        ("a = 1\n" * 30 + "print(a)\n", "it has 31 lines"),
        (f"print(len('{'a' * 100}'))\n", "up to 114 wide"),
    ],
)
def test_a_proof_decides_and_can_be_read(choice, proof, problem):
    assert problem in only_fault(choice(proof=proof)).problem
