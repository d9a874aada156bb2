"""The front needs no torch: every screen, drawn where importing it raises, by a backend in another process."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from model_backend.serving.remote import KEY_VARIABLE
from pages.common.page_map import PAGES

ROOT = Path(__file__).parents[2]
MODELS = ("bundled/storyteller", "bundled/cloze", "bundled/interpreter", "bundled/assistant")
# UMAP compiles for half a minute beside; nobody asks for a map here
BACKEND = (
    "from model_backend.maps.projection_jobs import ProjectionJobs\n"
    "ProjectionJobs.warm_up = lambda self: None\n"
    "from scripts import backend\n"
    "backend.main()"
)


@pytest.fixture(scope="module")
def drawn():
    """{(model, screen): (what went wrong, the sentences of its cards)} of a front whose models are in another process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    environment = os.environ | {KEY_VARIABLE: os.urandom(16).hex()}
    with subprocess.Popen(
        [sys.executable, "-c", BACKEND, address], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as backend:
        try:
            assert "answer at" in backend.stdout.readline()
            front = subprocess.run(
                [sys.executable, "-m", "tests.app.front_without_torch", *MODELS],
                cwd=ROOT, env=environment | {"TOKENSCOPE_BACKEND": address}, capture_output=True, text=True, check=False,
            )  # fmt: skip
        finally:
            backend.terminate()
    assert front.returncode == 0, front.stderr[-3000:]
    return {(model, key): (wrong, answers) for model, key, wrong, answers in json.loads(front.stdout.splitlines()[-1])}


@pytest.mark.parametrize("model", MODELS)
def test_every_screen_is_drawn(drawn, model):
    wrong = {key: drawn[model, key][0] for key in (page.key for page in PAGES)}
    assert not any(wrong.values()), wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_it_says_what_a_single_process_says(drawn, open_screen, page):
    """Catches: a record that loses something on its way, a card that is left out."""
    at = open_screen(page.key)
    html = [part.proto.body for part in at.get("html")]
    alone = [part for part in html if re.search(r'class="ts-answer"', part)]
    assert drawn["bundled/storyteller", page.key][1] == alone
    assert alone or page.key == "glossary"
