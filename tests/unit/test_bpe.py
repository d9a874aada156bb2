"""The merge trace must be the tokenizer's own way: its pieces on random strings, hand-worked merges, and the two other methods."""

import math
import random

import pytest
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from model_backend.tokens.bpe import Cutter, merge_all, merge_steps
from model_backend.tokens.segmentation import best_segmentations, longest_matches

CORPUS = [
    "The old dog barked and barked at the moon, and the moon did not answer.",
    "lower lowest newer newest wider widest; low low low, er er er",
    "strawberry, blueberry and raspberry jam on the table in the kitchen",
    "Where is the nearest railway station, please? It's here, isn't it?",
    "der alte Hund bellte den Mond an — für Größe und Überfluß",
    "старая собака лаяла на луну, собака и луна",
    "aaaa aaaaaa banana bananas aaa",
] * 3
ALPHABETS = [
    "abelorstuw",
    "aab",
    " the",
    "AbC 12.,!'",
    "собаклун ",
    "héßü",
    "नमस्ते ",
    "سلام",
    "猫狗日本",
    "👩‍👩‍👧😀\u0301",
    "\n\t  \x00<b>",
]
LOWER = {("l", "o"): 0, ("lo", "w"): 1, ("e", "r"): 2, ("low", "er"): 3}


def random_strings(n: int, seed: int = 7) -> list[str]:
    dice = random.Random(seed)
    pools = [dice.sample(ALPHABETS, k=dice.randint(1, 3)) for _ in range(n)]
    return ["".join(dice.choice(dice.choice(pool)) for _ in range(dice.randint(1, 24))) for pool in pools]


def train(model, trainer, pre_tokenizer=None, normalizer=None, decoder=None) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer, tokenizer.normalizer = pre_tokenizer, normalizer
    if decoder is not None:
        tokenizer.decoder = decoder
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def byte_level(ignore_merges: bool = False) -> Tokenizer:
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=["<|end|>"], initial_alphabet=alphabet, show_progress=False
    )
    model = models.BPE(ignore_merges=ignore_merges)
    return train(model, trainer, pre_tokenizers.ByteLevel(add_prefix_space=False), decoder=decoders.ByteLevel())


def sentencepiece_bpe() -> Tokenizer:
    byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=420, special_tokens=["<unk>", *byte_tokens], show_progress=False)
    marks = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    return train(
        models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True),
        trainer,
        pre_tokenizers.Split("\n", "isolated"),
        marks,
    )


def marked_ends() -> Tokenizer:
    trainer = trainers.BpeTrainer(
        vocab_size=150, special_tokens=["<unk>"], end_of_word_suffix="</w>", show_progress=False
    )
    model = models.BPE(unk_token="<unk>", end_of_word_suffix="</w>", fuse_unk=True)
    return train(model, trainer, pre_tokenizers.Whitespace(), normalizers.Lowercase())


def marked_insides() -> Tokenizer:
    trainer = trainers.BpeTrainer(
        vocab_size=150, special_tokens=["[U]"], continuing_subword_prefix="##", show_progress=False
    )
    return train(models.BPE(unk_token="[U]", continuing_subword_prefix="##"), trainer, pre_tokenizers.Whitespace())


def wordpiece() -> Tokenizer:
    trainer = trainers.WordPieceTrainer(vocab_size=160, special_tokens=["[UNK]"], show_progress=False)
    return train(
        models.WordPiece(unk_token="[UNK]"), trainer, pre_tokenizers.BertPreTokenizer(), normalizers.BertNormalizer()
    )


def unigram() -> Tokenizer:
    trainer = trainers.UnigramTrainer(vocab_size=120, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False)
    return train(models.Unigram(), trainer, pre_tokenizers.Metaspace())


def test_the_worked_example_of_the_docstring():
    word = list("lower")
    steps = merge_all(word, LOWER)
    assert [row for row, *_ in steps] == [list("lower"), ["lo", "w", "e", "r"], ["low", "e", "r"], ["low", "er"]]
    assert [[pair.rank for pair in pairs] for _, pairs, *_ in steps] == [[0, 2], [1, 2], [2], [3]]
    assert word == ["lower"]


def test_the_lowest_rank_wins_even_far_right():
    word = list("aber")
    steps = merge_all(word, {("a", "b"): 5, ("e", "r"): 1, ("b", "er"): 3})  # left to right would give ab+er
    assert [(step[2].left, step[2].right) for step in steps] == [("e", "r"), ("b", "er")]
    assert word == ["a", "ber"]


@pytest.mark.parametrize(
    ("word", "positions", "result"), [("aaaaa", [0, 2], ["aa", "aa", "a"]), ("xaaxaa", [1, 4], ["x", "aa", "x", "aa"])]
)
def test_equal_pairs_are_joined_from_the_left_in_one_step(word, positions, result):
    pieces = list(word)
    (step,) = merge_all(pieces, {("a", "a"): 0})
    assert step[3] == positions
    assert pieces == result


