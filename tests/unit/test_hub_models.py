"""What the catalogue says of hub models, against the same models built without weights from their published configs."""

import pytest
import torch
import transformers

from model_backend.hub import catalogue
from model_backend.hub.hub_models import HUB_MODELS

BUILDERS = {
    "decoder": transformers.AutoModelForCausalLM,
    "encoder": transformers.AutoModelForMaskedLM,
    "encoder-decoder": transformers.AutoModelForSeq2SeqLM,
}
LLAMA = dict(hidden_size=4096, intermediate_size=14336, num_hidden_layers=32, num_attention_heads=32)
T5 = dict(vocab_size=32128, d_kv=64, feed_forward_proj="gated-gelu", tie_word_embeddings=False, n_positions=512)

# The hyper-parameters of the published config.json files; where nothing is said, the config class has the same default.
CONFIGS = {
    "EleutherAI/pythia-70m": transformers.GPTNeoXConfig(
        vocab_size=50304, hidden_size=512, num_hidden_layers=6, num_attention_heads=8, intermediate_size=2048,
        max_position_embeddings=2048, tie_word_embeddings=False,
    ),
    "distilbert/distilgpt2": transformers.GPT2Config(n_layer=6),
    "openai-community/gpt2": transformers.GPT2Config(),
    "HuggingFaceTB/SmolLM2-135M": transformers.LlamaConfig(
        vocab_size=49152, hidden_size=576, num_hidden_layers=30, num_attention_heads=9, num_key_value_heads=3,
        intermediate_size=1536, max_position_embeddings=8192, tie_word_embeddings=True,
    ),
    "HuggingFaceTB/SmolLM2-360M": transformers.LlamaConfig(
        vocab_size=49152, hidden_size=960, num_hidden_layers=32, num_attention_heads=15, num_key_value_heads=5,
        intermediate_size=2560, max_position_embeddings=8192, tie_word_embeddings=True,
    ),
    "google/gemma-3-1b-pt": transformers.Gemma3TextConfig(
        vocab_size=262144, hidden_size=1152, num_hidden_layers=26, num_attention_heads=4, num_key_value_heads=1,
        head_dim=256, intermediate_size=6912, max_position_embeddings=32768, tie_word_embeddings=True,
    ),
    "meta-llama/Llama-3.2-1B": transformers.LlamaConfig(
        vocab_size=128256, hidden_size=2048, num_hidden_layers=16, num_attention_heads=32, num_key_value_heads=8,
        head_dim=64, intermediate_size=8192, max_position_embeddings=131072, tie_word_embeddings=True,
    ),
    "Qwen/Qwen3-1.7B-Base": transformers.Qwen3Config(
        vocab_size=151936, hidden_size=2048, num_hidden_layers=28, num_attention_heads=16, num_key_value_heads=8,
        head_dim=128, intermediate_size=6144, max_position_embeddings=32768, tie_word_embeddings=True,
    ),
    "meta-llama/Llama-3.1-8B": transformers.LlamaConfig(
        vocab_size=128256, **LLAMA, num_key_value_heads=8, max_position_embeddings=131072, tie_word_embeddings=False
    ),
    "Qwen/Qwen3-8B": transformers.Qwen3Config(
        vocab_size=151936, hidden_size=4096, num_hidden_layers=36, num_attention_heads=32, num_key_value_heads=8,
        head_dim=128, intermediate_size=12288, max_position_embeddings=40960, tie_word_embeddings=False,
    ),
    "distilbert/distilbert-base-uncased": transformers.DistilBertConfig(),
    "google-bert/bert-base-uncased": transformers.BertConfig(),
    "FacebookAI/roberta-base": transformers.RobertaConfig(
        vocab_size=50265, max_position_embeddings=514, type_vocab_size=1
    ),
    "answerdotai/ModernBERT-base": transformers.ModernBertConfig(max_position_embeddings=8192),
    "FacebookAI/xlm-roberta-base": transformers.XLMRobertaConfig(
        vocab_size=250002, max_position_embeddings=514, type_vocab_size=1
    ),
    "google/flan-t5-small": transformers.T5Config(d_model=512, d_ff=1024, num_layers=8, num_heads=6, **T5),
    "google/flan-t5-base": transformers.T5Config(d_model=768, d_ff=2048, num_layers=12, num_heads=12, **T5),
}  # fmt: skip

