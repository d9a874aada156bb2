"""The lattice against a lens written by hand, ranks by counting, neighbours by brute force."""

import numpy as np
import pytest
import torch

from model_backend import BackendError
from model_backend.analysis import lattice as layers
from model_backend.analysis.lattice import affordable_positions, lattice, lattice_flops, nearest_tokens
from model_backend.engine import lens
from tests.tiny_models import CONFIGS, ENCODERS, PROMPT, network
from tests.unit.test_contract import FINAL_NORMS, read

TOKENS = (7, 300)


def lens_by_hand(family: str, states: np.ndarray) -> np.ndarray:
    """[n, d_model] before the final norm -> logits [n, vocab] by the modules of the plain network, family by family."""
    model, x = network(family), torch.tensor(states)
    with torch.inference_mode():
        if family in FINAL_NORMS:
            x = model.get_submodule(FINAL_NORMS[family].format(side="decoder"))(x)
        if family == "opt":
            decoder = model.model.decoder
            x = decoder.project_out(decoder.final_layer_norm(x))
        if family == "bert":
            return model.cls(x).numpy()
        if family == "roberta":
            return model.lm_head(x).numpy()
        if family == "distilbert":
            return model.vocab_projector(
                model.vocab_layer_norm(torch.nn.functional.gelu(model.vocab_transform(x)))
            ).numpy()
        if family == "modernbert":
            return model.decoder(model.head(x)).numpy()
        if family == "t5" and model.config.tie_word_embeddings:
            x = x * model.config.d_model**-0.5
        logits = model.lm_head(x)
        if family == "cohere":
            logits = logits * model.config.logit_scale
        if family == "gemma2":
            logits = 30.0 * torch.tanh(logits / 30.0)
        if family in ("bart", "marian"):
            logits = logits + model.final_logits_bias
        return logits.numpy()


@pytest.mark.parametrize("family", CONFIGS)
def test_every_cell(tiny, family):
    """Catches: the final norm missing or twice, BERT's transform left out, the encoder's stream for the decoder's, rows
    upside down, the favourite of a neighbouring position."""
    trace = read(tiny(family))
    side = "encoder" if family in ENCODERS else "decoder"
    n_rows = trace.info.n_decoder_layers + 1
    stream = np.stack([trace.residual(layer, side) for layer in range(n_rows)])
    found = lattice(trace, token_ids=TOKENS)
    n_pos = stream.shape[1]
    assert found.top_ids.shape == (n_rows, n_pos) and found.ranks.shape == (2, n_rows, n_pos)
    favourites = lens_by_hand(family, stream[-1]).argmax(-1)
    for row in range(n_rows):
        logits = lens_by_hand(family, stream[row]).astype(np.float64)
        p = np.exp(logits - logits.max(-1, keepdims=True))
        p /= p.sum(-1, keepdims=True)
        np.testing.assert_array_equal(found.top_ids[row], logits.argmax(-1))
        np.testing.assert_allclose(found.top_probs[row], p.max(-1), rtol=1e-4)
        np.testing.assert_allclose(found.entropy_bits[row], -(p * np.log2(p)).sum(-1), rtol=1e-4, atol=1e-6)
        for position in range(n_pos):
            better = (logits[position] > logits[position, favourites[position]]).sum()
            assert found.final_ranks[row, position] == 1 + better
            for number, token in enumerate(TOKENS):
                assert found.ranks[number, row, position] == 1 + (logits[position] > logits[position, token]).sum()
                assert found.probs[number, row, position] == pytest.approx(p[position, token], rel=1e-3)
        if row:
            step = np.linalg.norm(stream[row] - stream[row - 1], axis=-1)
            np.testing.assert_allclose(found.moved[row], step, rtol=1e-4)
            lengths = np.linalg.norm(stream[row], axis=-1) * np.linalg.norm(stream[row - 1], axis=-1)
            np.testing.assert_allclose(found.cosine[row], (stream[row] * stream[row - 1]).sum(-1) / lengths, atol=1e-5)
    assert np.isnan(found.moved[0]).all() and np.isnan(found.cosine[0]).all()
    assert (found.final_ranks[-1] == 1).all()


