"""Screens run by Streamlit's own test harness, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from model_backend.maps.projection_jobs import ProjectionJobs
from pages.common.page_map import BY_KEY

ROOT = Path(__file__).parents[2]
TIMEOUT_SECONDS = 240  # ends a run that hangs; the first of a process imports torch, and the machine may be busy


@pytest.fixture(autouse=True, scope="session")
def no_warm_up():
    """Opening the Embeddings screen lets UMAP compile in a process beside; that is for people who will ask for a map."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProjectionJobs, "warm_up", lambda self: None)
        yield


@pytest.fixture(scope="session")
def open_screen():
    """A function: `open_screen("tokens", prompt="…", model="…")` → AppTest after its first run."""

    def open_it(key: str = "home", **parameters: object) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_SECONDS)
        for name, value in parameters.items():
            at.query_params[name] = str(value)
        at.run()
        if key != "home":
            at.switch_page(BY_KEY[key].file).run()
        return at

    return open_it


@pytest.fixture
def shown():
    """A function that gives every text on the screen, components' data included, as one string."""

    def text_of(at: AppTest) -> str:
        parts = [html.proto.body for html in at.get("html")]
        parts += [component.proto.json for component in at.get("bidi_component")]
        parts += [element.value for element in (*at.markdown, *at.caption, *at.metric)]
        return "\n".join(str(part) for part in parts)

    return text_of