MEGABYTES = {  # as the hub's file lists round them (decimal)
    "EleutherAI/pythia-70m": 166, "distilbert/distilgpt2": 353, "openai-community/gpt2": 548,
    "HuggingFaceTB/SmolLM2-135M": 269, "HuggingFaceTB/SmolLM2-360M": 724, "google/gemma-3-1b-pt": 2000,
    "meta-llama/Llama-3.2-1B": 2470, "Qwen/Qwen3-1.7B-Base": 3440, "meta-llama/Llama-3.1-8B": 16060, "Qwen/Qwen3-8B": 16380,
    "distilbert/distilbert-base-uncased": 268, "google-bert/bert-base-uncased": 440, "FacebookAI/roberta-base": 499,
    "answerdotai/ModernBERT-base": 599, "FacebookAI/xlm-roberta-base": 1113, "google/flan-t5-small": 308,
    "google/flan-t5-base": 990,
}  # fmt: skip


def _held_besides(name: str, config) -> int:
    """Bytes in the published file that are no parameters of the model: masks, the pooler and sentence head of BERT."""
    if name == "EleutherAI/pythia-70m":  # a truth value a pair of positions, and a number, a layer
        return 6 * (2048 * 2048 + 2)
    if config.model_type == "gpt2":
        return config.n_layer * 1024 * 1024 * 4
    if config.model_type == "bert":
        return 4 * (768 * 768 + 768 + 2 * 768 + 2)
    return 0


@pytest.mark.parametrize("name", HUB_MODELS)
def test_numbers_are_those_of_the_published_model(name):
    """Catches: a wrong count, shared weights counted twice, a size in another number format, sizes under wrong names."""
    entry, config = catalogue.describe(name), CONFIGS[name]
    with torch.device("meta"):
        network = BUILDERS[entry.kind].from_config(config)
    n_parameters = sum(parameter.numel() for parameter in network.parameters())
    if (
        config.model_type == "t5"
    ):  # transformers ties at first, and unties when the file has an output matrix of its own
        n_parameters += config.vocab_size * config.d_model
    assert entry.n_parameters == n_parameters
    width = (
        4 if config.model_type in ("gpt2", "distilbert", "bert", "roberta", "modernbert", "xlm-roberta", "t5") else 2
    )
    stored = n_parameters * width + _held_besides(name, config)
    assert entry.bytes_on_disk == pytest.approx(stored, rel=2e-5)
    assert entry.bytes_on_disk / 1e6 == pytest.approx(MEGABYTES[name], rel=4e-3)
    limit = getattr(config, "max_position_embeddings", None) or config.n_positions
    assert entry.max_positions == limit - (2 if config.model_type in ("roberta", "xlm-roberta") else 0)


@pytest.mark.parametrize("name", [name for name, facts in HUB_MODELS.items() if facts["kind"] != "encoder-decoder"])
def test_numbers_per_token_follow_from_the_config(name):
    """Residual stream and queries and keys, worked out from transformers' own attribute names."""
    config = CONFIGS[name]
    heads, layers, width = config.num_attention_heads, config.num_hidden_layers, config.hidden_size
    d_head = getattr(config, "head_dim", None) or width // heads
    kv_heads = getattr(config, "num_key_value_heads", None) or heads
    expected = (layers + 1) * width + layers * (heads + kv_heads) * d_head
    assert catalogue.describe(name).numbers_per_token == expected


def test_the_list_is_a_dozen_or_more_from_70_million_to_8_billion():
    entries = catalogue.hub_entries()
    assert len(entries) >= 12 and set(CONFIGS) == set(HUB_MODELS) == set(MEGABYTES)
    sizes = [entry.n_parameters for entry in entries]
    assert min(sizes) < 75e6 and 8e9 < max(sizes) < 8.5e9
    assert {entry.kind for entry in entries} == {"decoder", "encoder", "encoder-decoder"}
    assert {entry.name for entry in entries if entry.is_gated} == {
        "google/gemma-3-1b-pt", "meta-llama/Llama-3.2-1B", "meta-llama/Llama-3.1-8B",
    }  # fmt: skip
    assert catalogue.find("openai-community/gpt2") is None  # it is not here
