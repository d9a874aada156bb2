"""The programs that made the bundled cloze model, on tiny inputs: no corpora, no network, a few seconds."""

import json
import re
from itertools import chain

import numpy as np
import pytest
import torch
from sklearn.metrics.pairwise import cosine_similarity
from transformers import AutoModelForMaskedLM, AutoTokenizer, BertForMaskedLM

from training import checkpoint, cloze, cloze_measures, evaluate_cloze
from training.cloze import held_out_rows, prepare, rows_of
from training.cloze_prompts import CLOZE_PROMPTS, MASK, held_out_sentences, plain
from training.encoder import EncoderShape, MaskedEncoder, bert_config
from training.masking import Masking
from training.mixture import Recipe
from training.sentence_rows import MaskedBatches, SentenceRows, cut_into_rows, encode_sentences
from training.two_sense_sentences import TWO_SENSES
from training.wordpiece import SPECIAL, continues_word, save_tokenizer, train_wordpiece

TINY = EncoderShape(
    vocab_size=900,
    max_position_embeddings=64,
    hidden_size=16,
    intermediate_size=32,
    num_hidden_layers=2,
    num_attention_heads=2,
)
TEXTS = ["Once there was a dog.", "The dog's bark was loud.", "A cat saw the dog and ran. It was late."] * 4


@pytest.fixture(scope="module")
def tokenizer():
    return train_wordpiece(TEXTS, vocab_size=TINY.vocab_size)


# --- held-out sentences -------------------------------------------------------------------------------------------------


def test_prompts_have_one_gap_and_answers_of_one_word():
    assert len(CLOZE_PROMPTS) >= 40
    for item in CLOZE_PROMPTS:
        assert item.prompt.count(MASK) == 1 and item.answers
        assert all(re.fullmatch(r"[a-z]+", answer) for answer in item.answers)
        assert len(set(item.answers)) == len(item.answers)
    assert "i would like to eat some bread" in held_out_sentences()


def test_ten_words_have_two_senses_of_twelve_sentences_with_the_word_once():
    assert len(TWO_SENSES) == 10 == len({item.word for item in TWO_SENSES})
    sentences = [s for item in TWO_SENSES for sense in item.senses for s in sense.sentences]
    assert len(set(map(plain, sentences))) == len(sentences)
    for item in TWO_SENSES:
        for sense in item.senses:
            assert len(sense.sentences) >= 12
            assert all(len(re.findall(rf"\b{item.word}\b", s.lower())) == 1 for s in sense.sentences)


def test_held_out_sentences_never_reach_the_rows_and_end_a_run(tokenizer):
    never = frozenset({plain("The dog barked!")})
    document = 'Once there was a dog. "The  DOG barked." It was late.'
    runs = encode_sentences(tokenizer, [document], never)
    decoded = [[tokenizer.decode(ids) for ids in run] for run in runs]
    assert decoded == [["once there was a dog."], ["it was late."]]
    held_out = {"x": [CLOZE_PROMPTS[0].filled()[0], TWO_SENSES[0].senses[0].sentences[0]]}
    rows, _ = rows_of({**held_out, "y": ["It was late."]}, tokenizer, {"x": 3.0, "y": 1.0}, 24, seed=0)
    assert len(rows.lengths) == 1


# --- tokenizer ----------------------------------------------------------------------------------------------------------


def test_tokenizer_survives_its_folder_and_puts_the_marks(tokenizer, tmp_path):
    save_tokenizer(tokenizer, tmp_path, 24)
    hf = AutoTokenizer.from_pretrained(tmp_path)
    assert hf.convert_tokens_to_ids(list(SPECIAL)) == [0, 1, 2, 3, 4]
    assert hf.model_max_length == 24 and len(hf) == tokenizer.get_vocab_size() <= TINY.vocab_size
    coded = hf("The DOG's [MASK] 👩‍🚀")
    assert hf.convert_ids_to_tokens(coded.input_ids) == ["[CLS]", "the", "dog", "'", "s", "[MASK]", "[UNK]", "[SEP]"]
    assert "token_type_ids" not in coded and hf("a", "b").input_ids.count(hf.sep_token_id) == 2
    continues = continues_word(tokenizer)
    assert [t for t in hf.tokenize("dogdog") if continues[hf.convert_tokens_to_ids(t)]] == hf.tokenize("dogdog")[1:]


