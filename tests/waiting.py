"""Waiting for what other threads do. The bound only ends a test that hangs: no test measures time by it."""

import time
from collections.abc import Callable

HANG_SECONDS = 120.0  # a machine may be busy with other things


def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds; fail where it never does."""
    end = time.monotonic() + HANG_SECONDS
    while not condition() and time.monotonic() < end:
        time.sleep(0.002)
    assert condition()
