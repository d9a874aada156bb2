"""What every family has to show: each number of a trace against plain transformers on the same weights, with eager
attention and all outputs kept. A new family is a line in tests/tiny_models.py."""

import math
import operator
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
import torch

from model_backend import BackendError, NoAttention
from tests.tiny_models import CONFIGS, DECODERS, ENCODERS, PROMPT, RECORDED, TRANSLATORS, network

# float32 sums of a few dozen terms in another order (fused against plain attention) differ by some 1e-6
TOLERANCE = dict(atol=1e-5, rtol=1e-5)
TARGET = "Hello World! barely two"

WRITERS = (*DECODERS, "mamba", *TRANSLATORS)
LOOKERS = tuple(family for family in CONFIGS if family != "mamba")
KINDS = {"encoder-decoder": ("encoder", "decoder", "cross"), "encoder": ("encoder",), "decoder": ("decoder",)}

# families that normalise between the last block and the output matrix; the others (post-norm) do not
FINAL_NORMS = {
    "gpt2": "transformer.ln_f", "gptj": "transformer.ln_f", "gpt_neo": "transformer.ln_f", "bloom": "transformer.ln_f",
    "gpt_neox": "gpt_neox.final_layer_norm", "mamba": "backbone.norm_f", "modernbert": "model.final_norm",
    "t5": "{side}.final_layer_norm",
} | dict.fromkeys(
    ("llama", "mistral", "qwen3", "gemma2", "gemma3_text", "phi3", "mixtral", "cohere", "gpt_oss"), "model.norm"
)  # fmt: skip


class Reference:
    """What transformers gives for the tokens of a trace: logits [pos, vocab], hidden states by side, attentions by kind."""

    def __init__(self, family: str, ids: tuple[int, ...], target: tuple[int, ...] | None) -> None:
        inputs = {"input_ids": torch.tensor([ids])} | ({"decoder_input_ids": torch.tensor([target])} if target else {})
        with torch.inference_mode():
            output = network(family)(**inputs, output_attentions=True, output_hidden_states=True, use_cache=False)
            self.logits = output.logits[0]
            if target:
                self.hidden = {"encoder": output.encoder_hidden_states, "decoder": output.decoder_hidden_states}
                self.attention = {
                    "encoder": output.encoder_attentions,
                    "decoder": output.decoder_attentions,
                    "cross": output.cross_attentions,
                }
                return
            side = "encoder" if family in ENCODERS else "decoder"
            hidden = output.hidden_states
            if family == "mamba":  # transformers leaves out what enters its first block, and adds the normed end
                hidden = (network(family).get_input_embeddings()(torch.tensor([ids])), *hidden[:-2], hidden[-1])
            self.hidden, self.attention = {side: hidden}, {side: getattr(output, "attentions", None)}


@cache
def reference(family: str, ids: tuple[int, ...], target: tuple[int, ...] | None) -> Reference:
    return Reference(family, ids, target)


def read(model, text: str = PROMPT, target: str = TARGET):
    return model.trace(text, target) if model.info.kind == "encoder-decoder" else model.trace(text)


def expected_of(trace) -> Reference:
    target = trace.target_tokens
    return reference(
        trace.info.family, tuple(trace.tokens.ids.tolist()), None if target is None else tuple(target.ids.tolist())
    )


@pytest.fixture
def pair(request, tiny):
    """(trace, what transformers gives) of one family."""
    trace = read(tiny(request.param))
    return trace, expected_of(trace)


def families(names):
    return pytest.mark.parametrize("pair", names, indirect=True)


@families(CONFIGS)
def test_logits_at_every_position(pair):
    """Catches: a missing final norm or one taken twice, a forgotten bias (BART), scale (Cohere, T5) or soft cap (Gemma 2)."""
    trace, expected = pair
    mine = np.stack([trace.logits(position) for position in range(len(expected.logits))])
    np.testing.assert_allclose(mine, expected.logits, **TOLERANCE)
    np.testing.assert_array_equal(trace.logits(-1), mine[-1])
    with pytest.raises(IndexError):
        trace.logits(len(expected.logits))