# --- rows and batches ---------------------------------------------------------------------------------------------------


def test_rows_hold_every_sentence_once_in_order_and_fit():
    rng = np.random.default_rng(0)
    for _ in range(50):
        run = [list(rng.integers(5, 99, rng.integers(1, 60))) for _ in range(20)]
        rows = cut_into_rows(run, 24, rng)
        assert [*chain(*rows)] == [*chain(*run)]
        assert max(map(len, rows)) <= 22 and any(len(row) not in map(len, run) for row in rows)


def test_batches_hold_one_length_each_row_once_a_reading_and_depend_on_their_number_alone(tokenizer):
    rng = np.random.default_rng(0)
    rows = SentenceRows.of([[7 + i % 90] * int(n) for i, n in enumerate(rng.integers(1, 9, 300))], tokenizer)
    masking = Masking(np.zeros(200, bool), 4, 5)
    batches, again = (MaskedBatches(rows, masking, 64, seed=3) for _ in range(2))
    n = batches.n_batches
    total = [sum(batches[i].n_tokens for i in range(start, start + n)) for start in (0, n)]
    assert total == [len(rows.tokens)] * 2
    read = []
    for i in range(n):
        seen, positions, targets = batches[i].arrays
        whole = seen.ravel().copy()
        whole[positions] = targets
        read += map(tuple, whole.reshape(seen.shape).tolist())
        assert batches[i].n_targets == len(targets)
    lengths = [rows.tokens[a:b] for a, b in zip(rows.starts, rows.starts[1:], strict=False)]
    assert sorted(read) == sorted(tuple(row.tolist()) for row in lengths)
    for i in (n + 3, 2, 3 * n, 2):  # whatever was asked before
        assert all(np.array_equal(a, b) for a, b in zip(batches[i].arrays, again[i].arrays, strict=True))
    assert not np.array_equal(batches[0].arrays[0], batches[n].arrays[0])


# --- masking ------------------------------------------------------------------------------------------------------------


def test_masking_hides_whole_words_in_the_shares_of_the_paper():
    continues = np.arange(1000) >= 500
    rng = np.random.default_rng(0)
    ids = rng.integers(5, 1000, (400, 60))
    ids[:, 0], ids[:, 1], ids[:, -1] = 2, 7, 3
    seen, positions, targets = Masking(continues, mask_id=4, n_special=5, share=0.2)(ids, rng)
    assert np.array_equal(ids.ravel()[positions], targets) and (targets >= 5).all()
    untouched = np.setdiff1d(np.arange(ids.size), positions)
    assert np.array_equal(seen.ravel()[untouched], ids.ravel()[untouched])
    chosen = np.isin(np.arange(ids.size), positions).reshape(ids.shape)
    inside = continues[ids]
    assert (chosen[:, 1:] == chosen[:, :-1])[inside[:, 1:]].all()  # a piece goes with the piece before it
    starts = ~inside & (ids >= 5)
    assert chosen[starts].mean() == pytest.approx(0.2, abs=0.015)  # 3.7 standard deviations
    shown = seen.ravel()[positions]
    assert (shown == 4).mean() == pytest.approx(0.8, abs=0.025)
    assert (shown == targets).mean() == pytest.approx(0.1, abs=0.02)
    assert set(np.unique(shown)) & {0, 1, 2, 3} == set()


def test_every_row_with_a_word_has_a_target():
    ids = np.array([[2, 9, 3], [2, 1, 3], [2, 7, 3]])
    seen, positions, targets = Masking(np.zeros(20, bool), 4, 5, share=1e-9)(ids, np.random.default_rng(0))
    assert positions.tolist() == [1, 7] and targets.tolist() == [9, 7]
    assert seen[1].tolist() == [2, 1, 3]


# --- the model ----------------------------------------------------------------------------------------------------------


