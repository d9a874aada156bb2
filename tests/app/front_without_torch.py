"""Draws every screen in a process in which importing torch raises: `python -m tests.app.front_without_torch MODEL …`.

Prints, as JSON, a list of [model, screen, what went wrong, the sentences of the cards]. The models are where the setting
`backend` says.
"""

import json
import re
import sys
from importlib.abc import MetaPathFinder

FORBIDDEN = {"torch", "transformers"}


class NoTorch(MetaPathFinder):
    """Whoever imports torch here is found out."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in FORBIDDEN:
            raise ImportError(f"the front imports {name}")
        return None


def draw(model: str, key: str) -> list:
    """One screen of one model."""
    from tests.app.opening import open_screen

    at = open_screen(key, model=model)
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