@families(LOOKERS)
def test_attention_of_every_kind_layer_and_head(pair):
    """Catches: grouped keys paired with the wrong queries; windows, soft caps, sinks and position biases left out; cross
    taken for self attention; the decoder's number of heads or layers taken from the encoder (BART, T5)."""
    trace, expected = pair
    for kind in KINDS[trace.info.kind]:
        matrices = expected.attention[kind]
        for layer, matrix in enumerate(matrices):
            every = trace.attention(layer, kind=kind)
            np.testing.assert_allclose(every, matrix[0], **TOLERANCE)
            for head in range(len(every)):
                np.testing.assert_allclose(trace.attention(layer, head, kind), every[head], atol=1e-6)
            with pytest.raises(IndexError):
                trace.attention(layer, len(every), kind)
        with pytest.raises(IndexError):
            trace.attention(len(matrices), kind=kind)


@families(CONFIGS)
def test_residual_stream_before_the_final_norm(pair):
    """Catches: layers off by one, and transformers' last hidden state, which is after the norm, passed off as residual."""
    trace, expected = pair
    family = trace.info.family
    for side, hidden in expected.hidden.items():
        *before, last = hidden
        for layer, states in enumerate(before):
            np.testing.assert_allclose(trace.residual(layer, side), states[0], **TOLERANCE)
        end = torch.tensor(trace.residual(len(before), side))
        if family in FINAL_NORMS:
            norm = operator.attrgetter(FINAL_NORMS[family].format(side=side))(network(family))
            assert (end - last[0]).abs().max() > 0.1  # the norm changes something, so that the next line can fail
            with torch.inference_mode():
                end = norm(end)
        elif family == "opt":  # a norm and a projection to the narrower embedding
            decoder = network(family).model.decoder
            with torch.inference_mode():
                end = decoder.project_out(decoder.final_layer_norm(end))
        np.testing.assert_allclose(end, last[0], **TOLERANCE)
        with pytest.raises(IndexError):
            trace.residual(len(hidden), side)


@families(CONFIGS)
def test_last_lens_row_is_the_model_itself(pair):
    trace, expected = pair
    n = len(expected.logits)
    table = trace.lens(4)
    np.testing.assert_allclose(table.top_probs[-1], torch.softmax(expected.logits, -1).topk(4, -1).values, rtol=1e-4)
    assert table.top_probs.shape == (trace.info.n_decoder_layers + 1, n, 4)
    alone = trace.lens(4, position=-2)
    np.testing.assert_array_equal(alone.top_ids[:, 0], table.top_ids[:, -2])
    np.testing.assert_allclose(alone.top_probs[:, 0], table.top_probs[:, -2], rtol=1e-4)


@families(WRITERS)
def test_mean_surprisal_is_the_training_loss(pair):
    """Catches: a shift by one position, bits for nats. The loss is transformers' own cross-entropy; that of an
    encoder-decoder is over its target, for which transformers puts the start token itself."""
    trace, _ = pair
    labels = ids = torch.tensor([trace.tokens.ids.tolist()])
    if trace.target_tokens is not None:
        labels = torch.tensor([trace.target_tokens.ids[1:].tolist()])
    with torch.inference_mode():
        loss = network(trace.info.family)(ids, labels=labels).loss.item()
    surprisal = trace.surprisal_bits()
    assert math.isnan(surprisal[0])
    assert surprisal[1:].mean() == pytest.approx(loss / math.log(2), rel=1e-5)


@families(WRITERS)
def test_ranks_and_entropies(pair):
    trace, expected = pair
    logits = expected.logits.double()
    ids = (trace.tokens if trace.target_tokens is None else trace.target_tokens).ids
    assert trace.ranks()[0] == 0
    for position in range(1, len(ids)):
        assert trace.ranks()[position] == 1 + (logits[position - 1] > logits[position - 1, ids[position]]).sum()
        assert trace.next_token(position - 1).rank_of(ids[position]) == trace.ranks()[position]
    p = torch.softmax(logits, -1)
    np.testing.assert_allclose(trace.entropy_bits(), -(p * p.log2()).sum(-1), rtol=1e-5)


@families(ENCODERS)
def test_what_fills_gaps_predicts_no_next_token(pair):
    trace, _ = pair
    assert trace.info.kind == "encoder"
    for ask in (trace.surprisal_bits, trace.ranks, trace.entropy_bits, lambda: trace.model.generate(PROMPT)):
        with pytest.raises(BackendError):
            ask()


