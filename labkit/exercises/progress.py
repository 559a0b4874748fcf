"""What a learner has passed and answered is kept in one JSON file on their machine, nowhere else.

The file lies in the user's data folder (platformdirs), or in the folder that the environment
variable LABKIT_DATA_DIR names. It is written whole and then moved into place, so a crash leaves
the old or the new one, never half of one. A file that makes no sense is kept aside under a
numbered name; one that is not ours to replace is left alone. Where nothing can be written, all
counts until the kernel ends, and one line says so.

    {"version": 1, "labs": {"sqs": {
        "passed": ["long-polling"],
        "answers": {"sqs-predict-empty-poll": {"chosen": ["b"], "tries": 1, "state": "right"}}
    }}}
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

VERSION = 1
FOLDER_VARIABLE = "LABKIT_DATA_DIR"
FILE_NAME = "progress.json"


@dataclass(frozen=True)
class Kept:
    """What is kept of one lab: passed exercises in the order of passing, answers by question."""

    passed: tuple[str, ...] = ()
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def and_then(self, later: Kept) -> Kept:
        """Both together; a question answered twice has its later answer."""
        passed = dict.fromkeys([*self.passed, *later.passed])
        return Kept(tuple(passed), {**self.answers, **later.answers})


Labs: TypeAlias = dict[str, Kept]  # by slug


def folder() -> Path:
    """Where progress is kept; it need not exist yet."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("labkit", appauthor=False))


class Progress:
    """The progress of one learner: the file's, and what the file could not take."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or folder() / FILE_NAME
        self._unsaved: Labs = {}
        self._warned = False

    def passed(self, slug: str) -> tuple[str, ...]:
        """The ids of the exercises of `slug` that were passed, in the order of passing."""
        return self._of(slug).passed

    def answers(self, slug: str) -> dict[str, dict[str, Any]]:
        """The last answer to each question of `slug`, in the form that `answer` was given."""
        return self._of(slug).answers

    def record(self, slug: str, id: str) -> None:
        """The exercise counts as passed from now on; once is enough."""
        if id not in self.passed(slug):
            self._keep(slug, Kept(passed=(id,)))

    def answer(self, slug: str, id: str, given: dict[str, Any]) -> None:
        """This is the answer to the question from now on; `given` must be JSON."""
        if self.answers(slug).get(id) != given:
            self._keep(slug, Kept(answers={id: given}))

    def _of(self, slug: str) -> Kept:
        saved, _ = self._read()
        return saved.get(slug, Kept()).and_then(self._unsaved.get(slug, Kept()))

    def _keep(self, slug: str, news: Kept) -> None:
        self._unsaved[slug] = self._unsaved.get(slug, Kept()).and_then(news)
        saved, replaceable = self._read()
        if not replaceable:
            return
        for one in self._unsaved:
            saved[one] = saved.get(one, Kept()).and_then(self._unsaved[one])
        try:
            self._write(saved)
        except OSError as error:
            self._warn(f"cannot be written ({error.strerror or error})")
        else:
            self._unsaved.clear()

    def _read(self) -> tuple[Labs, bool]:
        """What the file says, and whether it may be replaced without loss."""
        try:
            tree = json.loads(self.path.read_bytes())
            labs = {
                str(slug): Kept(tuple(map(str, lab["passed"])), dict(lab.get("answers", {})))
                for slug, lab in tree["labs"].items()
            }
            newer = tree["version"] > VERSION
        except FileNotFoundError:
            return {}, True
        except OSError as error:
            self._warn(f"cannot be read ({error.strerror or error})")
            return {}, False
        except (ValueError, TypeError, KeyError, AttributeError):
            return {}, self._keep_aside()
        if newer:
            self._warn("was written by a newer labkit and is left as it is")
        return labs, not newer

    def _write(self, labs: Labs) -> None:
        tree = {"version": VERSION, "labs": {slug: asdict(labs[slug]) for slug in sorted(labs)}}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".progress-", suffix=".json")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(tree, file, indent=1)
                file.write("\n")
            os.replace(name, self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _keep_aside(self) -> bool:
        """Whether the file that makes no sense could be moved out of the way."""
        number = 1
        while (aside := self.path.with_name(f"progress.unreadable-{number}.json")).exists():
            number += 1
        try:
            self.path.rename(aside)
        except OSError:
            self._warn("makes no sense and cannot be moved aside")
            return False
        self._warn(f"made no sense; it is kept as {aside.name}", "Progress starts anew.")
        return True

    def _warn(self, what: str, so: str = "Progress counts until this kernel ends.") -> None:
        """One line, once: a learner should know, and not be nagged."""
        if not self._warned:
            self._warned = True
            print(f"labkit: {self.path} {what}. {so}", file=sys.stderr)
