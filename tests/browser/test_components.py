"""The drawing components alone in a page: what their canvases and cells show equals the numbers they were given."""

import base64
import json
import re

import numpy as np
import pytest

from viz.attention import matrix
from viz.components import FOLDER, source
from viz.labels import percent
from viz.theme import LIGHT, css_variables
from viz.wire import pack

MOUNT = """async ([html, css, js, bytes]) => {
  const host = document.createElement("div")
  document.body.append(host)
  const root = host.attachShadow({ mode: "open" })
  root.innerHTML = `<style>${css}</style>${html}`
  window.sent = []
  window.root = root
  const send = (name, value) => window.sent.push([name, value])
  const module = await import(URL.createObjectURL(new Blob([js], { type: "text/javascript" })))
  window.show = (text) => module.default({
    data: Uint8Array.from(atob(text), (c) => c.charCodeAt(0)), parentElement: root, setTriggerValue: send, setStateValue: send,
  })
  window.show(bytes)
}"""


def text_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.fixture
def blank(chromium):
    """A light page that knows the house's colours and nothing else."""
    context = chromium.new_context(viewport={"width": 900, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.set_content(f"<style>:root{{color-scheme:light;{css_variables()}}} body{{font-size:16px}}</style>")
    yield page
    context.close()


def mount(page, name: str, data: bytes) -> None:
    parts = source(name)
    page.evaluate(MOUNT, [parts["html"], parts["css"], parts["js"], text_of(data)])


def test_a_percentage_reads_alike_in_python_and_in_the_browser(blank):
    rng = np.random.default_rng(0)
    values = [
        0,
        1,
        0.5,
        0.61449,
        0.0321,
        0.00041,
        1.2e-9,
        0.9993,
        0.99996,
        0.999996,
        *(10.0 ** rng.uniform(-12, 0, 300)),
    ]
    shared = (FOLDER / "shared.js").read_text("utf-8")
    found = blank.evaluate(f"(values) => {{ {shared}; return values.map(percent) }}", values)
    assert found == [percent(value) for value in values]


def test_what_is_packed_arrives(blank):
    arrays = {
        "a": np.array([[1.5, np.nan], [-2, 1e-30]], np.float32),
        "b": np.arange(256, dtype=np.uint8),
        "c": np.array([-5, 2**31 - 1], np.int32),
    }
    data = pack({"text": "é👩‍🚀<b>\n", "n": 3}, **arrays)
    shared = (FOLDER / "shared.js").read_text("utf-8")
    found = blank.evaluate(
        f"(text) => {{ {shared}; const x = unpack(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));"
        "return JSON.stringify([x.text, x.n, [...x.a].map(String), [...x.b], [...x.c]]) }",
        text_of(data),
    )
    text, n, a, b, c = json.loads(found)
    assert (text, n, b, c) == ("é👩‍🚀<b>\n", 3, list(range(256)), [-5, 2**31 - 1])
    assert a[:3] == ["1.5", "NaN", "-2"] and float(a[3]) == pytest.approx(1e-30, rel=1e-6)
    with pytest.raises(TypeError, match="float64"):
        pack({}, x=np.zeros(2))


WORDS = {
    "view": "Picture", "matrix": "Matrix", "arcs": "Lines", "scale": "Scale", "by_row": "row", "by_all": "all", "by_log": "log",
    "row_most": "most", "hide": "hide first", "hidden": "{from} hides {share}", "map": "Map", "from": "looks", "to": "seen",
    "says": "{from} gives {share} to {to}", "masked": "{from} not {to}", "outside": "{from} out {to}", "is_causal": True,
}  # fmt: skip
WEIGHTS = np.array([[1, np.nan, np.nan], [0.75, 0.25, np.nan], [0.2, 0.5, 0.3]], np.float32)
CORNER = """([row, column]) => {
  const p = root.picture, ratio = devicePixelRatio, canvas = root.querySelector(".picture")
  const x = (p.left + column * p.cell + 4) * ratio, y = (p.above + row * p.cell + 4) * ratio
  return [...canvas.getContext("2d").getImageData(Math.round(x), Math.round(y), 1, 1).data]
}"""


def isolated(text: str) -> str:
    """Without the marks that keep right-to-left text in its place."""
    return re.sub("[\u2068\u2069\u00a0]", "", text)


def mixed(share: float) -> list[int]:
    """The colour of that share of the sequential scale, computed from the theme."""
    ends = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (LIGHT.raised, LIGHT.probability)]
    return [round(low + share * (high - low)) for low, high in zip(*ends, strict=True)]


def head(focus: int = 2, weights: np.ndarray = WEIGHTS, labels=("The", "·<b>", "·ran")) -> bytes:
    return matrix(weights, list(labels), list(labels), focus, "Attention", WORDS)


@pytest.mark.parametrize(
    ("scale", "shares"), [("row", [0.4, 1.0, 0.6]), ("all", [0.2, 0.5, 0.3]), ("log", [1 + np.log10(w) / 4 for w in (0.2, 0.5, 0.3)])]
)  # fmt: skip
def test_cells_have_the_colour_of_their_weight_on_each_scale(blank, scale, shares):
    mount(blank, "attention", head())
    blank.get_by_role("radio", name=scale, exact=True).click()
    blank.mouse.move(0, 0)
    for column, share in enumerate(shares):
        red, green, blue, alpha = blank.evaluate(CORNER, [2, column])
        assert alpha == 255 and np.abs(np.array([red, green, blue]) - mixed(share)).max() <= 2


def test_the_masked_future_is_a_gap_and_a_left_out_first_token_changes_no_number(blank):
    mount(blank, "attention", head())
    assert blank.evaluate(CORNER, [0, 1])[3] == 0 and blank.evaluate(CORNER, [1, 2])[3] == 0
    readout = blank.locator(".readout")
    assert isolated(readout.inner_text()) == "·ran gives 50% to ·<b>"
    blank.get_by_label("hide first").check()
    assert isolated(readout.inner_text()) == "·ran gives 50% to ·<b> ·ran hides 20%"
    red, green, blue, _ = blank.evaluate(CORNER, [2, 2])
    assert np.abs(np.array([red, green, blue]) - mixed(0.3 / 0.5)).max() <= 2


def test_keys_read_every_cell_and_choose_a_row(blank):
    mount(blank, "attention", head())
    blank.locator(".picture").focus()
    blank.keyboard.press("ArrowUp")
    assert isolated(blank.locator(".readout").inner_text()) == "·<b> gives 25% to ·<b>"
    blank.keyboard.press("ArrowRight")
    assert isolated(blank.locator(".readout").inner_text()) == "·<b> not ·ran"
    blank.keyboard.press("Enter")
    assert blank.evaluate("sent") == [["focus", 1]]


def test_another_head_keeps_the_view_that_was_chosen(blank):
    mount(blank, "attention", head())
    blank.get_by_role("radio", name="log").click()
    blank.get_by_label("hide first").check()
    blank.evaluate("(text) => window.show(text)", text_of(head(weights=np.flip(WEIGHTS, 1)[::-1].copy())))
    assert blank.get_by_role("radio", name="log").get_attribute("aria-checked") == "true"
    assert blank.get_by_label("hide first").is_checked()


def test_a_long_text_shows_a_window_and_a_map_to_move_it(blank):
    n = 120
    weights = np.tril(np.ones((n, n), np.float32) / np.arange(1, n + 1, dtype=np.float32)[:, None])
    weights[np.triu_indices(n, 1)] = np.nan
    mount(blank, "attention", head(n - 1, weights, [f"w{i}" for i in range(n)]))
    assert blank.locator(".overview").is_visible()
    assert blank.evaluate("root.picture.start") == [72, 72]
    box = blank.locator(".overview").bounding_box()
    blank.mouse.click(box["x"] + 1, box["y"] + 1)
    assert blank.evaluate("root.picture.start") == [0, 0]
    assert blank.evaluate("root.querySelector('.stage').scrollWidth <= root.querySelector('.stage').clientWidth")


def lattice(chosen=(2, 1), watched="", version="a") -> bytes:
    words = {
        "show": "Show", "guess": "Guess", "entropy": "Entropy", "rank": "Rank of {token}", "earlier": "earlier", "later": "later",
        "where": "{from}–{to} of {n}", "sure": "sure", "bits": "{bits} bits", "far": "far", "first": "first", "layer": "layer",
        "says": "{layer} at {token}: {guesses}; {bits} bits.", "ranked": "{token} has rank {rank}.",
    }  # fmt: skip
    top = np.array([[[0, 1], [1, 2]], [[2, 0], [1, 0]], [[1, 2], [2, 1]]], np.int32)
    p = np.array([[[0.1, 0.05], [0.2, 0.1]], [[0.4, 0.2], [0.5, 0.1]], [[0.9, 0.01], [0.8, 0.1]]], np.float32)
    entropy = np.array([[9, 8], [5, 4], [1, 2]], np.float32)
    rank = np.array([[900, 30], [5, 30], [1, 42]], np.int32) if watched else np.zeros((0,), np.int32)
    header = {
        "layers": ["start", "layer 0", "layer 1"], "tokens": ["The", "·dog"], "pieces": ["·a", "<i>", "·c"], "watched": watched,
        "k": 2, "chosen": list(chosen), "label": "Lattice", "words": words, "version": version,
    }  # fmt: skip
    return pack(header, top=top, p=p, entropy=entropy, rank=rank)


def cells(page) -> list[list[str]]:
    return page.evaluate(
        "[...root.querySelectorAll('tbody tr')].map((r) => [...r.querySelectorAll('td')].map((c) => c.textContent))"
    )


def test_the_lattice_shows_each_cells_guess_entropy_and_rank(blank):
    mount(blank, "lattice", lattice())
    assert cells(blank) == [["<i>", "·c"], ["·c", "<i>"], ["·a", "<i>"]]  # the last layer on top, markup is text
    assert isolated(blank.locator(".readout").inner_text()) == "layer 1 at ·dog: ·c 80% <i> 10%; 2.00 bits."
    blank.get_by_role("radio", name="Entropy").click()
    assert cells(blank) == [["1.0", "2.0"], ["5.0", "4.0"], ["9.0", "8.0"]]
    blank.evaluate("(text) => window.show(text)", text_of(lattice(watched="·c", version="b")))
    assert cells(blank) == [["1↑4", "42↓12"], ["5↑895", "30"], ["900", "30"]]
    assert blank.locator("td.hit").all_inner_texts() == ["1↑4"]


def test_a_cell_of_the_lattice_is_chosen_by_mouse_or_keys(blank):
    mount(blank, "lattice", lattice())
    blank.locator("td").first.click()
    blank.keyboard.press("ArrowDown")
    blank.keyboard.press("ArrowRight")
    blank.keyboard.press("Enter")
    assert blank.evaluate("sent") == [["cell", [2, 0]], ["cell", [1, 1]]]
    assert blank.locator("td[aria-selected=true]").count() == 1


def test_heads_stand_in_their_layers_or_sorted_by_a_score(blank):
    thumbs = np.zeros((2, 2, 2, 2), np.uint8)
    thumbs[1, 0] = [[254, 255], [127, 254]]
    scores = np.array([[[0.1, 0.9], [0.5, np.nan]]], np.float32)
    header = {
        "n_layers": 2, "n_heads": 2, "side": 2, "chosen": [0, 0], "label": "Heads", "version": "a",
        "what": [["", "previous"], ["", ""]],
        "orders": [{"key": "back", "label": "previous", "about": "Looks back one.", "digits": 2}],
        "words": {"name": "Layer {layer}, head {head}", "layer": "layer {layer}", "order": "Order",
                  "by_layer": "By layer", "about": "All."},
    }  # fmt: skip
    mount(blank, "heads", pack(header, thumbs=thumbs, scores=scores))
    assert blank.locator(".what").all_inner_texts() == ["0.0", "previous", "1.0", "1.1"]
    pixels = blank.evaluate("[...root.querySelectorAll('canvas')[2].getContext('2d').getImageData(0, 0, 2, 2).data]")
    assert pixels[:3] == mixed(1) and pixels[7] == 0 and np.abs(np.array(pixels[8:11]) - mixed(0.5)).max() <= 1
    blank.get_by_role("radio", name="previous").click()
    assert blank.locator(".what").all_inner_texts() == ["0.1 · 0.90", "1.0 · 0.50", "0.0 · 0.10"]
    blank.get_by_role("option").nth(1).click()
    assert blank.evaluate("sent") == [["head", [1, 0]]]
    assert blank.get_by_role("option", selected=True).count() == 1

    # another text has another order before it: the chosen one stays, and goes where its score is not known
    first = {"key": "first", "label": "first", "about": "Looks at the first.", "digits": 1}
    longer = header | {"orders": [first, *header["orders"]], "version": "b"}
    both = np.concatenate([1 - scores, scores])
    blank.evaluate("(text) => window.show(text)", text_of(pack(longer, thumbs=thumbs, scores=both)))
    assert blank.get_by_role("radio", checked=True).inner_text() == "previous"
    assert blank.locator(".what").all_inner_texts() == ["0.1 · 0.90", "1.0 · 0.50", "0.0 · 0.10"]
    shorter = header | {"orders": [first], "version": "c"}
    blank.evaluate("(text) => window.show(text)", text_of(pack(shorter, thumbs=thumbs, scores=1 - scores)))
    assert blank.get_by_role("radio", checked=True).inner_text() == "By layer"
    assert blank.locator(".what").all_inner_texts() == ["0.0", "previous", "1.0", "1.1"]


def shown_as_json(page, name: str, data: dict) -> None:
    """Mount a component that takes JSON, and keep `window.show` for more of it."""
    parts = source(name)
    js = MOUNT.replace("Uint8Array.from(atob(text), (c) => c.charCodeAt(0))", "JSON.parse(text)")
    page.evaluate(js, [parts["html"], parts["css"], parts["js"], json.dumps(data)])


def writer_data(**changes) -> dict:
    words = {"text": "Text", "rows": "Rows", "more": "… {n} before … ", "forced": "{p}, by you", "token": "{p}",
             "row": "{token}: {p}, {final}"}  # fmt: skip
    word = {"label": "·b", "p": "30 %", "forced": False, "end": False, "out": False, "now": False}
    row = {"p": "30 %", "final": "60 %", "share": 0.5, "final_share": 1.0, "kept": True, "chosen": False}
    return {
        "tools": {"play": "Play", "pause": "Pause", "step": "Step", "back": "Back", "start": "Start"}, "running": False,
        "can": {"write": True, "back": True}, "speed": "steady", "speeds": {"slow": "slow", "steady": "steady"}, "speed_label": "Speed",
        "hidden": 7, "begun": [{"label": "<b>", "out": True}], "says": "The dice fell.", "hint": "Filled: now.", "words": words,
        "written": [word | {"index": 1, "forced": True}, word | {"index": 4, "label": "·c", "now": True}],
        "strip": {"dice": 0.7, "begins": 0.6, "ends": 0.9,
                  "parts": [{"label": "·b", "from": 0, "to": 0.6}, {"label": "·c", "from": 0.6, "to": 0.9}]},
        "rows": [row | {"id": 11, "label": "·b", "rank": 1},
                 row | {"id": 12, "label": "·c", "rank": 2, "kept": False, "chosen": True, "final_share": 0.0}],
    } | changes  # fmt: skip


def test_the_writer_shows_text_throw_and_choices_and_sends_what_is_clicked(blank):
    shown_as_json(blank, "writer", writer_data())
    assert isolated(blank.locator(".text").inner_text()) == "… 7 before … <b>·b·c"
    assert blank.locator(".out").all_inner_texts() == ["<b>"] and blank.locator(".word.forced").all_inner_texts() == [
        "·b"
    ]
    assert blank.locator("[aria-current=step]").all_inner_texts() == ["·c"]
    assert blank.evaluate("[...root.querySelectorAll('.parts span')].map((s) => [s.style.left, s.style.width])") == [
        ["0%", "60%"], ["60%", "30%"]]  # fmt: skip
    assert blank.locator(".parts .hit").all_inner_texts() == ["·c"]
    assert blank.evaluate("root.querySelector('.dice').style.left") == "70%"
    assert blank.evaluate("[...root.querySelectorAll('.rows .fill')].map((bar) => bar.style.width)") == ["100%", "0%"]
    assert blank.locator(".rows .cut .p").all_inner_texts() == ["30 %"]  # what is cut shows the model's probability
    blank.get_by_role("button", name="·b").first.click()
    blank.locator(".rows button").nth(0).click()
    blank.get_by_role("button", name="Back").click()
    blank.get_by_role("radio", name="slow").click()
    assert blank.evaluate("sent") == [["go", 1], ["take", 11], ["act", "back"], ["speed", "slow"]]


def test_the_writer_lets_new_words_appear_one_after_the_other_while_it_plays(blank):
    """Catches: words that stand there already blinking at each look; all new ones at once."""
    old, now = writer_data()["written"]
    shown_as_json(blank, "writer", writer_data(running=True, strip=None))
    more = [old, now | {"now": False}, now | {"index": 5, "now": False}, now | {"index": 6}]
    blank.evaluate("(text) => window.show(text)", json.dumps(writer_data(running=True, strip=None, written=more)))
    delays = blank.evaluate("[...root.querySelectorAll('.word')].map((word) => word.style.animationDelay)")
    assert delays == ["", "", "0ms", "125ms"]
    assert not blank.locator(".strip").is_visible() and blank.get_by_role("button", name="Pause").is_visible()
    assert blank.get_by_role("button", name="Step").is_disabled()


def test_the_tree_draws_every_node_in_its_column_and_a_line_to_its_parent(blank):
    """A root with two children, the first with two: three ends, three rows; parents stand level with their first child."""
    tree = {0: None, 1: 0, 2: 0, 3: 1, 4: 1}
    nodes = [
        {"id": i, "parent": parent, "label": f"<{i}>", "edge": f"{i} %", "state": "forced" if i == 4 else "drawn",
         "leaf": f"−{i}" if i > 1 else "", "now": i == 3, "way": i in (0, 1, 3)}
        for i, parent in tree.items()
    ]  # fmt: skip
    shown_as_json(blank, "tree", {"nodes": nodes, "label": "Tree", "legend": "Legend", "clickable": True})
    found = blank.evaluate(
        "[...root.querySelectorAll('.node')].map((n) => [n.querySelector('.label').textContent, "
        "parseFloat(n.style.left) / 16 / 7.1, parseFloat(n.style.top) / 16 / 3.4, "
        "n.querySelector('.leaf')?.textContent ?? ''])"
    )
    columns = {label: (round(x, 3), round(y, 3), leaf) for label, x, y, leaf in found}
    assert columns == {"<0>": (0, 0, ""), "<1>": (1, 0, ""), "<3>": (2, 0, "−3"), "<4>": (2, 1, "−4"), "<2>": (1, 2, "−2")}  # fmt: skip
    assert blank.locator("path").count() == 4 and blank.locator("path.way").count() == 2
    assert blank.locator(".now .label").all_inner_texts() == ["<3>"]
    assert blank.locator(".forced .label").all_inner_texts() == ["<4>"]
    blank.locator(".node").filter(has_text="<2>").click()
    assert blank.evaluate("sent") == [["go", 2]]
