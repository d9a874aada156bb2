"""A person's way through Embeddings, Attention and Layers in a real browser. No clocks: the machine may be slow."""

import re
from urllib.parse import quote

from playwright.sync_api import expect

SLOW_MS = 180_000  # UMAP compiles for half a minute on a quiet machine
PROMPT = quote("The dog's bark was loud")


def of(screen, label: str):
    """The drawn matrix whose description says so."""
    return screen.locator(f"canvas.picture[aria-label*='{label}']")


def test_a_chosen_head_draws_its_matrix_and_travels_in_the_address(visit):
    visitor = visit()
    screen = visitor.open(f"/Attention?prompt={PROMPT}")
    screen.locator("button.head[data-at='1.4']").click()
    expect(of(screen, "layer 1, head 4")).to_be_visible()
    expect(screen).to_have_url(re.compile(r"layer=1&head=4"))
    expect(screen.locator("#attention_head + p.ts-answer")).to_contain_text("In layer 1, head 4")
    expect(screen.locator("button.head[aria-selected=true]")).to_have_attribute("data-at", "1.4")
    assert visitor.complaints == []


def test_a_clicked_row_becomes_the_focus_of_the_whole_screen(visit):
    visitor = visit()
    screen = visitor.open(f"/Attention?prompt={PROMPT}&layer=2&head=0")
    canvas = of(screen, "layer 2, head 0")
    canvas.scroll_into_view_if_needed()
    place = canvas.evaluate(
        "c => { const p = c.getRootNode().picture ?? c.closest('.stage').parentNode.picture; "
        "return [p.left + p.cell / 2, p.above + 2.5 * p.cell] }"
    )
    canvas.click(position={"x": place[0], "y": place[1]})
    expect(screen).to_have_url(re.compile(r"focus=2"))
    expect(screen.locator("#attention_head + p.ts-answer")).to_contain_text("·dog")
    expect(screen.locator("tr.query-row")).to_contain_text("·dog")
    ribbon = screen.get_by_role("listbox", name=re.compile("The prompt in tokens"))
    expect(ribbon.get_by_role("option", selected=True)).to_contain_text("dog")


def test_a_chosen_cell_and_a_followed_word_change_the_layers_screen(visit):
    visitor = visit()
    screen = visitor.open(f"/Layers?prompt={PROMPT}")
    screen.locator("td[data-at='2 6']").click()
    expect(screen).to_have_url(re.compile(r"depth=2"))
    expect(screen.locator("#layers_cell + p.ts-answer")).to_contain_text("layer 1, at")
    visitor.settle()
    screen.get_by_role("textbox", name="Follow a token through the layers").fill("dog")
    expect(screen.get_by_role("radio", name=re.compile("rank of"))).to_have_attribute("aria-checked", "true")
    expect(screen.locator("td[data-at='2 6']")).to_have_text(re.compile(r"^[\d,]+([↑↓][\d,]+)?$"))
    assert visitor.complaints == []


def test_a_map_is_fitted_beside_the_page_and_an_analogy_answers(visit):
    visitor = visit()
    words = "dog, cat, horse, cow, king, queen, man, woman, red, blue, green, one, two, three, four, run, walk, sing, day, night"
    screen = visitor.open(f"/Embeddings?prompt={PROMPT}&words={quote(words)}")
    answer = screen.locator("#embeddings_map").locator(
        "xpath=ancestor::*[contains(@class,'st-key-card_embeddings_map')]"
    )
    expect(answer.locator("p.ts-answer")).to_contain_text("of how the points differ")
    screen.get_by_role("radio", name="UMAP").click()
    expect(answer.locator("p.ts-answer")).to_contain_text("trustworthiness", timeout=SLOW_MS)
    screen.get_by_role("textbox", name="Take").fill("queen")
    screen.get_by_role("textbox", name="Take").press("Enter")
    bars = screen.get_by_role("list", name="The words nearest to the sum, the inputs among them")
    expect(bars).to_contain_text("queen")
    assert visitor.complaints == []


def test_a_map_that_is_being_fitted_can_be_stopped(visit):
    visitor = visit()
    screen = visitor.open(f"/Embeddings?prompt={PROMPT}&points=vocabulary&vectors=2")  # 2,000 points: some seconds
    card = screen.locator(".st-key-card_embeddings_map")
    screen.get_by_role("radio", name="UMAP").click()
    card.get_by_role("button", name="Stop").click()
    expect(card).to_contain_text("Stopped.")
    expect(card.get_by_role("button", name="Try again")).to_be_visible()
    screen.get_by_role("radio", name="PCA").click()
    expect(card.locator("p.ts-answer")).to_contain_text("of how the points differ")
    assert visitor.complaints == []


def test_a_clicked_point_of_the_map_lists_its_neighbours(visit):
    visitor = visit()
    screen = visitor.open(f"/Embeddings?prompt={PROMPT}&words={quote('dog, cat, king, red')}")
    plot = screen.locator(".st-key-card_embeddings_map .js-plotly-plot")
    plot.locator("path.point").nth(2).wait_for()
    plot.scroll_into_view_if_needed()
    box = plot.locator("path.point").nth(2).bounding_box()
    screen.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(plot.locator(".hovertext")).to_contain_text("king")
    screen.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    near = screen.locator(".st-key-card_embeddings_near p.ts-answer")
    expect(near).to_contain_text("lies nearest to king")
