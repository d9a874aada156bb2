"""Words explained where they stand, by mouse, keyboard and finger, and the help under the prompt, in a real browser."""

import re
from urllib.parse import quote

from playwright.sync_api import expect

CARD = "#ts-term-card"


def test_words_are_marked_once_in_our_sentences_and_never_in_what_a_person_typed(visit):
    visitor = visit()
    screen = visitor.open("/Sampling?prompt=" + quote("token entropy token logit bits") + "&temperature=0.5")
    mark = screen.locator(".ts-term[data-term=token]")
    expect(mark).to_have_count(1)
    assert screen.locator(":is(code, bdi, textarea) .ts-term").count() == 0
    quoted = screen.locator("p", has_text="“token entropy token logit bits”").first
    assert "“token entropy token logit bits”" in quoted.inner_text()
    assert not set(quoted.locator(".ts-term").all_inner_texts()) & {"entropy", "logit", "bits"}
    mark.scroll_into_view_if_needed()
    mark.hover()
    card = screen.locator(CARD)
    expect(card).to_contain_text("A piece of text that the model treats as one unit")
    expect(card.get_by_role("link")).to_have_attribute(
        "href", re.compile(r"/Glossary\?prompt=token.*&temperature=0.5#term-token$")
    )
    screen.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert visitor.complaints == []


def test_a_word_is_explained_to_those_who_use_the_keyboard_or_a_finger(visit):
    screen = visit(has_touch=True).open("/Prediction")
    mark = screen.locator(".ts-term[data-term=entropy]").first
    mark.tap()
    card = screen.locator(CARD)
    expect(card).to_contain_text("How unsure a distribution is")
    screen.locator("h2.ts-question").first.tap()
    expect(card).to_be_hidden()
    screen.keyboard.press("Tab")  # the focus is then shown, as for somebody without a mouse
    screen.locator(".ts-term").nth(1).focus()
    expect(card).to_be_visible()
    screen.keyboard.press("Enter")
    expect(card.get_by_role("link")).to_be_focused()


def test_help_opens_below_the_prompt_and_a_preset_changes_the_picture(visit):
    visitor = visit()
    screen = visitor.open("/Prediction")
    closed = screen.locator("h2.ts-question").first.bounding_box()["y"]
    assert closed < 400  # the picture is on the first screen
    screen.get_by_role("radio", name="What to try").or_(screen.get_by_role("button", name="What to try")).first.click()
    screen.get_by_role("button", name="No doubt").click()
    expect(screen.get_by_role("textbox", name="Your text")).to_have_value("Once upon a")
    expect(screen.locator("p.ts-answer").first).to_contain_text("time")
    expect(screen.get_by_role("link", name="Look there")).to_have_attribute("href", "#prediction_ledger")
    visitor.settle()
    assert screen.locator("h2.ts-question").first.bounding_box()["y"] < 600
    assert visitor.complaints == []


def test_the_glossary_finds_a_word_and_leads_back_with_the_prompt(visit):
    visitor = visit()
    screen = visitor.open("/Glossary?prompt=" + quote("A cat sat") + "#term-kv-cache")
    expect(screen.locator("#term-kv-cache")).to_be_in_viewport()
    screen.get_by_role("textbox", name="Search").fill("nucleus")
    expect(screen.locator("dl.ts-glossary dt")).to_have_text(["top-p"])
    screen.get_by_role("link", name="See it on the screen Sampling").click()
    expect(screen.get_by_role("textbox", name="Your text")).to_have_value("A cat sat")
    assert visitor.foreign == []
