"""Draws every screen in a process in which importing torch raises: `python -m tests.app.front_without_torch MODEL …`.

Prints, as JSON, a list of [model, screen, what went wrong, the sentences of the cards]. The models are where the setting
`backend` says.
"""

import json
import re
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORBIDDEN = {"torch", "transformers"}
TIMEOUT_SECONDS = 120


class NoTorch(MetaPathFinder):
    """Whoever imports torch here is found out."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in FORBIDDEN:
            raise ImportError(f"the front imports {name}")
        return None


def draw(model: str, key: str) -> list:
    """One screen of one model."""
    from streamlit.testing.v1 import AppTest

    from pages.common.page_map import BY_KEY

    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_SECONDS)
    at.query_params["model"] = model
    at.run()
    if key != "home":
        at.switch_page(BY_KEY[key].file).run()
    html = [part.proto.body for part in at.get("html")]
    wrong = [error.message for error in at.exception] + [
        part for part in html if "ts-error" in part and "<style" not in part
    ]
    return [model, key, wrong, [part for part in html if re.search(r'class="ts-answer"', part)]]


if __name__ == "__main__":
    sys.meta_path.insert(0, NoTorch())
    from pages.common.page_map import PAGES

    found = [draw(model, page.key) for model in sys.argv[1:] for page in PAGES]
    assert not FORBIDDEN & set(sys.modules)
    print(json.dumps(found))
