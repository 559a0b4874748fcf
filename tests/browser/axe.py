"""What axe, a checker of accessibility, has to say of a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

COLOURS = "color-contrast"  # all that a theme changes


def axe_finds(page: Page, only: str | None = None) -> list[tuple[str, str]]:
    """Each rule that the page breaks, with the first place where it does; or of one rule `only`."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = [only]
    found = Axe().run(page, options=options).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]
