"""A proof finds its question's answer by running it: in the sandbox, or on a model.

It is what a learner could type in a lab, and it prints the id of the right option (one a line
where several are right), or the number. Nothing else counts as its answer.
"""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

from labkit.errors import BrokenLab
from labkit.fidelity.authorisation.identities import Identities
from labkit.questions import Question

if TYPE_CHECKING:
    from labkit.fidelity.instance_metadata import InstanceMetadata
    from labkit.runtime.aws_cli.runner import AwsCli
    from labkit.sandbox import Sandbox


class ProofLab(Identities):
    """What a proof holds as `lab`: clock, faults, models, and who calls with which rights."""

    def __init__(self, sandbox: Sandbox) -> None:
        from labkit.fidelity.dynamodb import settings
        from labkit.fidelity.faults import switchboard
        from labkit.runtime import beanstalk

        self._sandbox = sandbox
        self.beanstalk = beanstalk.of(sandbox)
        self.clock = sandbox.clock
        self.dynamodb = settings.current()
        self.faults = switchboard(sandbox)

    @property
    def aws(self) -> AwsCli:
        """The `aws` command."""
        from labkit.runtime import aws_cli

        return aws_cli.of(self._sandbox)

    def metadata(self, instance_id: str) -> InstanceMetadata:
        """The metadata service of a running instance."""
        from labkit.fidelity import instance_metadata

        return instance_metadata.of_running(instance_id)

    def _assert_open(self, what: str) -> None:
        """A proof's sandbox is open as long as the proof runs."""


def run(question: Question) -> tuple[str, ...]:
    """The lines that the question's proof prints in a fresh sandbox, where `lab` is a `ProofLab`.

    Raises: BrokenLab when the proof itself fails.
    """
    from labkit.runtime import open_sandbox  # loads boto3 and moto

    sandbox = open_sandbox(question.id)
    printed = io.StringIO()
    names = {"__name__": "proof", "lab": ProofLab(sandbox)}
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(question.proof, f"<proof of {question.id}>", "exec"), names)
    except Exception as error:
        raise BrokenLab(
            f"The proof of {question.id} fails with {type(error).__name__}: {error}",
            next_step="Run it in a lab, and mend it or the sandbox.",
        ) from error
    finally:
        sandbox.close()
    return tuple(line.strip() for line in printed.getvalue().splitlines() if line.strip())


def shown(question: Question) -> str:
    """The proof as a reader can run it."""
    return f'import labkit\nlab = labkit.start("{question.slug}")\n{question.proof.strip()}'


def agrees(question: Question, printed: tuple[str, ...]) -> bool:
    """Whether what a proof printed is the key of the question."""
    if question.kind != "number":
        return sorted(printed) == sorted(question.key)
    try:
        return len(printed) == 1 and question.accepts(float(printed[0]))
    except ValueError:
        return False


def refuted(question: Question) -> str:
    """Why the proof does not show the question's key, or an empty string when it does."""
    printed = run(question)
    if agrees(question, printed):
        return ""
    key = f"{question.answer:g}" if question.answer is not None else ", ".join(question.key)
    return f"{question.id}: the key is {key}, the proof printed {', '.join(printed) or 'nothing'}."
