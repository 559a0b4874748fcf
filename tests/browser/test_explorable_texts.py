"""An explorable with texts: written in the page, marked at the line, packed into the address."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.explorables import IAM, come_near

BROKEN = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ReadPosters"
      "Effect": "Allow"
    }
  ]
}"""
HOSTILE = """{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "<img src=x onerror=alert(1)>",
    "Effect": "Allow",
    "Action": "s3:<b>",
    "Resource": "*"
  }
}"""


@pytest.fixture
def alive(page, site):
    """The page of the IAM explorable once its figure is drawn."""
    page.goto(site.address(IAM.page))
    come_near(page)
    return page


def field(page, name):
    return page.locator(f"lk-explorable textarea[name={name}]")


def fold(page, name):
    return page.locator("lk-explorable details", has=page.locator(f"textarea[name={name}]"))


def margin(page, name):
    """The sign beside each line of a field that has one, by its number."""
    rows = fold(page, name).locator(".lk-x-margin > span:has(b)").all()
    found = {}
    for row in rows:
        sign = row.locator("b").text_content()
        found[int(row.text_content().removeprefix(sign))] = sign
    return found


def test_writing_decides_anew_and_marks_the_line(alive):
    area = field(alive, "identity")

    area.fill(area.input_value().replace("s3:GetObject", "s3:PutObject"))

    expect(alive.locator(".lk-x-reading")).to_contain_text("does not cover s3:GetObject")
    assert margin(alive, "identity") == {6: "○", 7: "≠"}
    expect(alive.locator(".lk-x-numbers")).to_contain_text("Denied")


def test_a_mistake_is_told_at_its_place_and_leads_there(alive):
    field(alive, "identity").fill(BROKEN)

    flaw = fold(alive, "identity").locator(".lk-x-flaws button")
    expect(flaw).to_have_text("Line 5, column 26: A comma is missing after this.")
    expect(field(alive, "identity")).to_have_attribute("aria-invalid", "true")
    assert margin(alive, "identity") == {5: "✕"}
    flaw.press("Enter")

    place = field(alive, "identity").evaluate(
        "area => [document.activeElement === area, area.selectionStart]"
    )
    assert place == [True, BROKEN.index('"\n      "Effect"')]


def test_a_mended_mistake_is_gone(alive):
    area = field(alive, "identity")
    begun = area.input_value()
    area.fill(BROKEN)
    expect(fold(alive, "identity").locator(".lk-x-flaws li")).to_have_count(1)

    area.fill(begun)

    expect(fold(alive, "identity").locator(".lk-x-flaws li")).to_have_count(0)
    expect(area).to_have_attribute("aria-invalid", "false")
    IAM.shows(alive, IAM.start)


def test_every_line_of_a_field_has_its_number_and_the_field_shows_them_all(alive):
    area = field(alive, "identity")
    area.press("Control+End")
    for _ in range(8):
        area.press("Enter")

    lines = len(area.input_value().split("\n"))

    rows = fold(alive, "identity").locator(".lk-x-margin > span")
    expect(rows).to_have_count(lines)
    heights = [each.bounding_box()["height"] for each in (area, area.locator("xpath=.."))]
    assert heights[0] == pytest.approx(heights[1], abs=3)
    assert not area.evaluate("area => area.scrollHeight > area.clientHeight")


def test_a_preset_unfolds_what_it_has_written_and_folds_what_is_empty(alive):
    expect(field(alive, "boundary")).to_be_hidden()

    IAM.choose(alive, "boundary")
    expect(field(alive, "boundary")).to_be_visible()
    IAM.choose(alive, "account")

    expect(field(alive, "boundary")).to_be_hidden()
    expect(field(alive, "identity")).to_be_hidden()
    expect(field(alive, "resource")).to_be_visible()


def test_an_empty_field_offers_a_policy_to_begin_with(alive):
    fold(alive, "resource").locator("summary").press("Enter")
    begin = fold(alive, "resource").get_by_role("button", name="Write one")

    begin.press("Enter")

    [control] = [each for each in IAM.explorable.controls if each.name == "resource"]
    expect(field(alive, "resource")).to_have_value(control.blank)
    expect(field(alive, "resource")).to_be_focused()
    expect(begin).to_be_hidden()
    expect(alive.locator(".lk-x-numbers")).to_contain_text("by the bucket policy")


