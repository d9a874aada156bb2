"""Pictures of every screen for the documentation: `make screenshots`. Light and dark at 1280, and a phone."""

import sys
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

from pages.common.page_map import PAGES
from scripts.chromium import FLAGS, find
from scripts.live import running_app, settle

PROMPT = "The dog's bark was"
LOOKS: tuple[tuple[Literal["light", "dark"], int, int], ...] = (
    ("light", 1280, 800),
    ("dark", 1280, 800),
    ("light", 390, 844),
)
SETTLE_MS = 1_500  # charts draw after the script has ended
TALLEST = 4_000


def whole_height(page) -> int:
    """The height that shows a screen to its end, at most TALLEST pixels."""
    height = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
    return min(int(height) + 20, TALLEST)


def main(folder: Path) -> None:
    """Write <screen>-<theme>-<width>.png for each screen and look."""
    folder.mkdir(parents=True, exist_ok=True)
    with running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for theme, width, height in LOOKS:
            for screen in PAGES:
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
                page = context.new_page()
                page.goto(f"{server}/{screen.url_path}?{urlencode({'prompt': PROMPT})}")
                settle(page)
                page.wait_for_timeout(SETTLE_MS)
                page.set_viewport_size({"width": width, "height": whole_height(page)})
                page.wait_for_timeout(SETTLE_MS)
                page.screenshot(path=folder / f"{screen.key}-{theme}-{width}.png")
                context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
