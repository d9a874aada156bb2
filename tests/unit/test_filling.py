"""Hiding tokens and scoring them: against plain transformers, one text at a time."""

import math

import numpy as np
import pytest
import torch

from model_backend import BackendError
from model_backend.analysis.filling import filled, gap_statistics
from tests import tiny_models
from tests.tiny_models import ENCODERS, PROMPT, network

MASKS = {"roberta": "<mask>", "modernbert": "<mask>"}


@pytest.fixture(scope="session")
def tiny_filler(tmp_path_factory):
    """A function: an opened encoder whose tokenizer has a mask token, also where the tiny byte-level one has none."""
    from functools import cache

    from model_backend import open_model

    @cache
    def opened(family: str):
        folder = tiny_models.save(tmp_path_factory.mktemp(family), family)
        if family in MASKS:
            tokenizer = tiny_models.byte_level.__wrapped__()
            tokenizer.add_special_tokens({"mask_token": MASKS[family]})
            tokenizer.save_pretrained(folder)
        return open_model(str(folder))

    return opened


def by_hand(family: str, ids: list[int], mask_id: int, positions: list[int]) -> dict[int, torch.Tensor]:
    """ln p [vocab] in float64 at each of the positions, that one alone masked."""
    found = {}
    for position in positions:
        row = torch.tensor([ids])
        row[0, position] = mask_id
        with torch.inference_mode():
            found[position] = network(family)(input_ids=row).logits[0, position].double().log_softmax(-1)
    return found


@pytest.mark.parametrize("family", ENCODERS)
def test_each_token_hidden_in_turn_against_a_plain_loop(tiny_filler, family, monkeypatch):
    """Catches: the mask left from the row before, a row scored at another row's gap, the visible token scored, logs of the
    wrong base. Three rows a pass, so that the parts have to be put together."""
    model = tiny_filler(family)
    tokens = model.tokenize(PROMPT)
    monkeypatch.setattr("model_backend.analysis.filling.MAX_PASS_TOKENS", 3 * len(tokens))
    heard = []
    found = gap_statistics(model, tokens, heard.append)
    ids = tokens.ids.tolist()
    gaps = [i for i in range(len(ids)) if not tokens.is_special[i]]
    assert len(gaps) > 6 and heard == [start / len(gaps) for start in range(0, len(gaps), 3)]
    for position, ln_p in by_hand(family, ids, model.mask_id, gaps).items():
        expected = -ln_p[ids[position]].item() / math.log(2)
        assert found.surprisal_bits[position] == pytest.approx(expected, abs=1e-4)
        assert found.rank[position] == (ln_p > ln_p[ids[position]]).sum().item() + 1
        assert found.entropy_bits[position] == pytest.approx(-(ln_p.exp() * ln_p).sum().item() / math.log(2), abs=1e-4)
    rest = [i for i in range(len(ids)) if i not in gaps]
    assert np.isnan(found.surprisal_bits[rest]).all() and (found.rank[rest] == 0).all()


@pytest.mark.parametrize("family", ENCODERS)
def test_a_trace_of_masked_tokens_is_that_of_transformers(tiny_filler, family):
    model = tiny_filler(family)
    tokens = model.tokenize(PROMPT)
    hidden = model.masked(tokens, (2, 4))
    ids = tokens.ids.tolist()
    ids[2] = ids[4] = model.mask_id
    assert hidden.ids.tolist() == ids and len(hidden) == len(tokens)
    with torch.inference_mode():
        expected = network(family)(input_ids=torch.tensor([ids])).logits[0]
    for position in (2, 4, 0):
        np.testing.assert_allclose(model.trace(hidden).logits(position), expected[position], atol=1e-4)


def test_what_a_masked_token_says_of_itself(tiny_filler):
    model = tiny_filler("bert")
    tokens = model.tokenize("the dog")
    hidden = model.masked(tokens, {2})
    assert hidden.pieces == ("[CLS]", "the", "[MASK]", "[SEP]") and hidden.token_bytes[2] == b""
    assert hidden.is_special.tolist() == [True, False, True, True] and hidden.spans == tokens.spans
    assert (hidden.is_lossless, hidden.loss, hidden.text) == (False, "masked", "the dog")
    assert model.masked(tokens, ()) is tokens
    assert tokens.pieces[2] == "dog"


def test_nothing_to_hide(tiny_filler):
    found = gap_statistics(tiny_filler("bert"), tiny_filler("bert").tokenize(""))
    assert np.isnan(found.surprisal_bits).all() and len(found.rank) == 2


def test_models_that_do_not_fill_gaps_say_so(tiny):
    with pytest.raises(BackendError, match="fill gaps"):
        gap_statistics(tiny("gpt2"), tiny("gpt2").tokenize(PROMPT))
    with pytest.raises(BackendError, match="hides"):
        tiny("gpt2").masked(tiny("gpt2").tokenize(PROMPT), (1,))


@pytest.mark.parametrize(
    ("text", "position", "piece", "expected"),
    [
        ("the [MASK] was heard", 2, "dog", "the dog was heard"),
        ("[MASK] was", 1, "dog", "dog was"),
        ("the Dog was", 2, "bark", "the bark was"),
        ("the [MASK] was", 2, "##s", "thes was"),
        ("the [MASK].", 2, "dog", "the dog."),
    ],
)
def test_a_gap_filled_in_the_text(tiny_filler, text, position, piece, expected):
    """WordPiece: spaces are in no token, and [MASK] swallows the one before it."""
    model = tiny_filler("bert")
    token_id = model.vocabulary.backend.token_to_id(piece)
    assert token_id is not None
    assert filled(model, model.tokenize(text), position, token_id) == expected
    assert model.vocabulary.is_continuation(token_id) == piece.startswith("##")


def test_a_gap_filled_where_tokens_hold_their_space(tiny_filler):
    model = tiny_filler("roberta")
    tokens = model.tokenize("the dog was")
    spaced = model.vocabulary.backend.token_to_id("Ġwas")
    assert tokens.pieces[2:] == (" dog", " was") or len(tokens) > 3
    assert filled(model, tokens, 1, spaced) == "was" + tokens.text[tokens.spans[1][1] :]
    last = len(tokens) - 1
    assert filled(model, tokens, last, spaced) == tokens.text[: tokens.spans[last][0]] + " was"
