"""The programs that made the bundled interpreter, on tiny inputs: no corpora, no network, a few seconds."""

import json
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from model_backend import open_model
from training import evaluate_interpreter, interpreter, program, translation_lessons
from training.classroom_pairs import ANIMALS, FAMILY, THINGS, classroom_pairs
from training.cross_attention import agreement, head_scores, pointed_at, words_of
from training.optimiser import build_optimisers
from training.pair_tokenizer import train_pair_tokenizer
from training.pairs import (
    MARKS,
    Encoded,
    Habits,
    Pair,
    PairBatches,
    bare,
    cut,
    even,
    held_out_batches,
    lay_out,
    read_pairs,
    split,
)
from training.translator import END, PAD, Shape, Translator
from training.word_aligner import (
    Alignment,
    OneWay,
    WordAligner,
    error_rate,
    grow_diagonal,
    position_prior,
)

TINY = Shape(vocab_size=420, max_position_embeddings=32, d_model=16, n_layers=2, n_heads=2, ffn_dim=32)
PAIRS = [
    Pair("The cat sees the dog.", "Le chat voit le chien.", "fra"),
    Pair("I love tea.", "J'aime le thé.", "fra"),
    Pair("Do you like it?", "Aimes-tu ça ?", "fra"),
    Pair("I don't know.", "Je ne sais pas.", "fra"),
    Pair("I love tea.", "Ik hou van thee.", "nld"),
    Pair("The photos are here.", "De foto's zijn hier.", "nld"),
] * 4


@pytest.fixture(scope="module")
def tokenizer():
    texts = [text for pair in PAIRS for text in (pair.english, pair.translation)]
    return train_pair_tokenizer([*texts, "Qu'est-ce? L'eau, 12!"], TINY.vocab_size)


@pytest.fixture(scope="module")
def marks(tokenizer):
    return [tokenizer.token_to_id(mark) for mark in MARKS.values()]


# --- pairs --------------------------------------------------------------------------------------------------------------


def test_french_is_spaced_evenly_and_times_and_dutch_stay():
    assert even("Quoi? Non!  Il dit: «oui»", "fra") == "Quoi ? Non ! Il dit : « oui »"
    assert even("Il est 10:30 !", "fra") == "Il est 10:30 !"
    assert even("Wat? Foto’s!", "nld") == "Wat? Foto's!"


def test_pairs_are_read_once_each(tmp_path):
    (tmp_path / "eng-fra.short.tsv").write_text("Go on.\tContinue!\nGo on.\tContinue !\nGo on.\tPoursuis.\n\tx\n")
    (tmp_path / "eng-nld.short.tsv").write_text("Go on.\tGa door.\n")
    assert read_pairs(tmp_path, "fra") == [Pair("Go on.", "Continue !", "fra"), Pair("Go on.", "Poursuis.", "fra")]
    assert read_pairs(tmp_path, "nld") == [Pair("Go on.", "Ga door.", "nld")]


def test_no_english_sentence_is_on_both_sides_whatever_its_end_mark_or_language():
    pairs = [Pair(f"Sentence {i}{mark}", "x", "fra") for i in range(2000) for mark in (".", "!", " ?")]
    training, held_out = split(pairs + [Pair(pair.english.upper(), "y", "nld") for pair in pairs])
    assert not {bare(pair.english) for pair in training} & {bare(pair.english) for pair in held_out}
    assert 3 * 15 <= len(held_out) / 2 <= 3 * 70  # 40 ± 4 standard deviations of sentences


def test_decoder_reads_one_step_behind_what_it_predicts():
    batch = lay_out([([7, 8], [9]), ([5], [6, 10])])
    source, target, labels = (array.tolist() for array in batch.arrays)
    assert source == [[7, 8, END], [5, END, PAD]]
    assert target == [[PAD, 9, PAD], [PAD, 6, 10]]
    assert labels == [[9, END, -100], [6, 10, END]]
    assert (batch.n_tokens, batch.n_targets) == (10, 5)


def test_batches_keep_every_item_and_their_size():
    rng = np.random.default_rng(0)
    items = [([1] * int(n), [2] * int(m)) for n, m in rng.integers(1, 12, (300, 2))]
    batches = cut(items, 100)
    assert sorted(item for batch in batches for item in batch) == sorted(items)
    widths = [max(len(s) for s, _ in batch) + max(len(t) for _, t in batch) + 2 for batch in batches]
    assert all(len(batch) * width <= 100 for batch, width in zip(batches, widths, strict=True))


