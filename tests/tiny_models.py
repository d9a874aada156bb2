"""Random checkpoints of the real families, small enough to build in a moment, and tokenizers trained on a few lines."""

import json
import math
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import torch
import transformers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    PreTrainedTokenizerFast,
)

CORPUS = [
    "the dog's bark was barely heard\nHello World! naïve café 12345",
    "  two  spaces\tand tab",
    "日本語 हिन्दी ไทย עברית مرحبا 👩‍👩‍👧",
] * 20
PROMPT = "the dog's bark was barely heard"

_VOCAB = 400
_COMMON = dict(
    vocab_size=_VOCAB, hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=64,
    max_position_embeddings=64, bos_token_id=0, eos_token_id=0, pad_token_id=2,
)  # fmt: skip
_GROUPED = dict(**_COMMON, num_key_value_heads=2)
_TRANSLATOR = dict(
    vocab_size=_VOCAB, d_model=32, encoder_layers=3, decoder_layers=2, encoder_attention_heads=4, encoder_ffn_dim=64,
    decoder_attention_heads=4, decoder_ffn_dim=64, max_position_embeddings=64,
)  # fmt: skip
_GPT2 = dict(vocab_size=_VOCAB, n_positions=64, n_embd=32, n_layer=3, n_head=4, bos_token_id=0, eos_token_id=0)

# family: (config class, its arguments); windows are shorter than the prompt, so that they show
CONFIGS = {
    "gpt2": ("GPT2Config", _GPT2),
    "llama": ("LlamaConfig", _GROUPED),
    "mistral": ("MistralConfig", dict(**_GROUPED, sliding_window=4)),
    "qwen3": ("Qwen3Config", dict(**_GROUPED, head_dim=16)),
    "gemma2": ("Gemma2Config", dict(**_GROUPED, head_dim=8, sliding_window=4, attn_logit_softcapping=2.0)),
    "gpt_neox": ("GPTNeoXConfig", _COMMON),
    "opt": (
        "OPTConfig",
        dict(
            vocab_size=_VOCAB, hidden_size=32, num_hidden_layers=3, num_attention_heads=4, ffn_dim=64, bos_token_id=0,
            max_position_embeddings=64, word_embed_proj_dim=16, eos_token_id=0, pad_token_id=2,
        ),
    ),
    "gemma3_text": (
        "Gemma3TextConfig",
        dict(
            **_GROUPED, head_dim=8, sliding_window=4,
            layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        ),
    ),
    "phi3": ("Phi3Config", dict(**_GROUPED, sliding_window=4)),
    "mixtral": ("MixtralConfig", dict(**_GROUPED, num_local_experts=4, num_experts_per_tok=2)),
    "cohere": ("CohereConfig", _GROUPED),
    "gpt_oss": ("GptOssConfig", dict(**_GROUPED, head_dim=8, sliding_window=4, num_local_experts=4, num_experts_per_tok=2)),
    "gptj": ("GPTJConfig", dict(**_GPT2, rotary_dim=4)),
    "bloom": ("BloomConfig", dict(vocab_size=_VOCAB, hidden_size=32, n_layer=3, n_head=4, bos_token_id=0, eos_token_id=0)),
    "gpt_neo": (
        "GPTNeoConfig",
        dict(
            vocab_size=_VOCAB, max_position_embeddings=64, hidden_size=32, num_layers=4, num_heads=4, window_size=4,
            attention_types=[[["global", "local"], 2]], bos_token_id=0, eos_token_id=0,
        ),
    ),
    "mamba": ("MambaConfig", dict(vocab_size=_VOCAB, hidden_size=32, num_hidden_layers=3, state_size=4)),
    "bert": ("BertConfig", _COMMON),
    "roberta": ("RobertaConfig", _COMMON | dict(max_position_embeddings=66, pad_token_id=1)),
    "distilbert": (
        "DistilBertConfig",
        dict(vocab_size=_VOCAB, dim=32, n_layers=3, n_heads=4, hidden_dim=64, max_position_embeddings=64, pad_token_id=0),
    ),
    "modernbert": (
        "ModernBertConfig",
        dict(**_COMMON, cls_token_id=0, sep_token_id=0, local_attention=4, global_attn_every_n_layers=2),
    ),
    "t5": (
        "T5Config",
        dict(
            vocab_size=_VOCAB, d_model=32, d_kv=8, d_ff=64, num_layers=3, num_decoder_layers=2, num_heads=4,
            relative_attention_num_buckets=8, relative_attention_max_distance=16, decoder_start_token_id=0,
            pad_token_id=0, eos_token_id=1,
        ),
    ),
    "bart": (
        "BartConfig",
        _TRANSLATOR | dict(
            decoder_attention_heads=2, bos_token_id=0, pad_token_id=2, eos_token_id=3, decoder_start_token_id=3
        ),
    ),
    "marian": (
        "MarianConfig",
        dict(
            **_TRANSLATOR, scale_embedding=True, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0
        ),
    ),
}  # fmt: skip
RECORDED = (
    "gpt2", "llama", "mistral", "qwen3", "gemma2", "gemma3_text", "phi3", "mixtral", "gpt_neox", "opt", "cohere", "gpt_oss",
)  # fmt: skip
REPLAYED = ("gptj", "bloom", "gpt_neo")
DECODERS = RECORDED + REPLAYED
ENCODERS = ("bert", "roberta", "distilbert", "modernbert")
TRANSLATORS = ("t5", "bart", "marian")
MAKERS_RULES = {
    "bart": dict(forced_bos_token_id=0, forced_eos_token_id=3, no_repeat_ngram_size=2),
    "marian": dict(forced_eos_token_id=1, bad_words_ids=[[0]]),
}
TOKENIZER_OF = {"bert": "word piece", "distilbert": "word piece", "t5": "unigram", "marian": "unigram"}


