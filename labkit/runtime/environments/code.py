"""Deployment packages and layers, unpacked where a function's process finds them."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

from labkit.runtime.environments.spec import Spec

# Where the parts of a function lie on AWS. What it prints and returns names them so.
TASK, LAYERS, TMP = "/var/task", "/opt", "/tmp"
LIBRARY, RUNTIME = "/var/lang/lib", "/var/runtime"
_LABKIT = Path(__file__).parents[2]


class Shelf:
    """Unpacked packages, each once, until `close`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="labkit-lambda-")).resolve()

    def task(self, spec: Spec) -> Path:
        """The folder of a version's code: `/var/task`."""
        return self._unpacked("task", (spec.code,))

    def layers(self, spec: Spec) -> Path:
        """The folder of its layers, later ones over earlier ones: `/opt`."""
        return self._unpacked("opt", spec.layers)

    def scratch(self) -> Path:
        """A new folder of an environment's own: `/tmp`."""
        return Path(tempfile.mkdtemp(prefix="tmp-", dir=self.folder))

    def close(self) -> None:
        """Throw everything away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _unpacked(self, kind: str, packages: tuple[bytes, ...]) -> Path:
        digest = hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in packages))
        folder = self.folder / f"{kind}-{digest.hexdigest()[:16]}"
        if not folder.exists():
            folder.mkdir()
            for package in packages:
                with zipfile.ZipFile(io.BytesIO(package)) as zipped:
                    zipped.extractall(folder)
        return folder


def import_path(task: Path, layers: Path) -> list[str]:
    """Where a function's own modules are looked for, in Lambda's order."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    inside = ("python", f"python/lib/{version}/site-packages")
    return [str(task), *(str(layers / part) for part in inside)]


def packages() -> list[str]:
    """Where the libraries lie that Lambda brings, boto3 among them."""
    paths = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    return list(dict.fromkeys(paths))


def as_on_aws(text: str, task: Path, layers: Path, scratch: Path) -> str:
    """`text` with the places of this machine called what they are called on AWS."""
    library = os.path.dirname(os.__file__)
    for here, there in (
        (str(task), TASK),
        (str(layers), LAYERS),
        (str(scratch), TMP),
        *((package, RUNTIME) for package in packages()),
        (str(_LABKIT), f"{RUNTIME}/labkit"),
        (library, f"{LIBRARY}/{os.path.basename(library)}"),
    ):
        text = text.replace(here, there)
    return text
