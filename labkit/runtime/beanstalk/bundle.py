"""A source bundle: the files that a version consists of.

https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/applications-sourcebundle.html
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import UsageError
from labkit.runtime.beanstalk.configuration import Configuration, read

FOLDER, ENDING = ".ebextensions/", ".config"
APPLICATION = "application.py"

Given = Mapping[str, str] | bytes | Path


@dataclass(frozen=True, repr=False)
class Bundle:
    """The files of a source bundle by their paths in the archive."""

    files: Mapping[str, bytes]

    @property
    def configuration(self) -> Configuration:
        """What the configuration files at the top say, in the alphabetical order of their names."""
        texts = {
            path: data.decode("utf-8", "replace")
            for path, data in sorted(self.files.items())
            if path.startswith(FOLDER) and path.endswith(ENDING) and path.count("/") == 1
        }
        return read(texts)

    @property
    def unread(self) -> list[str]:
        """What looks like a configuration file, and is none: in the wrong place or so named."""
        looks = [path for path in sorted(self.files) if FOLDER in path or path.endswith(ENDING)]
        taken = {f"{FOLDER}{path.rsplit('/', 1)[-1]}" for path in looks if path.endswith(ENDING)}
        return [path for path in looks if path not in taken]

    def __repr__(self) -> str:
        count = len(self.files)
        return f"{count} file{'' if count == 1 else 's'}: {', '.join(sorted(self.files))}"


def open_bundle(given: Given) -> Bundle:
    """The bundle in a ZIP file's bytes or path, a folder, or a dictionary from path to text.

    Raises UsageError for what is none of these, or holds nothing.
    """
    if isinstance(given, Mapping):
        files = {str(path): str(text).encode() for path, text in given.items()}
    elif isinstance(given, bytes):
        files = _unzipped(given)
    elif isinstance(given, Path) and given.is_dir():
        files = {
            found.relative_to(given).as_posix(): found.read_bytes()
            for found in sorted(given.rglob("*"))
            if found.is_file()
        }
    elif isinstance(given, Path) and given.is_file():
        files = _unzipped(given.read_bytes())
    else:
        raise UsageError(
            f"bundle is {given!r}.",
            "A source bundle is the bytes or the Path of a ZIP file, the Path of a folder, or a "
            "dictionary from path to text.",
            'For example: {"application.py": code}.',
        )
    if not files:
        raise UsageError("The bundle holds no file.", "A version needs its application.")
    return Bundle(files)


def _unzipped(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {
                entry.filename: archive.read(entry)
                for entry in archive.infolist()
                if not entry.is_dir()
            }
    except zipfile.BadZipFile as error:
        raise UsageError(
            f"The bundle is no ZIP file: {error}.", "Elastic Beanstalk takes a ZIP or WAR file."
        ) from error
