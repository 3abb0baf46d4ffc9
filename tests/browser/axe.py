"""axe-core on a page: what it finds, in words that say where to look."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (1280, 390)
THROUGHOUT = "fi"


def violations(page: Page) -> list[str]:
    """Every violation on the page as it is now, one line an element."""
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {' '.join(str(part) for part in node['target'])}: {violation['help']}"
        for violation in found
        for node in violation["nodes"]
    ]


def violations_at_all_widths(page: Page) -> list[str]:
    """Violations on a wide and a narrow screen, and content that runs out of the page.

    Languages differ in their words only: all but one are looked through on the narrow screen alone.
    """
    lines = []
    language = page.evaluate("document.documentElement.lang")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if language == THROUGHOUT or width == min(WIDTHS):
            lines += [f"{width} px: {line}" for line in violations(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            lines.append(f"{width} px: the page is {wide} px wide")
    return lines
