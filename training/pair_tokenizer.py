"""Trains the joint tokenizer of the translator: BPE with bytes as a fallback over English, French and Dutch.

Sennrich et al. 2016 (BPE, joint over the languages, section 3.2), spaces as `▁` (Kudo & Richardson 2018, SentencePiece). A piece
never crosses a space, a punctuation mark or a French elision (`J'` | `aime`), so that attention can point at words.
"""

import json
from collections.abc import Iterable

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from training.pairs import MARKS
from training.tokenizer import id_of

SPECIAL = ("<pad>", "</s>", "<unk>")  # ids 0, 1, 2: translator.PAD, END, UNKNOWN
_BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
_SPACE = "▁"


def _splits() -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(prepend_scheme="always", split=True),
            pre_tokenizers.Split(Regex(r"'(?:s|t|m|d|re|ve|ll)\b"), "isolated"),  # English endings, Dutch lama's
            pre_tokenizers.Split(Regex(rf"{_SPACE}?\w+'(?=\w)"), "isolated"),  # French J', l', qu'
            pre_tokenizers.Split(Regex(rf"{_SPACE}?(?:[^\w\s{_SPACE}'-]|\d)"), "isolated"),
        ]
    )


def train_pair_tokenizer(texts: Iterable[str], vocab_size: int = 8192) -> Tokenizer:
    """`vocab_size` counts everything: special tokens, marks, 256 bytes, letters and merges."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace("’", "'")])
    tokenizer.pre_tokenizer = _splits()
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace(_SPACE, " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    marks = tuple(MARKS.values())
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, special_tokens=[*SPECIAL, *marks, *_BYTES], limit_alphabet=200, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    description = json.loads(tokenizer.to_str())  # bytes are ordinary tokens: typing "<0x41>" does not name one
    description["added_tokens"] = [token for token in description["added_tokens"] if token["content"] not in _BYTES]
    tokenizer = Tokenizer.from_str(json.dumps(description))
    tokenizer.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in marks])
    end = SPECIAL[1]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {end}", special_tokens=[(end, id_of(tokenizer, end))]
    )
    return tokenizer


def wrap_pair_tokenizer(tokenizer: Tokenizer, n_positions: int) -> PreTrainedTokenizerFast:
    """The same tokenizer as transformers knows it."""
    pad, end, unknown = SPECIAL
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=pad,
        eos_token=end,
        unk_token=unknown,
        extra_special_tokens=list(MARKS.values()),
        model_max_length=n_positions,
        clean_up_tokenization_spaces=False,
    )
