"""The switch of language in a real browser, and what the browser itself asks for."""

from urllib.parse import parse_qs, urlparse

from playwright.sync_api import expect


def test_the_switch_changes_every_word_and_stays_on_the_next_screen(visit):
    visitor = visit()
    screen = visitor.open("/?prompt=The%20dog")
    assert screen.evaluate("document.documentElement.lang") == "en"
    switch = screen.get_by_role("combobox", name="Language")
    switch.focus()
    switch.select_option("简体中文")
    expect(screen.get_by_role("textbox", name="你的文本")).to_have_value("The dog")
    visitor.settle()
    assert parse_qs(urlparse(screen.url).query)["lang"] == ["zh"]
    assert screen.evaluate("document.documentElement.lang") == "zh-CN"
    screen.get_by_role("link", name="采样", exact=True).click()
    expect(screen.get_by_role("heading", name="温度起什么作用？")).to_be_visible()
    expect(screen.get_by_role("combobox", name="语言")).to_have_value("zh")
    screen.get_by_role("combobox", name="语言").select_option("English")
    expect(screen.get_by_role("heading", name="What does the temperature do?")).to_be_visible()
    assert visitor.complaints == []


def test_a_chinese_browser_is_met_in_chinese_unless_the_link_says_otherwise(visit):
    visitor = visit(locale="zh-CN")
    expect(visitor.open("/Tokens").get_by_role("heading", name="切口在哪里？")).to_be_visible()
    expect(visitor.open("/Tokens?lang=en").get_by_role("heading", name="Where are the cuts?")).to_be_visible()


def test_nothing_is_wider_than_a_phone_in_chinese(visit):
    visitor = visit(viewport={"width": 390, "height": 844})
    for path in ("/", "/Prediction"):
        screen = visitor.open(f"{path}?lang=zh&prompt=The%20dog")
        overflow = screen.evaluate(
            "() => { const main = document.querySelector('[data-testid=stMain]'); return main.scrollWidth - main.clientWidth }"
        )
        assert overflow <= 1