def _batches(tokenizer, marks, habits):
    encoded = Encoded.of(PAIRS[:6], tokenizer)
    return PairBatches(encoded, marks, tokenizer.token_to_id("."), 60, habits, seed=3)


def test_a_batch_follows_from_its_number_and_a_pass_shows_each_pair_once(tokenizer, marks):
    habits = Habits(unmarked=0.0, no_stop=0.0, lower_case=0.0, repeats=(1, 2))
    forward = _batches(tokenizer, marks, habits)
    n = next(i for i in range(1, 99) if forward.n_pairs(i) == 8)  # 4 French pairs and 2 Dutch ones twice
    shown = []
    for i in range(n):
        source, _, labels = forward[i].arrays
        rows = zip(source, labels, strict=True)
        shown += [(tokenizer.decode(s[s > END]), tokenizer.decode(t[t >= 0])) for s, t in rows]
    dutch = [(pair.english, pair.translation) for pair in PAIRS[4:6]]
    assert sorted(shown) == sorted([(pair.english, pair.translation) for pair in PAIRS[:6]] + dutch)
    backward = _batches(tokenizer, marks, habits)
    for i in reversed(range(3 * n)):
        for a, b in zip(backward[i].arrays, forward[i].arrays, strict=True):
            np.testing.assert_array_equal(a, b)


def test_habits_dress_both_sides(tokenizer, marks):
    undressed = _batches(tokenizer, marks, Habits(unmarked=1.0, no_stop=1.0, lower_case=1.0))
    for i in range(4):
        source, _, labels = undressed[i].arrays
        for s, t in zip(source, labels, strict=True):
            text = tokenizer.decode(s, skip_special_tokens=False).replace("<pad>", "").replace("</s>", "")
            translation = tokenizer.decode(t[t >= 0])
            is_dutch = any(translation == pair.translation.rstrip(".") for pair in PAIRS if pair.language == "nld")
            assert text.startswith(MARKS["nld"]) == is_dutch and MARKS["fra"] not in text
            assert not text.endswith(".") and not translation.endswith(".") and text == text.lower()


# --- tokenizer ----------------------------------------------------------------------------------------------------------


def test_tokens_never_cross_a_word_an_elision_or_a_mark(tokenizer):
    words = words_of(tokenizer.encode("Qu'est-ce? J'aime l'eau, don't, foto's 12!", add_special_tokens=False))
    assert words == [
        "qu'",
        "est-ce",
        "?",
        "j'",
        "aime",
        "l'",
        "eau",
        ",",
        "don",
        "'t",
        ",",
        "foto",
        "'s",
        "1",
        "2",
        "!",
    ]


@pytest.mark.parametrize("text", ["I don't know.", "Aimes-tu ça ?", "日本 naïve 2026!", "two  spaces", "<0x41> ▁"])
def test_nothing_is_unknown_and_everything_comes_back(tokenizer, text):
    encoding = tokenizer.encode(text)
    assert "<unk>" not in encoding.tokens and encoding.ids[-1] == END
    assert tokenizer.decode(encoding.ids) == text.replace("▁", " ")


# --- model --------------------------------------------------------------------------------------------------------------


def _example(marks, tokenizer):
    (batch,) = held_out_batches(Encoded.of(PAIRS[:6], tokenizer), marks, 10_000)
    assert (batch.arrays[0] == PAD).any()  # some sources are filled up
    return tuple(map(torch.from_numpy, batch.arrays))


def test_loss_and_gradients_are_those_of_transformers(tokenizer, marks):
    """Catches: a mask forgotten, keys of another layer, the embedding's scale, a norm in another place."""
    torch.manual_seed(0)
    translator = Translator(TINY, torch.float32)
    for parameter in translator.parameters():
        if parameter.requires_grad:
            parameter.data.add_(torch.randn_like(parameter) * 0.2)
    source, target, labels = _example(marks, tokenizer)
    translator.loss(source, target, labels).backward()
    found = {name: p.grad.clone() for name, p in translator.marian.named_parameters() if p.requires_grad}
    translator.zero_grad()
    mask = (source != PAD).long()
    plain = translator.marian(input_ids=source, attention_mask=mask, decoder_input_ids=target, labels=labels)
    plain.loss.backward()
    torch.testing.assert_close(translator.loss(source, target, labels), plain.loss)
    for name, p in translator.marian.named_parameters():
        if p.requires_grad:
            rows = (
                slice(PAD + 1, None) if name == "model.shared.weight" else slice(None)
            )  # transformers never trains <pad>
            torch.testing.assert_close(found[name][rows], p.grad[rows], atol=1e-5, rtol=1e-3, msg=name)


