"""Start the app: `python -m scripts.serve [options of streamlit run]`.

The same as `streamlit run app.py`, but PyTorch, transformers and what the screens consist of are imported before anybody can
come, since two threads that import transformers at once see half of it; and the bundled model is opened in the background while the browser fetches the page.
"""

import gc
import importlib
import pkgutil
import sys
import threading
from pathlib import Path

from streamlit.web import cli

import pages

APP = Path(__file__).parents[1] / "app.py"


def check_settings() -> None:
    """Stop with a message that says what to do, if the settings are wrong or this machine cannot follow them."""
    from pages.common.server_settings import SettingsError
    from pages.common.start_check import check_start, exposed

    try:
        warning = exposed(check_start(), sys.argv[1:])
    except SettingsError as error:
        sys.exit(str(error))
    if warning:
        print(warning, file=sys.stderr)


def import_backend() -> None:
    """Everything that the screens import, once, in one thread."""
    for name in (
        "model_backend.loading",
        "model_backend.beam",
        "model_backend.path_reading",
        "pandas",
        "plotly.graph_objects",
    ):
        importlib.import_module(name)
    for module in pkgutil.walk_packages(pages.__path__, "pages."):
        if module.name.count(".") > 1:  # what a screen consists of; the screen itself runs for a visitor
            importlib.import_module(module.name)


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
    check_settings()
    import_backend()
    threading.Thread(target=warm_up, daemon=True).start()
    sys.argv = ["streamlit", "run", str(APP), *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    main()