def test_rank_changes_count_upwards(tiny):
    found = lattice(tiny("gpt2").trace(PROMPT))
    assert (found.rank_changes[0] == 0).all()
    np.testing.assert_array_equal(found.rank_changes[1], found.final_ranks[0] - found.final_ranks[1])
    assert found.rank_changes[1:].sum() == (found.final_ranks[0] - 1).sum()  # all climb to the first place in the end


def test_windows_and_chunks_change_nothing(tiny, monkeypatch):
    """Catches: chunks that split a row of the lattice and forget the favourites of its start."""
    trace = tiny("gemma2").trace(PROMPT)
    whole = lattice(trace, token_ids=TOKENS)
    monkeypatch.setattr(lens, "MAX_CHUNK_NUMBERS", 3 * 400)  # three cells at a time
    part = lattice(trace, range(2, 7), TOKENS)
    assert part.positions.tolist() == [2, 3, 4, 5, 6]
    for name in ("top_ids", "final_ranks", "ranks"):
        np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[..., 2:7])
    for name in ("top_probs", "entropy_bits", "probs", "moved", "cosine"):
        np.testing.assert_allclose(getattr(part, name), getattr(whole, name)[..., 2:7], rtol=1e-4)
    for wrong in (range(0, 99), range(3, 3), range(0, 4, 2), range(-2, 1)):
        with pytest.raises(IndexError):
            lattice(trace, wrong)
    with pytest.raises(IndexError):
        lattice(trace, token_ids=[400])


def test_equal_logits_rank_by_id(tiny, monkeypatch):
    trace = tiny("gpt2").trace("the dog barely")
    monkeypatch.setattr(trace, "logits_of", lambda hidden: torch.zeros(len(hidden), 400))
    assert set(lattice(trace, token_ids=(7, 0)).ranks[0].ravel()) == {8}


def test_what_a_lattice_costs(tiny):
    """GPT-2 small: 13 rows · 2 · 768 · 50,257 = 1.0 GFLOP a position; a hundred positions are affordable."""
    info = tiny("gpt2").info
    assert lattice_flops(info, 10) == 4 * 10 * 2 * 32 * 400
    assert affordable_positions(info, lattice_flops(info, 10)) == 10 and affordable_positions(info, 1) == 1


def test_nearest_in_the_vocabulary(tiny, monkeypatch):
    """All rows compared by numpy; three rows at a time give the same."""
    trace = tiny("llama").trace(PROMPT)
    vector = trace.residual(2)[4].astype(np.float64)
    matrix = trace.model.embedding_matrix().astype(np.float64)
    cosines = matrix @ vector / np.linalg.norm(matrix, axis=1) / np.linalg.norm(vector)
    for _ in range(2):
        found = nearest_tokens(trace, 2, 4, k=6)
        np.testing.assert_array_equal(found.ids, np.argsort(-cosines)[:6])
        np.testing.assert_allclose(found.cosines, np.sort(cosines)[::-1][:6], atol=1e-5)
        np.testing.assert_allclose(found.dots, (matrix @ vector)[found.ids], atol=1e-5)
        monkeypatch.setattr(layers, "MAX_CHUNK_NUMBERS", 3 * 32)


def test_an_embedding_is_nearest_to_itself(tiny):
    """Llama puts no positions into its embeddings, so row 0 is the token's own vector."""
    trace = tiny("llama").trace(PROMPT)
    found = nearest_tokens(trace, 0, 3, k=1)
    assert found.ids[0] == trace.tokens.ids[3] and found.cosines[0] == pytest.approx(1)


def test_neighbours_refuse_what_cannot_be_compared(tiny):
    with pytest.raises(BackendError):
        nearest_tokens(tiny("opt").trace(PROMPT), 1)
    with pytest.raises(IndexError):
        nearest_tokens(tiny("gpt2").trace(PROMPT), 4)