def test_muon_gets_the_blocks_matrices_and_adam_the_rest():
    translator = Translator(TINY)
    muon, adam = build_optimisers(translator, 0.02, 1e-3)
    n_matrices = 2 * (4 + 2) + 2 * (8 + 2)  # attention projections and feed-forward, encoder and decoder
    assert len(muon.param_groups[0]["params"]) == n_matrices
    assert all(matrix.out_first for matrix in translator.block_matrices())
    counted = sum(p.numel() for optimiser in (muon, adam) for p in optimiser.param_groups[0]["params"])
    assert counted == translator.n_parameters()


# --- aligner ------------------------------------------------------------------------------------------------------------

TOY = [("the house", "la maison"), ("the car", "la voiture"), ("a house", "une maison"), ("a car", "une voiture")]
TOY = [(source.split(), target.split()) for source, target in TOY]


def test_prior_by_hand():
    """One source word and two target words: p0 = 0.08 for none; two by one: exp(-4·|1 - 1/2|) against exp(0)."""
    np.testing.assert_allclose(position_prior(1, 2), [[0.08, 0.92], [0.08, 0.92]])
    near, far = 1.0, np.exp(-2.0)
    np.testing.assert_allclose(position_prior(2, 1), [[0.08, 0.92 * far / (near + far), 0.92 * near / (near + far)]])


def test_first_iteration_by_hand():
    """One EM step from equal probabilities on "a -> x" and "a b -> y x": expected counts are the normalised priors."""
    model = OneWay([(["a"], ["x"]), (["a", "b"], ["y", "x"])], iterations=1)
    a_y = 0.92 / (1 + np.exp(-2.0))  # y stands first of two, a first of two
    a_x = 0.92 + 0.92 * np.exp(-2.0) / (1 + np.exp(-2.0))
    assert model.probability("a", "x") == pytest.approx(a_x / (a_x + a_y))
    assert model.probability("", "y") == pytest.approx(0.08 / 0.24)


def test_word_order_is_learnt_against_the_diagonal():
    """Adjectives behind the noun: "c3" meets "C3" wherever they stand, out of 12 nouns and 12 colours in sentences of three."""
    pairs = [(["the", f"c{c}", f"n{n}"], ["le", f"N{n}", f"C{c}"]) for n in range(12) for c in range(12)]
    aligner = WordAligner(pairs)
    assert aligner.align(["the", "c3", "n5"], ["le", "N5", "C3"]).sure == {(0, 0), (2, 1), (1, 2)}
    for source, target in TOY:
        assert WordAligner(TOY * 5).align(source, target).sure == {(0, 0), (1, 1)}


def test_growing_by_hand():
    """(1, 1) touches (0, 0) and brings new words; (1, 0) then touches, but both its words have a link; (5, 5) touches nothing."""
    assert grow_diagonal({(0, 0)}, {(0, 0), (1, 1), (1, 0), (5, 5)}) in ({(0, 0), (1, 1)}, {(0, 0), (1, 0), (1, 1)})
    assert grow_diagonal({(0, 0), (1, 1)}, {(0, 0), (1, 1), (1, 0), (5, 5)}) == {(0, 0), (1, 1)}
    assert grow_diagonal({(0, 0)}, {(0, 0), (0, 1), (0, 2)}) == {(0, 0), (0, 1), (0, 2)}


def test_error_rate_by_hand():
    """A = 3 links, S = 2, P = 3: |A∩S| = 1, |A∩P| = 2, so 1 - 3/5."""
    reference = [Alignment(frozenset({(0, 0), (1, 1)}), frozenset({(0, 0), (1, 1), (1, 2)}))]
    found = [frozenset({(0, 0), (1, 2), (2, 1)})]
    assert error_rate(found, reference) == pytest.approx(0.4)
    assert agreement(found, reference) == 0.5


