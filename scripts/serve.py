"""Start the app: `python -m scripts.serve [options of streamlit run]`.

The same as `streamlit run app.py`, but PyTorch and transformers, which take several seconds to import, are imported in the
background while the server comes up and the browser fetches the page.
"""

import sys
import threading
from importlib import import_module
from pathlib import Path

from streamlit.web import cli

APP = Path(__file__).parents[1] / "app.py"


def main() -> None:
    """Import the backend in the background and hand over to Streamlit."""
    threading.Thread(target=import_module, args=("model_backend.loading",), daemon=True).start()
    sys.argv = ["streamlit", "run", str(APP), *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    main()
