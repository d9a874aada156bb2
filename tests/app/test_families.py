"""Models that lack something the screens are used to: a tiny checkpoint of each, opened from its folder."""

import pytest
from transformers.utils import logging

from pages.common.page_map import PAGES
from tests import tiny_models

logging.disable_progress_bar()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A function: folder("mamba") → the path of a tiny checkpoint of that family."""
    return lambda family: str(tiny_models.save(tmp_path_factory.mktemp(family), family))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_every_screen_opens_a_model_without_attention(open_screen, shown, folder, page):
    at = open_screen(page.key, prompt="the dog", model=folder("mamba"))
    assert not at.exception, [e.message for e in at.exception]
    assert "ts-error" not in "".join(html.proto.body for html in at.get("html") if "<style" not in html.proto.body)
    assert page.key != "home" or "this model has no attention" in shown(at)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_every_screen_says_that_it_cannot_show_an_encoder_decoder_yet(open_screen, shown, folder, page):
    at = open_screen(page.key, prompt="the dog", model=folder("t5"))
    assert not at.exception, [e.message for e in at.exception]
    assert "This model reads one text and writes another" in shown(at)
