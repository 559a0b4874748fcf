"""Find what keeps the book from working on this machine, and say what to do for each.

It needs nothing but Python, any since 3.8, so it also answers before anything is installed:
`python3 labkit/cli/doctor.py`. Hence nothing of labkit is imported at the top.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST_PYTHON = (3, 11)
CLONE = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^(?P<name>[\w.-]+)(\[[^]]*])?==(?P<version>[^\s;]+)\s*(?P<marker>;.*)?$")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, what was found, what to do about it.

    `needed` is False where the book and its labs work all the same.
    """

    ok: bool
    what: str
    do: str = ""
    needed: bool = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the port that the book is to be served at."""
    parser.add_argument(
        "--port", type=int, default=8000, help="the port for `make serve`, 8000 by default"
    )


def run(args: argparse.Namespace) -> int:
    """Print every finding; 1 when something that the book needs is not well."""
    findings = list(examine(CLONE, args.port))
    for finding in findings:
        mark = "ok  " if finding.ok else "MEND" if finding.needed else "note"
        print(f"{mark}  {finding.what}")
        if finding.do:
            print(f"      do: {finding.do}")
    to_mend = sum(finding.needed and not finding.ok for finding in findings)
    print(f"\n{to_mend} to mend." if to_mend else "\nAll that the book needs is here.")
    return 1 if to_mend else 0


def examine(clone: Path, port: int) -> Iterator[Finding]:
    """Every probe, in the order in which a newcomer would run into what it finds."""
    yield python_version(sys.version_info[:3])
    yield venv_module()
    yield packages(clone / "requirements.txt", installed(site_packages(clone)))
    yield writable(clone / "_build", "the built book")
    yield writable(clone / "my-labs", "your copies of the labs")
    data = user_data()
    if data is not None:
        yield writable(data, "your progress")
    yield free_port(port)
    yield runtime_client(installed(site_packages(clone)))
    yield chromium(browser())


def python_version(version: Sequence[int]) -> Finding:
    """The running Python is one that labkit runs on."""
    found, oldest = (".".join(map(str, parts)) for parts in (version, OLDEST_PYTHON))
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return Finding(True, f"Python {found}.")
    return Finding(
        False,
        f"Python {found} is too old: the labs need {oldest} or newer.",
        "Install a newer one beside it and name it: make book PYTHON=python3.13",
    )


def venv_module(has: Callable[[str], object] = importlib.util.find_spec) -> Finding:
    """Python can make a virtual environment; Debian ships that part on its own."""
    missing = [name for name in ("venv", "ensurepip") if has(name) is None]
    if not missing:
        return Finding(True, "Python can make a virtual environment.")
    return Finding(
        False,
        f"Python cannot make a virtual environment: it lacks {' and '.join(missing)}.",
        "On Debian or Ubuntu: sudo apt install python3-venv",
    )


def packages(lock: Path, found: Mapping[str, str]) -> Finding:
    """What is installed is what requirements.txt pins.

    A line with a marker (`; sys_platform == 'darwin'`) may not be meant for this machine: its
    package may be missing, but not be of another version.
    """
    if not lock.is_file():
        return Finding(
            False,
            "There is no requirements.txt: labkit was not installed from a clone of the book.",
            "Clone the book and run `make book` in it.",
        )
    pinned, marked = _pins(lock)
    missing = sorted(pinned.keys() - found.keys() - marked)
    stale = [
        f"{name} is {found[name]}, not {' or '.join(sorted(versions))}"
        for name, versions in pinned.items()
        if name in found and found[name] not in versions
    ]
    if "labkit" not in found:
        missing.append("labkit")
    if not missing and not stale:
        return Finding(True, f"The {len(pinned)} packages of requirements.txt are installed.")
    if len(missing) > len(pinned) / 2:
        return Finding(
            False,
            "The packages of requirements.txt are not installed.",
            "make book (without make: the commands in README.md)",
        )
    parts = []
    if missing:
        parts.append("Missing: " + _some(missing))
    if stale:
        parts.append("Stale: " + _some(stale))
    python = r".venv\Scripts\python" if os.name == "nt" else ".venv/bin/python"
    return Finding(
        False,
        " ".join(parts),
        f"{python} -m pip install -r requirements.txt, then "
        f"{python} -m pip install --no-deps --editable .",
    )


def writable(folder: Path, purpose: str) -> Finding:
    """A file can be made in the folder, or in the nearest one above it that exists."""
    there = next(path for path in (folder, *folder.parents) if os.path.exists(path))
    try:
        with tempfile.TemporaryFile(dir=there):
            return Finding(True, f"{folder} can be written: {purpose}.")
    except OSError as error:
        reason = error.strerror or "it refuses new files"
    if there.is_dir():
        do = f"Make it yours, or take the clone to a folder that is: {there}"
    else:
        do = f"A file stands where a folder is needed, move it away: {there}"
    return Finding(False, f"{folder} cannot be written ({reason}): {purpose}.", do)


def free_port(port: int) -> Finding:
    """`make serve` can have its port on 127.0.0.1."""
    reason = _refused(port)
    if reason is None:
        return Finding(True, f"Port {port} is free for `make serve`.")
    above = range(port + 1, min(port + 100, 65536))
    other = next((other for other in above if _refused(other) is None), 8000)
    return Finding(
        False, f"Port {port} cannot be had: {reason}.", f"make serve PORT={other}", needed=False
    )


def runtime_client(found: Mapping[str, str]) -> Finding:
    """Lambda functions run under AWS's own runtime client, or under labkit's where it has none."""
    version = found.get("awslambdaric")
    if version:
        return Finding(True, f"Lambda functions run under AWS's runtime client {version}.")
    return Finding(
        True,
        "Lambda functions run under labkit's runtime client: AWS's is made for Linux only, and is "
        "not installed here. The payloads are the same.",
    )


def chromium(path: str | None) -> Finding:
    """There is a Chromium for the browser tests; a reader needs none."""
    if path:
        return Finding(True, f"Chromium for the browser tests: {path}.")
    return Finding(
        False,
        "No Chromium: `make test` skips the browser tests.",
        "sudo apt install chromium, or .venv/bin/playwright install chromium",
        needed=False,
    )


def site_packages(clone: Path) -> Path | None:
    """Where the clone's virtual environment keeps its packages; None for the running Python's."""
    if sys.prefix != sys.base_prefix:
        return None
    venv = clone / ".venv"
    places = [*venv.glob("lib/python*/site-packages"), *venv.glob("Lib/site-packages")]
    return places[0] if places else None


def installed(folder: Path | None) -> dict[str, str]:
    """The version of every package there, by its normalised name."""
    from importlib.metadata import distributions

    where = sys.path if folder is None else [str(folder)]
    found = {}
    for dist in distributions(path=where):
        # While pip is at work, or after it was interrupted, a package may lack its metadata.
        with contextlib.suppress(Exception):
            if dist.metadata["Name"]:
                found[_key(dist.metadata["Name"])] = dist.version
    return found


def user_data() -> Path | None:
    """Where labkit keeps the reader's progress; None while it cannot say."""
    try:
        from labkit.exercises.progress import folder

        return folder()
    except (ImportError, SyntaxError):
        return None


