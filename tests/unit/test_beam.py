"""Beam search, token for token against transformers' generate."""

import pytest
import torch
from transformers import AutoModelForCausalLM

from model_backend import open_model
from model_backend.base.errors import InvalidSettings
from model_backend.hub.catalogue import BUNDLED
from model_backend.writing.beam import beam_search
from tests.tiny_models import PROMPT, TRANSLATORS, network


def by_transformers(net, ids, width, penalty, n, **options):
    """(ids of the `width` best texts, their scores), as generate returns them."""
    batch = torch.tensor(ids)[None]
    options = dict(attention_mask=torch.ones_like(batch), pad_token_id=net.config.pad_token_id or 0) | options
    out = net.generate(
        batch, num_beams=width, num_return_sequences=width, length_penalty=penalty, max_new_tokens=n, do_sample=False,
        early_stopping=False, return_dict_in_generate=True, output_scores=True, **options,
    )  # fmt: skip
    return out.sequences, out.sequences_scores


def same_tokens(model, net, prompt, width, penalty, n) -> None:
    ids = model.tokenize(prompt).ids
    sequences, scores = by_transformers(net, ids, width, penalty, n)
    begun = 1 if model.info.kind == "encoder-decoder" else len(ids)
    *_, last = beam_search(model, prompt, width, n, penalty)
    assert last.is_done and len(last.finished) == width
    for mine, theirs, score in zip(last.finished, sequences, scores, strict=True):
        rest = theirs[begun:].tolist()
        assert list(mine.ids) == rest[: len(mine.ids)]
        assert all(token in (0, net.config.pad_token_id, *model.end_ids) for token in rest[len(mine.ids) :])
        assert mine.score == pytest.approx(score.item(), abs=1e-4)


@pytest.mark.parametrize("family", ("gpt2", "llama", "mistral", "bloom", *TRANSLATORS))
@pytest.mark.parametrize(("width", "penalty"), [(3, 1.0), (4, 0.0), (2, 2.0)])
def test_the_texts_and_scores_are_those_of_transformers(tiny, family, width, penalty):
    """Catches: caches that do not follow their beams, a penalty on the wrong length, finished texts that take up a beam, the
    makers' rules left out (BART, Marian)."""
    same_tokens(tiny(family), network(family), PROMPT, width, penalty, 10)


@pytest.mark.parametrize(
    ("prompt", "width", "penalty"), [("The Eiffel", 4, 1.0), ("Once upon a time", 3, 0.6), ("He", 5, 2.0)]
)
def test_the_storytellers_texts_are_those_of_transformers(prompt, width, penalty):
    net = AutoModelForCausalLM.from_pretrained(BUNDLED / "storyteller", dtype=torch.float32)
    same_tokens(open_model("bundled/storyteller"), net, prompt, width, penalty, 24)


def test_width_one_is_greedy_search(tiny):
    model = tiny("gpt2")
    *_, last = beam_search(model, PROMPT, 1, 8)
    batch = torch.tensor(model.tokenize(PROMPT).ids)[None]
    greedy = network("gpt2").generate(
        batch, attention_mask=torch.ones_like(batch), max_new_tokens=8, do_sample=False, pad_token_id=2
    )
    assert list(last.finished[0].ids) == greedy[0, batch.shape[1] :].tolist()


def test_the_tree_adds_up(tiny):
    """Catches: a parent taken from the order of candidates instead of the beam it came from."""
    model = tiny("gpt2")
    steps = list(beam_search(model, PROMPT, 3, 6))
    tried = steps[-1].hypotheses
    for node in tried:
        before = 0.0 if node.parent is None else tried[node.parent].joint_nats
        assert node.joint_nats == pytest.approx(before + node.logprob_nats, abs=1e-4)
        assert node.parent is None or (
            tried[node.parent].state == "kept" and tried[node.parent].depth == node.depth - 1
        )
    for depth in range(1, 6):
        assert sum(node.state == "kept" for node in tried if node.depth == depth) == 3
    for text in steps[-1].finished:
        path, at = [], text.index
        while at is not None:
            path.insert(0, tried[at].token_id)
            at = tried[at].parent
        assert tuple(path) == text.ids
        with torch.no_grad():
            ids = torch.tensor([[*model.tokenize(PROMPT).ids, *text.ids]])
            ln_p = network("gpt2")(ids, attention_mask=torch.ones_like(ids)).logits[0].log_softmax(-1)
        n = ids.shape[1] - len(text.ids)
        expected = sum(ln_p[n - 1 + i, token].item() for i, token in enumerate(text.ids))
        assert text.joint_nats == pytest.approx(expected, abs=1e-3)


def test_a_beam_needs_a_width(tiny):
    with pytest.raises(InvalidSettings):
        beam_search(tiny("gpt2"), PROMPT, 0)
