"""What is taken along: the notebook of every screen runs and gives the numbers of the screen and of plain transformers."""

import contextlib
import io
import json
from functools import cache

import nbformat
import numpy as np
import plotly.graph_objects as go
import pytest
import torch
from transformers import AutoModelForMaskedLM, AutoModelForSeq2SeqLM, AutoTokenizer

from model_backend.engine import loading
from pages.common import taking
from pages.common.cards import SHOWN, as_csv
from pages.common.page_map import PAGES
from tests import tiny_models
from tests.app import inside

PROMPT = "The dog's bark was"
SCREENS = [page.key for page in PAGES if page.key != "glossary"]
BUNDLED = inside.FOLDER.parent


@pytest.fixture
def taken(monkeypatch, open_screen):
    """A function: open a screen and press a file's button there → (the AppTest, the text of the file)."""
    files = {}
    draw = taking.st.download_button

    def noting(label, data, **settings):
        files[settings["key"]] = data
        return draw(label, data, **settings)

    monkeypatch.setattr(taking.st, "download_button", noting)

    def take(screen: str, key: str = "take_notebook", **parameters) -> tuple:
        at = open_screen(screen, **parameters)
        assert not at.exception, [e.message for e in at.exception]
        made = files[key]()
        return at, made if isinstance(made, str) else made.decode("utf-8-sig")

    return take


@pytest.fixture
def run(monkeypatch):
    """A function: run all cells of a notebook in their order in one namespace, as a kernel would → that namespace."""
    monkeypatch.chdir(inside.FOLDER.parents[2])
    monkeypatch.setattr(go.Figure, "show", lambda self: None)
    opened = cache(loading.open_model)
    monkeypatch.setattr(loading, "open_model", opened)

    def run_it(text: str) -> dict:
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        namespace: dict = {}
        for cell in notebook.cells:
            if cell.cell_type == "code":
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(cell.source, namespace)
        return namespace

    return run_it


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_has_a_notebook_that_runs(taken, run, screen):
    at, text = taken(screen, prompt=PROMPT)
    now = run(text)
    cards = [key for key in at.session_state[SHOWN] if key in now]
    assert len(cards) >= 2, (
        f"of {screen} the notebook computes {cards} again, and two should be: a cell sets the variable that is called like its card. It is "
        "what the card shows under Code, or stands in CELLS of a module that viz/notebooks/__init__.py lists"
    )
    assert now["tokens"].text == PROMPT


def test_the_numbers_are_those_of_plain_transformers(taken, run):
    ids, out = inside.read(PROMPT)
    p = out.logits[0].softmax(-1).numpy()

    _, text = taken("attention", prompt=PROMPT, layer=2, head=3)
    assert np.allclose(run(text)["attention_head"], out.attentions[2][0, 3].numpy(), atol=1e-5)

    _, text = taken("layers", prompt=PROMPT, focus=3)
    lens = run(text)["layers_lens"]
    assert np.allclose(lens.top_probs[-1], p.max(-1), atol=1e-5)  # the last row is the model's own prediction
    assert lens.top_ids[-1].tolist() == p.argmax(-1).tolist()

    _, text = taken("prediction", prompt=PROMPT, focus=3)
    now = run(text)
    assert np.allclose(now["prediction_ledger"].p_model, np.sort(p[3])[::-1], atol=1e-5)
    assert np.allclose(now["prediction_surprisal"][1:], -np.log2(p[np.arange(len(ids) - 1), ids[1:]]), atol=1e-4)
    assert np.isclose(now["prediction_loss"]["p"], p[3, ids[4]], atol=1e-5)


def test_the_settings_of_the_sampling_screen_are_in_its_notebook(taken, run):
    _, out = inside.read(PROMPT)
    _, text = taken("sampling", prompt=PROMPT, temperature=0.5, top_k=7, seed=11)
    now = run(text)
    hot = torch.topk(out.logits[0, -1] / 0.5, 7).values.softmax(-1).numpy()
    assert np.allclose(now["sampling_panel"].p_final[:7], hot, atol=1e-5)
    assert now["sampling_panel"].p_final[7:].max() == 0
    reached = np.searchsorted(np.cumsum(hot.astype(np.float64)), np.random.default_rng(11).random(100), side="right")
    assert now["sampling_dice"].tolist() == reached.tolist()


