"""The lab that a notebook holds: one object for the clock, the exercises and the questions.

Client code stays plain boto3; nothing here wraps AWS. `start` opens a fresh sandbox, and the lab
that was open before is closed: there is one sandbox to a process.

    with labkit.start("sqs") as lab:
        queue = boto3.client("sqs").create_queue(QueueName="orders")
        lab.clock.advance(seconds=30)
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar

from labkit import exercises
from labkit.errors import ClosedLab, UsageError
from labkit.exercises.desk import Desk
from labkit.exercises.frame import Outcome, Passed
from labkit.exercises.progress import Progress
from labkit.exercises.show import Note
from labkit.fidelity.authorisation.identities import Identities

if TYPE_CHECKING:
    from labkit.fidelity import Row
    from labkit.fidelity.dynamodb.settings import Settings
    from labkit.fidelity.faults import Faults
    from labkit.fidelity.instance_metadata import InstanceMetadata
    from labkit.fidelity.mailbox import Inbox
    from labkit.runtime.aws_cli.runner import AwsCli
    from labkit.runtime.beanstalk.service import Beanstalk
    from labkit.sandbox import Sandbox
    from labkit.sandbox.bill import Bill
    from labkit.sandbox.clock import Clock

LEDGER_LINES = 5  # more than these, and nobody reads them; the book has the whole ledger


def start(slug: str) -> Lab:
    """Open the lab of `slug` in a fresh sandbox, closing an earlier one.

    Raises UnknownSlug, with the nearest name; the lab that was open then stays open.
    """
    exercises.load(slug)
    from labkit import runtime

    if Lab.current is not None:
        Lab.current._closed_by = "labkit.start was called again"
    Lab.current = Lab(slug, runtime.open_sandbox(slug))
    return Lab.current


class Lab(Identities):
    """An open lab: the sandbox of a chapter with its exercises; made by `labkit.start`.

    Who calls, and what they may do, is in the methods that it has from `Identities`.
    """

    current: ClassVar[Lab | None] = None

    def __init__(self, slug: str, sandbox: Sandbox) -> None:
        self.slug = slug
        self._sandbox = sandbox
        self._desk = Desk(slug, sandbox)
        self._progress = Progress()
        self._closed_by = ""

    def close(self) -> None:
        """Close the sandbox: its resources are gone, and boto3 calls are refused. Twice is fine."""
        if not self._closed_by:
            self._closed_by = "lab.close was called"
            self._sandbox.close()
            Lab.current = None

    def __enter__(self) -> Lab:
        self._assert_open("with lab")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def clock(self) -> Clock:
        """The virtual clock: `lab.clock.now`, `lab.clock.advance(seconds=30)`."""
        self._assert_open("lab.clock")
        return self._sandbox.clock

    @property
    def faults(self) -> Faults:
        """What shall go wrong: `lab.faults.throttle("sqs", "SendMessage", times=3)`."""
        self._assert_open("lab.faults")
        from labkit.fidelity.faults import switchboard

        return switchboard(self._sandbox)

    @property
    def dynamodb(self) -> Settings:
        """How far replicas lag behind: `lab.dynamodb.replica_lag_s = 1`, from the next write on."""
        self._assert_open("lab.dynamodb")
        from labkit.fidelity.dynamodb import settings

        return settings.current()

    @property
    def aws(self) -> AwsCli:
        """The real `aws` command: `lab.aws("s3api list-buckets --query Buckets[].Name")`."""
        self._assert_open("lab.aws")
        from labkit.runtime import aws_cli

        return aws_cli.of(self._sandbox)

    @property
    def beanstalk(self) -> Beanstalk:
        """Elastic Beanstalk as a model of labkit's: `lab.beanstalk.deploy("tickets", "v2")`."""
        self._assert_open("lab.beanstalk")
        from labkit.runtime import beanstalk

        return beanstalk.of(self._sandbox)

    def mailbox(self, address: str) -> Inbox:
        """What has arrived at an email address or a telephone number; a Mail can be clicked."""
        self._assert_open("lab.mailbox")
        from labkit.fidelity.mailbox import inbox

        return inbox(self._sandbox, address)

    def metadata(self, instance_id: str) -> InstanceMetadata:
        """The metadata service of a running instance, which answers programs on it only."""
        self._assert_open("lab.metadata")
        from labkit.fidelity import instance_metadata

        return instance_metadata.of_running(instance_id)

    def begin(self, id: str) -> Note:
        """Lay the start of an exercise afresh, as often as you like."""
        self._assert_open("lab.begin")
        return self._desk.begin(id)

    def check(self, id: str) -> Outcome:
        """Say whether the exercise is done, what was found and why AWS behaves so.

        It looks at the sandbox and at your calls since `lab.begin`. A pass of your own is kept
        in your progress; one that comes from `lab.solution` is not.
        """
        self._assert_open("lab.check")
        outcome = self._desk.check(id)
        if isinstance(outcome, Passed) and not outcome.by_the_book:
            self._progress.record(self.slug, id)
        return outcome

    def hint(self, id: str) -> Note:
        """The next of three hints; the third names the call to make."""
        self._assert_open("lab.hint")
        return self._desk.hint(id)

    def solution(self, id: str) -> Note:
        """Show the book's solution and lay the start afresh for it."""
        self._assert_open("lab.solution")
        return self._desk.solution(id)

    def predict(self, id: str) -> Any:
        """Ask what will happen, before you run the cell that shows it."""
        self._assert_open("lab.predict")
        from labkit import questions
        from labkit.widgets import quiz

        return quiz.ask(questions.load(self.slug).get(id), tell=self._remember)

    def quiz(self) -> Any:
        """Ask the questions of the chapter, with the answers that you gave before."""
        self._assert_open("lab.quiz")
        from labkit import questions
        from labkit.widgets import quiz

        kept = self._progress.answers(self.slug)
        answers = {
            id: quiz.Answer(tuple(one["chosen"]), one["tries"], one["state"])
            for id, one in kept.items()
            if one.keys() == {"chosen", "tries", "state"}
        }
        return quiz.show(questions.load(self.slug), answers, self._remember)

    def _remember(self, id: str, answer: Any) -> None:
        self._progress.answer(self.slug, id, answer.as_dict())

    def progress(self) -> Note:
        """Which exercises you have passed. It is kept on this machine and sent nowhere."""
        self._assert_open("lab.progress")
        passed = self._progress.passed(self.slug)
        done = [one for one in self._desk.exercises if one.id in passed]
        lines = [
            f"{'■ passed' if one in done else '□ to do '}  `{one.id}`  {one.title}"
            for one in self._desk.exercises
        ]
        head = f"{len(done)} of {len(lines)} exercises passed."
        return Note(head, ("", "\n".join(lines)), "done" if len(done) == len(lines) else "flight")

    def settle(self) -> Note:
        """Let the clock run until no event waits for a function, and say what ran."""
        self._assert_open("lab.settle")
        from labkit import runtime

        before = self.clock.now
        ran = runtime.settle()
        head = f"Settled: {self.clock.since(before)!r}" if ran else "Nothing was waiting."
        return Note(head, ("", "\n".join(map(str, ran))) if ran else (), "done")

    def invoke_url(self, api_id: str, stage: str, path: str = "") -> str:
        """Where a deployed stage answers a browser or curl on this machine.

        A notebook can ask it at its address on AWS as well.
        """
        self._assert_open("lab.invoke_url")
        from labkit import runtime

        return runtime.running().gateway.invoke_url(api_id, stage, path)

    def ledger(self, service: str | None = None) -> Note:
        """How the sandbox differs from AWS: for this lab in a few lines, for a service in full."""
        self._assert_open("lab.ledger")
        from labkit import runtime

        if service is not None:
            return _whole_ledger(service, runtime.ledger(service))
        called = {call.service for call in self._sandbox.calls.since(0)}
        # lambda_versions is about lambda, beanstalk about elasticbeanstalk
        names = (self.slug, self.slug.split("_")[0], f"elastic{self.slug}")
        own = {name for name in names if runtime.ledger(name)}
        touched = sorted(called | own, key=lambda name: (name not in own, name))
        rows = [row for name in touched for row in runtime.ledger(name) if row.kind == "differs"]
        lines = [f"{row.behaviour} On AWS: {row.aws}" for row in rows[:LEDGER_LINES]]
        bare = [name for name in touched if not runtime.ledger(name)]
        if bare:
            lines.append(f"Served as moto has it, not yet checked against AWS: {', '.join(bare)}.")
        kept = [name for name in touched if runtime.ledger(name)]
        more = f'`lab.ledger("{(kept or ["sqs"])[0]}")` says all, also what is as on AWS.'
        return Note("Differs from AWS.", ("", *lines, more), "old")

    def cost(self) -> Bill:
        """What the calls made so far would have cost on AWS."""
        self._assert_open("lab.cost")
        from labkit import runtime
        from labkit.sandbox.cost import cost

        calls = self._sandbox.calls.since(0)
        return cost(calls, now=self.clock.now, invocations=runtime.billed())

    def __repr__(self) -> str:
        if self._closed_by:
            return f"Lab {self.slug}: closed ({self._closed_by})."
        now = f"{self.clock.now:%Y-%m-%d %H:%M:%S} (virtual)"
        return f"Lab {self.slug} is open: {len(self._desk.exercises)} exercises, {now}."

    def _assert_open(self, what: str) -> None:
        if self._closed_by:
            raise ClosedLab(
                f"{what}: this lab is closed, since {self._closed_by}.",
                "A closed lab's resources are gone.",
                f'Open a fresh one: lab = labkit.start("{self.slug}").',
            )


def _whole_ledger(service: str, rows: tuple[Row, ...]) -> Note:
    if not rows:
        raise UsageError(
            f"There is no ledger for {service!r}.",
            "A service has one when its behaviour was checked against AWS.",
            'For example: lab.ledger("sqs").',
        )
    lines = [f"{row.kind}: {row.behaviour} On AWS: {row.aws}" for row in rows]
    return Note(f"The ledger of {service}, {len(rows)} lines.", ("", *lines), "old")
