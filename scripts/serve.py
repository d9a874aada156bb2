"""Start the app: `python -m scripts.serve [options of streamlit run]`.

The same as `streamlit run app.py`, but settings are checked first and the process prepares itself while the browser fetches the page.
"""

import sys
from pathlib import Path

from streamlit.web import cli

from scripts import preparing

ASGI = Path(__file__).with_name("asgi.py")


def check_settings() -> None:
    """Stop with a message that says what to do, if the settings are wrong or this machine cannot follow them."""
    from pages.common.server_settings import SettingsError
    from scripts.start_check import check_start, exposed

    try:
        warning = exposed(check_start(), sys.argv[1:])
    except SettingsError as error:
        sys.exit(str(error))
    if warning:
        print(warning, file=sys.stderr)


def main() -> None:
    """Check, prepare in the background and hand over to Streamlit."""
    check_settings()
    preparing.begin()
    sys.argv = ["streamlit", "run", str(ASGI), *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    main()
