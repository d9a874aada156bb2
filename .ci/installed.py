"""What an installed Tokenscope has to do on every system: compute in a program, and start from any folder and answer."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request

PORT, WAIT_SECONDS = 8599, 300
PROGRAM = """
from tokenscope import SamplingSettings, open_model

model = open_model("bundled/storyteller")
best = model.next_token("Once upon a", SamplingSettings())
print([model.piece(i) for i in best.ids[:3]], best.p_model[:3])
assert abs(best.p_model.sum() - 1) < 1e-4
"""


def wait_for_home() -> None:
    """Until the page is answered with 200. Raises TimeoutError."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=5) as answer:
                print("home:", answer.status)
                return
        except OSError:
            time.sleep(1)
    raise TimeoutError("the server did not answer")


def main() -> None:
    """Try both in an empty folder; an exception is the failure."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        subprocess.run([sys.executable, "-c", PROGRAM], cwd=folder, check=True)
        server = subprocess.Popen(
            ["tokenscope", "--no-browser", "--address", "127.0.0.1", "--port", str(PORT)], cwd=folder
        )
        try:
            wait_for_home()
        finally:
            server.terminate()
            server.wait(timeout=60)


if __name__ == "__main__":
    main()
