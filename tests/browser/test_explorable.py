"""An explorable in the published page: alive with scripts, whole without, true to CPython.

That no page asks another host for anything or writes an error to the console is checked by the
fixtures, whenever a page is opened.
"""

from __future__ import annotations

import json
import pkgutil
import re
import statistics
from importlib import import_module

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from labkit.book.engine import core_bundle, page_files
from labkit.book.explorable_html import CHOOSE
from labkit.explorables import load
from labkit.explorables.theme import themed
from tests.explorables.golden import cases, differences

EXPLORABLE = load("sqs_polling")
PAGE = "chapters/explorables/sqs_polling"
CHAPTER = "chapters/sqs"
ELEMENT = "labkit.explorables.sqs_polling"
START = EXPLORABLE.values(**EXPLORABLE.preset("short").values)  # what the page begins with
REDRAW_P95_MAX_MS = 150  # for a simulation of events
SLACK = 5  # a busy machine may be this much slower before the test fails
PURE = ("models", "explorables", "facts", "errors", "units")
MAINTAINERS = {"labkit.facts.build", "labkit.facts.typed"}  # read sources; never shipped


def come_near(page):
    """Scroll to the explorable and wait until its figure is drawn."""
    page.locator("lk-explorable").scroll_into_view_if_needed()
    page.wait_for_selector(".lk-x-plot .main-svg")


@pytest.fixture
def alive(page, site):
    """The explorable's own page once its figure is drawn."""
    page.goto(site.address(PAGE))
    come_near(page)
    return page


def value_of(page, name):
    return page.evaluate(f"{ELEMENT}.values.{name}")


def shows(page, values):
    """Wait until the page says what CPython says of these values."""
    expect(page.locator(".lk-x-reading")).to_have_text(EXPLORABLE.reading(**values))


def choose(page, preset):
    page.click(f"[data-preset={preset}]")
    shows(page, EXPLORABLE.values(**EXPLORABLE.preset(preset).values))


def test_the_page_computes_what_cpython_computes(alive):
    for case in cases("sqs_polling"):
        found = alive.evaluate(f"given => {ELEMENT}.compute(given)", case["given"])

        numbers = [
            [each[key] for key in ("label", "text", "unit", "note", "tone")]
            for each in found["numbers"]
        ]
        assert list(differences(found["figure"], themed(case["figure"]))) == []
        assert (numbers, found["reading"], found["done"]) == (
            case["numbers"],
            case["reading"],
            case["done"],
        )


def pure_modules():
    """Every module of the pure layers."""
    for layer in PURE:
        module = import_module(f"labkit.{layer}")
        yield module.__name__
        for found in pkgutil.walk_packages(getattr(module, "__path__", []), f"labkit.{layer}."):
            yield found.name


def test_micropython_imports_every_pure_module(page, site):
    names = sorted(set(pure_modules()) - MAINTAINERS)
    files = {**json.loads(core_bundle()), **page_files(names)}
    page.goto(site.address("chapters/how_to_use"))

    failures = page.evaluate(
        """async ([engine, files, names]) => {
            const { loadMicroPython } = await import(engine);
            const python = await loadMicroPython();
            for (const [path, text] of Object.entries(files)) {
                python.FS.mkdirTree("/book/" + path.replace(/[^/]*$/, ""));
                python.FS.writeFile("/book/" + path, text);
            }
            python.runPython("import sys; sys.path.insert(0, '/book')");
            return names.flatMap((name) => {
                try {
                    python.runPython(`__import__("${name}")`);
                    return [];
                } catch (error) {
                    return [`${name}: ${error.message}`];
                }
            });
        }""",
        [f"{site.url}_static/vendor/micropython/micropython.mjs", files, names],
    )

    assert failures == []


def test_the_engines_are_fetched_when_a_reader_comes_near(page, site, watch):
    page.goto(site.address(CHAPTER), wait_until="networkidle")
    before = [each.url for each in watch.responses if "/vendor/" in each.url]

    come_near(page)

    after = {each.url.rpartition("/")[2] for each in watch.responses if "/vendor/" in each.url}
    assert before == []
    assert after == {"micropython.mjs", "micropython.wasm", "plotly-basic.min.js"}


def test_a_page_without_an_explorable_has_nothing_of_it(page, site, watch):
    page.goto(site.address("chapters/how_to_use"), wait_until="networkidle")

    assert [each.url for each in watch.responses if "explorable" in each.url] == []