def test_loss_is_that_of_transformers_and_every_matrix_is_trained_once():
    torch.manual_seed(0)
    model = MaskedEncoder(TINY)
    ids = torch.randint(5, 200, (4, 12))
    positions = torch.tensor([1, 5, 14, 30, 47])
    targets = torch.randint(5, 200, (5,))
    labels = torch.full_like(ids, -100).flatten()
    labels[positions] = targets
    plain_model = BertForMaskedLM(bert_config(TINY))
    plain_model.load_state_dict(model.network.state_dict())
    expected = plain_model(ids, labels=labels.view(4, 12)).loss
    loss = model.loss(ids, positions, targets)
    assert loss.item() == pytest.approx(expected.item(), rel=5e-3)
    loss.backward()
    expected.backward()
    ours, theirs = (m.bert.encoder.layer[0].attention.self.query.weight.grad for m in (model.network, plain_model))
    assert torch.cosine_similarity(ours.flatten(), theirs.flatten(), 0) > 0.99
    matrices = model.block_matrices()
    assert len(matrices) == 6 * TINY.num_hidden_layers + 1
    assert {tuple(m.parts(m.parameter)[0].shape) for m in matrices} == {(16, 16), (16, 32), (32, 16)}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A tiny run from text to folder: (corpora, run, model folder)."""
    base = tmp_path_factory.mktemp("cloze")
    (base / "corpora").mkdir()
    lines = [f"{name} saw {n} dogs near the {place}. They were {how}." for name in ("Tom", "Ann", "Max", "Eva")
             for n in range(2, 9) for place in ("river", "house", "park") for how in ("happy", "tired")]  # fmt: skip
    (base / "corpora" / "tatoeba_en.txt").write_text("\n".join(lines))
    prepare(
        base / "corpora", base / "run", Recipe(passes={"tatoeba_en": 2.0}, held_out_per_mille=150), TINY.vocab_size, 64
    )
    options = [f"--{name.replace('_', '-')}={value}" for name, value in TINY.as_dict().items()]
    train = ["train", "--out", str(base / "run"), *options, "--batch-tokens=256", "--warmup-tokens=500", "--threads=1"]
    parse = cloze.parser().parse_args
    cloze.train(parse([*train, "--total-tokens=9000", "--max-steps=20"]))
    cloze.train(parse(train))  # goes on to the end
    cloze.export_checkpoint(parse(["export", "--out", str(base / "run"), "--to", str(base / "model")]))
    return base / "corpora", base / "run", base / "model"


def test_a_run_goes_on_learns_and_is_exported_whole(finished):
    _, run, folder = finished
    state = checkpoint.load(run / "checkpoint.pt")
    assert state["progress"]["tokens"] >= 9000
    history = state["progress"]["history"]
    assert history[-1]["loss"] < history[0]["loss"] - 1.0
    trained = MaskedEncoder(TINY)
    trained.load_state_dict(state["model"])
    exported = AutoModelForMaskedLM.from_pretrained(folder, dtype=torch.float32).eval()
    ids = torch.randint(5, 200, (2, 24))
    with torch.no_grad():
        expected = trained.network(ids).logits
        assert torch.allclose(exported(ids).logits, expected, atol=0.02)
    assert exported.num_parameters() == json.loads((folder / "training.json").read_text())["n_parameters"]
    assert len(AutoTokenizer.from_pretrained(folder)) <= TINY.vocab_size


def test_held_out_sample_keeps_whole_rows(tokenizer, monkeypatch):
    monkeypatch.setattr("training.cloze.HELD_OUT_TOKENS", 40)
    rows = held_out_rows({"a": TEXTS[:3], "classroom": ["A cat."]}, tokenizer, 24, seed=0)
    assert 0 < len(rows.tokens) <= 40
    decoded = {tokenizer.decode(rows.stack(np.array([i]))[0].tolist()) for i in range(len(rows.lengths))}
    assert decoded <= {"once there was a dog.", "the dog ' s bark was loud.", "a cat saw the dog and ran.", "it was late.",
                       "a cat saw the dog and ran. it was late."}  # fmt: skip


# --- measures -----------------------------------------------------------------------------------------------------------


def test_nearest_centroid_against_scikit_learn():
    rng = np.random.default_rng(0)
    one, other = rng.normal(0.25, 1, (12, 8)), rng.normal(-0.25, 1, (13, 8))
    right = 0
    for own, foreign in ((one, other), (other, one)):
        for i in range(len(own)):
            centroids = np.stack([np.delete(own, i, 0).mean(0), foreign.mean(0)])
            right += cosine_similarity(own[i : i + 1], centroids)[0].argmax() == 0
    assert 0.5 < right / 25 < 1
    assert cloze_measures.nearest_centroid(one, other) == pytest.approx(right / 25)
    same = np.tile(rng.normal(size=8).astype(np.float32), (12, 1))
    assert cloze_measures.nearest_centroid(same, same) == 0.5


def test_masked_guesses_are_those_of_transformers(finished):
    *_, folder = finished
    model, tokenizer = evaluate_cloze.open_folder(folder)
    rows, _ = rows_of({"x": ["Tom saw 3 dogs. They ran."] * 20}, tokenizer.backend_tokenizer, {"x": 1.0}, 24, seed=0)
    batches = MaskedBatches(rows, cloze.masking_of(tokenizer.backend_tokenizer, 0.3), 64, seed=0)
    found = cloze_measures.masked_guesses(model, batches)
    nats, right, n = 0.0, 0, 0
    for i in range(batches.n_batches):
        seen, positions, targets = batches[i].arrays
        with torch.no_grad():
            logits = model(torch.from_numpy(seen)).logits.flatten(0, 1).double().numpy()[positions]
        nats += (np.log(np.exp(logits).sum(-1)) - logits[np.arange(len(targets)), targets]).sum()
        right, n = right + (logits.argmax(-1) == targets).sum(), n + len(targets)
    assert found["targets"] == n and found["nats"] == pytest.approx(nats / n, abs=1e-3)
    assert found["top1"] == pytest.approx(right / n, abs=1e-4) and found["top1"] <= found["top5"]


def test_context_is_hidden_on_the_asked_side_alone(finished):
    row, place = [2, 7, 8, 9, 10, 3], 2
    shown = cloze_measures.context_ids(row, place, 4)
    assert shown["left side only"] == [2, 7, 4, 4, 4, 3] and shown["right side only"] == [2, 4, 4, 9, 10, 3]
    model, _ = evaluate_cloze.open_folder(finished[2])
    with torch.no_grad():
        guesses = {name: int(model(torch.tensor([ids])).logits[0, place].argmax()) for name, ids in shown.items()}
    row[place] = guesses["both sides"]
    found = cloze_measures.context_accuracy(model, [row], [place], 4)
    assert found == {"rows": 1, **{name: float(guess == row[place]) for name, guess in guesses.items()}}


def test_the_static_embedding_is_at_chance_and_the_card_is_written(finished, monkeypatch):
    corpora, _, folder = finished
    words = tuple(item for item in TWO_SENSES if item.word in ("bark", "left"))
    monkeypatch.setattr(evaluate_cloze, "TWO_SENSES", words)
    monkeypatch.setattr(evaluate_cloze, "FROM_STORIES", ("left",))
    model, tokenizer = evaluate_cloze.open_folder(folder)
    training = json.loads((folder / "training.json").read_text())
    found = evaluate_cloze.behaviour(model, tokenizer)
    assert found["senses"]["static"] == 0.5 and len(found["senses"]["layers"]) == TINY.num_hidden_layers + 1
    found |= evaluate_cloze.measure_held_out(model, tokenizer, corpora, training)
    assert found["held_out"]["tatoeba_en"]["top1"] > 0.1
    evaluate_cloze.write_card(folder, training, found)
    card = (folder / "README.md").read_text()
    assert card.startswith("---\nlicense: cc-by-4.0") and "{" not in card
    assert f"right for **{found['lessons_right']}**" in card and "| mean | | **50.0%** |" in card
