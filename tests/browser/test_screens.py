"""A person's way through the app in a real browser: deep links, typing, clicking, switching, themes, the phone."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect
from transformers.utils import logging

from pages.common.page_map import BY_KEY, PAGES
from tests import tiny_models

PROMPT = "The dog's bark was"


def address(page, prompt: str = PROMPT, **parameters: str) -> str:
    query = "&".join(f"{name}={quote(value)}" for name, value in {"prompt": prompt, **parameters}.items())
    return f"/{page.url_path}?{query}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_every_screen_opens_by_deep_link_and_asks_no_other_host(visit, page, scheme):
    visitor = visit(color_scheme=scheme)
    screen = visitor.open(address(page))
    expect(screen.locator(".ts-brand")).to_be_visible()
    expect(screen.get_by_role("textbox", name="Your text")).to_have_value(PROMPT)
    assert screen.locator("[data-testid=stException]").count() == 0
    assert screen.locator("h2.ts-question").count() > 0
    assert visitor.complaints == []
    assert visitor.foreign == []


def check_width(visitor) -> None:
    """The present screen fits into the window of a projector and of a phone."""
    for width, height in ((1280, 800), (390, 844)):
        visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.settle()
        overflow = visitor.page.evaluate(
            "() => { const main = document.querySelector('[data-testid=stMain]'); return main.scrollWidth - main.clientWidth }"
        )
        assert overflow <= 1, width


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_long_text_in_many_scripts_fits_the_window_and_keeps_its_characters(visit, page):
    visitor = visit()
    screen = visitor.open(address(page, "An extraordinarily long sentence " * 6 + "😀 नमस्ते สวัสดี 你好 👩‍👩‍👧 مرحبا"))
    assert "\ufffd" not in screen.locator("body").inner_text()
    check_width(visitor)


def test_typing_cuts_the_text_and_keeps_it_on_the_next_screen(visit):
    visitor = visit()
    screen = visitor.open("/")
    box = screen.get_by_role("textbox", name="Your text")
    box.fill("Better safe than")
    ribbon = screen.get_by_role("listbox", name=re.compile("The prompt in tokens"))
    expect(ribbon.get_by_role("option").last).to_contain_text("than")
    visitor.settle()
    expect(screen).to_have_url(re.compile(r"prompt=Better"))
    screen.get_by_role("link", name="Prediction", exact=True).first.click()
    expect(screen).to_have_url(re.compile(r"/Prediction\?.*prompt=Better"))
    visitor.settle()
    expect(screen.get_by_role("textbox", name="Your text")).to_have_value("Better safe than")


def test_an_address_after_a_switch_reproduces_the_screen_in_a_clean_browser(visit):
    first = visit()
    screen = first.open("/?prompt=" + quote("A cat sat on the mat"))
    screen.get_by_role("listbox", name=re.compile("The prompt in tokens")).get_by_role("option").nth(2).click()
    expect(screen).to_have_url(re.compile("focus=2"))
    screen.get_by_role("link", name="Prediction", exact=True).first.click()
    expect(screen).to_have_url(re.compile(r"/Prediction\?.*focus=2"))
    first.settle()
    second = visit()
    other = second.page
    other.goto(screen.url)
    second.settle()
    assert other.locator("p.ts-answer").all_inner_texts() == screen.locator("p.ts-answer").all_inner_texts()


def test_clicking_a_token_changes_the_numbers(visit):
    visitor = visit()
    screen = visitor.open(address(BY_KEY["prediction"]))
    before = screen.locator("p.ts-answer").first.inner_text()
    screen.get_by_role("listbox", name=re.compile("The prompt in tokens")).get_by_role("option").nth(2).click()
    expect(screen.locator("p.ts-answer").first).not_to_have_text(before)


def test_the_ribbon_is_usable_by_keyboard(visit):
    visitor = visit()
    screen = visitor.open(address(PAGES[0]))
    ribbon = screen.get_by_role("listbox", name=re.compile("The prompt in tokens"))
    ribbon.get_by_role("option").last.focus()
    screen.keyboard.press("ArrowLeft")
    expect(screen).to_have_url(re.compile("focus="))


def test_a_clicked_prediction_joins_the_text(visit):
    visitor = visit()
    screen = visitor.open("/?prompt=" + quote("The Eiffel"))
    first = screen.get_by_role("list", name="The likeliest next tokens").get_by_role("button").first
    word = first.inner_text().replace("·", " ")
    first.click()
    expect(screen.get_by_role("textbox", name="Your text")).to_have_value("The Eiffel" + word)


def test_the_theme_switch_holds_on_every_screen(visit):
    visitor = visit(color_scheme="light")
    screen = visitor.open("/")
    screen.get_by_role("button", name="Theme: as the device").click()
    screen.wait_for_load_state()
    visitor.settle()
    screen.get_by_role("button", name="Theme: light").click()
    screen.wait_for_load_state()
    visitor.settle()
    expect(screen.get_by_role("button", name="Theme: dark")).to_be_visible()
    visitor.open("/Prediction")
    ground = screen.evaluate("() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert ground == "rgb(20, 21, 26)"


def test_projector_mode_enlarges_the_type_and_travels_in_the_address(visit):
    visitor = visit()
    screen = visitor.open("/")
    screen.get_by_role("button", name="Projector").click()
    expect(screen).to_have_url(re.compile("projector=1"))
    size = screen.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert size == pytest.approx(1.35 * 16)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A function: folder("bert") → the path of a tiny random checkpoint of that family."""
    logging.disable_progress_bar()
    return lambda family: str(tiny_models.save(tmp_path_factory.mktemp(family), family))