def test_tokens_attention_becomes_words_attention_by_hand():
    """Source: mark, one word of two tokens (0), one word (1), end. Target: word 0 of one token, word 1 of two, rows 0, 1, 2."""
    attention = np.array([
        [0.4, 0.3, 0.3, 0.0, 0.0],  # word 0 of the source has 0.6, more than the mark
        [0.0, 0.1, 0.1, 0.8, 0.0],
        [0.2, 0.0, 0.0, 0.3, 0.5],
        [0.0, 0.0, 0.0, 0.0, 1.0],
    ])  # fmt: skip
    assert pointed_at(attention, [0, 0, 1], [0, 1, 1], 0).tolist() == [0, 1]
    assert pointed_at(attention, [0, 0, 1], [0, 1, 1], 1).tolist() == [1, -1]
    both = pointed_at(np.stack([attention, attention[::-1]]), [0, 0, 1], [0, 1, 1], 0)
    assert both.tolist() == [[0, 1], [-1, 1]]


def test_a_head_that_copies_the_reference_has_no_errors(tokenizer, marks):
    """A made-up model whose heads look at the same place and at the end token, on pairs that go word by word."""
    pairs = [Pair(a, b, "fra") for a, b in (("tea dog", "thé chien"), ("tea cat", "thé chat"), ("dog", "chien"))]

    def looks(input_ids, decoder_input_ids, **_):
        source = tokenizer.decode(input_ids[0, 1:-1].tolist()).split()
        owner = [i for i, word in enumerate(source) for _ in tokenizer.encode(word, add_special_tokens=False).ids]
        target = tokenizer.decode(decoder_input_ids[0, 1:].tolist()).split()
        rows = [i for i, word in enumerate(target) for _ in tokenizer.encode(word, add_special_tokens=False).ids]
        attention = torch.zeros(1, 2, len(rows) + 1, input_ids.shape[1])
        for row, word in enumerate(rows):
            attention[0, 0, row, 1 + owner.index(word)] = 1.0
        attention[0, 1, :, -1] = 1.0
        return SimpleNamespace(cross_attentions=(attention,))

    aligner = WordAligner([(pair.english.split(), pair.translation.split()) for pair in pairs * 5])
    scores = head_scores(looks, tokenizer, marks, pairs, aligner)
    best, worst = scores["heads"][0], scores["heads"][-1]
    assert (best["head"], best["convention"], best["error_rate"], best["agreement"]) == (0, "predicting", 0.0, 1.0)
    assert (worst["head"], worst["error_rate"], worst["agreement"]) == (1, 1.0, 0.0)
    assert [score["agreement"] for score in scores["layer_means"]] == [1.0, 0.0]  # of a tie the word comes first
    assert scores["sure_links"] == 5 and scores["diagonal"]["agreement"] == 1.0


# --- lessons, classroom pairs, scores -----------------------------------------------------------------------------------


def test_lessons_are_enough_and_accept_what_they_should():
    languages = [lesson.language for lesson in translation_lessons.LESSONS]
    assert languages.count("fra") >= 30 and languages.count("nld") >= 10
    first = translation_lessons.LESSONS[0]
    assert translation_lessons.is_right(first, "j’aime les lamas !")
    assert not translation_lessons.is_right(first, "J'aime les lames")
    assert translation_lessons.is_lesson(Pair("i love LLAMAS!", "x", "nld"))
    assert not translation_lessons.is_lesson(Pair("I love my llamas.", "x", "nld"))


def test_classroom_pairs_agree_in_gender_and_elide():
    pairs = set(classroom_pairs(0, 100_000))
    for english, french in (
        ("The car is white.", "La voiture est blanche."),
        ("The bee is small.", "L'abeille est petite."),
        ("This is my school.", "C'est mon école."),
        ("The cows are black.", "Les vaches sont noires."),
        ("I have a green hat.", "J'ai un chapeau vert."),
    ):
        assert Pair(english, french, "fra") in pairs
    for english, dutch in (
        ("I have a red book.", "Ik heb een rood boek."),
        ("I see a red car.", "Ik zie een rode auto."),
    ):
        assert Pair(english, dutch, "nld") in pairs
    assert {noun.gender for noun in (*ANIMALS, *THINGS, *FAMILY)} == {"m", "f"}
    assert {noun.article for noun in (*ANIMALS, *THINGS, *FAMILY)} == {"de", "het"}
    assert not [
        pair for pair in pairs if re.search(r"\b[Ll][ea] [aeiouéê]", pair.translation) and pair.language == "fra"
    ]
    drawn = classroom_pairs(5, 50)
    assert len(drawn) == 100 and drawn == classroom_pairs(5, 50) != classroom_pairs(6, 50)


