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
from playwright.sync_api import expect

from labkit.book.engine import core_bundle, page_files
from labkit.explorables.palette import DARK, LIGHT
from labkit.explorables.theme import themed
from tests.browser.axe import COLOURS, axe_finds
from tests.browser.explorables import BACKOFF, SQS, SUBJECTS, come_near, redraws_ms, unfold
from tests.explorables.golden import cases, differences

CHAPTER = "chapters/sqs"
SLACK = 5  # a busy machine may be this much slower before the test fails
PURE = ("models", "policy", "explorables", "facts", "errors", "units")
# Maintainers' tools, which read sources, and what the sandbox alone asks for; never shipped.
NOT_SHIPPED = ("labkit.facts.build", "labkit.facts.typed", "labkit.policy.actions")


@pytest.fixture(params=SUBJECTS, ids=lambda subject: subject.slug)
def subject(request):
    """Each explorable in turn."""
    return request.param


@pytest.fixture
def alive(page, site, subject):
    """The explorable's own page once its figure is drawn."""
    page.goto(site.address(subject.page))
    come_near(page)
    return page


def test_the_page_computes_what_cpython_computes(alive, subject):
    for case in cases(subject.slug):
        found = alive.evaluate(f"given => {subject.element}.compute(given)", case["given"])

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
        assert (found.get("path"), found["marks"]) == (case.get("path"), case.get("marks", {}))


def pure_modules():
    """Every module of the pure layers."""
    for layer in PURE:
        module = import_module(f"labkit.{layer}")
        yield module.__name__
        for found in pkgutil.walk_packages(getattr(module, "__path__", []), f"labkit.{layer}."):
            yield found.name


def test_micropython_imports_every_pure_module(page, site):
    names = sorted(name for name in pure_modules() if not name.startswith(NOT_SHIPPED))
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


def test_every_control_answers_the_keyboard(alive, subject):
    unfold(alive)
    for control in subject.explorable.controls:
        before = subject.values(alive)[control.name]
        field = alive.locator(f"lk-explorable [name={control.name}]")

        field.press({"toggle": "Space", "text": "x"}.get(control.kind, "ArrowDown"))
        if subject.values(alive)[control.name] == before:  # it stood at its low end
            field.press("ArrowUp")

        after = subject.values(alive)
        assert after[control.name] != before, control.name
        subject.shows(alive, after)
        if control.kind == "slider":
            expect(field).to_have_attribute("aria-valuetext", control.text(after[control.name]))


def test_a_preset_turns_the_knobs_and_says_what_to_watch(alive, subject):
    preset = subject.explorable.preset(subject.preset)
    button = alive.locator(f"[data-preset={preset.id}]")

    button.press("Enter")

    subject.shows(alive, subject.preset_values(preset.id))
    expect(alive.locator(".lk-x-say")).to_have_text(preset.say)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(alive.locator("[data-preset][aria-pressed=true]")).to_have_count(1)
    for control in subject.explorable.controls:
        if control.kind in ("slider", "text"):
            told = alive.locator(f"output[for$=-{control.name}]")
            expect(told).to_have_text(control.text(subject.values(alive)[control.name]))


def test_a_turned_knob_leaves_the_preset(alive, subject):
    subject.choose(alive, subject.preset)

    alive.locator(f"[name={subject.knob}]").press(subject.key)

    button = alive.locator(f"[data-preset={subject.preset}]")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(alive.locator(".lk-x-say")).to_contain_text("Choose a situation")


@pytest.mark.parametrize("subject", [SQS], ids=["sqs_polling"], indirect=True)
def test_the_playhead_plays_and_pauses(alive, subject):
    began = subject.values(alive)["at_s"]
    button = alive.locator("[data-play=play]")

    button.press("Space")
    expect(button).to_have_attribute("aria-label", "Pause")
    alive.wait_for_function(f"{subject.element}.values.at_s > {began}")
    button.press("Space")

    expect(button).to_have_attribute("aria-label", "Play")
    values = subject.values(alive)
    alive.wait_for_timeout(300)
    assert subject.values(alive) == values
    expect(alive.locator(".lk-x-play output")).to_have_text(
        subject.explorable.playhead.says(values)
    )
    subject.shows(alive, values)


@pytest.mark.parametrize("subject", [SQS], ids=["sqs_polling"], indirect=True)
def test_the_playhead_steps_both_ways(alive, subject):
    began, step_s = subject.values(alive)["at_s"], subject.explorable.playhead.step_s

    alive.get_by_role("button", name="Step forward").press("Enter")
    assert subject.values(alive)["at_s"] == began + step_s
    for _ in range(2):
        alive.get_by_role("button", name="Step back").press("Enter")

    assert subject.values(alive)["at_s"] == began - step_s


@pytest.mark.parametrize("subject", [BACKOFF, SQS], ids=lambda it: it.slug, indirect=True)
def test_a_reader_who_wants_no_motion_gets_one_jump_a_second(browse, site, subject):
    page = browse(reduced_motion="reduce")
    page.goto(site.address(subject.page))
    come_near(page)
    name = subject.explorable.playhead.name
    page.evaluate(
        f"""window.jumps = new Set();
        {subject.element}.addEventListener(
            "lk-drawn", ({{ detail }}) => jumps.add(detail.{name})
        )"""
    )

    page.click("[data-play=play]")
    page.wait_for_timeout(2500)
    page.click("[data-play=play]")

    assert 1 <= page.evaluate("[...jumps].length") <= 3


