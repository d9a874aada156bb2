"""How long a person waits, in a real browser: the first picture, a new prompt, a moved position.

`python -m tests.benchmarks.bench_app`. Times are wall clock on this machine, the browser's drawing included.
"""

import statistics
import time

from playwright.sync_api import sync_playwright

from scripts.chromium import FLAGS, find
from scripts.live import running_app, settle

ROUNDS = 7
THIRTY = " ".join(["one day the little dog ran into the big garden and saw"] * 2) + " a cat"


def seconds(action, page, old: str) -> float:
    """From the action until the first answer of the screen reads otherwise."""
    start = time.perf_counter()
    action()
    page.wait_for_function(
        "old => { const p = document.querySelector('p.ts-answer'); return p && p.innerText !== old }",
        arg=old,
        polling=10,
    )
    return time.perf_counter() - start


def main() -> None:
    """Print the three waits."""
    start = time.perf_counter()
    with running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(120_000)
        page.goto(server)
        page.get_by_role("list", name="The likeliest next tokens").get_by_role("listitem").first.wait_for()
        print(f"process start to the first picture with numbers: {time.perf_counter() - start:.1f} s (goal: under 10)")

        page.goto(f"{server}/Prediction")
        settle(page)
        box = page.get_by_role("textbox", name="Your text")
        prompts = []
        for i in range(ROUNDS):
            old = page.locator("p.ts-answer").first.inner_text()
            prompts.append(
                seconds(lambda i=i: box.fill(f"{THIRTY} {i} {'dog was' if i % 2 else 'cat and'}"), page, old)
            )
            settle(page)
        print(f"a new prompt of 30 tokens to its ledger: median {statistics.median(prompts):.2f} s (goal: under 1)")

        moves = []
        ribbon = page.get_by_role("listbox").first
        for i in range(ROUNDS):
            old = page.locator("p.ts-answer").first.inner_text()
            moves.append(seconds(lambda i=i: ribbon.get_by_role("option").nth(3 + 2 * i).click(), page, old))
            settle(page)
        print(f"a moved position to its numbers: median {statistics.median(moves):.3f} s (goal: under 0.3)")
        browser.close()


if __name__ == "__main__":
    main()
