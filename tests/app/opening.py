"""Open a screen in Streamlit's own test harness, without a browser and without torch in this module."""

from functools import cache
from pathlib import Path

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages.common.page_map import BY_KEY

APP = Path(__file__).parents[2] / "app.py"
TIMEOUT_SECONDS = 240  # ends a run that hangs; the first of a process imports torch, and the machine may be busy

# Each `AppTest` reads the metadata of every installed package in search of components: half the time of a short test.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def open_screen(key: str = "home", **parameters: object) -> AppTest:
    """The screen after its first run, as somebody sees it who comes by a link with these parameters."""
    at = AppTest.from_file(str(APP), default_timeout=TIMEOUT_SECONDS)
    for name, value in parameters.items():
        at.query_params[name] = str(value)
    if key != "home":
        at.switch_page(BY_KEY[key].file)
    return at.run()
