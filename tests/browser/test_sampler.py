"""The browser's sampling against `sampling.apply` on the same logits, and the Sampling screen under a person's hand."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy.stats import chisquare

from model_backend import open_model
from model_backend.engine import sampling
from model_backend.engine.generation import draw
from model_backend.engine.sampling import SamplingSettings
from pages.sampling.throwing import dice_words
from tests.browser.test_components import MOUNT, blank, text_of  # noqa: F401 (blank is a fixture)
from tests.sampling_cases import CASES, GRID, check, settings_of
from viz import sampling as view
from viz.components import source
from viz.labels import percent

READ = """(settings) => {
  const s = globalThis.tokenscopeSampling.sampler
  s.set(settings)
  const p = new Float32Array(s.n), cut = new Uint8Array(s.n)
  for (let i = 0; i < s.n; i++) { p[s.at[i]] = s.p[i]; cut[s.at[i]] = s.cut[i] }
  const text = (array) => { let out = ""; for (const b of new Uint8Array(array.buffer)) out += String.fromCharCode(b); return btoa(out) }
  return { p: text(p), cut: text(cut), model: text(Float32Array.from(s.model)), n_kept: s.n_kept,
    mass_kept: s.mass_kept, entropy: s.entropy, final_entropy: s.final_entropy }
}"""


def mount(page, name: str, data: bytes) -> None:
    parts = source(name)
    page.evaluate(MOUNT, [parts["html"], parts["css"], parts["js"], text_of(data)])


def compare(page, logits: np.ndarray, history: tuple[int, ...], grid=GRID) -> None:
    """Every setting of the grid, one after the other in the same page: what one leaves behind must not reach the next."""
    mount(page, "logits", view.logits(sampling.apply(logits), history, str))
    for values in [*grid, *grid[::-1]]:
        check(page.evaluate(READ, values), logits, history, values)


def test_a_real_prompt_of_the_storyteller(blank):  # noqa: F811
    model = open_model("bundled/storyteller")
    tokens = model.tokenize("The dog's bark was so loud that the dog ran away from the dog")
    compare(blank, model.trace(tokens).logits(), tuple(tokens.ids.tolist()))


@pytest.mark.parametrize("case", CASES)
def test_every_rule_keeps_and_weighs_what_python_does(blank, case):  # noqa: F811
    compare(blank, *CASES[case])


def test_draws_are_those_of_generation(blank):  # noqa: F811
    """The same seed: the browser's tokens, the screen's and the generator's, one by one."""
    logits = np.random.default_rng(8).normal(scale=2, size=3_000).astype(np.float32)
    history = tuple(range(50))
    values = {"temperature": 1.2, "top_p": 0.95, "presence": 1}
    mount(blank, "logits", view.logits(sampling.apply(logits), history, str))
    now = sampling.apply(logits, settings_of(values), history)
    numbers = view.random_numbers(11)[:500]
    found = blank.evaluate(
        "([settings, numbers]) => { const s = globalThis.tokenscopeSampling.sampler; s.set(settings);"
        " return numbers.map((x) => s.ids[s.hit(x)]) }",
        [values, numbers.tolist()],
    )
    random = np.random.default_rng(11)
    expected = [draw(now, random) for _ in range(500)]
    assert now.ids[view.draws(now, numbers)].tolist() == expected
    assert np.mean(np.array(found) != expected) <= 0.002  # a number within 1e-7 of an edge may fall on its other side


@pytest.mark.parametrize(
    ("scale", "values"),
    [(0.5, {}), (2.0, {"temperature": 0.8}), (2.0, {"top_k": 12, "presence": 0.5}), (0.3, {"top_k": 3})],
)
def test_chi_squared_is_that_of_scipy(blank, scale, values):  # noqa: F811
    """Classes by the rule of the formula card: tokens that expect fewer than 5 are one, joined to the least if still small."""
    logits = np.random.default_rng(6).normal(scale=scale, size=300).astype(np.float32)
    now, numbers = sampling.apply(logits, settings_of(values), (0, 1, 2)), view.random_numbers(5)
    drawn = np.bincount(view.draws(now, numbers[:1000]), minlength=300)
    expected = 1000 * now.p_final.astype(np.float64) / now.p_final.sum(dtype=np.float64)
    large = expected >= 5
    classes = [*zip(drawn[large], expected[large], strict=True)]
    rest = drawn[~large].sum(), expected[~large].sum()
    if rest[1] >= 5:
        classes.append(rest)
    elif rest[1] > 0:
        least = min(range(len(classes)), key=lambda i: classes[i][1])
        classes[least] = (classes[least][0] + rest[0], classes[least][1] + rest[1])
    observed, theory = map(list, zip(*classes, strict=True))
    theirs = chisquare(observed, theory)
    mount(blank, "logits", view.logits(sampling.apply(logits), (0, 1, 2), str))
    mount(blank, "dice", view.dice(numbers, {}, dice_words(), 5))
    blank.evaluate("(settings) => { globalThis.tokenscopeSampling.sampler.set(settings) }", values)
    blank.get_by_role("button", name="1,000 draws").click()
    mine = blank.evaluate("root.dice.test")
    assert mine["freedom"] == len(classes) - 1 >= 2
    assert mine["chi"] == pytest.approx(theirs.statistic, rel=1e-4)
    assert mine["chance"] == pytest.approx(theirs.pvalue, rel=1e-3, abs=1e-9)


