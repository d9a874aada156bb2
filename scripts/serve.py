"""Start the app: `python -m scripts.serve [options of streamlit run]`, which is what the command `tokenscope` calls.

The same as `streamlit run app.py`, but settings are checked first and the process prepares itself while the browser fetches the page.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from streamlit.web import cli

from scripts import preparing

ASGI = Path(__file__).parents[1] / "asgi.py"


def check_settings(options: Sequence[str]) -> None:
    """Stop with a message that says what to do, if the settings are wrong or this machine cannot follow them."""
    from pages.common.server_settings import SettingsError
    from scripts.start_check import check_start, exposed

    try:
        warning = exposed(check_start(), list(options))
    except SettingsError as error:
        sys.exit(str(error))
    if warning:
        print(warning, file=sys.stderr)


def main(options: Sequence[str] | None = None) -> None:
    """Check, prepare in the background and hand over to Streamlit. `options` are those of `streamlit run`; None: of the command line."""
    options = sys.argv[1:] if options is None else options
    check_settings(options)
    preparing.begin()
    sys.argv = ["streamlit", "run", str(ASGI), *options]
    try:
        cli.main(standalone_mode=False)
    except click.Abort:  # Ctrl+C
        sys.exit()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except OSError as error:
        sys.exit(
            f"The server cannot listen there ({error}). Give an address of this machine, or 0.0.0.0 for all of them."
        )


if __name__ == "__main__":
    main()
