"""A real server and a real Chromium, one of each for all tests of this folder."""

import json
from collections import defaultdict

import pytest
from playwright.sync_api import Error, expect, sync_playwright

from scripts.chromium import FLAGS, find
from scripts.live import running_app, settle

ANSWER_MS = 120_000  # a shared machine may be busy elsewhere
expect.set_options(timeout=ANSWER_MS)  # a machine may be slow; no test here measures time


def pytest_itemcollected(item):
    """A browser on a machine that does other things too may stall for minutes; what fails twice is at fault itself."""
    item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def server():
    """The address of a running app."""
    with running_app() as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    """One browser process; each test opens its own context in it."""
    path = find()
    assert path, "no Chromium: run `make test`, which finds or installs one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


# By browser and options. What was compiled of the page's scripts stays with a context.
_IDLE_CONTEXTS = defaultdict(list)


class Visitor:
    """A person with a clean browser: opens screens, and remembers what the console and the network said."""

    def __init__(self, browser, server: str, **options) -> None:
        self.server = server
        options = {"viewport": {"width": 1280, "height": 800}} | options
        self._idle = _IDLE_CONTEXTS[id(browser), json.dumps(options, sort_keys=True)]
        self.context = self._idle.pop() if self._idle else browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(ANSWER_MS)
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.context.on("request", self._note_request)  # of frames and workers too
        self.page.on("websocket", lambda socket: self._note_address(socket.url))

    def leave(self) -> None:
        """Close the page and leave nothing behind: the next visitor finds the browser as clean as a new one."""
        self.context.remove_listener("request", self._note_request)
        try:
            self.page.goto(f"{self.server}/_stcore/health")  # of the same origin, and draws nothing
            self.page.evaluate("localStorage.clear()")
            self.context.clear_cookies()
            for page in self.context.pages:
                page.close()
        except Error:  # a page that broke down is nobody's any more
            self.context.close()
        else:
            self._idle.append(self.context)

    def _note_message(self, message) -> None:
        # below a deep link Streamlit first looks for its server there; these two misses are its own and harmless
        is_search_for_server = "/_stcore/" in message.location.get("url", "") and "404" in message.text
        if message.type == "error" and not is_search_for_server:
            self.complaints.append(message.text)

    def _note_request(self, request) -> None:
        self._note_address(request.url)

    def _note_address(self, address: str) -> None:
        if not address.startswith((f"{self.server}/", f"{self.server.replace('http', 'ws')}/", "data:", "blob:")):
            self.foreign.append(address)

    def open(self, path: str):
        """Open a path of the app and wait until it has drawn itself."""
        self.page.goto(self.server + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the script has run to its end."""
        settle(self.page)


@pytest.fixture
def visit(chromium, server):
    """A function that gives a new Visitor; `visit(color_scheme="dark")` passes context options on."""
    visitors = []

    def new(**context) -> Visitor:
        visitors.append(Visitor(chromium, server, **context))
        return visitors[-1]

    yield new
    for visitor in visitors:
        visitor.leave()
