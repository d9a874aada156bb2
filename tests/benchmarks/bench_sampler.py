"""How fast the sampling panel follows a dragged slider in a real Chromium, and that it asks nobody meanwhile.

`python -m tests.benchmarks.bench_sampler`. The panel, the dice and the curve are mounted together, as on the screen, with random
logits of a large vocabulary; the mouse drags the temperature to and fro while top-p and a penalty are set, so that every token
takes part in every frame. Counted are the frames that were worked out and drawn, and the time each took.
"""

import base64
import json
import logging
import time

import numpy as np
from playwright.sync_api import sync_playwright

from model_backend.engine import sampling
from pages.sampling.throwing import dice_words
from pages.sampling.words import panel_words
from scripts.chromium import FLAGS, find
from viz import sampling as view
from viz.components import source
from viz.theme import css_variables

SECONDS = 4.0
VOCABULARIES = ((50_257, 50), (151_936, 20))
SETTINGS = {
    "temperature": 1.0, "top_k": 0, "top_p": 0.95, "min_p": 0.0, "repetition": 1.2, "presence": 0.5, "frequency": 0.0,
}  # fmt: skip
MOUNT = """async ([name, html, css, js, text, isBytes]) => {
  const host = document.createElement("div")
  document.body.append(host)
  const root = (window[name] = host.attachShadow({ mode: "open" }))
  root.innerHTML = `<style>${css}</style>${html}`
  const module = await import(URL.createObjectURL(new Blob([js], { type: "text/javascript" })))
  const data = isBytes ? Uint8Array.from(atob(text), (c) => c.charCodeAt(0)) : JSON.parse(text)
  module.default({ data, parentElement: root, setTriggerValue: () => { window.sent = (window.sent ?? 0) + 1 } })
}"""
WATCH = """() => {
  const panel = window.sampler.panel, draw = panel.draw.bind(panel)
  window.times = []
  panel.draw = () => { const start = performance.now(); draw(); window.times.push(performance.now() - start) }
}"""


def mount(page, name: str, data) -> None:
    """Put a component into the page; `data` as bytes or as JSON."""
    parts = source(name)
    is_bytes = isinstance(data, bytes)
    text = base64.b64encode(data).decode() if is_bytes else json.dumps(data)
    page.evaluate(MOUNT, [name, parts["html"], parts["css"], parts["js"], text, is_bytes])


def prepare(page, n_vocab: int) -> None:
    """The three parts of the screen that follow the slider, on random logits."""
    rng = np.random.default_rng(0)
    logits = rng.normal(scale=3, size=n_vocab).astype(np.float32)
    history = rng.integers(0, n_vocab, 200)
    page.set_content(
        f"<style>:root{{color-scheme:light;{css_variables()}}} body{{font-size:16px;max-width:1100px}}</style>"
    )
    mount(page, "logits", view.logits(sampling.apply(logits), history, lambda i: f"token{i}"))
    mount(page, "sampler", {"settings": SETTINGS, "n_vocab": n_vocab, "words": panel_words()})
    mount(page, "dice", view.dice(view.random_numbers(0), {}, dice_words(), 0))


def drag(page) -> tuple[float, list[float], float]:
    """While the temperature is dragged to and fro for SECONDS: frames a second, milliseconds of each by the wall clock, and the
    processor's milliseconds that the page needed for one, which other programs on the machine do not lengthen."""
    page.evaluate(WATCH)
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        found = metrics.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in found if metric["name"] == "TaskDuration")

    before = busy()
    box = page.get_by_role("slider", name="Temperature T").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 3, y)
    page.mouse.down()
    # the hand moves inside the page, so that the mouse's way through the driver is no part of the measurement
    found = page.evaluate(
        """(ms) => new Promise((done) => {
          const slider = window.sampler.querySelector(".temperature input[type=range]")
          window.times.length = 0
          window.sent = 0
          const start = performance.now()
          const step = () => {
            const t = performance.now() - start
            if (t > ms) return done([window.times.length / (t / 1000), [...window.times], window.sent])
            slider.value = 1.5 + 1.4 * Math.sin(t / 300)
            slider.dispatchEvent(new Event("input", { bubbles: true }))
            requestAnimationFrame(step)
          }
          step()
        })""",
        1000 * SECONDS,
    )
    page.mouse.up()
    per_second, times, sent = found
    assert sent == 0, "something was sent while the slider was held"
    return per_second, times, 1000 * (busy() - before) / len(times)


def main() -> None:
    """Print one line a vocabulary."""
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(
        logging.ERROR
    )  # words are asked for without a session
    print(
        f"{'vocabulary':>10} {'frames a second':>16} {'goal':>5} {'median of a frame':>18} {'slowest 5 %':>12} {'processor':>12}"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for n_vocab, goal in VOCABULARIES:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            prepare(page, n_vocab)
            time.sleep(1)
            per_second, times, processor = drag(page)
            low, high = np.percentile(times, [50, 95])
            print(f"{n_vocab:>10,} {per_second:>16.0f} {goal:>5} {low:>15.1f} ms {high:>9.1f} ms {processor:>9.1f} ms")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
