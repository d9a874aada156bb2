"""A short rehearsal on a fresh model: is what this program will show of it the truth?

Three tokens are read as transformers does it, and by the ways of this program: residual stream recorded, then from its last
state to logits with the blocks skipped; and one token after the others with a cache. Only if all give the same logits is the
model accepted; so a family with an unusual build is refused with a plain word instead of shown wrongly.
"""

import torch
from transformers import PreTrainedModel

from model_backend.base.errors import ModelUnavailable, UnsupportedArchitecture
from model_backend.base.families import DECODER_LAYERS
from model_backend.base.records import ModelKind, Side
from model_backend.base.sentences import Sentence
from model_backend.engine.incremental import Reader
from model_backend.engine.network import embedding_weight, output_weight
from model_backend.engine.passes import during, find_blocks, prepare_blocks
from model_backend.engine.readout import Readout, standing_in
from model_backend.engine.recording import Recording, StackRecording
from model_backend.engine.rounding import same_states

# Both ways run the same operations on the same numbers, so they differ by rounding alone.

_SOURCE, _TARGET = 3, 2  # tokens of the rehearsal; different, so that cross-attention shows


def examine(network: PreTrainedModel, name: str, kind: ModelKind) -> dict[str, int]:
    """Prepare the blocks of a network and compare the two ways. Returns its sizes as they were seen, by the names of
    ModelInfo. Raises UnsupportedArchitecture."""
    n_layers = _prepare_stacks(network, name, kind)
    device = next(network.parameters()).device
    n_vocab = embedding_weight(network).shape[0]
    ids = torch.arange(1, _SOURCE + 1, device=device)[None] % n_vocab
    target = {"decoder_input_ids": ids[:, :_TARGET]} if kind == "encoder-decoder" else {}
    recording = Recording()
    with during(recording):
        plain = network(ids, **target, use_cache=False).logits[0].float()
    if torch.isnan(plain).any():
        raise ModelUnavailable(
            "The weights of {name} hold values that are no numbers.",
            "Copy or download the folder again.",
            reason="broken",
            name=name,
        )
    for side, n in n_layers.items():
        stack = recording.stacks.get(side, StackRecording(n))
        if len(stack.residual) != n + 1 or len({tuple(state.shape) for state in stack.residual}) != 1:
            raise _refused(name, network, Sentence("its residual stream could not be followed"))
    predicting = recording.stacks["encoder" if kind == "encoder" else "decoder"]
    if kind != "encoder":
        _check_reading_on(network, name, plain[-1], ids[0].tolist(), target)
    backwards = predicting.residual[-1].flip(0).to(device)  # another order, and other ids: neither may matter any more
    try:
        with during(Readout(backwards[None])):
            again = network(**standing_in(kind, backwards), use_cache=False).logits[0].float().flip(0)
    except (AttributeError, TypeError) as error:  # Switch Transformers asks its encoder for its routing
        raise _refused(name, network, Sentence("its output layer wants to know more than its last layer")) from error
    if not same_states(plain, again, network.dtype):
        raise _refused(name, network, Sentence("its predictions do not follow from its last layer alone"))
    _check_attention(network, name, kind, recording, n_layers)
    return _sizes(network, recording, n_layers)


def _check_reading_on(
    network: PreTrainedModel, name: str, expected: torch.Tensor, ids: list[int], target: dict
) -> None:
    """One token read after the others must give what all give at once; some families keep their state in another way.

    In half precision the two ways may differ by more than a tolerance says; what is asked is that they are nearer to each
    other than to the token read without memory.
    """
    *before, last = target["decoder_input_ids"][0].tolist() if target else ids
    source = ids if target else None
    reader = Reader(network, source)
    reader.logits_after(before)
    expected = expected.cpu()
    found, forgetful = torch.from_numpy(reader.logits_after([last])), Reader(network, source).logits_after([last])
    if same_states(found, expected, network.dtype):
        return
    if (found - expected).norm() > 0.5 * (torch.from_numpy(forgetful) - expected).norm():
        raise _refused(name, network, Sentence("what it has read cannot be kept while it writes"))


def _prepare_stacks(network: PreTrainedModel, name: str, kind: ModelKind) -> dict[Side, int]:
    """Find and prepare the blocks of each side; returns the number of layers by side."""
    config = network.config.get_text_config() if kind != "encoder-decoder" else network.config
    layers = getattr(config, "num_hidden_layers", None)
    stacks: dict[Side, tuple]
    if kind == "encoder-decoder":
        later = next((n for name in DECODER_LAYERS if (n := getattr(config, name, None))), None)
        layers = getattr(config, "encoder_layers", None) or layers
        stacks = {
            "encoder": (network.get_encoder(), layers),
            "decoder": (network.get_decoder(), later),
        }
    else:
        stacks = {kind: (network.base_model, layers)}
    for side, (stack, n) in stacks.items():
        if not n:
            raise _refused(name, network, Sentence("it has no layers of the usual kind"))
        blocks = find_blocks(stack, n)
        if blocks is None:
            raise _refused(name, network, Sentence("its layers are not in one list"))
        prepare_blocks(blocks, side)
    return {side: n for side, (_, n) in stacks.items()}


def _check_attention(
    network: PreTrainedModel, name: str, kind: ModelKind, recording: Recording, n_layers: dict[Side, int]
) -> None:
    """Attention is recorded of every layer, or of none where one block can be run again for it, or there is none."""
    for side, n in n_layers.items():
        stack = recording.stacks[side]
        n_cross = n if kind == "encoder-decoder" and side == "decoder" else 0
        if kind == "encoder-decoder" and not stack.attention:
            raise _refused(name, network, Sentence("its attention cannot be recorded"))
        if len(stack.attention) not in (0, n) or len(stack.cross_attention) != n_cross:
            raise _refused(name, network, Sentence("only some of its layers use attention"))
        if any(record.key.shape[1] != _SOURCE for record in stack.cross_attention.values()):
            raise _refused(name, network, Sentence("its decoder looks at its source in an unusual order"))


def _sizes(network: PreTrainedModel, recording: Recording, n_layers: dict[Side, int]) -> dict[str, int]:
    """Counts from the tensors of the rehearsal; heads from the config where attention is not recorded, 0 where there is
    none."""
    stacks = [recording.stacks[side] for side in n_layers]
    reading, predicting = stacks[0], stacks[-1]
    d_model = reading.residual[0].shape[1]
    n_heads = n_kv_heads = n_decoder_heads = getattr(network.config.get_text_config(), "num_attention_heads", None) or 0
    d_head = d_model // n_heads if n_heads else 0
    if reading.attention:
        n_heads, _, d_head = reading.attention[0].query.shape
        n_kv_heads = reading.attention[0].key.shape[0]
        n_decoder_heads = predicting.attention[0].query.shape[0]
    counts = list(n_layers.values())
    return dict(
        n_layers=counts[0], n_heads=n_heads, n_kv_heads=n_kv_heads, d_model=d_model, d_head=d_head,
        n_decoder_layers=counts[-1], n_decoder_heads=n_decoder_heads,
        vocab_size=output_weight(network).shape[0],
    )  # fmt: skip


def _refused(name: str, network: PreTrainedModel, why: Sentence) -> UnsupportedArchitecture:
    return UnsupportedArchitecture(
        "{name} ({model_type}) cannot be looked into: {why}.",
        "Choose a model of a common family: GPT-2, Llama, Mistral, Qwen, Gemma, GPT-NeoX, BERT, T5.",
        name=name,
        model_type=network.config.model_type,
        why=why,
    )
