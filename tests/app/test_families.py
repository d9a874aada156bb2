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
    has_error = "ts-error" in "".join(html.proto.body for html in at.get("html") if "<style" not in html.proto.body)
    assert not has_error or page.key == "attention"
    assert page.key != "attention" or "This model has no attention to look at" in shown(at)
    assert page.key != "home" or "this model has no attention" in shown(at)


@pytest.mark.parametrize("family", ["bert", "roberta", "t5", "bart"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_every_screen_opens_models_that_fill_gaps_or_translate(open_screen, shown, folder, page, family):
    at = open_screen(page.key, prompt="the dog", model=folder(family))
    assert not at.exception, [e.message for e in at.exception]
    assert "ts-error" not in "".join(html.proto.body for html in at.get("html") if "<style" not in html.proto.body)
    assert "ts-question" in shown(at)
