"""Trains a WordPiece tokenizer as BERT has it (Devlin et al. 2019, section 3; Wu et al. 2016): lower case, `##` inside words."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from training.tokenizer import id_of

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")  # ids 0 … 4
PAD, UNK, CLS, SEP, MASK = SPECIAL
PREFIX = "##"
ALPHABET = 120  # characters; rarer ones are [UNK]


def train_wordpiece(texts: Iterable[str], vocab_size: int = 8192) -> Tokenizer:
    """`vocab_size` counts everything. Accents are taken off, as in BERT's uncased models; a text stands between [CLS] and [SEP]."""
    tokenizer = Tokenizer(models.WordPiece(unk_token=UNK))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix=PREFIX)
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocab_size, special_tokens=list(SPECIAL), limit_alphabet=ALPHABET, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{CLS} $A {SEP}",
        pair=f"{CLS} $A {SEP} $B {SEP}",
        special_tokens=[(token, id_of(tokenizer, token)) for token in (CLS, SEP)],
    )
    return tokenizer


def continues_word(tokenizer: Tokenizer) -> np.ndarray:
    """[vocab] bool: the tokens that go on with a word."""
    return np.array([(tokenizer.id_to_token(i) or "").startswith(PREFIX) for i in range(tokenizer.get_vocab_size())])


def save_tokenizer(tokenizer: Tokenizer, folder: Path, n_positions: int) -> None:
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        unk_token=UNK,
        cls_token=CLS,
        sep_token=SEP,
        mask_token=MASK,
        model_max_length=n_positions,
        model_input_names=["input_ids", "attention_mask"],
        clean_up_tokenization_spaces=False,
    ).save_pretrained(str(folder))
