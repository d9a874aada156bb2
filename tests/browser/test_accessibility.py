"""Every screen for everybody: what axe-core finds, the keyboard, less motion, words for pictures, fingers, zoom, the projector.

One visit a screen; its tests look at the same page one after the other. axe-core travels inside axe-playwright-python: no network.
"""

import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from pages.common.page_map import BY_KEY
from tests.browser.conftest import Visitor
from viz.theme import DARK, LIGHT

PROMPT = "The dog's bark was"
WIDE, PHONE, ZOOMED = (1280, 800), (390, 844), (640, 400)  # 640 × 400: 1280 × 800 at 200 %
AA = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
# Nothing but colours changes with the theme, and of all these rules two look at colours.
RULES = {"light": AA, "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
TARGETS = {"type": "tag", "values": ["wcag22aa"]}
SCREENS = [(page, "") for page in BY_KEY.values()]
SCREENS += [
    (BY_KEY[key], f"bundled/{name}") for name in ("cloze", "interpreter") for key in ("attention", "prediction")
]
# All elements, also those inside components; `name` is what a screen reader is told of one.
DEEP = """
const deep = (root, found = []) => {
  for (const e of root.querySelectorAll("*")) { found.push(e); if (e.shadowRoot) deep(e.shadowRoot, found) }
  return found
}
const told = (e) =>
  `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""} ${e.getAttribute("aria-label") ?? ""} ${e.textContent.slice(0, 40)}`
const isShown = (e) => e.getClientRects().length > 0
"""
MOVING = f"""() => {{ {DEEP}
  const parts = ["", "::before", "::after"]
  const moves = (e) => parts.some((part) => {{
    const style = getComputedStyle(e, part || null)
    return style.transitionDuration.split(", ").some((time) => time !== "0s") || style.animationName !== "none" ||
      style.scrollBehavior === "smooth"
  }})
  return deep(document).filter(moves).map(told)
}}"""
# Puts something that moves into the page and into each component; gives their number.
WANTS_TO_MOVE = f"""() => {{ {DEEP}
  const roots = [document.body, ...deep(document).map((e) => e.shadowRoot).filter(Boolean)]
  for (const root of roots) {{
    const one = document.createElement("i")
    one.style.transition = "opacity 1s"
    root.append(one)
  }}
  return roots.length
}}"""
UNNAMED = f"""() => {{ {DEEP}
  const isPicture = (e) => e.matches("canvas, .js-plotly-plot, [role=img], [role=figure], [role=application]") && isShown(e)
  const label = (e) => e?.getAttribute?.("aria-label")?.trim()
  const isNamed = (e) => label(e) || label(e.closest("button, [role=figure], [role=img]")) || e.closest("[aria-hidden=true]")
  return deep(document).filter((e) => isPicture(e) && !isNamed(e)).map(told)
}}"""
WITHOUT_NUMBERS = f"""(words) => {{ {DEEP}
  const needs = (card) => deep(card).some((e) => e.matches("canvas, .js-plotly-plot, [role=img]") && isShown(e))
  const has = (card) => [...card.querySelectorAll("[class*=st-key-quiet_] button")].some((e) => e.innerText.startsWith(words))
  const cards = [...document.querySelectorAll("[class*=st-key-card_]")]
  return cards.filter((card) => needs(card) && !has(card)).map((card) => card.className.match(/st-key-card_(\\w+)/)[1])
}}"""
CUT_OFF = f"""() => {{ {DEEP}
  const main = document.querySelector("[data-testid=stMain]")
  const hides = (e) => {{
    const style = getComputedStyle(e)
    return ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis" && e.scrollWidth > e.clientWidth + 1
  }}
  const isOurs = (e) => e.textContent.trim() && isShown(e) && e.clientWidth > 2 &&
    !e.closest(".js-plotly-plot, .katex, svg, [data-testid=stDataFrame]")
  const wide = main.scrollWidth > main.clientWidth + 1 ? ["the page"] : []
  return [...wide, ...deep(main).filter((e) => isOurs(e) && hides(e)).map(told)]
}}"""

# What has the focus, and whether that can be seen: it or what is around it looks different without.
FOCUSED = """() => {
  let e = document.activeElement
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement
  if (!e || e === document.body) return null
  const around = [e]
  while (around.length < 5 && around.at(-1).parentElement) around.push(around.at(-1).parentElement)
  const look = () => around.map((one) => {
    const s = getComputedStyle(one)
    return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor, s.backgroundColor].join()
  }).join()
  const focused = look()
  e.blur()
  const blurred = look()
  e.focus({ preventScroll: true, focusVisible: true })
  const name = e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent
  return { tag: e.tagName.toLowerCase(), role: e.getAttribute("role"), name: name.trim().slice(0, 80), isSeen: focused !== blurred }
}"""


def address(page, model: str = "", **parameters: str) -> str:
    parameters = {"prompt": PROMPT, **({"model": model} if model else {}), **parameters}
    return f"/{page.url_path}?" + "&".join(f"{name}={quote(value)}" for name, value in parameters.items())


def violations(page, rules: dict, inside: str | None = None) -> list[str]:
    """What axe finds by those rules, a line an element."""
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = Axe().run(page, context=inside, options=options).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def resize(visitor, size: tuple[int, int]) -> None:
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    visitor.settle()


@pytest.fixture(
    scope="module", params=SCREENS, ids=lambda screen: f"{screen[0].key}{screen[1].replace('bundled/', '-')}"
)
def visitor(request, chromium, server):
    """A person on that screen, in the light theme of a wide window."""
    page, model = request.param
    visitor = Visitor(chromium, server, color_scheme="light")
    visitor.open(address(page, model))
    yield visitor
    visitor.leave()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visitor, scheme):
    ground, text = (getattr({"light": LIGHT, "dark": DARK}[scheme], role) for role in ("ground", "text"))
    visitor.page.emulate_media(color_scheme=scheme)
    expect(visitor.page.locator("[data-testid=stApp]")).to_have_css(
        "background-color", f"rgb{tuple(bytes.fromhex(ground[1:]))}"
    )
    visitor.settle()
    assert violations(visitor.page, RULES[scheme]) == []
    for words in visitor.page.locator(".js-plotly-plot .xtitle").all()[:1]:  # axe reads no words in pictures
        expect(words).to_have_css("fill", f"rgb{tuple(bytes.fromhex(text[1:]))}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens(visit, scheme):
    visitor = visit(color_scheme=scheme, reduced_motion="reduce")
    page = visitor.open(address(BY_KEY["prediction"]))
    opened = page.locator("[role=dialog]:visible, [role=menu]:visible")
    for button in ("Model: Storyteller", "Numbers", "Formula", "Take away"):
        page.get_by_role("button", name=button).first.click()
        expect(opened.first).to_be_visible()
        visitor.settle()
        assert violations(page, RULES[scheme]) == [], button
        page.keyboard.press("Escape")
        expect(opened).to_have_count(0)
    panel, before = page.locator(".st-key-help_panel"), None
    for topic in ("What am I looking at?", "What to try", "In formulas", "In code", "Read more"):
        page.get_by_role("radio", name=topic).click()
        expect(panel).to_be_visible()
        if before is not None:
            expect(panel).not_to_have_text(before)
        expect(panel.locator("[data-stale=true]")).to_have_count(0)  # what is about to go is drawn pale
        visitor.settle()
        before = panel.inner_text()
        assert violations(page, RULES[scheme], inside=".st-key-help") == [], topic


def test_pictures_have_words_and_numbers(visitor):
    assert visitor.page.evaluate(UNNAMED) == []
    assert visitor.page.evaluate(WITHOUT_NUMBERS, "Numbers") == []


def test_nothing_moves_for_those_who_ask_for_less_motion(visitor):
    n_moving = visitor.page.evaluate(WANTS_TO_MOVE)
    assert len(visitor.page.evaluate(MOVING)) >= n_moving > 1
    visitor.page.emulate_media(reduced_motion="reduce")
    assert visitor.page.evaluate(MOVING) == []


def test_nothing_is_cut_off_at_200_percent(visitor):
    resize(visitor, ZOOMED)
    assert visitor.page.evaluate(CUT_OFF) == []


def test_a_finger_hits_every_control_of_a_phone(visitor):
    resize(visitor, PHONE)
    assert violations(visitor.page, TARGETS) == []


def tab_to(page, words: str, role: str | None = None) -> dict:
    """Press Tab until the focus is on what is called so; whatever is passed has to show that it has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        assert now, f"the way ends before {words}"
        assert now["isSeen"] or now["tag"] == "main", now  # Streamlit's page itself scrolls by keys and shows nothing
        if words in now["name"] and role in (None, now["role"]):
            return now
    raise AssertionError(f"{words} is not reached")


def test_the_keyboard_leads_from_the_prompt_into_the_heads_and_the_matrix(visit):
    visitor = visit(reduced_motion="reduce")
    page = visitor.open(address(BY_KEY["attention"]))
    tab_to(page, "Your text")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("A cat sat on")
    tab_to(page, "Go on to the picture")
    expect(page.get_by_role("listbox", name="The prompt in tokens")).to_contain_text("sat")
    visitor.settle()
    tab_to(page, "on", role="option")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("focus=3"))
    visitor.settle()
    tab_to(page, "head", role="option")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("layer=0&head=1"))
    visitor.settle()
    tab_to(page, "layer 0, head 1", role="application")
    readout = page.locator(".readout").first
    before = readout.inner_text()
    page.keyboard.press("ArrowUp")
    expect(readout).not_to_have_text(before)
    tab_to(page, "Numbers")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    assert page.evaluate(FOCUSED)["name"].startswith("Numbers")
    page.keyboard.press("Shift+Tab")  # nobody is caught
    assert page.evaluate(FOCUSED)["role"] == "application"


def test_the_keyboard_skips_to_the_picture_and_moves_the_sampler(visit):
    visitor = visit(reduced_motion="reduce")
    page = visitor.open(address(BY_KEY["sampling"]))
    tab_to(page, "Your text")
    tab_to(page, "Go on to the picture")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED)["tag"] == "h2"
    tab_to(page, "greedy")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("temperature=0"))
    visitor.settle()
    tab_to(page, "Temperature T")  # its switch, then its slider
    tab_to(page, "Temperature T")
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("temperature=3"))
    visitor.settle()
    tab_to(page, "12", role="radio")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUSED)["name"] == "25"
    rows = page.get_by_role("table", name="The likeliest tokens").locator("tbody tr:visible")
    expect(rows.nth(20)).to_be_visible()


@pytest.mark.parametrize("key", ["attention", "sampling"])
def test_the_projector_shows_larger_type_and_fewer_words(visit, key):
    visitor = visit()
    page = visitor.open(address(BY_KEY[key]))
    picture = page.locator("[class*=st-key-card_]").first
    words, top = page.locator("main").inner_text().split(), picture.bounding_box()["y"]
    visitor.open(address(BY_KEY[key], projector="1"))
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "21.6px"
    assert len(page.locator("main").inner_text().split()) < len(words) - 20
    assert picture.bounding_box()["y"] < top + 80
    assert page.evaluate(CUT_OFF) == []
