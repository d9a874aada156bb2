"""Writing on, against transformers' generate and against counts."""

import threading

import numpy as np
import pytest
import torch

from model_backend import BackendError, OutOfMemory, PromptTooLong, SamplingSettings
from model_backend.engine import sampling
from model_backend.engine.generation import draw
from tests.tiny_models import DECODERS, PROMPT, TRANSLATORS, network

GREEDY = SamplingSettings(temperature=0)


def _greedy_by_transformers(family: str, ids, **options) -> list[int]:
    batch = torch.tensor(ids)[None]
    options |= dict(max_new_tokens=12, do_sample=False, num_beams=1)
    # without the mask generate takes the start token for padding
    return network(family).generate(batch, attention_mask=torch.ones_like(batch), **options)[0].tolist()


@pytest.mark.parametrize("family", (*DECODERS, "mamba"))
def test_greedy_text_is_that_of_transformers(tiny, family):
    """Catches: a cache that forgets, positions that restart, windows that do not move along (mistral, gemma2)."""
    model = tiny(family)
    ids = model.tokenize(PROMPT).ids
    expected = _greedy_by_transformers(family, ids, eos_token_id=None, pad_token_id=0)[len(ids) :]
    steps = list(model.generate(PROMPT, GREEDY, max_new_tokens=12))
    written = [step.token_id for step in steps]
    ended = written.index(0) + 1 if 0 in written else len(written)
    assert written == expected[:ended] and len(steps) == ended


@pytest.mark.parametrize("family", TRANSLATORS)
def test_greedy_translation_is_that_of_transformers(tiny, family):
    """Catches: the start token forgotten or counted as written, the source read anew or not at all, the makers' rules
    (BART: forced first and last token, no pair of tokens twice; Marian: no padding) left out."""
    model = tiny(family)
    texts = set()
    for prompt in (PROMPT, "Hello World! 12345", "café"):
        start, *expected = _greedy_by_transformers(family, model.tokenize(prompt).ids)
        written = [step.token_id for step in model.generate(prompt, GREEDY, max_new_tokens=12)]
        assert written == expected and start == model.trace(prompt).target_tokens.ids[0]
        texts.add(tuple(written))
    assert len(texts) > 1  # the source matters, or this test would show little


@pytest.mark.parametrize("family", ["gpt2", "mistral", "bloom", "mamba"])
def test_each_step_shows_the_distribution_of_a_fresh_pass(tiny, family):
    """Catches: a step's record paired with the token before or after it."""
    model = tiny(family)
    settings = SamplingSettings(temperature=0.8, top_k=20, frequency_penalty=0.5)
    history = model.tokenize(PROMPT).ids.tolist()
    for step in model.generate(PROMPT, settings, max_new_tokens=6, seed=3):
        fresh = model.next_token(history, settings)
        mine = dict(zip(step.next_token.ids.tolist(), step.next_token.p_final.tolist(), strict=True))
        theirs = dict(zip(fresh.ids.tolist(), fresh.p_final.tolist(), strict=True))
        # reading one token with a cache and all at once add up in another order
        np.testing.assert_allclose([mine[i] for i in range(400)], [theirs[i] for i in range(400)], atol=1e-5)
        assert mine[step.token_id] > 0 and step.piece == model.piece(step.token_id) and step.seconds > 0
        history.append(step.token_id)


def test_the_same_seed_writes_the_same_text(tiny):
    model = tiny("gpt2")

    def write(seed):
        return [step.token_id for step in model.generate(PROMPT, SamplingSettings(), max_new_tokens=10, seed=seed)]

    torch.manual_seed(1)
    first = write(5)
    torch.manual_seed(2)
    np.random.seed(2)
    assert write(5) == first != write(6)


def test_drawing_follows_the_probabilities():
    """10,000 draws from (0.5, 0.3, 0.2): 3 standard deviations are at most 0.015. Catches: drawing in sorted order by id."""
    table = sampling.apply(np.log([0.2, 0.5, 0.3]).astype(np.float32), SamplingSettings())
    random = np.random.default_rng(0)
    share = np.bincount([draw(table, random) for _ in range(10_000)], minlength=3) / 10_000
    np.testing.assert_allclose(share, [0.2, 0.5, 0.3], atol=0.015)


def test_what_is_cut_is_never_drawn():
    table = sampling.apply(np.log([0.4, 0.3, 0.2, 0.1]).astype(np.float32), SamplingSettings(top_k=2))

    class Edge:
        def __init__(self, value):
            self.value = value

        def random(self):
            return self.value

    assert [draw(table, Edge(u)) for u in (0.0, 0.57, 0.58, np.nextafter(1, 0))] == [0, 0, 1, 1]
    even = sampling.apply(np.zeros(2, np.float32), SamplingSettings())
    assert draw(even, Edge(0.5)) == even.ids[1]  # each token owns its lower end


def test_an_end_token_ends_the_text(tiny):
    model = tiny("gpt2")
    favourite = model.next_token(PROMPT).ids[0]
    ends, model.end_ids = model.end_ids, frozenset([int(favourite)])
    try:
        steps = list(model.generate(PROMPT, GREEDY, max_new_tokens=5))
    finally:
        model.end_ids = ends
    assert [step.is_end for step in steps] == [True]
    assert ends == {0}


def test_stops_when_asked_and_at_the_end_of_the_context(tiny):
    model = tiny("gpt2")
    stop, seen = threading.Event(), []
    settings = SamplingSettings()
    for step in model.generate([1, 2], settings, max_new_tokens=30, seed=1, stop_event=stop):
        seen.append(step.token_id)
        if len(seen) == 3:
            stop.set()
    assert len(seen) == 3
    ends, model.end_ids = model.end_ids, frozenset()
    try:
        assert len(list(model.generate([1] * 60, settings, max_new_tokens=30))) == 4  # 64 positions
    finally:
        model.end_ids = ends
    with pytest.raises(PromptTooLong):
        model.generate([1] * 64, settings)


def test_what_cannot_write_says_so(tiny, monkeypatch):
    with pytest.raises(BackendError):
        tiny("bert").generate("the dog")
    model = tiny("opt")

    def full(*args, **kwargs):
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:127] . DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(model.network, "forward", full)
    with pytest.raises(OutOfMemory):
        next(model.generate("the dog"))