def test_every_control_answers_the_keyboard(alive):
    alive.locator("form summary").press("Enter")
    for control in EXPLORABLE.controls:
        before = value_of(alive, control.name)
        field = alive.locator(f"lk-explorable [name={control.name}]")

        field.press("Space" if control.kind == "toggle" else "ArrowDown")
        if value_of(alive, control.name) == before:  # it stood at its low end
            field.press("ArrowUp")

        after = alive.evaluate(f"{ELEMENT}.values")
        assert after[control.name] != before, control.name
        shows(alive, after)
        if control.kind == "slider":
            expect(field).to_have_attribute("aria-valuetext", control.text(after[control.name]))


def test_a_preset_turns_the_knobs_and_says_what_to_watch(alive):
    preset = EXPLORABLE.preset("duplicates")

    alive.locator("[data-preset=duplicates]").press("Enter")

    shows(alive, EXPLORABLE.values(**preset.values))
    expect(alive.locator(".lk-x-say")).to_have_text(preset.say)
    expect(alive.locator("[data-preset=duplicates]")).to_have_attribute("aria-pressed", "true")
    expect(alive.locator("[data-preset=short]")).to_have_attribute("aria-pressed", "false")
    expect(alive.locator("output[for$=visibility_timeout_s]")).to_have_text(
        EXPLORABLE.controls[3].text(preset.values["visibility_timeout_s"])
    )


def test_a_turned_knob_leaves_the_preset(alive):
    choose(alive, "duplicates")

    alive.locator("[name=consumers]").press("ArrowRight")

    expect(alive.locator("[data-preset=duplicates]")).to_have_attribute("aria-pressed", "false")
    expect(alive.locator(".lk-x-say")).to_have_text(CHOOSE)


def test_the_playhead_plays_and_pauses(alive):
    began = value_of(alive, "at_s")
    button = alive.locator("[data-play=play]")

    button.press("Space")
    expect(button).to_have_attribute("aria-label", "Pause")
    alive.wait_for_function(f"{ELEMENT}.values.at_s > {began}")
    button.press("Space")

    expect(button).to_have_attribute("aria-label", "Play")
    stood = value_of(alive, "at_s")
    alive.wait_for_timeout(300)
    assert value_of(alive, "at_s") == stood
    values = {**START, "at_s": stood}
    expect(alive.locator(".lk-x-play output")).to_have_text(EXPLORABLE.playhead.text(stood))
    shows(alive, values)


def test_the_playhead_steps_both_ways(alive):
    began, step_s = value_of(alive, "at_s"), EXPLORABLE.playhead.step_s

    alive.get_by_role("button", name="Step forward").press("Enter")
    assert value_of(alive, "at_s") == began + step_s
    for _ in range(2):
        alive.get_by_role("button", name="Step back").press("Enter")

    assert value_of(alive, "at_s") == began - step_s


def test_a_reader_who_wants_no_motion_gets_one_jump_a_second(browse, site):
    page = browse(reduced_motion="reduce")
    page.goto(site.address(PAGE))
    come_near(page)
    page.evaluate(
        f"""window.jumps = new Set();
        {ELEMENT}.addEventListener("lk-drawn", ({{ detail }}) => jumps.add(detail.at_s))"""
    )

    page.click("[data-play=play]")
    page.wait_for_timeout(2500)
    page.click("[data-play=play]")

    assert 1 <= page.evaluate("[...jumps].length") <= 3


def test_a_task_ticks_and_stays_ticked(alive):
    task = alive.locator("[data-task=twice]")
    expect(task).not_to_contain_text("Done.")

    choose(alive, "duplicates")
    alive.locator("[name=consumers]").press("ArrowRight")

    expect(task).to_contain_text("Done.")
    alive.reload()
    expect(alive.locator("[data-task=twice]")).to_contain_text("Done.")


def test_a_link_reproduces_what_was_seen(alive, browse):
    choose(alive, "duplicates")
    alive.locator("[name=consumers]").press("ArrowRight")
    alive.wait_for_function("location.hash.includes('sqs_polling.consumers=3')")
    values = alive.evaluate(f"{ELEMENT}.values")

    other = browse()
    other.goto(alive.url)
    come_near(other)

    shows(other, values)
    assert other.evaluate(f"{ELEMENT}.values") == values


