"""Wait until the server answers, say where the page is, and open it in a browser if there is one."""

import contextlib
import sys
import time
import urllib.error
import urllib.request
import webbrowser

WAIT_SECONDS = 60


def main(port: str) -> None:
    """Poll the health address of the server on `port`, then open the page."""
    address = f"http://localhost:{port}"
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    else:
        print(f"The server did not answer on {address}; look at the messages above.", file=sys.stderr)
        return
    print(f"\n  Tokenscope is open at {address}\n", flush=True)
    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(address)


if __name__ == "__main__":
    main(sys.argv[1])