@families((*DECODERS, *TRANSLATORS))
def test_the_future_has_no_weight(pair):
    trace, _ = pair
    assert np.triu(trace.attention(0, kind="decoder"), 1).max() == 0.0


@pytest.mark.parametrize("family", CONFIGS)
def test_tokens_round_trip(tiny, family):
    """Bytes joined are the text wherever the tokenizer loses nothing, and the ids alone give it back."""
    model = tiny(family)
    for text in ("the dog's bark", "naïve café 👩‍👩‍👧 日本語", " two  spaces\n\n", "<b>"):
        tokens = model.tokenize(text)
        if model.vocabulary.style == "byte-level":
            assert b"".join(tokens.token_bytes) == text.encode() and tokens.is_lossless
            assert model.decode(tokens.ids, skip_special=True) == text
            again = model.trace(tokens.ids.tolist()).tokens
            assert (again.text, again.token_bytes, again.spans) == (text, tokens.token_bytes, tokens.spans)
        else:
            assert tokens.is_lossless == (b"".join(tokens.token_bytes) == text.encode())


@pytest.mark.parametrize("family", ("mamba",))
def test_a_model_without_attention_says_so(tiny, family):
    trace = tiny(family).trace(PROMPT)
    assert (trace.info.kind, trace.info.n_heads, trace.info.n_kv_heads, trace.info.d_head) == ("decoder", 0, 0, 0)
    for ask in (trace.attention, trace.query, trace.key):
        with pytest.raises(NoAttention) as error:
            ask(0)
        assert error.value.code == "no_attention" and error.value.hint.endswith(".")


@pytest.mark.parametrize("family", (*RECORDED, *ENCODERS, *TRANSLATORS))
def test_what_is_kept_grows_with_the_text_and_not_with_its_square(tiny, family):
    """Four times the tokens, four times the bytes. Catches: masks and T5's position biases kept as squares."""
    model = tiny(family)

    def trace_of(n):
        ids = [5 + i % 7 for i in range(n)]
        return model.trace(ids, ids[1:]) if model.info.kind == "encoder-decoder" else model.trace(ids)

    short, long = trace_of(10), trace_of(40)
    assert long.nbytes == 4 * short.nbytes
    records = [long.attention_record(layer, kind) for kind in long.kinds for layer in range(long.n_layers(kind))]
    for record in records:
        assert not torch.is_tensor(record.mask) and not torch.is_tensor(record.extras.get("position_bias"))


def _numbers(trace) -> list[np.ndarray]:
    numbers = [trace.logits(), trace.lens(2).top_probs]
    for side in trace.sides:
        numbers.append(trace.residual(len(trace.stream(side)) - 1, side))
    if trace.info.n_heads:
        numbers += [trace.attention(1, kind=kind) for kind in KINDS[trace.info.kind]]
    return numbers


# recorded; soft cap; block run again; window to both sides; no attention; two stacks; position biases
@pytest.mark.parametrize("family", ("gpt2", "gemma2", "bloom", "modernbert", "mamba", "bart", "t5"))
def test_thirty_two_threads_get_exactly_their_own_numbers(tiny, family):
    """Bit for bit what one thread gets alone: the kernels of one process split a sum by its shape only. Catches: hooks that
    write to the module, so that one session draws another's tensors."""
    model = tiny(family)
    prompts = [f"{word} {n} bark{'!' * (n % 3)}" for n, word in enumerate(("the", "dog", "World", "café") * 8)]
    alone = [_numbers(read(model, prompt, prompt[::-1])) for prompt in prompts]
    start = threading.Barrier(len(prompts))

    def work(prompt):
        start.wait()
        trace = read(model, prompt, prompt[::-1])
        return trace.tokens.text, _numbers(trace)

    with ThreadPoolExecutor(len(prompts)) as pool:
        together = list(pool.map(work, prompts))
    for prompt, expected, (text, mine) in zip(prompts, alone, together, strict=True):
        assert text == prompt
        for a, b in zip(mine, expected, strict=True):
            np.testing.assert_array_equal(a, b)
