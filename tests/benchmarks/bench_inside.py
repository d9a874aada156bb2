"""The inner screens: how soon another head stands there, what goes to the browser, and PCA against scikit-learn's.

`python -m tests.benchmarks.bench_inside`. Times in Chromium are from the click to the frame that shows the new matrix.
"""

import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import numpy as np
from playwright.sync_api import sync_playwright

from scripts.chromium import FLAGS, find
from scripts.live import ROOT, running_app, settle

ROUNDS = 7
SENTENCE = "one day the little dog ran into the big garden and saw a red bird "
FORTY = (SENTENCE * 3).split()[:38]
THOUSAND = (SENTENCE * 90).split()[:990]
CLICK = """(button, canvas) => new Promise((resolve) => {
  const before = canvas.getAttribute("aria-label"), start = performance.now()
  const look = () => canvas.getAttribute("aria-label") === before ? requestAnimationFrame(look)
    : requestAnimationFrame(() => resolve(performance.now() - start))
  button.click()
  look()
})"""


def wide_model(folder: Path) -> str:
    """A random model of GPT-2's shape that reads 1,024 tokens: 12 layers of 12 heads, the storyteller's tokenizer."""
    import torch
    from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel

    tokenizer = AutoTokenizer.from_pretrained(ROOT / "model_backend" / "bundled" / "storyteller")
    torch.manual_seed(0)
    config = GPT2Config(
        vocab_size=len(tokenizer), n_positions=1024, n_embd=192, n_layer=12, n_head=12, bos_token_id=0, eos_token_id=0
    )
    GPT2LMHeadModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def opened(browser, address: str):
    """(page, list of the bytes of each message from the server so far) of a screen that has drawn itself."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(240_000)
    sizes: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sizes.append(len(data))))
    page.goto(address)
    settle(page)
    page.locator("canvas.picture").wait_for()
    page.wait_for_timeout(1000)
    return page, sizes


def clicks(page, chosen) -> float:
    """Median milliseconds from a click on each of the heads to its matrix."""
    canvas = page.locator("canvas.picture").element_handle()
    took = []
    for layer, head in chosen:
        button = page.locator(f"button.head[data-at='{layer}.{head}']")
        took.append(button.evaluate(CLICK, canvas))
        settle(page)
        page.wait_for_timeout(300)
    return statistics.median(took)


def pca_seconds() -> tuple[float, float]:
    """(ours, scikit-learn's) for two components of 5,000 × 384, median."""
    from sklearn.decomposition import PCA

    from model_backend.maps.projection import pca

    vectors = np.random.default_rng(0).normal(size=(5000, 384)).astype(np.float32)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        for take, run in ((ours, lambda: pca(vectors, 2)), (theirs, lambda: PCA(2).fit_transform(vectors))):
            start = time.perf_counter()
            run()
            take.append(time.perf_counter() - start)
    return statistics.median(ours), statistics.median(theirs)


def main() -> None:
    """Print the figures."""
    ours, theirs = pca_seconds()
    print(f"PCA of 5,000 x 384: {ours:.2f} s, scikit-learn {theirs:.2f} s (goal: under 1)")
    with tempfile.TemporaryDirectory() as folder, running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        page, sizes = opened(browser, f"{server}/Attention?prompt={quote(' '.join(FORTY))}")
        print(f"attention, 40 tokens, storyteller: {sum(sizes) / 1e6:.2f} MB to the browser (goal: under 5)")
        clicks(page, [(3, 1)])  # the first click also fetches what later ones find there
        same = clicks(page, [(3, (2 + i) % 5) for i in range(ROUNDS)])
        print(f"another head of the same layer to its matrix: median {same:.0f} ms (goal: under 300)")
        other = clicks(page, [(i % 6, 0) for i in range(4, 4 + ROUNDS)])
        print(f"a head of another layer to its matrix: median {other:.0f} ms (goal: under 300)")
        before = sum(sizes)
        clicks(page, [(2, 4)])
        print(f"that click: {(sum(sizes) - before) / 1e6:.2f} MB")
        page.close()
        address = f"{server}/Attention?prompt={quote(' '.join(THOUSAND))}&model={quote(wide_model(Path(folder)))}"
        page, sizes = opened(browser, address)
        print(f"attention, 1,000 tokens, 12 x 12 heads: {sum(sizes) / 1e6:.2f} MB to the browser (goal: under 5)")
        before = sum(sizes)
        took = clicks(page, [(3, 1)])
        print(f"another head there: {(sum(sizes) - before) / 1e6:.2f} MB, {took:.0f} ms")
        browser.close()


if __name__ == "__main__":
    main()