PROMPT = "The dog's bark was"


def watched(visitor) -> list:
    """What the page sends from now on: websocket messages and requests."""
    sent = []
    visitor.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    visitor.page.on("request", lambda request: sent.append(request.url))
    return sent


def first_row(screen) -> list[str]:
    return screen.locator("tr.is-kept").first.locator("td.model, td.final").all_inner_texts()


def test_a_dragged_slider_shows_python_s_numbers_and_asks_nobody(visit):
    logits = (model := open_model("bundled/storyteller")).trace(model.tokenize(PROMPT)).logits()
    visitor = visit()
    sent = watched(visitor)
    screen = visitor.open("/Sampling?prompt=The%20dog%27s%20bark%20was&top_p=0.9")
    slider = screen.get_by_role("slider", name="Temperature T", exact=True)
    slider.scroll_into_view_if_needed()
    expect(screen.locator("tr.is-kept").first).to_be_visible()
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    screen.mouse.move(box["x"] + box["width"] / 3, y)
    screen.mouse.down()
    n_sent, seen = len(sent), set()
    for share in (0.4, 0.55, 0.7, 0.9, 0.5, 0.2, 0.1, 0.05):
        screen.mouse.move(box["x"] + box["width"] * share, y, steps=4)
        temperature = float(screen.get_by_role("spinbutton", name=re.compile("Temperature T")).input_value())
        now = sampling.apply(logits, SamplingSettings(temperature=temperature, top_p=0.9))
        expect(screen.locator(".survive")).to_have_text(
            f"\u2068{now.kept.sum():,}\u2069 of \u2068{len(logits):,}\u2069"
        )
        assert first_row(screen) == [percent(now.p_model[0]), percent(now.p_final[0])]
        seen.add(temperature)
    assert len(seen) >= 6, "the slider did not move"
    assert len(sent) == n_sent, "something was sent while the slider was held"
    screen.mouse.up()
    expect(screen).to_have_url(re.compile("temperature="))
    assert f"temperature={temperature:g}" in screen.url
    visitor.settle()
    assert first_row(screen) == [percent(now.p_model[0]), percent(now.p_final[0])], "what came back undid the drag"
    assert visitor.complaints == []


def test_the_panel_works_by_keyboard_and_remembers_across_screens(visit):
    visitor = visit()
    screen = visitor.open("/Sampling?prompt=The%20dog")
    screen.get_by_role("slider", name="Temperature T", exact=True).focus()
    screen.keyboard.press("Home")
    expect(screen.locator(".survive")).to_contain_text(re.compile("^\u20681\u2069 of"))
    expect(screen).to_have_url(re.compile("temperature=0"))
    visitor.settle()
    screen.get_by_role("link", name="Prediction", exact=True).first.click()
    expect(screen).to_have_url(re.compile(r"/Prediction\?.*temperature=0"))
    visitor.settle()
    screen.get_by_role("link", name="Sampling", exact=True).first.click()
    expect(screen.locator(".survive")).to_contain_text(re.compile("^\u20681\u2069 of"))
    screen.get_by_role("button", name="the model as it is").click()
    expect(screen).not_to_have_url(re.compile("temperature="))
    expect(screen.locator(".survive")).not_to_contain_text(re.compile("^\u20681\u2069 of"))


def test_the_dice_count_what_the_generator_draws(visit):
    model = open_model("bundled/storyteller")
    now = sampling.apply(model.trace(model.tokenize(PROMPT)).logits(), SamplingSettings(temperature=0.8))
    drawn = view.draws(now, view.random_numbers(3)[:1000])
    visitor = visit()
    screen = visitor.open("/Sampling?prompt=The%20dog%27s%20bark%20was&temperature=0.8&seed=3")
    screen.get_by_role("button", name="1,000 draws").click()
    counts = screen.locator(".results td.drawn").all_inner_texts()
    assert [int(n) for n in counts[:10]] == np.bincount(drawn, minlength=10)[:10].tolist()
    screen.get_by_role("spinbutton", name="Seed").fill("4")
    screen.keyboard.press("Enter")
    expect(screen).to_have_url(re.compile("seed=4"))
    assert visitor.complaints == []