@pytest.mark.parametrize("build", [byte_level, sentencepiece_bpe])
def test_pieces_equal_the_tokenizers_on_a_thousand_random_strings(build):
    tokenizer = build()
    cutter = Cutter(tokenizer)
    for text in random_strings(1000):
        trace = cutter.trace(text)
        own = tokenizer.encode(text, add_special_tokens=False)
        assert [piece.token for piece in trace.pieces] == own.tokens, text
        assert [piece.id for piece in trace.pieces] == own.ids, text
        assert trace.agrees


@pytest.mark.parametrize("build", [lambda: byte_level(True), marked_ends, marked_insides, wordpiece, unigram])
def test_other_kinds_agree_too(build):
    tokenizer = Tokenizer.from_str(build().to_str())  # as saved: writing rounds Unigram's scores, which decides ties
    cutter = Cutter(tokenizer)
    for text in random_strings(300, seed=11):
        trace = cutter.trace(text)
        assert [piece.token for piece in trace.pieces] == tokenizer.encode(text, add_special_tokens=False).tokens, (
            trace.kind,
            text,
        )


def test_bytes_of_byte_level_pieces_join_to_the_text():
    cutter = Cutter(byte_level())
    for text in [*random_strings(200, seed=3), " dog", "👩‍👩‍👧", "<b>", "\n\n"]:
        trace = cutter.trace(text)
        assert b"".join(piece.bytes for piece in trace.pieces) == text.encode()
        for chunk in trace.chunks:
            for step in chunk.steps:
                assert b"".join(piece.bytes for piece in step.pieces) == b"".join(piece.bytes for piece in chunk.pieces)


def test_every_step_joins_the_lowest_rank_of_the_real_table():
    cutter = Cutter(byte_level())
    trace = cutter.trace(" strawberry")
    merges = cutter.model["merges"]
    assert trace.n_merges == len(merges) > 50
    (chunk,) = trace.chunks
    assert chunk.text == " strawberry" and chunk.start[0].bytes == b" "
    for step in chunk.steps:
        assert step.merged.rank == min(pair.rank for pair in step.pairs)
        assert list(merges[step.merged.rank]) == [step.merged.left, step.merged.right]
    assert cutter.made_by[chunk.steps[0].merged.left + chunk.steps[0].merged.right] == chunk.steps[0].merged.rank


def test_a_special_token_is_one_piece_and_cut_by_nobody():
    trace = merge_steps(byte_level().to_str(), "low<|end|>low")
    assert [chunk.whole for chunk in trace.chunks] == ["", "special", ""]
    assert trace.agrees and trace.chunks[1].pieces[0].bytes == b"<|end|>"


def test_a_known_word_is_taken_whole_where_the_tokenizer_ignores_merges():
    tokenizer = byte_level(ignore_merges=True)
    word = max((t for t in tokenizer.get_vocab() if t.isascii() and t.isalpha()), key=len)
    (chunk,) = merge_steps(tokenizer, word).chunks
    assert chunk.whole == "known" and not chunk.steps


def test_padding_and_truncation_of_the_caller_do_not_reach_the_trace():
    tokenizer = byte_level()
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding(length=64, pad_token="<|end|>")
    assert merge_steps(tokenizer, "strawberry").agrees


def test_wordpiece_tries_the_longest_first():
    vocabulary = {"un": 0, "##aff": 1, "##able": 2, "##a": 3}
    first, second, third = longest_matches("unaffable", vocabulary.get)
    assert first.tried == ("unaffable", "unaffabl", "unaffab", "unaffa", "unaff", "unaf", "una", "un")
    assert (second.start, second.token) == (2, "##aff")  # not ##a, though it fits as well
    assert (third.start, third.tried) == (5, ("##able",))


def test_wordpiece_gives_the_whole_word_up_when_the_rest_does_not_fit():
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0, "un": 1}, unk_token="[UNK]"))
    (chunk,) = merge_steps(tokenizer, "unx").chunks
    assert [match.token for match in chunk.matches] == ["un", ""]
    assert [piece.token for piece in chunk.pieces] == ["[UNK]"]


def test_unigram_takes_the_greatest_sum_and_names_the_runners_up():
    scores = {"a": -3.0, "b": -3.0, "ab": -4.0, "c": -2.0, "bc": -5.5}
    best = best_segmentations("abc", scores, n=3)
    assert [(s.pieces, s.total) for s in best] == [(("ab", "c"), -6.0), (("a", "b", "c"), -8.0), (("a", "bc"), -8.5)]
    assert best_segmentations("axc", scores, unknown=None) == []
    assert best_segmentations("ax", scores, unknown=0, n=1)[0].total == pytest.approx(-3.0 - 15.5)


def test_unigram_choices_belong_to_the_pieces():
    tokenizer = unigram()
    for chunk in merge_steps(tokenizer, "strawberry banana").chunks:
        assert chunk.choices[0].pieces == tuple(piece.token for piece in chunk.pieces)
        assert all(a.total >= b.total for a, b in zip(chunk.choices, chunk.choices[1:], strict=False))
        assert all(math.isfinite(score) for score in chunk.choices[0].scores)


def test_word_level_looks_the_whole_word_up():
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "low": 1}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trace = merge_steps(tokenizer, "low lower")
    assert [chunk.whole for chunk in trace.chunks] == ["known", "unknown"]
    assert trace.agrees
