"""The Prediction screen: what it prints equals plain transformers on the same model and text."""

import contextlib
import io
import json
import math
import re
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

ROOT = Path(__file__).parents[2]
PROMPT = "The dog's bark was barely heard"


@pytest.fixture(scope="module")
def plain():
    """Tokenizer and model as anybody would load them."""
    folder = ROOT / "model_backend" / "bundled" / "storyteller"
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    return AutoTokenizer.from_pretrained(folder), model


def log_probabilities(plain, text):
    """ids [pos] and ln p [pos, vocab] in float64 of the logits."""
    tokenizer, model = plain
    ids = tokenizer(text, return_tensors="pt").input_ids
    with torch.inference_mode():
        return ids[0], model(ids).logits[0].double().log_softmax(-1)


def component_data(at, name):
    """The data of the one component of that name."""
    (found,) = [c for c in at.get("bidi_component") if c.proto.component_name.endswith(name)]
    return json.loads(found.proto.json)


def number(text):
    """A printed number, percent sign and real minus read."""
    value = float(re.sub(r"[\s\u00a0,%]", "", text).replace("−", "-"))
    return value / 100 if "%" in text else value


def test_the_ledger_prints_the_models_numbers(open_screen, plain):
    at = open_screen("prediction", prompt=PROMPT, focus=3)
    assert not at.exception
    ids, ln_p = log_probabilities(plain, PROMPT)
    top = ln_p[3].topk(100)
    data = component_data(at, "ledger")
    for row, token_id, expected in zip(data["rows"], top.indices.tolist(), top.values.tolist(), strict=True):
        assert number(row["ln_p"]) == pytest.approx(expected, abs=0.006)
        assert number(row["p"]) == pytest.approx(math.exp(expected), rel=0.06)  # two digits are printed
        assert row["id"] == token_id or number(row["ln_p"]) == pytest.approx(ln_p[3, row["id"]].item(), abs=0.006)
    followed = int(ids[4])
    assert data["pinned"]["id"] == followed
    assert number(data["pinned"]["ln_p"]) == pytest.approx(ln_p[3, followed].item(), abs=0.006)
    assert number(data["pinned"]["rank"]) == pytest.approx((ln_p[3] > ln_p[3, followed]).sum().item() + 1, abs=1)
    pinned_p = ln_p[3, followed].exp() if not any(row["followed"] for row in data["rows"][:10]) else 0
    assert number(data["others"][0]["p"]) == pytest.approx(float(1 - top.values[:10].exp().sum() - pinned_p), abs=0.006)


def test_entropy_and_surprisal_are_the_models(open_screen, shown, plain):
    text = shown(open_screen("prediction", prompt=PROMPT, focus=2))
    ids, ln_p = log_probabilities(plain, PROMPT)
    entropy = -(ln_p[2].exp() * ln_p[2]).sum().item() / math.log(2)
    assert f">{entropy:.2f} bits</td>" in text
    nats = -ln_p[:-1].gather(1, ids[1:, None])[:, 0]
    total = nats.sum().item() / math.log(2)
    assert f"{total:,.2f} bits" in text
    assert f"{nats.mean().item() / math.log(2):.3f} bits" in text


def test_moving_the_focus_changes_the_guess(open_screen):
    first = component_data(open_screen("prediction", prompt=PROMPT, focus=1), "ledger")["rows"]
    second = component_data(open_screen("prediction", prompt=PROMPT, focus=4), "ledger")["rows"]
    assert [row["ln_p"] for row in first] != [row["ln_p"] for row in second]


def test_typing_a_word_shows_its_rank_and_probability(open_screen, shown, plain):
    at = open_screen("prediction", prompt=PROMPT)
    at.text_input(key="prediction_typed").set_value("dog").run()
    assert not at.exception
    _, ln_p = log_probabilities(plain, PROMPT)
    tokenizer, _ = plain
    (token_id,) = tokenizer(" dog", add_special_tokens=False).input_ids
    rank = (ln_p[-1] > ln_p[-1, token_id]).sum().item() + 1
    (table,) = [frame.value for frame in at.dataframe if "ln p" in frame.value and "text" in frame.value]
    row = table[table["id"] == token_id].iloc[0]
    assert row["token"] == "·dog" and row["rank"] == pytest.approx(rank, abs=1)
    assert number(row["ln p"]) == pytest.approx(ln_p[-1, token_id].item(), abs=0.006)
    assert "with a leading space: <b>one token</b>" in shown(at)


def test_a_text_of_several_tokens_gets_the_product_along_its_tokens(open_screen, shown, plain):
    at = open_screen("prediction", prompt=PROMPT)
    at.text_input(key="prediction_typed").set_value(" across the wide valley").run()
    tokenizer, _ = plain
    ids, ln_p = log_probabilities(plain, PROMPT + " across the wide valley")
    n = len(ids) - len(tokenizer(PROMPT).input_ids)
    joint = ln_p[:-1].gather(1, ids[1:, None])[-n:].sum().item()
    text = shown(at)
    assert f"<b>{n} tokens</b>" in text
    (printed,) = re.findall(r"ln p = (−[\d.,]+)", text)
    assert number(printed) == pytest.approx(joint, abs=0.006)


def test_the_loss_card_and_its_code_agree(open_screen, shown, plain, monkeypatch):
    at = open_screen("prediction", prompt=PROMPT, focus=3)
    ids, ln_p = log_probabilities(plain, PROMPT)
    losses = -ln_p[:-1].gather(1, ids[1:, None])[:, 0]
    printed = re.search(r"the loss is <b>([\d.]+)</b>; the mean over this text is <b>([\d.]+)</b>", shown(at))
    assert float(printed[1]) == pytest.approx(losses[3].item(), abs=6e-4)
    assert float(printed[2]) == pytest.approx(losses.mean().item(), abs=6e-4)
    monkeypatch.chdir(ROOT)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(at.code[0].value, {})
    this, mean = map(float, output.getvalue().split())
    assert this == pytest.approx(float(printed[1]), abs=6e-4)
    assert mean == pytest.approx(float(printed[2]), abs=6e-4)


def test_at_the_last_token_nothing_has_followed_yet(open_screen, shown):
    at = open_screen("prediction", prompt=PROMPT)
    assert component_data(at, "ledger")["pinned"] is None
    assert "Nothing yet: this is the last token." in shown(at)


def test_a_single_token_has_a_next_one_but_no_surprisal(open_screen, shown):
    at = open_screen("prediction", prompt="")  # the start token alone
    assert not at.exception
    assert len(component_data(at, "ledger")["rows"]) == 100
    assert "There is only one token so far." in shown(at)


def test_markup_in_the_text_looked_for_stays_text(open_screen, shown):
    at = open_screen("prediction", prompt=PROMPT)
    at.text_input(key="prediction_typed").set_value("<img src=x onerror=alert(1)>").run()
    assert not at.exception
    assert "<img" not in "".join(html.proto.body for html in at.get("html"))


def test_a_text_too_long_to_follow_is_explained_in_place(open_screen, shown):
    at = open_screen("prediction", prompt=PROMPT)
    at.text_input(key="prediction_typed").set_value("zebra " * 300).run()
    assert not at.exception
    assert "at most 256" in shown(at)
