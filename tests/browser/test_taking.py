"""Taking things along in a real browser: pictures that hold what the card shows, numbers, the notebook, the link."""

import io
import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from model_backend.base.version import VERSION

PROMPT = "The%20dog's%20bark%20was"


def wait_for_menu(screen) -> None:
    """The cards' buttons come with the screen, the menu behind them a moment later."""
    expect(screen.locator("[role=menu][aria-label='Take away']")).to_be_attached()


def open_menu(screen, card: str):
    wait_for_menu(screen)
    trigger = screen.locator(f"button.ts-take[data-card={card}][aria-haspopup]")
    trigger.scroll_into_view_if_needed()
    trigger.click()
    menu = screen.get_by_role("menu", name="Take away")
    expect(menu).to_be_visible()
    return menu


def take(screen, card: str, item: str) -> bytes:
    with screen.expect_download() as download:
        open_menu(screen, card).get_by_role("menuitem", name=re.compile(item)).click()
    return download.value.path().read_bytes()


@pytest.mark.parametrize(
    ("path", "card", "words"),
    [
        ("Prediction", "prediction_ledger", ["What comes next?", "all other"]),  # a table in a component
        ("Attention", "attention_head", ["Where does each token look?", "largest of its row"]),  # a canvas
        ("Layers", "layers_attribution", ["Who wrote this prediction?", "MLP of layer 5"]),  # plotly
    ],
)
def test_a_picture_holds_what_the_card_shows_and_none_of_its_controls(visit, path, card, words):
    visitor = visit()
    screen = visitor.open(f"/{path}?prompt={PROMPT}")
    screen.locator(f".st-key-card_{card} :is(canvas, .main-svg, table)").first.wait_for()
    svg = take(screen, card, "SVG").decode()
    root = ElementTree.fromstring(svg)
    shown = " ".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))
    for each in words:
        assert each in shown
    assert "The dog's bark was" in shown  # where it comes from
    assert "Take away" not in shown and "Formula" not in shown
    assert not [e.tag for e in root.iter() if e.tag.endswith(("script", "foreignObject"))]
    assert not re.findall(r'(?:href|src)="(?!data:)[^#"]', svg)  # nothing is fetched when it is opened
    made = [f"Tokenscope {VERSION}", screen.url]
    assert root.find("{http://www.w3.org/2000/svg}metadata").text.split("\n") == made
    with Image.open(io.BytesIO(take(screen, card, "PNG"))) as picture:
        assert [picture.info["Software"], picture.info["Comment"]] == made  # read only if its checksums are right
        pixels = np.asarray(picture.convert("RGB"))
    assert pixels.shape[1] == 2 * int(root.get("width"))
    assert pixels.shape[0] == 2 * int(root.get("height"))
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 50
    middle = pixels[pixels.shape[0] // 4 : 3 * pixels.shape[0] // 4]
    assert (middle != middle[0, 0]).any(-1).mean() > 0.02  # drawn, not blank
    assert visitor.complaints == []
    assert visitor.foreign == []


def test_numbers_and_notebook_come_as_files(visit):
    screen = visit().open(f"/Prediction?prompt={PROMPT}&focus=3")
    lines = take(screen, "prediction_surprisal", "CSV").decode("utf-8-sig").splitlines()
    assert lines[0] == "token,bits,rank"
    assert len(lines) == 7
    notebook = json.loads(take(screen, "prediction_surprisal", "Notebook"))
    assert "position = 3" in "".join("".join(cell["source"]) for cell in notebook["cells"])


def test_the_menu_works_by_keyboard_and_gives_the_link(visit):
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    screen = visitor.open(f"/Prediction?prompt={PROMPT}&focus=3")
    trigger = screen.locator("button.ts-take[data-card=prediction_find]")
    wait_for_menu(screen)
    trigger.focus()
    screen.keyboard.press("Enter")
    menu = screen.get_by_role("menu", name="Take away")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    expect(menu.get_by_role("menuitem", name=re.compile("CSV"))).to_have_attribute("aria-disabled", "true")
    for _ in range(3):
        screen.keyboard.press("ArrowDown")
    screen.keyboard.press("Enter")
    expect(menu).to_contain_text("Copied")
    assert screen.evaluate("navigator.clipboard.readText()") == screen.url
    assert "focus=3" in screen.url
    screen.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(trigger).to_be_focused()