def test_what_a_reader_writes_stays_text(alive):
    alerts = []
    alive.on("dialog", lambda dialog: alerts.append(dialog.message) or dialog.dismiss())

    field(alive, "identity").fill(HOSTILE)
    expect(fold(alive, "identity").locator(".lk-x-flaws li")).to_have_count(2)
    field(alive, "identity").fill(
        HOSTILE.replace("<img", "").replace(" src=x onerror=alert(1)>", "")
    )

    expect(fold(alive, "identity").locator(".lk-x-flaws li")).to_have_count(1)
    assert alive.locator("lk-explorable img").count() == 0
    assert alerts == []


def test_choosing_a_preset_sends_the_request_on_its_way(alive):
    IAM.choose(alive, "boundary")

    expect(alive.locator("[data-play=play]")).to_have_attribute("aria-label", "Pause")
    expect(alive.locator(".lk-x-numbers")).to_contain_text("on its way")
    expect(alive.locator(".lk-x-numbers")).to_contain_text("Denied")
    expect(alive.locator("[data-play=play]")).to_have_attribute("aria-label", "Play")
    assert IAM.values(alive) == IAM.preset_values("boundary")


def test_a_reader_who_wants_no_motion_sees_the_outcome_at_once(browse, site):
    page = browse(reduced_motion="reduce")
    page.goto(site.address(IAM.page))
    come_near(page)

    IAM.choose(page, "boundary")

    expect(page.locator(".lk-x-numbers")).to_contain_text("Denied")
    assert IAM.values(page) == IAM.preset_values("boundary")


def test_what_is_changed_on_the_way_is_shown_whole(alive):
    alive.locator("[name=at]").press("Home")
    expect(alive.locator(".lk-x-numbers")).to_contain_text("on its way")

    alive.locator("[name=who]").press("ArrowDown")

    expect(alive.locator(".lk-x-numbers")).to_contain_text("Allowed")
    assert IAM.values(alive)["at"] == IAM.start["at"]


def test_the_request_can_be_stepped_from_gate_to_gate(alive):
    told = alive.locator(".lk-x-play output")
    alive.locator("[name=at]").press("Home")
    expect(told).to_have_text("the request")

    places = []
    for _ in range(4):
        places.append(told.text_content())
        alive.get_by_role("button", name="Step forward").press("Enter")
        alive.wait_for_timeout(150)

    assert places == ["the request", "Does any Deny apply?", "Identity policy", "the outcome"]
    assert IAM.values(alive)["at"] == IAM.start["at"]
    alive.get_by_role("button", name="Step back").press("Enter")
    expect(told).to_have_text("Identity policy")


def test_a_text_with_every_kind_of_letter_survives_the_address(alive, browse):
    text = '{"Sid": "größe ☂ 漢字 \\" & = # % +"}\n\t'
    field(alive, "identity").fill(text)
    alive.wait_for_function("location.hash.includes('iam_evaluation.-=')")

    other = browse()
    other.goto(alive.url)
    come_near(other)

    expect(field(other, "identity")).to_have_value(text)


def test_the_address_of_a_long_policy_stays_short(alive):
    IAM.choose(alive, "deny")
    alive.wait_for_function("location.hash.includes('iam_evaluation.-=')")

    written = sum(len(value) for value in IAM.values(alive).values() if isinstance(value, str))
    assert written > 700
    assert alive.evaluate("location.hash.length") < 500


@pytest.mark.parametrize("packed", ["broken!", "AAAA", "q1Y"])
def test_an_address_that_cannot_be_unpacked_shows_the_start(page, site, packed):
    page.goto(f"{site.address(IAM.page)}#iam_evaluation.-={packed}")
    come_near(page)

    expect(page.locator(".lk-x-note").first).to_contain_text("does not fit the figure")
    IAM.shows(page, IAM.start)


def test_the_path_is_a_list_in_the_page_as_without_scripts(alive, browse, site):
    still = browse(java_script_enabled=False)
    still.goto(site.address(IAM.page))

    lists = [page.locator(".lk-x-path").inner_text() for page in (alive, still)]

    assert lists[0] == lists[1]
    assert "ReadPosters Allow applies and decides" in lists[0]


def test_without_scripts_the_policies_can_be_read_and_not_written(browse, site):
    page = browse(java_script_enabled=False)
    page.goto(site.address(IAM.page))
    area = field(page, "identity")

    assert area.is_visible()
    assert area.input_value() == IAM.start["identity"]
    assert not area.is_editable()
    assert margin(page, "identity") == {6: "■"}


def test_the_policy_engine_is_fetched_as_a_library(alive, site, watch):
    names = [each.url.rpartition("/")[2] for each in watch.responses if "/explorables/" in each.url]

    assert {"core.json", "library-policy.json", "iam_evaluation.json"} <= set(names)
