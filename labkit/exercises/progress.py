"""Which exercises a learner has passed is kept in one JSON file on their machine, and nowhere else.

The file lies in the user's data folder (platformdirs), or in the folder that the environment
variable LABKIT_DATA_DIR names. It is written whole and then moved into place, so a crash leaves
the old or the new one, never half of one. A file that makes no sense is kept aside under a
numbered name; one that is not ours to replace is left alone. Where nothing can be written, passes
count until the kernel ends, and one line says so.

    {"version": 1, "labs": {"sqs": {"passed": ["long-polling"]}}}
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TypeAlias

VERSION = 1
FOLDER_VARIABLE = "LABKIT_DATA_DIR"
FILE_NAME = "progress.json"

Passes: TypeAlias = dict[str, list[str]]  # by slug, the ids in the order of passing


def folder() -> Path:
    """Where progress is kept; it need not exist yet."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("labkit", appauthor=False))


class Progress:
    """The passes of one learner: the file's, and those that it could not take."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or folder() / FILE_NAME
        self._unsaved: Passes = {}
        self._warned = False

    def passed(self, slug: str) -> list[str]:
        """The ids of the exercises of `slug` that were passed, in the order of passing."""
        saved, _ = self._read()
        return _merged(saved, self._unsaved).get(slug, [])

    def record(self, slug: str, id: str) -> None:
        """The exercise counts as passed from now on; once is enough."""
        saved, replaceable = self._read()
        if id in _merged(saved, self._unsaved).get(slug, []):
            return
        self._unsaved.setdefault(slug, []).append(id)
        if not replaceable:
            return
        try:
            self._write(_merged(saved, self._unsaved))
        except OSError as error:
            self._warn(f"cannot be written ({error.strerror or error})")
        else:
            self._unsaved.clear()

    def _read(self) -> tuple[Passes, bool]:
        """What the file says, and whether it may be replaced without loss."""
        try:
            tree = json.loads(self.path.read_bytes())
            passes = {slug: list(map(str, lab["passed"])) for slug, lab in tree["labs"].items()}
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
        return passes, not newer

    def _write(self, passes: Passes) -> None:
        labs = {slug: {"passed": passes[slug]} for slug in sorted(passes)}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".progress-", suffix=".json")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"version": VERSION, "labs": labs}, file, indent=1)
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

    def _warn(self, what: str, so: str = "Passes count until this kernel ends.") -> None:
        """One line, once: a learner should know, and not be nagged."""
        if not self._warned:
            self._warned = True
            print(f"labkit: {self.path} {what}. {so}", file=sys.stderr)


def _merged(first: Passes, second: Passes) -> Passes:
    slugs = dict.fromkeys([*first, *second])
    return {
        slug: list(dict.fromkeys([*first.get(slug, []), *second.get(slug, [])])) for slug in slugs
    }
