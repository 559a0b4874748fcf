"""`/tmp` of a function is a folder of its environment's own, whatever machine this is."""

from __future__ import annotations

import builtins
import io
import os
import tempfile
from collections.abc import Callable
from typing import Any

_TMP = "/tmp"
_ONE_PATH = (
    "open stat lstat listdir scandir mkdir rmdir remove unlink chmod access utime truncate readlink"
)
_TWO_PATHS = "rename replace link symlink"


def install(folder: str, known: tuple[str, ...] = ()) -> None:
    """Lead what names `/tmp` in Python's own file functions to `folder`; for good.

    What begins with one of `known` stays: libraries may lie under the real `/tmp`.
    """
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    stays = (os.path.dirname(folder), *known)  # the first holds the function's code too

    def led(path: Any) -> Any:
        try:
            text = os.fspath(path)
        except TypeError:
            return path  # a file descriptor
        if not isinstance(text, str) or not (text == _TMP or text.startswith(_TMP + "/")):
            return path
        return path if text.startswith(stays) else folder + text[len(_TMP) :]

    def leading(function: Callable[..., Any], paths: int) -> Callable[..., Any]:
        def lead(*args: Any, **kwargs: Any) -> Any:
            return function(*map(led, args[:paths]), *args[paths:], **kwargs)

        return lead

    for names, paths in ((_ONE_PATH, 1), (_TWO_PATHS, 2)):
        for name in names.split():
            if hasattr(os, name):
                setattr(os, name, leading(getattr(os, name), paths))
    builtins.open = io.open = leading(builtins.open, 1)
    os.chdir = leading(os.chdir, 1)
