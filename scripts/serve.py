"""Start the app: `python -m scripts.serve [options of streamlit run]`.

The same as `streamlit run app.py`, but PyTorch and transformers are imported before anybody can come, since two threads that
import transformers at once see half of it; and the bundled model is opened in the background while the browser fetches the page.
"""

import gc
import importlib
import sys
import threading
from pathlib import Path

from streamlit.web import cli

APP = Path(__file__).parents[1] / "app.py"


def import_backend() -> None:
    """Everything that the screens import, once, in one thread."""
    for name in (
        "model_backend.loading",
        "model_backend.beam",
        "model_backend.path_reading",
        "pages.common.cached_views",
    ):
        importlib.import_module(name)


def warm_up() -> None:
    """Open the default model and read the default prompt: what the first visitor will ask for."""
    from pages.common import cached, state

    try:
        cached.warm_up(state.FIELDS["model"].default, state.FIELDS["prompt"].default)
    finally:
        gc.freeze()  # what was imported stays: the collector need not look at it again
        gc.enable()


def main() -> None:
    """Import, warm up in the background and hand over to Streamlit."""
    gc.disable()  # an import frees nothing, and looking for garbage meanwhile costs a second
    import_backend()
    threading.Thread(target=warm_up, daemon=True).start()
    sys.argv = ["streamlit", "run", str(APP), *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    main()
