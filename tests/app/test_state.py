"""The shared state: what a link brings, what is kept, what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.common import fields, state
from pages.common.guides import KINDS, guide_of
from pages.common.page_map import BESIDE, PAGES
from tests.app.opening import APP


class FakeStreamlit:
    """Session state and address as plain dictionaries."""

    class Params(dict):
        def from_dict(self, values):
            self.clear()
            self.update(values)

    def __init__(self, **params):
        self.session_state = {}
        self.query_params = self.Params(params)


@pytest.fixture
def visit(monkeypatch):
    def new(**params):
        fake = FakeStreamlit(**params)
        monkeypatch.setattr(state, "st", fake)
        state.read_address()
        return fake

    return new


def test_a_link_brings_prompt_and_focus_whatever_their_order(visit):
    visit(focus="2", prompt="a b c", projector="1")
    assert (state.get("prompt"), state.get("focus"), state.get("projector")) == ("a b c", 2, True)


def test_hidden_words_and_a_target_travel_in_the_address(visit):
    fake = visit(masked="7,3,3", target="le chat", target_focus="2", prompt="the cat", model="x")
    assert (state.get("masked"), state.get("target"), state.get("target_focus")) == ((3, 7), "le chat", 2)
    state.write_address()
    assert fake.query_params["masked"] == "3,7" and fake.query_params["target"] == "le chat"
    state.put("masked", ())
    assert state.address()["masked"] == "none"
    state.put("masked", None)
    assert "masked" not in state.address()


def test_what_hangs_on_the_text_goes_with_it(visit):
    visit(masked="3", target="le chat", target_focus="2", prompt="the cat", focus="1")
    state.put("target", "le chien")
    assert (state.get("target_focus"), state.get("masked"), state.get("focus")) == (None, (3,), 1)
    state.put("prompt", "the dog")
    assert (state.get("masked"), state.get("target"), state.get("focus")) == (None, "", None)


RAW = st.one_of(
    st.text(max_size=30), st.integers().map(str), st.floats().map(str), st.lists(st.integers()).map(lambda n: ",".join(map(str, n))),
    st.sampled_from(["none", "0", "1", "en", "zh", "words", "cross", "1e999", "-0.0", "9" * 5_000, "x" * 200_000]),
)  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(name=st.sampled_from(list(state.FIELDS)), raw=RAW)
def test_whatever_an_address_says_is_a_value_or_ignored(name, raw):
    """And a value that was taken over is written so that the next reader takes over the same."""
    try:
        value = state.FIELDS[name].parse(raw)
    except ValueError:
        return
    assert state.FIELDS[name].parse(fields.written(value)) == value


@pytest.mark.parametrize("raw", ["3,x", ",", "-1", "", "1;2"])
def test_wrong_hidden_positions_are_ignored(visit, raw):
    visit(masked=raw)
    assert state.get("masked") is None


def test_a_new_prompt_moves_the_focus_to_its_end(visit):
    visit(focus="2", prompt="a b c")
    state.put("prompt", "d e")
    assert state.get("focus") is None


def test_the_session_wins_over_an_address_we_wrote_ourselves(visit):
    fake = visit(prompt="old")
    state.write_address()
    state.put("prompt", "typed")
    state.read_address()  # the address still says "old", because we wrote it
    assert state.get("prompt") == "typed"
    state.write_address()
    assert fake.query_params["prompt"] == "typed"


def test_the_back_button_wins_over_the_session(visit):
    fake = visit(prompt="first")
    state.write_address()
    state.put("prompt", "second")
    state.write_address()
    fake.query_params["prompt"] = "first"
    state.read_address()
    assert state.get("prompt") == "first"


def test_defaults_and_long_prompts_do_not_enter_the_address(visit):
    fake = visit()
    state.put("prompt", "x" * (state.MAX_PROMPT_IN_ADDRESS + 1))
    state.write_address()
    assert dict(fake.query_params) == {}
    assert not state.fits_address("prompt")


@pytest.mark.parametrize("raw", ["-1", "1.5", "x", "", "٣", "9" * 50])
def test_wrong_positions_are_ignored(visit, raw):
    visit(focus=raw)
    assert state.get("focus") is None


def test_parameters_that_are_not_ours_are_dropped(visit):
    fake = visit(evil="<script>")
    state.write_address()
    assert dict(fake.query_params) == {}


def test_the_page_map_has_distinct_keys_and_existing_files():
    pages = (*PAGES, *BESIDE)
    assert len({page.key for page in pages}) == len(pages)
    assert all((APP.parent / page.file).is_file() for page in pages)
    on_disk = {f"pages/{path.name}" for path in (APP.parent / "pages").glob("*.py")}
    assert on_disk == {page.file for page in pages if page.key != "home"}, "a screen is missing from the page map"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_screen_has_all_that_belongs_to_one(page):
    """docs/add-a-screen.md"""
    help_of = {kind: guide_of(page.key, kind) for kind in KINDS}
    assert all(len(guide.presets) == 3 for guide in help_of.values()), "three things to try for each kind of model"
    readme = (APP.parent / "README.md").read_text("utf-8")
    assert f"| **{page.title}**" in readme, "the README's table of screens has no row for it"