def test_a_link_that_does_not_fit_shows_the_start_and_says_so(page, site):
    page.goto(f"{site.address(PAGE)}#sqs_polling.consumers=999")
    come_near(page)

    expect(page.locator(".lk-x-note").first).to_contain_text("consumers must be")
    shows(page, START)


def test_an_anchor_of_the_page_is_left_alone(page, site):
    page.goto(f"{site.address(PAGE)}#read-the-code")
    come_near(page)

    assert page.evaluate("location.hash") == "#read-the-code"


def test_the_figure_follows_the_theme(alive):
    tick = alive.locator(".lk-x-plot .xtick text").first
    light = tick.evaluate("text => getComputedStyle(text).fill")

    alive.click(".lk-theme")

    dark = alive.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--lk-ink2')"
    )
    expect(tick).to_have_css("fill", "rgb(168, 176, 184)")
    assert dark == "#a8b0b8"
    assert light == "rgb(87, 96, 106)"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_with_every_fold_open(browse, site, theme):
    page = browse(color_scheme=theme)
    page.goto(site.address(PAGE))
    come_near(page)
    page.locator("form summary").click()
    choose(page, "poison")

    found = Axe().run(page).response["violations"]

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


def test_it_fits_a_phone(browse, site):
    page = browse(viewport={"width": 360, "height": 740}, has_touch=True)
    page.goto(site.address(PAGE))
    come_near(page)
    page.locator("form summary").tap()

    wide = page.evaluate(
        """[...document.querySelectorAll("lk-explorable *")]
            .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5)
            .filter((each) => !each.closest("svg"))
            .map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_scripts_the_figure_its_reading_and_numbers_are_there(browse, site):
    page = browse(java_script_enabled=False)
    page.goto(site.address(PAGE))
    explorable = page.locator("lk-explorable")

    assert explorable.locator(".lk-x-wide svg").is_visible()
    assert explorable.locator(".lk-x-wide desc").text_content() == EXPLORABLE.reading(**START)
    assert explorable.get_by_text(EXPLORABLE.reading(**START)).last.is_visible()
    for big in EXPLORABLE.numbers(**START):
        assert explorable.get_by_text(big.label, exact=True).is_visible()
    assert explorable.locator("button, input, select").all_text_contents()
    assert not any(each.is_visible() for each in explorable.locator("button, input").all())


def test_from_disk_a_line_says_what_to_do(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.goto((site.html / f"{PAGE}.html").as_uri())

    expect(page.locator(".lk-x-note").first).to_contain_text("make serve")
    assert page.locator(".lk-x-still svg").first.is_visible()
    context.close()


def test_when_the_engine_does_not_load_the_figure_stays(browser, site):
    context = browser.new_context()
    context.route(re.compile(r"micropython\.wasm"), lambda route: route.abort())
    page = context.new_page()
    page.goto(site.address(PAGE))
    page.locator("lk-explorable").scroll_into_view_if_needed()

    expect(page.locator(".lk-x-note").first).to_contain_text("does not compute here")
    assert page.locator(".lk-x-still svg").first.is_visible()
    assert page.locator("lk-explorable form input").first.is_hidden()
    context.close()


REDRAWS = """async (count) => {
    const element = labkit.explorables.sqs_polling;
    const knobs = ["arrivals_per_min", "consumers", "wait_time_s", "visibility_timeout_s"];
    const frame = () => new Promise(requestAnimationFrame);
    const times = [];
    for (let turn = 0; turn < count; turn++) {
        const knob = element.querySelector(`[name=${knobs[turn % knobs.length]}]`);
        knob.value = (Number(knob.value) + 7) % (Number(knob.max) + 1);
        await frame();
        const began = performance.now();
        const drawn = new Promise((done) => {
            element.addEventListener("lk-drawn", done, { once: true });
        });
        knob.dispatchEvent(new Event("input", { bubbles: true }));
        await drawn;
        await frame();
        times.push(performance.now() - began);
    }
    return times;
}"""


def test_a_redraw_is_quick(alive, capsys):
    times = alive.evaluate(REDRAWS, 50)

    p95 = statistics.quantiles(times, n=20)[-1]
    with capsys.disabled():
        print(
            f"\n  redraw of sqs_polling: median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms"
        )
    assert p95 <= SLACK * REDRAW_P95_MAX_MS
