"""Find a Chromium for the browser tests, or install Debian's, or say what to do. Never skips in silence."""

import os
import shutil
import subprocess
import sys

# The headless shell is the same engine without a browser's windows: a screen opens in three quarters of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium-headless-shell", "chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """The path of a browser: $CHROMIUM if set, else the first known name on the PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """Install one of Debian's packages where this user may."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], check=False, env=environment)
    for package in PACKAGES:
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
        if subprocess.run(command, check=False, env=environment).returncode == 0:
            return


def main() -> int:
    """Exit code 0 when a browser is there in the end."""
    if find() is None:
        install()
    path = find()
    if path is None:
        print(
            "The browser tests need Chromium. Install it (Debian, Ubuntu: sudo apt-get install chromium) "
            "or set CHROMIUM to the path of a Chromium or Chrome, then run `make test` again.",
            file=sys.stderr,
        )
        return 1
    print(f"Browser for the tests: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