def test_a_clicked_word_is_hidden_and_guessed(visit, folder):
    visitor = visit()
    screen = visitor.open(address(BY_KEY["prediction"], "the dog was heard", model=folder("bert")))
    ribbon = screen.get_by_role("listbox", name=re.compile("The prompt in tokens"))
    ribbon.get_by_role("option").nth(2).click()
    expect(ribbon.get_by_role("option").nth(2)).to_contain_text("hidden")
    expect(screen.locator("p.ts-answer").first).to_contain_text("Where dog is hidden")
    screen.get_by_role("radio", name="several words").click()
    expect(screen).to_have_url(re.compile("masked=2"))
    visitor.settle()
    ribbon.get_by_role("option").nth(4).click()
    expect(screen).to_have_url(re.compile("masked=2%2C4|masked=2,4"))
    visitor.settle()
    expect(ribbon.get_by_text("hidden", exact=True)).to_have_count(2)
    other = visit()
    other.page.goto(screen.url)
    other.settle()
    expect(other.page.locator("p.ts-answer").first).to_have_text(screen.locator("p.ts-answer").first.inner_text())
    screen.get_by_role("radio", name="nothing").click()
    expect(ribbon.get_by_text("hidden", exact=True)).to_have_count(0)
    expect(screen.locator("p.ts-answer").first).to_contain_text("The model can see heard")
    assert visitor.complaints == []


def test_a_translation_of_ones_own_travels_in_the_address(visit, folder):
    visitor = visit()
    screen = visitor.open(address(BY_KEY["prediction"], "the dog", model=folder("marian")))
    screen.get_by_role("textbox", name=re.compile("Your own translation")).fill("Hello World!")
    expect(screen).to_have_url(re.compile("target=Hello"))
    visitor.settle()
    target = screen.get_by_role("listbox", name=re.compile("The target in tokens"))
    expect(target).to_contain_text("Hello")
    target.get_by_role("option").nth(2).click()
    expect(screen).to_have_url(re.compile("target_focus=2"))
    visitor.settle()
    screen.get_by_role("button", name="Back to the model's own").click()
    expect(screen).not_to_have_url(re.compile("target="))
    expect(screen.get_by_role("textbox", name=re.compile("Your own translation"))).to_have_value("")
    assert visitor.complaints == []


@pytest.mark.parametrize("family", ["bert", "marian"])
@pytest.mark.parametrize("key", ["home", "tokens", "prediction"])
def test_nothing_is_wider_than_the_window_for_other_kinds(visit, folder, key, family):
    visitor = visit()
    screen = visitor.open(
        address(BY_KEY[key], "extraordinarily long the dog", model=folder(family), target="barely " * 8)
    )
    check_width(visitor)
    assert screen.locator("h2.ts-question").count() > 0
