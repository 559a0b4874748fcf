"""A {fact} shows its value, and where it comes from."""

from __future__ import annotations

from html.parser import HTMLParser

from labkit.facts import get


def test_a_fact_shows_its_value_for_people_and_links_to_its_source(build):
    page = build("# Shop\n\nAt most {fact}`sqs.visibility_timeout_max_s`.\n").page()

    url = get("sqs.visibility_timeout_max_s").url
    assert f'<a href="{url}" aria-describedby="fact-1">12 hours</a>' in page


def test_a_fact_can_keep_the_unit_of_the_api(build):
    page = build("# Shop\n\nAt most {fact}`sqs.visibility_timeout_max_s s`.\n").page()

    assert ">43,200 seconds</a>" in page


def test_the_note_says_what_the_value_is_and_when_its_source_was_read(build):
    page = build("# Shop\n\nIt waits {fact}`sqs.wait_time_max_s`.\n").page()

    fact = get("sqs.wait_time_max_s")
    note = page.partition('role="tooltip" id="fact-1">')[2]
    assert fact.label in note
    assert fact.source in note
    assert "read 25 November 2026" in note


def test_every_note_is_described_by_an_id_of_its_own(build):
    class Ids(HTMLParser):
        described: list[str]
        notes: list[str]

        def handle_starttag(self, tag, attrs):
            attributes = dict(attrs)
            if "aria-describedby" in attributes:
                self.described.append(attributes["aria-describedby"])
            if attributes.get("role") == "tooltip":
                self.notes.append(attributes["id"])

    text = "# Shop\n\n{fact}`sqs.delay_max_s` {fact}`sqs.wait_time_max_s`\n"
    ids = Ids()
    ids.described, ids.notes = [], []
    ids.feed(build(text).page())

    assert len(set(ids.notes)) == 2
    assert ids.described == ids.notes


def test_only_the_first_use_in_a_section_can_be_pointed_at(build):
    again = "{fact}`sqs.delay_max_s`"
    page = build(f"# Shop\n\n## One\n\n{again}, {again}.\n\n## Two\n\n{again}.\n").page()

    one, two = page.split("<h2>")[1:]
    assert one.count('role="tooltip"') == 1
    assert '<span class="lk-fact-again">15 minutes</span>' in one
    assert two.count('role="tooltip"') == 1


def test_an_unknown_fact_is_a_warning_that_names_the_nearest(build):
    book = build("# Shop\n\n{fact}`sqs.visibility_timeout_defalt_s`\n")

    assert "There is no fact 'sqs.visibility_timeout_defalt_s'" in book.warnings
    assert "'sqs.visibility_timeout_default_s'" in book.warnings