def browser(home: Path | None = None) -> str | None:
    """A Chromium on the path, or one that Playwright brought."""
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    home = home or Path.home()
    caches = [
        Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or home / ".cache/ms-playwright"),
        home / "Library/Caches/ms-playwright",
        home / "AppData/Local/ms-playwright",
    ]
    own = [path for cache in caches for path in sorted(cache.glob("chromium-*"))]
    return str(own[-1]) if own else None


def _pins(lock: Path) -> tuple[dict[str, set[str]], set[str]]:
    """The versions that the lock allows of each package; which of them have a marker."""
    pinned: dict[str, set[str]] = {}
    marked = set()
    for line in lock.read_text("utf-8").splitlines():
        pin = PINNED.match(line)
        if pin:
            pinned.setdefault(_key(pin["name"]), set()).add(pin["version"])
            if pin["marker"]:
                marked.add(_key(pin["name"]))
    return pinned, marked


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _some(things: list[str]) -> str:
    shown = ", ".join(things[:3])
    return f"{shown} and {len(things) - 3} more." if len(things) > 3 else f"{shown}."


def _refused(port: int) -> str | None:
    """Why the port cannot be had, or None."""
    with socket.socket() as probe:
        if os.name != "nt":  # there this would take the port from its owner
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror or str(error)
        except OverflowError:
            return "a port is 1 to 65535"
    return None


if __name__ == "__main__":
    script = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_arguments(script)
    sys.exit(run(script.parse_args()))
