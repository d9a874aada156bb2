"""Trains a byte-level BPE tokenizer and wraps it for transformers.

Sennrich et al. 2016 (BPE) over bytes with GPT-2's pre-tokenisation (Radford et al. 2019, section 2.2). `<|endoftext|>` has id 0
and is put before every text, as in training each document follows it; the last eight ids are kept free for a chat format.
"""

from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from training.corpus import END

RESERVED = (
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|end|>",
    "<|reserved_0|>",
    "<|reserved_1|>",
    "<|reserved_2|>",
    "<|reserved_3|>",
)


def id_of(tokenizer: Tokenizer, token: str) -> int:
    """The id of a token that the tokenizer has to have; KeyError where it has none."""
    found = tokenizer.token_to_id(token)
    if found is None:
        raise KeyError(token)
    return found


def train_tokenizer(texts: Iterable[str], vocab_size: int = 8192) -> Tokenizer:
    """`vocab_size` counts everything: 256 bytes, merges, `<|endoftext|>` and the reserved tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size - len(RESERVED),
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in RESERVED])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{END} $A", pair=f"{END} $A $B", special_tokens=[(END, id_of(tokenizer, END))]
    )
    return tokenizer


def wrap(tokenizer: Tokenizer, n_positions: int) -> PreTrainedTokenizerFast:
    """The same tokenizer as transformers knows it; `<|endoftext|>` opens and ends a document."""
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END,
        eos_token=END,
        model_max_length=n_positions,
        clean_up_tokenization_spaces=False,
    )


def save_tokenizer(tokenizer: Tokenizer, folder: Path, n_positions: int) -> None:
    wrap(tokenizer, n_positions).save_pretrained(str(folder))


def encode_documents(tokenizer: Tokenizer, documents: list[str]) -> list[list[int]]:
    """Token ids of each document, without `<|endoftext|>`; a mark typed inside a text is encoded as plain characters."""
    safe = [document.replace(END, "< |endoftext| >") for document in documents]
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(safe, add_special_tokens=False)]
