"""The Generation screen in a real Chromium: step, force, go back, play and stop."""

PROMPT = "/Generation?prompt=The+Eiffel&seed=1"


def test_a_step_is_taken_another_token_forced_and_taken_back(visit):
    visitor = visit()
    page = visitor.open(PROMPT)
    words = page.locator("button.word")
    page.get_by_role("button", name="One step").click()
    words.first.wait_for()
    page.get_by_role("button", name="One step").click()
    words.nth(1).wait_for()
    first = words.first.inner_text()
    other = page.locator(".rows button:not(.chosen)").first
    wanted = other.locator(".label").inner_text()
    other.click()
    page.locator("button.word.forced").wait_for()
    assert [words.first.inner_text(), page.locator("button.word.forced").inner_text()] == [first, wanted]
    assert page.locator(".node").count() == 4  # the prompt, the first token, and two second ones
    words.first.click()
    page.locator("button.word.forced").wait_for(state="detached")
    assert words.count() == 1
    assert not visitor.complaints


def test_playing_writes_by_itself_and_pausing_stops_it(visit):
    visitor = visit()
    page = visitor.open(PROMPT)
    page.get_by_role("button", name="Play").click()
    page.locator("button.word").nth(2).wait_for()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()
    visitor.settle()
    n = page.locator("button.word").count()
    page.wait_for_timeout(1500)  # six more words, if it went on
    assert page.locator("button.word").count() == n < 40
    assert not visitor.complaints
