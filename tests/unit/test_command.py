"""The command `tokenscope`: what it hands over to Streamlit, where it sends the browser, what it says instead of starting."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import open_page, serve
from tokenscope import TREE, __main__

ROOT = Path(__file__).parents[2]


@pytest.fixture
def started(monkeypatch):
    """A function: run the command up to the server → (its options, the page that would be opened or None, the variables set)."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delenv("STREAMLIT_SERVER_BASE_URL_PATH", raising=False)
    monkeypatch.setenv("TOKENSCOPE_SETTINGS", "")
    options, pages = [], []
    monkeypatch.setattr(serve, "main", options.extend)
    monkeypatch.setattr(open_page, "begin", lambda *where: pages.append(open_page.page_of(*where)))

    def run(*arguments: str) -> tuple:
        __main__.main(arguments)
        return options, pages

    return run


def test_without_options_it_serves_this_machine_and_opens_the_page(started):
    assert started() == (["--server.port", "8501", "--server.address", "localhost"], ["http://localhost:8501"])
    assert sys.path[0] == str(TREE) == str(ROOT)


def test_the_options_arrive(started):
    options, pages = started("--port", "8600", "--address", "0.0.0.0", "--settings", "my.toml", "--no-browser")
    assert options == ["--server.port", "8600", "--server.address", "0.0.0.0"]
    assert pages == []
    assert __main__.os.environ["TOKENSCOPE_SETTINGS"] == "my.toml"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("localhost", "http://localhost:80"),
        ("0.0.0.0", "http://localhost:80"),
        ("::", "http://localhost:80"),
        ("::1", "http://[::1]:80"),
        ("192.168.1.5", "http://192.168.1.5:80"),
    ],
)
def test_the_page_is_where_a_browser_of_this_machine_finds_it(monkeypatch, address, page):
    monkeypatch.delenv("STREAMLIT_SERVER_BASE_URL_PATH", raising=False)
    assert open_page.page_of(address, 80) == page
    monkeypatch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", "/class/")
    assert open_page.page_of(address, 80) == f"{page}/class"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--prot", "1"), "unrecognized arguments: --prot 1"),
        (("--port", "99999"), "99999 is no number from 1 to 65535"),
        (("--address", "nowhere.invalid"), "The server cannot listen there"),
        (("--settings", "no.toml"), "there is no file no.toml"),
    ],
)
def test_what_is_wrong_is_said_without_a_traceback(arguments, words):
    command = [sys.executable, "-m", "tokenscope", "--no-browser", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0 and words in ended.stderr and "Traceback" not in ended.stderr
