"""Text that means harm, in a real browser: on every screen it is shown as text, nothing of it runs, nothing is loaded for it."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from pages.common.page_map import BY_KEY, PAGES

HOSTILE = (
    "<img src=x onerror=window.pwned=1><script>window.pwned=2</script>\"'><svg onload=window.pwned=3> {{7*7}} {n} "
    "<a href='javascript:window.pwned=4'>a</a> [x](javascript:window.pwned=5) $\\href{javascript:window.pwned=6}{x}$ "
    "</style><b>bold</b> **bold** <a href='https://pwned.example/'>l</a> a\u202eb\u0000 Z\u0338\u0322 👩\u200d👩\u200d👧"
)
WORDS = "<b>bold</b>, <img src=x onerror=window.pwned=7>, <a href='https://pwned.example/'>l</a>, cat, dog, javascript:alert(1)"

# Walks the page and all shadow roots; gives what no text of a person may become.
INJECTED = """() => {
  const found = window.pwned === undefined ? [] : [`window.pwned = ${window.pwned}`]
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        const leads = ["href", "src", "xlink:href", "action"].includes(name) && value ? new URL(value, "http://here/") : null
        const is_bad = leads && (leads.protocol === "javascript:" || leads.host === "pwned.example" || leads.pathname.endsWith("/x"))
        if (name.startsWith("on") || name === "srcdoc" || is_bad) found.push(`${element.tagName} ${name}=${value}`)
      }
      const is_bold = ["B", "STRONG"].includes(element.tagName) || /bold/.test(element.getAttribute("style") ?? "")
      if (is_bold && element.textContent.trim() === "bold") found.push(`${element.tagName} is bold`)
      if (element.tagName === "SCRIPT" && /pwned/.test(element.textContent)) found.push("script")
      if (element.data && element.layout) figure(element)
      if (element.shadowRoot) walk(element.shadowRoot)
    }
  }
  // plotly draws <b>, <a> … of its texts as markup, some of them only when the mouse is there
  const figure = (element) => {
    const texts = (value, key) => {
      if (typeof value === "string") {
        if (key !== "hovertemplate" && /<(b|a|img|script|svg)[ >]/i.test(value)) found.push(`figure ${key}: ${value}`)
      }
      else if (Array.isArray(value)) value.forEach((item) => texts(item, key))
      else if (value && typeof value === "object") Object.entries(value).forEach(([name, item]) => texts(item, name))
    }
    for (const part of [...element.data, element.layout]) {
      const { template, meta, ...shown } = part
      texts(shown, "")
    }
  }
  walk(document)
  return found
}"""
FOREIGN = """() => [...document.querySelectorAll("link, script, img, iframe, source, object, embed")]
  .map((element) => element.href || element.src || element.data || "")
  .filter((address) => /^(https?:)?\\/\\//.test(address) && new URL(address, location).host !== location.host)"""


def test_the_search_finds_what_was_injected(chromium):
    """The same text put into a page as markup: each of its parts is found."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto("data:text/html,<div></div>")
    page.evaluate("(text) => { document.querySelector('div').innerHTML = text }", HOSTILE + WORDS)
    page.wait_for_function("window.pwned !== undefined")
    found = " ".join(page.evaluate(INJECTED)).lower()
    context.close()
    signs = ("window.pwned = ", "img onerror", "svg onload", "a href=javascript:", "b is bold", "href=https://pwned")
    for sign in signs:
        assert sign in found, sign


def where(key: str, **parameters: str) -> str:
    query = "&".join(f"{name}={quote(value)}" for name, value in parameters.items())
    return f"/{BY_KEY[key].url_path}?{query}"


def harmless(visitor) -> None:
    assert visitor.page.evaluate(INJECTED) == []
    assert visitor.page.evaluate(FOREIGN) == []
    assert visitor.foreign == [] and visitor.page.locator("[data-testid=stException]").count() == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_hostile_text_is_text_on_every_screen(visit, page):
    visitor = visit()
    screen = visitor.open(where(page.key, prompt=HOSTILE, words=WORDS))
    if page.key != "glossary":  # a page to read has no box
        expect(screen.get_by_role("textbox", name="Your text")).to_have_value(HOSTILE)
    screen.mouse.wheel(0, 4_000)
    visitor.settle()
    harmless(visitor)


def test_a_hostile_translation_and_model_are_text(visit):
    visitor = visit()
    visitor.open(where("prediction", model="bundled/interpreter", prompt="The cat.", target=HOSTILE[:150]))
    harmless(visitor)
    screen = visitor.open(where("home", model=HOSTILE[:390]))
    expect(screen.get_by_role("alert").first).to_contain_text("<img src=x")
    harmless(visitor)
    assert "pwned" not in screen.title()


def test_hostile_words_are_typed_and_shown_as_text(visit):
    """Typed instead of linked: fields of a screen, and what they answer."""
    visitor = visit()
    screen = visitor.open(where("prediction", prompt="The dog's bark was"))
    for field in screen.locator("[data-testid=stTextInput] input:visible").all():
        field.fill("<img src=x onerror=window.pwned=8><b>bold</b>")
        field.press("Enter")
        visitor.settle()
    harmless(visitor)
