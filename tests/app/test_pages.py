"""Every screen of the page map, for every kind of prompt: no exception, a frame, and clear words on bad input."""

import re
import textwrap

import pytest
from streamlit.testing.v1 import AppTest

from pages.common.cards import SHOWN
from pages.common.page_map import BY_KEY, PAGES
from tests.app.opening import APP, TIMEOUT_SECONDS

PROMPTS = {
    "one token": "Hi",
    "emoji": "I ❤️ 🍓 and 👩‍👩‍👧",
    "hindi": "नमस्ते दुनिया",
    "arabic": "مرحبا بالعالم",
    "thai": "สวัสดีชาวโลก",
    "chinese": "你好，世界",
    "script": "<script>alert(1)</script><b>bold</b>",
    "newlines": "one\n\n\ttwo  three",
    "special token typed": "The end.<|endoftext|>Once",
    "nul": "a\0b",
    "braces": "{n} {} $x$ `code` :red[x] [l](javascript:alert(1))",
    "spaces": "   ",
    "empty": "",
    "longer than the context": "word " * 400,
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS.keys())
def test_every_screen_takes_every_prompt(open_screen, shown, page, prompt):
    at = open_screen(page.key, prompt=prompt)
    assert not at.exception, [e.message for e in at.exception]
    assert "Token<span>scope</span>" in shown(at)
    assert "\ufffd" not in shown(at) and "\\ufffd" not in shown(at)
    assert "<script>" not in "".join(html.proto.body for html in at.get("html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_an_unknown_model_is_explained_and_the_prompt_is_kept(open_screen, shown, page):
    at = open_screen(page.key, model="bundled/storyteler", prompt="Keep me")
    assert not at.exception
    assert "This model cannot be opened" in shown(at)
    assert "Keep me" in shown(at)
    at.button(key="error_bundled").click().run()
    assert "This model cannot be opened" not in shown(at)
    assert "Keep me" in shown(at)


def test_a_prompt_over_the_context_says_both_counts_and_offers_to_shorten(open_screen, shown):
    at = open_screen("prediction", prompt="word " * 400)
    text = shown(at)
    assert "longer than this model can read" in text
    assert "256" in text
    at.button(key="error_keep_last").click().run()
    assert "longer than this model can read" not in shown(at)
    assert not at.exception


@pytest.mark.parametrize(
    "parameters", [{"focus": "99999"}, {"focus": "-3"}, {"focus": "x" * 5000}, {"lang": "<b>"}, {"projector": "maybe"}]
)
def test_wrong_parameters_of_the_address_are_ignored(open_screen, parameters):
    at = open_screen("home", prompt="The dog", **parameters)
    assert not at.exception


@pytest.mark.parametrize("model", ["storyteller", "cloze", "interpreter"])
def test_the_screen_of_the_docs_runs(shown, tmp_path, model):
    """Catches: an example that nobody can follow."""
    docs = (APP.parent / "docs" / "add-a-screen.md").read_text("utf-8")
    (lines,) = re.findall(r"```python\n(.*?)```", docs, re.DOTALL)
    for page in BY_KEY.values():
        (tmp_path / page.file).parent.mkdir(exist_ok=True)
        (tmp_path / page.file).write_text((APP.parent / page.file).read_text("utf-8"), "utf-8")
    file = BY_KEY["prediction"].file
    (tmp_path / file).write_text(textwrap.dedent(lines), "utf-8")
    at = AppTest.from_file(str(tmp_path / "app.py"), default_timeout=TIMEOUT_SECONDS)
    at.query_params["model"] = f"bundled/{model}"
    at.run().switch_page(file).run()
    assert not at.exception, [e.message for e in at.exception]
    assert "Which five tokens are likeliest?" in shown(at)
    assert at.session_state[SHOWN]["prediction_five"]["numbers"]
    (share,) = re.findall(r"(\d+)% of 100 dice", shown(at))
    assert 0 < int(share) <= 100
