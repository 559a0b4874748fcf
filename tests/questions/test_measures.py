"""A bank that gives itself away as a whole is told so."""

from __future__ import annotations

from labkit.questions import bank
from labkit.questions.measures import measure


def of(*entries):
    return measure(bank("sqs", list(entries)))


def test_a_key_that_is_longest_too_often_is_a_breach(choice):
    entry = choice()
    entry["options"][0]["text"] += " It is by far the most careful of all these statements."
    measures = of(entry)

    assert measures.longest_right == ("sqs-two-workers",)
    assert measures.breaches()[0].startswith("The right option is the longest in 100% of the")


def test_a_bank_that_asks_for_names_is_a_breach(choice):
    measures = of(choice(stem="Which call hides a message?"))

    assert measures.asks_why == ()
    assert "0% of the questions ask why or what happens" in measures.breaches()[0]


def test_a_prediction_and_a_number_ask_what_happens_by_their_kind(choice, number):
    measures = of(number(), choice(kind="predict", stem="Where is the order?", proof="print(1)"))

    assert measures.asks_why_share == 1


def test_the_last_paragraph_decides_what_is_asked(choice):
    assert of(choice(stem="They ask why.\n\nWhich setting mends it?")).asks_why == ()


def test_a_scenario_is_as_long_as_in_the_exam(choice):
    measures = of(choice(stem="word " * 50 + "\n\nWhat happens?"), choice(id="sqs-short"))

    assert measures.scenarios == ("sqs-two-workers",)


def test_a_letter_that_is_always_right_is_a_breach(choice):
    measures = of(choice(), choice(id="sqs-b"), choice(id="sqs-c"))

    assert measures.letters == (("A", 3),)
    assert measures.breaches()[-1].startswith("One letter is the key in 100%")