@pytest.mark.parametrize("screen", ["home", "layers", "prediction", "sampling"])
def test_of_a_model_that_fills_gaps(taken, run, screen):
    _, text = taken(screen, model="bundled/cloze", prompt="The dog barked at the cat.", focus=3)
    now = run(text)
    if screen == "prediction":
        model = AutoModelForMaskedLM.from_pretrained(BUNDLED / "cloze", dtype=torch.float32).eval()
        tokenizer = AutoTokenizer.from_pretrained(BUNDLED / "cloze")
        ids = tokenizer("The dog barked at the cat.", return_tensors="pt").input_ids
        ids[0, 3] = tokenizer.mask_token_id
        with torch.no_grad():
            p = model(ids).logits[0, 3].softmax(-1).numpy()
        assert np.allclose(now["prediction_ledger"].p_model, np.sort(p)[::-1], atol=1e-5)


@pytest.mark.parametrize("screen", ["home", "attention", "layers", "prediction", "sampling"])
def test_of_a_translator(taken, run, screen):
    at, text = taken(screen, model="bundled/interpreter", prompt=">>fra<< The dog is barking.", target_focus=2)
    now = run(text)
    if screen == "attention":
        shown = inside.sent(at, "attention")[1]["weights"]
        assert np.allclose(now["attention_head"], shown.reshape(now["attention_head"].shape), atol=1e-5)
    if screen == "prediction":
        model = AutoModelForSeq2SeqLM.from_pretrained(BUNDLED / "interpreter", dtype=torch.float32).eval()
        ids, target = torch.tensor([now["tokens"].ids.tolist()]), torch.tensor([now["target"]])
        with torch.no_grad():
            p = model(ids, decoder_input_ids=target).logits[0, 2].softmax(-1).numpy()
        assert np.allclose(now["prediction_ledger"].p_model, np.sort(p)[::-1], atol=1e-5)


def test_a_notebook_knows_what_was_chosen_in_its_cards(taken, run, open_screen):
    at, _ = taken("layers", prompt=PROMPT)
    at.text_input(key="layers_token").set_value("loud").run()
    assert at.session_state[SHOWN]["layers_attribution"]["chosen"]["layers_token"] == "loud"


def test_the_csv_of_a_card_holds_its_table(taken):
    _, text = taken("prediction", "take_csv_prediction_surprisal", prompt=PROMPT)
    _, out = inside.read(PROMPT)
    lines = [line.split(",") for line in text.strip().splitlines()]
    assert lines[0] == ["token", "bits", "rank"]
    assert len(lines) == 1 + out.logits.shape[1]


def test_pictures_of_tokens_hold_their_ids(taken):
    ids = AutoTokenizer.from_pretrained(BUNDLED / "storyteller")(PROMPT).input_ids
    _, text = taken("home", "take_csv_home_tokens", prompt=PROMPT)
    header, *rows = (line.split(",") for line in text.strip().splitlines())
    assert [int(row[header.index("id")]) for row in rows] == ids
    _, text = taken("tokens", "take_csv_tokens_letters")
    header, *rows = (line.split(",") for line in text.strip().splitlines())
    assert header == ["token", "ids", "found"] and sum(int(row[2]) for row in rows) == "strawberry".count("r")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1.5", "-1.5"),
        ("+2%", "+2%"),
        ("=", "="),
        (-3, "-3"),
        ("dog", "dog"),
    ],
)
def test_a_spreadsheet_runs_nothing_that_a_person_typed(cell, written):
    assert as_csv({"token": [cell]}).splitlines()[1] == written


def test_a_text_that_is_no_python_and_no_markdown_stays_a_text(taken, run):
    prompt = 'a"""b\\ \'{}\n# <img src=x onerror=alert(1)> $x$ [l](javascript:alert(1))'
    _, text = taken("tokens", prompt=prompt)
    assert run(text)["tokens"].text == prompt
    words = "".join("".join(c["source"]) for c in json.loads(text)["cells"] if c["cell_type"] == "markdown")
    assert "<img" not in words.replace("\\<", "")


def test_a_link_names_the_version_of_the_model_and_says_when_another_is_here(open_screen, shown, tmp_path):
    folder = tiny_models.save(tmp_path / "snapshots" / "abc123")  # as in the hub's cache
    at = open_screen(model=folder, prompt="a b", revision="0ld")
    assert 'class="ts-error"' not in shown(at), shown(at)[-3000:]
    assert at.query_params["revision"] in ("abc123", ["abc123"])
    assert "0ld" in at.toast[0].value and "abc123" in at.toast[0].value
    assert not at.run().toast
    assert "revision" not in open_screen(prompt="a b").query_params


def test_a_link_says_when_the_text_is_too_long_for_it(open_screen):
    for prompt, fits in (("short", True), ("word " * 500, False)):
        at = open_screen("tokens", prompt=prompt)
        (menu,) = [c for c in at.get("bidi_component") if c.proto.component_name.endswith(".take")]
        assert json.loads(menu.proto.json)["fits"] is fits
