"""What people see in their browsers when the model has more to do than it can: their place in the line, the bound of the line,
memory that runs out. The server is the app's own; its model is held up from outside."""

import pytest
from playwright.sync_api import expect

from pages.common.page_map import BY_KEY
from scripts.live import running_app
from tests.browser.conftest import Visitor
from tests.browser.test_screens import address

PREDICTION = BY_KEY["prediction"]
BUSY, FULL = "Many people are asking at once", "There is not enough memory for this"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What is put here holds the model up."""
    return tmp_path_factory.mktemp("hampered")


@pytest.fixture(scope="module")
def hampered(folder):
    """The address of a server in whose line one person may wait."""
    with running_app("tests.browser.hampered", str(folder), TOKENSCOPE_QUEUE_LIMIT="1") as server:
        yield server


@pytest.fixture
def visit_hampered(chromium, hampered, folder):
    """A function that gives a new Visitor, who has seen the screen while all was well."""
    visitors = []

    def new() -> Visitor:
        visitors.append(Visitor(chromium, hampered))
        visitors[-1].open(address(PREDICTION))
        return visitors[-1]

    yield new
    for name in ("slow", "full"):
        (folder / name).unlink(missing_ok=True)
    for visitor in visitors:
        visitor.leave()


def ask(visitor: Visitor, text: str):
    """Type another text; gives the page."""
    visitor.page.get_by_role("textbox", name="Your text").fill(text)
    return visitor.page


def test_people_wait_in_a_line_and_past_its_bound_are_told_so(visit_hampered, folder):
    first, second, third = (visit_hampered() for _ in range(3))
    (folder / "slow").touch()
    reading = ask(first, "One day a fox")
    expect(reading.get_by_text("The model is reading …")).to_be_visible()
    waiting = ask(second, "One day a bear")
    expect(waiting.get_by_text("You are next in the line.")).to_be_visible()
    refused = ask(third, "One day a goat")
    box = refused.get_by_role("alert").filter(has_text=BUSY)
    expect(box).to_be_visible()
    expect(refused.get_by_role("textbox", name="Your text")).to_have_value("One day a goat")
    (folder / "slow").unlink()
    for page, word in ((reading, "fox"), (waiting, "bear")):
        expect(page.locator("p.ts-answer").first).to_contain_text(word)
    refused.get_by_role("button", name="Try again").click()
    expect(refused.locator("p.ts-answer").first).to_contain_text("goat")
    expect(box).to_have_count(0)
    assert first.complaints == second.complaints == third.complaints == []


def test_memory_that_runs_out_is_said_and_others_go_on(visit_hampered, folder):
    first, second = visit_hampered(), visit_hampered()
    (folder / "full").touch()
    page = ask(first, "One day a cow " + "ran and " * 10 + "sat")
    box = page.get_by_role("alert").filter(has_text=FULL)
    expect(box).to_be_visible()
    answer = second.page.locator("p.ts-answer").first
    before = answer.inner_text()
    second.page.get_by_role("listbox").first.get_by_role("option").nth(1).click()
    expect(answer).not_to_have_text(before)
    (folder / "full").unlink()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("p.ts-answer").first).to_contain_text("sat")
    expect(box).to_have_count(0)
    assert page.locator("[data-testid=stException]").count() == 0
