"""The command `tokenscope`: starts the app and opens it in a browser. `make run` calls it too."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tokenscope import TREE, __version__

INTERRUPTED = 130  # as a shell counts a program that Ctrl+C ended


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments (None: those of the command line) and serve until Ctrl+C."""
    try:
        start(parser().parse_args(arguments))
    except KeyboardInterrupt:  # before the server listens; from then on Streamlit ends by itself
        sys.exit(INTERRUPTED)


def parser() -> argparse.ArgumentParser:
    """The options."""
    found = argparse.ArgumentParser(
        prog="tokenscope",
        description="Start Tokenscope, a look inside language models, and open it in a browser. Ctrl+C ends it.",
        epilog=f"A settings file with every line explained: {TREE / 'tokenscope.toml'}",
    )
    found.add_argument("--port", type=port, default=8501, help="the port to listen on (default: %(default)s)")
    found.add_argument(
        "--address",
        default="localhost",
        help="the address to listen on (default: localhost, this machine only; 0.0.0.0: the network)",
    )
    found.add_argument(
        "--settings",
        type=Path,
        metavar="FILE",
        help="the settings file (else tokenscope.toml in this folder or the user's)",
    )
    found.add_argument("--no-browser", action="store_true", help="open no browser")
    found.add_argument("--version", action="version", version=f"Tokenscope {__version__}")
    return found


def port(text: str) -> int:
    """A port out of an argument. Raises ArgumentTypeError."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to 65535")
    return int(text)


def start(given: argparse.Namespace) -> None:
    """Start the app with these options."""
    sys.path.insert(0, str(TREE))  # first: other packages may bring a `pages` or `scripts` of their own
    if given.settings:
        os.environ["TOKENSCOPE_SETTINGS"] = str(given.settings)
    from scripts import open_page, serve

    if not given.no_browser:
        open_page.begin(given.address, given.port)
    serve.main(["--server.port", str(given.port), "--server.address", given.address])


if __name__ == "__main__":
    main()