def test_a_task_ticks_and_stays_ticked(alive, subject):
    task = alive.locator(f"[data-task={subject.task}]")
    expect(task).not_to_contain_text("Done.")

    subject.do_task(alive)

    expect(task).to_contain_text("Done.")
    alive.reload()
    expect(alive.locator(f"[data-task={subject.task}]")).to_contain_text("Done.")


def test_a_link_reproduces_what_was_seen(browse, site, subject):
    page = browse(reduced_motion="reduce")  # a figure that plays has no link until it stands
    page.goto(site.address(subject.page))
    come_near(page)
    subject.choose(page, subject.preset)
    page.locator(f"[name={subject.knob}]").press(subject.key)
    page.wait_for_function(f"location.hash.includes('{subject.linked}')")
    values = subject.values(page)

    other = browse()
    other.goto(page.url)
    come_near(other)

    subject.shows(other, values)
    assert subject.values(other) == values


def test_a_link_that_does_not_fit_shows_the_start_and_says_so(page, site, subject):
    said, why = subject.misfit
    page.goto(f"{site.address(subject.page)}#{subject.slug}.{said}")
    come_near(page)

    expect(page.locator(".lk-x-note").first).to_contain_text(why)
    subject.shows(page, subject.start)


def test_an_anchor_of_the_page_is_left_alone(page, site, subject):
    page.goto(f"{site.address(subject.page)}#read-the-code")
    come_near(page)

    assert page.evaluate("location.hash") == "#read-the-code"


def fills(page):
    """The colours of all texts in the figure."""
    return set(
        page.evaluate(
            """[...document.querySelectorAll(".lk-x-plot text")]
                .map((text) => getComputedStyle(text).fill)"""
        )
    )


def css(colours):
    """The colours of a palette as a browser writes them."""
    return {"rgb({}, {}, {})".format(*bytes.fromhex(each[1:])) for each in colours.values()}


def test_the_figure_follows_the_theme(alive, subject):
    assert fills(alive) <= css(LIGHT)

    with alive.expect_event("console", lambda message: message.text == "drawn"):
        alive.evaluate(
            f"{subject.element}.addEventListener('lk-drawn', () => console.log('drawn'))"
        )
        alive.click(".lk-theme")

    assert fills(alive) <= css(DARK)


@pytest.mark.parametrize(("theme", "rules"), [("light", None), ("dark", COLOURS)])
def test_axe_finds_nothing_with_every_fold_open(browse, site, subject, theme, rules):
    page = browse(color_scheme=theme)
    page.goto(site.address(subject.page))
    come_near(page)
    subject.choose(page, subject.preset)
    unfold(page)

    assert axe_finds(page, rules) == []


def test_it_fits_a_phone(browse, site, subject):
    page = browse(viewport={"width": 360, "height": 740}, has_touch=True)
    page.goto(site.address(subject.page))
    come_near(page)
    unfold(page)

    wide = page.evaluate(
        """[...document.querySelectorAll("lk-explorable *")]
            .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5)
            .filter((each) => !each.closest("svg"))
            .map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_scripts_the_figure_its_reading_and_numbers_are_there(browse, site, subject):
    page = browse(java_script_enabled=False)
    page.goto(site.address(subject.page))
    explorable, reading = page.locator("lk-explorable"), subject.explorable.reading(**subject.start)

    [still] = [each for each in explorable.locator(".lk-x-still svg").all() if each.is_visible()]
    assert still.locator("desc").text_content() == reading
    assert explorable.get_by_text(reading).last.is_visible()
    for big in subject.explorable.numbers(**subject.start):
        assert explorable.get_by_text(big.label, exact=True).is_visible()
    controls = explorable.locator("button, input, select")
    assert controls.count()
    assert not any(each.is_visible() for each in controls.all())


def test_from_disk_a_line_says_what_to_do(browser, site, subject):
    context = browser.new_context()
    page = context.new_page()
    page.goto((site.html / f"{subject.page}.html").as_uri())

    expect(page.locator(".lk-x-note").first).to_contain_text("make serve")
    assert [each for each in page.locator(".lk-x-still svg").all() if each.is_visible()]
    context.close()


def test_when_the_engine_does_not_load_the_figure_stays(browser, site, subject):
    context = browser.new_context()
    context.route(re.compile(r"micropython\.wasm"), lambda route: route.abort())
    page = context.new_page()
    page.goto(site.address(subject.page))
    page.locator("lk-explorable").scroll_into_view_if_needed()

    expect(page.locator(".lk-x-note").first).to_contain_text("does not compute here")
    assert [each for each in page.locator(".lk-x-still svg").all() if each.is_visible()]
    assert page.locator("lk-explorable form :is(input, select)").first.is_hidden()
    context.close()


def test_a_redraw_is_quick(alive, subject, capsys):
    times = redraws_ms(alive, subject, 50)

    p95 = statistics.quantiles(times, n=20)[-1]
    with capsys.disabled():
        print(
            f"\n  redraw of {subject.slug}: median {statistics.median(times):.0f} ms, "
            f"p95 {p95:.0f} ms"
        )
    assert p95 <= SLACK * subject.redraw_p95_max_ms
