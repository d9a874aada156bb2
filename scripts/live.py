"""A running app and a page that has drawn itself: what the browser tests and the screenshots share."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_SECONDS = 180  # on a machine that is busy with other things too
QUIET_MS = 300
# Streamlit calls a script ended before the browser has drawn what it said, and a component may ask for another run at once:
# so the page counts as still when for QUIET_MS nothing was drawn and nothing is about to be.
STILL = """(quiet) => {
  const page = window.__stillness ??= (() => {
    const watch = { since: performance.now() }
    new MutationObserver(() => { watch.since = performance.now() }).observe(document.body, { subtree: true, childList: true, characterData: true })
    return watch
  })()
  const idle = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
  if (!idle || document.querySelector("[data-testid=stSkeleton], [data-stale=true]")) page.since = performance.now()
  return performance.now() - page.since >= quiet
}"""


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_app(*program: str, **environment: str) -> Iterator[str]:
    """Start the app on a free port, give its address, stop it in the end; `program` is a module and its arguments, if it is
    not scripts.serve. Raises RuntimeError if it does not start."""
    with running_process(*program, **environment) as (address, _):
        yield address


@contextmanager
def running_process(*program: str, **environment: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """The same, with the process."""
    command = [sys.executable, "-m", *(program or ("scripts.serve",)), "--server.address", "127.0.0.1", "--server.port"]
    environment = os.environ | {"HF_HUB_OFFLINE": "1"} | environment
    with running_command(command, cwd=ROOT, env=environment) as running:
        yield running


@contextmanager
def running_command(command: Sequence[str], **settings) -> Iterator[tuple[str, subprocess.Popen]]:
    """The same for any command that takes its port as last argument; `settings` are those of Popen."""
    port = free_port()
    process = subprocess.Popen([*command, str(port)], **settings)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(address, process)
        yield address, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_healthy(address: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("the app did not start")


def settle(page) -> None:
    """Wait until the frame is there, the screen's script has run to its end and the browser has drawn what it said."""
    page.wait_for_selector(".ts-brand")
    page.wait_for_function(STILL, arg=QUIET_MS)
