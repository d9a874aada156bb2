"""Wait until the server answers, say where the page is, and open it in a browser if there is one."""

import contextlib
import os
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser

WAIT_SECONDS = 60
EVERYWHERE = ("0.0.0.0", "::", "")  # addresses to listen on that no browser can open


def begin(address: str, port: int) -> None:
    """Do so in the background of the process that becomes the server."""
    threading.Thread(target=_open, args=(page_of(address, port),), daemon=True).start()


def page_of(address: str, port: int) -> str:
    """Where a browser of this machine finds the page of a server that listens on `address`."""
    host = "localhost" if address in EVERYWHERE else f"[{address}]" if ":" in address else address
    path = os.environ.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
    return f"http://{host}:{port}/{path}".rstrip("/")


def _open(page: str) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{page}/_stcore/health", timeout=1):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    else:
        print(f"The server did not answer on {page}; look at the messages above.", file=sys.stderr)
        return
    print(f"\n  Tokenscope is open at {page}\n", flush=True)
    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(page)
