"""What runs in the background on this screen, by name, and the parts that draw themselves anew while it does."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import streamlit as st

from model_backend import BackendError
from model_backend.serving.background import Run, start
from pages.common import errors, state
from pages.common.text import said

POLL_SECONDS = 0.25
SLOWLY_SECONDS = 1.0  # for what need not keep step with every token


def background(name: str) -> Run | None:
    """The run of that name of this session, if it belongs to the prompt as it is now."""
    key, run = st.session_state.get(f"_generation_{name}_run", (None, None))
    if run is not None and key != (state.get("model"), state.get("prompt")):
        run.stop()
        return None
    return run


def begin(name: str, steps: Iterable) -> bool:
    """Start a run of that name in place of the one before. To be called from a callback: what a person can cause is shown,
    and False says that nothing was started."""
    before = background(name)
    if before is not None:
        before.stop()
        before.wait(2.0)
    with shown():
        run = start(steps)
        st.session_state[f"_generation_{name}_run"] = ((state.get("model"), state.get("prompt")), run)
        return True
    return False


@contextmanager
def shown() -> Iterator[None]:
    """Errors that a person can cause are said in passing; in a callback there is no place to draw them."""
    try:
        yield
    except BackendError as error:
        st.toast(said(error), icon=":material/info:")


def live(is_running: Callable[[], bool], draw: Callable[[], None], every: float = POLL_SECONDS) -> None:
    """Draw a part of the screen that runs again by itself while something is written, and only then."""
    was_running = is_running()

    @st.fragment(run_every=every if was_running else None)
    def part() -> None:
        now = is_running()
        try:
            draw()
        except BackendError as error:
            errors.show(error)
        if now != was_running:
            st.rerun()

    part()


def live_run(name: str, draw: Callable[[Run | None], None]) -> None:
    """The same for the run of that name, which is asked for anew each time: a click in this part may have begun it."""

    def is_running() -> bool:
        run = background(name)
        return run is not None and run.is_running

    live(is_running, lambda: draw(background(name)))
