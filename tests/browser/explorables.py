"""The explorables as the browser tests meet them: what to press on each, and how to wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from labkit.explorables import load
from labkit.explorables.parts import Explorable

CURVE_P95_MAX_MS, SIMULATION_P95_MAX_MS = 50, 150


@dataclass(frozen=True)
class Subject:
    """An explorable, and a walk through it.

    Its page begins with the preset `begins`. Choosing `preset` and pressing `key` on the control
    `knob` makes a link that holds `linked`, and does `task` once `written` is, a text by its name.
    """

    slug: str
    begins: str
    preset: str
    knob: str
    key: str
    task: str
    linked: str
    misfit: tuple[str, str]  # what a link cannot say, and what is said of it
    turned: tuple[str, ...]  # the controls that are turned to measure redraws
    redraw_p95_max_ms: int
    written: tuple[str, str] | None = None

    @property
    def explorable(self) -> Explorable:
        """The explorable itself."""
        return load(self.slug)

    @property
    def page(self) -> str:
        """The document name of its own page."""
        return f"chapters/explorables/{self.slug}"

    @property
    def element(self) -> str:
        """What a script in the page calls it."""
        return f"labkit.explorables.{self.slug}"

    @property
    def start(self) -> dict[str, Any]:
        """The values with which its page begins."""
        return self.preset_values(self.begins)

    def preset_values(self, id: str) -> dict[str, Any]:
        """The values of a preset."""
        return self.explorable.values(**self.explorable.preset(id).values)

    def values(self, page: Page) -> dict[str, Any]:
        """The values that the page has now."""
        found: dict[str, Any] = page.evaluate(f"{self.element}.values")
        return found

    def shows(self, page: Page, values: dict[str, Any]) -> None:
        """Wait until the page says what CPython says of these values."""
        expect(page.locator(".lk-x-reading")).to_have_text(self.explorable.reading(**values))

    def choose(self, page: Page, preset: str) -> None:
        """Press the button of a preset, and wait for it."""
        page.click(f"[data-preset={preset}]")
        self.shows(page, self.preset_values(preset))

    def do_task(self, page: Page) -> None:
        """Do the task as a reader may."""
        self.choose(page, self.preset)
        page.locator(f"[name={self.knob}]").press(self.key)
        if self.written:
            name, text = self.written
            page.locator(f"[name={name}]").fill(text)


API_THROTTLE = Subject(
    slug="api_throttle",
    begins="clumped",
    preset="clumped",
    knob="limit_per_s",
    key="PageUp",
    task="clump",
    linked="api_throttle.limit_per_s=2",
    misfit=("shape=square", "shape must be one of"),
    turned=("rate_per_s", "limit_per_s", "burst", "ttl_s"),
    redraw_p95_max_ms=SIMULATION_P95_MAX_MS,
)
BACKOFF = Subject(
    slug="backoff",
    begins="plain",
    preset="jitter",
    knob="base_ms",
    key="End",
    task="half",
    linked="backoff.base_ms=1000",
    misfit=("clients=999", "clients must be"),
    turned=("clients", "base_ms", "cap_ms"),
    redraw_p95_max_ms=SIMULATION_P95_MAX_MS,
)
BEANSTALK = Subject(
    slug="beanstalk_deployments",
    begins="bad",
    preset="swap",
    knob="version",
    key="ArrowUp",
    task="unmet",
    linked="beanstalk_deployments.policy=BlueGreen",
    misfit=("policy=Canary", "policy must be one of"),
    turned=("instances", "batch", "launch_min", "react_min"),
    redraw_p95_max_ms=SIMULATION_P95_MAX_MS,
)
DYNAMODB = Subject(
    slug="dynamodb_capacity",
    begins="spike",
    preset="block",
    knob="size_bytes",
    key="ArrowUp",
    task="byte",
    linked="dynamodb_capacity.size_bytes=4097",
    misfit=("shape=square", "shape must be one of"),
    turned=("size_bytes", "writes_per_s", "write_units", "peak_s"),
    redraw_p95_max_ms=CURVE_P95_MAX_MS,
)
EBS_BURST = Subject(
    slug="ebs_burst",
    begins="night",
    preset="night",
    knob="size_gib",
    key="Home",
    task="dry",
    linked="ebs_burst.size_gib=1",
    misfit=("shape=square", "shape must be one of"),
    turned=("size_gib", "iops", "peak_min", "quiet_percent"),
    redraw_p95_max_ms=CURVE_P95_MAX_MS,
)
EBS_CURVES = Subject(
    slug="ebs_curves",
    begins="database",
    preset="large",
    knob="size_gib",
    key="End",
    task="throughput",
    linked="ebs_curves.size_gib=65536",
    misfit=("kind=floppy", "kind must be one of"),
    turned=("size_gib", "iops"),
    redraw_p95_max_ms=CURVE_P95_MAX_MS,
)
EC2 = Subject(
    slug="ec2_pricing",
    begins="base",
    preset="peak",
    knob="committed",
    key="ArrowRight",
    task="much",
    linked="ec2_pricing.committed=6",
    misfit=("plan=lease", "plan must be one of"),
    turned=("peak_h", "committed", "spot", "spot_percent"),
    redraw_p95_max_ms=CURVE_P95_MAX_MS,
)
ENVELOPE = Subject(
    slug="envelope_encryption",
    begins="envelope",
    preset="direct",
    knob="size_bytes",
    key="Home",
    task="small",
    linked="size_bytes=16",
    misfit=("mode=none", "mode must be one of"),
    turned=("size_bytes", "objects_per_s", "max_messages", "readers"),
    redraw_p95_max_ms=CURVE_P95_MAX_MS,
)
IAM = Subject(
    slug="iam_evaluation",
    begins="least",
    preset="boundary",
    knob="ask",
    key="ArrowUp",
    task="boundary",
    linked="iam_evaluation.-=",
    misfit=("who=nobody", "who must be one of"),
    turned=("identity", "boundary", "context"),
    redraw_p95_max_ms=CURVE_P95_MAX_MS,
    written=(
        "boundary",
        '{"Statement": {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}}',
    ),
)
LAMBDA = Subject(
    slug="lambda_concurrency",
    begins="burst",
    preset="pace",
    knob="duration_s",
    key="Home",
    task="pace",
    linked="lambda_concurrency.duration_s=0.1",
    misfit=("shape=square", "shape must be one of"),
    turned=("rate_per_s", "duration_s", "provisioned", "init_s"),
    redraw_p95_max_ms=SIMULATION_P95_MAX_MS,
)
SQS = Subject(
    slug="sqs_polling",
    begins="short",
    preset="duplicates",
    knob="consumers",
    key="ArrowRight",
    task="twice",
    linked="sqs_polling.consumers=3",
    misfit=("consumers=999", "consumers must be"),
    turned=("arrivals_per_min", "consumers", "wait_time_s", "visibility_timeout_s"),
    redraw_p95_max_ms=SIMULATION_P95_MAX_MS,
)
SUBJECTS = (
    *(API_THROTTLE, BACKOFF, BEANSTALK, DYNAMODB, EBS_BURST, EBS_CURVES, EC2, ENVELOPE),
    *(IAM, LAMBDA, SQS),
)


def come_near(page: Page) -> None:
    """Scroll to the explorable and wait until its figure is drawn."""
    page.locator("lk-explorable").scroll_into_view_if_needed()
    page.wait_for_selector(".lk-x-plot .main-svg")


def unfold(page: Page) -> None:
    """Open every fold of the form, by keyboard."""
    while page.locator("form details:not([open]) > summary").count():
        page.locator("form details:not([open]) > summary").first.press("Enter")


# Turns one control after the other and times each from the input to the painted figure: a slider
# goes on by seven stops, a text gets and loses a letter.
REDRAWS = """async ({ slug, names, count }) => {
    const element = labkit.explorables[slug];
    const frame = () => new Promise(requestAnimationFrame);
    const times = [];
    for (let turn = 0; turn < count; turn++) {
        const knob = element.querySelector(`[name=${names[turn % names.length]}]`);
        if (knob.type === "range") knob.value = (Number(knob.value) + 7) % (Number(knob.max) + 1);
        else knob.value = knob.value.includes("~") ? knob.value.replace("~", "")
            : knob.value.replace(/"(?=[^"]*$)/, '~"');
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


def redraws_ms(page: Page, subject: Subject, count: int) -> list[float]:
    """How long each of so many redraws took."""
    asked = {"slug": subject.slug, "names": subject.turned, "count": count}
    times: list[float] = page.evaluate(REDRAWS, asked)
    return times
