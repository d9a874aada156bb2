"""Start the app: `python -m scripts.serve [options of streamlit run]`.

The same as `streamlit run app.py`, but what takes seconds to import (PyTorch and transformers, plotly) is imported in the
background while the server comes up and the browser fetches the page.
"""

import sys
import threading
from importlib import import_module
from pathlib import Path

from streamlit.web import cli

APP = Path(__file__).parents[1] / "app.py"


SLOW_TO_IMPORT = ("model_backend.loading", "plotly.graph_objects")


def import_slow_modules() -> None:
    """Import what the first screen or the next one will want."""
    for name in SLOW_TO_IMPORT:
        import_module(name)


def main() -> None:
    """Import in the background and hand over to Streamlit."""
    threading.Thread(target=import_slow_modules, daemon=True).start()
    sys.argv = ["streamlit", "run", str(APP), *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    main()
