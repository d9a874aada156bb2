"""Screens run by Streamlit's own test harness, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from model_backend.maps.projection_jobs import ProjectionJobs
from tests.app import opening


@pytest.fixture(autouse=True, scope="session")
def no_warm_up():
    """Opening the Embeddings screen lets UMAP compile in a process beside; that is for people who will ask for a map."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProjectionJobs, "warm_up", lambda self: None)
        yield


@pytest.fixture(scope="session")
def open_screen():
    """A function: `open_screen("tokens", prompt="…", model="…")` → AppTest after its first run."""
    return opening.open_screen


@pytest.fixture
def shown():
    """A function that gives every text on the screen, components' data included, as one string."""

    def text_of(at: AppTest) -> str:
        parts = [html.proto.body for html in at.get("html")]
        parts += [component.proto.json for component in at.get("bidi_component")]
        parts += [element.value for element in (*at.markdown, *at.caption, *at.metric)]
        return "\n".join(str(part) for part in parts)

    return text_of
