"""A book of a page or two, built by the real Sphinx with the real extension."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

EXTENSIONS = ["jupyter_book", "myst_nb", "sphinx_external_toc", "labkit.book"]


@dataclass(frozen=True)
class TinyBook:
    """What came of a build: pages by their document name, and what Sphinx complained about."""

    html: Path
    warnings: str

    def page(self, name: str = "chapters/index") -> str:
        """The article of a page, without the frame round it."""
        text = (self.html / f"{name}.html").read_text(encoding="utf-8")
        return text.partition("<article>")[2].partition("</article>")[0]

    def text(self, name: str = "chapters/index") -> str:
        """The words of a page's article."""
        return re.sub(r"<[^>]+>", "", self.page(name))

    def whole(self, name: str = "chapters/index") -> str:
        """A page from its doctype to its end."""
        return (self.html / f"{name}.html").read_text(encoding="utf-8")


Build = Callable[..., TinyBook]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Builds a book of a front page and of other files, named by their paths."""

    def make(text: str = "# Shop\n", **files: str) -> TinyBook:
        pages = {"chapters/index.md": text}
        pages |= files
        for name, body in pages.items():
            path = tmp_path / "src" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        others = [name for name in pages if re.search(r"\.(md|ipynb)$", name)][1:]
        toc = {"format": "jb-book", "root": "chapters/index"}
        if others:
            chapters = [{"file": re.sub(r"\.\w+$", "", name)} for name in others]
            toc["parts"] = [{"caption": "Part", "chapters": chapters}]  # type: ignore[assignment]
        (tmp_path / "src" / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
        return run(tmp_path)

    return make


def run(folder: Path) -> TinyBook:
    """Build the book in `folder`/src."""
    warnings = io.StringIO()
    overrides = {
        "extensions": EXTENSIONS,
        "html_theme": "labkit",
        "html_title": "Tiny",
        "html_use_index": False,
        "external_toc_exclude_missing": True,
        "nb_execution_mode": "off",
        "myst_enable_extensions": ["colon_fence", "attrs_inline"],
    }
    source, out = str(folder / "src"), str(folder / "out")
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source, None, out, str(folder / "doctrees"), "html", overrides,
            status=None, warning=warnings, freshenv=True,
        )  # fmt: skip
        app.build()
    return TinyBook(Path(out), re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue()))