def test_any_of_several_references_will_do():
    accepted = [["Continue donc encore.", "Poursuis tout de suite."], ["Je ne comprends pas."]]
    right = evaluate_interpreter.text_scores(["Poursuis tout de suite.", "Je ne comprends pas."], accepted)
    assert (right["chrf"], right["bleu"], right["exact"]) == (100.0, 100.0, 1.0)
    wrong = evaluate_interpreter.text_scores(["Poursuis tout de suite.", "Il pleut aujourd'hui."], accepted)
    assert wrong["bleu"] < 80 and wrong["exact"] == 0.5


# --- the whole way ------------------------------------------------------------------------------------------------------


def _run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["interpreter", *map(str, arguments)])
    monkeypatch.setattr(program, "set_up_process", lambda threads: None)
    program.main(interpreter.parser(), interpreter.COMMANDS)


def test_from_pairs_to_a_folder_that_opens(tmp_path, monkeypatch, capsys):
    """prepare, train in two goes, export, evaluate: the folder opens, its loss is that of the checkpoint, the card has its numbers."""
    corpora, out, folder = tmp_path / "corpora", tmp_path / "run", tmp_path / "model"
    corpora.mkdir()
    rng = np.random.default_rng(0)
    words = {"fra": {"cat": "chat", "dog": "chien"}, "nld": {"cat": "kat", "dog": "hond"}}
    for language, table in words.items():
        lines = []
        for i in range(400):
            chosen = rng.choice(list(table), 3)
            lines.append(f"{i} {' '.join(chosen)}.\t{i} {' '.join(table[word] for word in chosen)}.")
        (corpora / f"eng-{language}.tsv").write_text("\n".join(lines))
    monkeypatch.setattr(interpreter, "classroom_pairs", lambda seed: classroom_pairs(seed, 60))
    shape = [part for name, n in TINY.as_dict().items() for part in (f"--{name.replace('_', '-')}", n)]
    shape[1] = 900
    common = ["--out", out, "--corpora", corpora]
    _run(monkeypatch, "prepare", *common, *shape)
    options = ["--batch-tokens", 300, "--total-tokens", 6000, "--warmup-tokens", 600]
    _run(monkeypatch, "train", *common, *shape, *options, "--max-steps", 10)
    _run(monkeypatch, "train", *common, *shape, *options)
    _run(monkeypatch, "export", *common, "--to", folder)

    record = json.loads((folder / "training.json").read_text())
    assert (
        record["progress"]["tokens"] >= 6000
        and record["n_parameters"] == Translator(Shape(900, *list(TINY.as_dict().values())[1:])).n_parameters()
    )
    assert 6000 / 30 < record["pairs_read"] < 6000 / 5
    model = open_model(str(folder))
    assert model.info.kind == "encoder-decoder" and model.info.n_parameters >= record["n_parameters"]
    assert model.tokenize("I love tea.").is_lossless

    capsys.readouterr()
    monkeypatch.setattr(sys, "argv", ["evaluate", "--model", str(folder), "--corpora", str(corpora), "--aligned", "5"])
    monkeypatch.setattr(evaluate_interpreter, "NEW_TOKENS", 5)
    monkeypatch.setattr(torch, "set_num_threads", lambda n: None)
    evaluate_interpreter.main()
    found = json.loads((folder / "evaluation.json").read_text())
    plain, tokenizer = (
        AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32),
        AutoTokenizer.from_pretrained(folder),
    )
    _, held_out = interpreter.sources(corpora)
    nats = []
    for pair in held_out["nld"]:
        source = tokenizer(f">>nld<< {pair.english}", return_tensors="pt")
        labels = tokenizer(text_target=pair.translation, return_tensors="pt")["input_ids"]
        nats += [plain(**source, labels=labels).loss.item()] * labels.shape[1]
    assert found["languages"]["nld"]["nats_per_token"] == pytest.approx(np.mean(nats), abs=2e-4)
    assert found["languages"]["nld"]["tokens"] == len(nats)
    card = (folder / "README.md").read_text()
    for name in ("fra", "nld"):
        assert f"{found['languages'][name]['chrf']:.1f}" in card
        assert f"**{found['languages'][name]['alignment']['heads'][0]['error_rate']:.3f}**" in card
    assert evaluate_interpreter.heads_table(found["languages"]["fra"]["alignment"]).count("\n") == 2 + 2 * 3
