"""The help under the prompt: drawn when it is opened, its presets set the screen, its code computes the screen's own number."""

import re

import pytest

from model_backend import SamplingSettings, open_model
from pages.common.guides import CLOZE, INTERPRETER, STORYTELLER
from pages.common.page_map import BY_KEY
from tests.app.inside import printed
from viz.labels import percent

DOG = {"model": STORYTELLER, "prompt": "The dog's bark was"}
GAP = {"model": CLOZE, "prompt": "The [MASK] barked at the cat."}
DOGS = {"model": INTERPRETER, "prompt": "I have two dogs."}


def open_topic(at, topic: str):
    at.pills(key="help_topic").set_value(topic).run()
    assert not at.exception
    return at


@pytest.fixture
def run_code(open_screen, monkeypatch):
    """A function that opens a screen with its lines of Python shown: (the screen, what they print)."""

    def run(key: str, **parameters):
        at = open_screen("home", **parameters)
        at.session_state["_help_topic"] = "code"
        at = at.run() if key == "home" else at.switch_page(BY_KEY[key].file).run()
        assert not at.exception
        return at, printed(at.code[0].value, monkeypatch)  # the help stands before the cards

    return run


def last_number(text: str) -> float:
    return float(re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text)[-1])


def test_nothing_is_drawn_until_a_topic_is_opened_and_it_stays_open_on_the_next_screen(open_screen, shown):
    at = open_screen("prediction")
    assert 'class="ts-help"' not in shown(at) and "help_try" not in str([button.key for button in at.button])
    open_topic(at, "looking")
    assert "The model has read the text up to the focused token" in shown(at)
    assert 'data-term="perplexity"' in shown(at)
    at.switch_page("pages/6_Sampling.py").run()
    assert "which token is taken is decided afterwards" in shown(at)


def test_a_preset_sets_the_screen_and_all_else_to_its_default(open_screen, shown):
    at = open_screen("attention", prompt="Something else", temperature="0.3", projector="1", layer="5", focus="1")
    open_topic(at, "trying")
    at.button(key="help_try_attention_same").click().run()
    assert not at.exception
    shared = at.session_state["_shared"]
    assert (shared["prompt"], shared["layer"], shared["head"]) == ("The dog chased the cat and the dog", 4, 3)
    assert (shared["temperature"], shared["projector"]) == (1.0, True)
    assert re.search(r"In layer 4, head 3, .*dog.* gives <b>72\s%</b> of its attention to .*dog", shown(at))


def test_what_there_is_to_try_for_a_translator_differs(open_screen):
    at = open_topic(open_screen("attention", **DOGS), "trying")
    keys = [button.key for button in at.button if button.key.startswith("help_try")]
    assert keys == ["help_try_attention_crossing", "help_try_attention_crossing_back", "help_try_attention_itself"]


@pytest.mark.parametrize("parameters", [DOG, GAP, DOGS], ids=["decoder", "encoder", "translator"])
def test_the_code_of_prediction_gives_the_first_row_of_the_ledger(run_code, shown, parameters):
    at, output = run_code("prediction", **parameters)
    number = last_number(output)
    assert 0.01 < number < 0.999
    assert f"<b>{percent(number)}</b>" in shown(at)


@pytest.mark.parametrize("parameters", [DOG, GAP, DOGS], ids=["decoder", "encoder", "translator"])
def test_the_code_of_layers_gives_the_lead_of_the_last_row(run_code, shown, parameters):
    at, output = run_code("layers", **parameters)
    lines = output.splitlines()
    model = open_model(parameters["model"])
    assert len(lines) == model.info.n_decoder_layers + 1
    answer = next(line for line in shown(at).splitlines() if "the final guess" in line)
    assert f"<b>{percent(last_number(lines[-1]))}</b>" in answer
    assert 0 < last_number(lines[1]) < 1 and last_number(lines[1]) != last_number(lines[-1])


@pytest.mark.parametrize("parameters", [DOG, DOGS], ids=["decoder", "translator"])
def test_the_code_of_attention_gives_the_row_in_focus(run_code, shown, parameters):
    at, output = run_code("attention", **parameters)
    row = [float(x) for x in output.strip("[]\n ").split(",")]
    assert sum(row) == pytest.approx(1, abs=1e-5)  # float32 sums
    assert f"gives <b>{percent(max(row))}</b> of its attention" in shown(at)


def test_the_code_of_the_home_screen_gives_its_favourite(run_code, shown):
    at, output = run_code("home", **DOG)
    assert f"with <b>{percent(last_number(output))}</b>" in shown(at)


def test_the_code_of_tokens_counts_them(run_code, shown):
    at, output = run_code("tokens", **DOG)
    assert f"<b>{int(last_number(output))} tokens</b>" in shown(at)


def test_the_code_of_embeddings_finds_the_nearest(run_code, shown):
    at, output = run_code("embeddings", **DOG)
    word, cosine = output.split()
    assert re.search(rf"{word}.*lies nearest to.*<b>\+?{float(cosine):.3f}</b>", shown(at))


def test_the_code_of_sampling_gives_the_final_probability(run_code):
    settings = {
        "temperature": 0.7,
        "top_k": 30,
        "top_p": 0.8,
        "min_p": 0.05,
        "repetition": 1.2,
        "presence": 0.3,
        "frequency": 0.1,
    }
    at, output = run_code("sampling", **DOG, **settings)
    first = output.splitlines()[0].split()
    (table,) = [frame.value for frame in at.dataframe if "final probability" in frame.value]
    assert percent(float(first[-2])) == table["final probability"].iloc[0]
    assert int(first[-1]) == (table["what became of it"] == "kept").sum()


@pytest.mark.parametrize("parameters", [DOG, DOGS], ids=["decoder", "translator"])
def test_the_code_of_generation_writes_what_the_dice_write(run_code, parameters):
    _, text = run_code("generation", **parameters, temperature=0.9, top_k=40, repetition=1.1, seed=7)
    model = open_model(parameters["model"])
    settings = SamplingSettings(temperature=0.9, top_k=40, repetition_penalty=1.1)
    ids = [
        step.token_id
        for step in model.generate(model.tokenize(parameters["prompt"]), settings, max_new_tokens=12, seed=7)
    ]
    written = model.decode(ids).strip()
    assert len(written) > 10 and written in text