@cache
def network(family: str) -> torch.nn.Module:
    """A random network by plain transformers with eager attention; every weight is moved, norms and biases too, so that
    a forgotten bias or a norm taken twice shows."""
    config_class, arguments = CONFIGS[family]
    config = getattr(transformers, config_class)(**arguments)
    builder = AutoModelForMaskedLM if family in ENCODERS else AutoModelForCausalLM
    builder = AutoModelForSeq2SeqLM if family in TRANSLATORS else builder
    generator = torch.Generator().manual_seed(0)
    model = builder.from_config(config, attn_implementation="eager").eval()
    if family in MAKERS_RULES:
        model.generation_config.update(**MAKERS_RULES[family])
    spread = 0.3 if family in TRANSLATORS else 0.15  # enough that greedy text depends on what was read
    computed = model._keys_to_ignore_on_save or ()  # sine waves, in no file
    moved = {name: parameter for name, parameter in model.named_parameters() if name not in computed}
    moved |= {name: buffer for name, buffer in model.named_buffers() if name == "final_logits_bias"}
    with torch.no_grad():
        for parameter in moved.values():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * spread + (parameter.ndim == 1) * 0.5)
    return model


def save(folder: Path, family: str = "gpt2", tokenizer: str | None = None) -> Path:
    """Write the family's checkpoint and a tokenizer of its kind, or the one asked for, into `folder`."""
    network(family).save_pretrained(folder)
    TOKENIZERS[tokenizer or TOKENIZER_OF.get(family, "byte-level")]().save_pretrained(folder)
    return folder


@cache
def byte_level(prefix_space: bool = False, trim: bool = False) -> PreTrainedTokenizerFast:
    """GPT-2's kind; `<|endoftext|>` opens every text, as with the bundled storyteller."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCAB - 10, special_tokens=["<|endoftext|>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    tokenizer.train_from_iterator(CORPUS, trainer)
    start = processors.TemplateProcessing(single="<|endoftext|> $A", special_tokens=[("<|endoftext|>", 0)])
    trimmed = [processors.ByteLevel(trim_offsets=True)] if trim else []
    tokenizer.post_processor = processors.Sequence([*trimmed, start])
    end = "<|endoftext|>"
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=end, eos_token=end, unk_token=end)


@cache
def sentencepiece_bpe(legacy: bool = True) -> PreTrainedTokenizerFast:
    """Llama 2's kind: `▁` for spaces, one put before the text, bytes as a fallback. Two ways of putting it are in use."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    if legacy:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=700, special_tokens=["<unk>", "<s>", "</s>", *byte_tokens], show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS[:2], trainer)
    description = json.loads(tokenizer.to_str())  # the byte tokens are ordinary ones in real checkpoints
    description["added_tokens"] = [token for token in description["added_tokens"] if "0x" not in token["content"]]
    tokenizer = Tokenizer.from_str(json.dumps(description))
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>")


@cache
def word_piece(lowercase: bool = True) -> PreTrainedTokenizerFast:
    """BERT's kind."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=390, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token=AddedToken("[MASK]", lstrip=True),
    )  # fmt: skip


@cache
def unigram() -> PreTrainedTokenizerFast:
    """T5's kind: NFKC, runs of spaces made one. Pieces are the frequent substrings of the corpus, weighed by how often they
    occur; the library's own trainer gives another vocabulary in every process."""
    text = "▁" + unicodedata.normalize("NFKC", " ".join(CORPUS[:3])).replace(" ", "▁")
    counts = Counter(text[start : start + n] for n in range(1, 6) for start in range(len(text) - n + 1))
    counts = {piece: count for piece, count in counts.items() if "▁" not in piece[1:] and not set(piece) & set("\n\t")}
    common = sorted(counts, key=lambda piece: (len(piece) > 1, -counts[piece] * len(piece), piece))[:190]
    pieces = [(piece, math.log(counts[piece] / len(text))) for piece in common]
    specials = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    tokenizer = Tokenizer(models.Unigram([*specials, *pieces], unk_id=2))
    tokenizer.add_special_tokens([name for name, _ in specials])
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", eos_token="</s>", pad_token="<pad>")


TOKENIZERS = {
    "byte-level": byte_level,
    "byte-level, prefix space": lambda: byte_level(prefix_space=True),
    "byte-level, trimmed": lambda: byte_level(trim=True),
    "sentencepiece, legacy": sentencepiece_bpe,
    "sentencepiece, first": lambda: sentencepiece_bpe(legacy=False),
    "word piece": word_piece,
    "word piece, cased": lambda: word_piece(lowercase=False),
    "unigram": unigram,
}
