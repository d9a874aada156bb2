"""The programs that made the bundled storyteller, on tiny inputs: no corpora, no network, a few seconds."""

import json
import lzma
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F
from transformers import AutoModelForCausalLM, AutoTokenizer

from training import (
    corpus,
    evaluate_storyteller,
    fast_ops,
    measures,
    mixture,
    storyteller,
)
from training.decoder import Decoder, Shape, as_transformers, export
from training.optimiser import Matrix, Muon, build_optimisers, orthogonalise
from training.packing import RowBatches, each_once, pack
from training.schedule import Schedule
from training.tokenizer import RESERVED, encode_documents, train_tokenizer, wrap
from training.trainer import Settings, Trainer

TINY = Shape(vocab_size=50, n_positions=16, n_embd=16, n_layer=2, n_head=2)
TEXTS = [
    "Once upon a time there was a dog.",
    "The dog's bark was loud.",
    "A cat saw the dog and ran.\nIt was late.",
] * 4


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(TEXTS, vocab_size=310)


# --- corpus -------------------------------------------------------------------------------------------------------------


def test_read_folder_takes_marked_texts_and_lines_and_leaves_tables_out(tmp_path):
    (tmp_path / "stories.txt").write_text("One.\nTwo.\n<|endoftext|>\n\n<|endoftext|>\nThree.\n")
    with lzma.open(tmp_path / "lines.txt.xz", "wt", encoding="utf-8") as file:
        file.write("Grüße.\n\nTea.\n")
    (tmp_path / "pairs.tsv").write_text("a\tb\n")
    assert corpus.read_folder(tmp_path) == {"lines": ["Grüße.", "Tea."], "stories": ["One.\nTwo.", "Three."]}
    assert list(corpus.read_folder(tmp_path, ["stories"])) == ["stories"]


def test_repeats_are_dropped_over_all_sources_whatever_their_spacing_and_case():
    kept = corpus.without_repeats({"a": ["The cat.", "the  CAT.", "A dog."], "b": ["The\ncat.", "Mice."]})
    assert kept == {"a": ["The cat.", "A dog."], "b": ["Mice."]}


def test_split_depends_on_the_document_alone_and_has_about_its_share():
    documents = [f"Document number {i}." for i in range(5000)]
    training, held_out = corpus.split({"x": documents}, held_out_per_mille=20)
    assert sorted(training["x"] + held_out["x"]) == sorted(documents)
    assert 60 <= len(held_out["x"]) <= 140  # 100 ± 4 standard deviations
    _, alone = corpus.split({"y": documents[::-1][:2500]}, held_out_per_mille=20)
    assert set(alone["y"]) == set(held_out["x"]) & set(documents[::-1][:2500])


def test_unwrap_joins_broken_sentences_only():
    assert (
        corpus.unwrap('The Fox\nThere was\na fox. He\nran.\n"Stop!"\nHe hid.')
        == 'The Fox\nThere was a fox. He ran.\n"Stop!"\nHe hid.'
    )


def test_simplest_prefers_known_words_and_short_sentences():
    documents = [
        "The dog ran. The cat sat.",
        "Notwithstanding circumlocution, perspicacity abounded forthwith.",
        "A dog sat.",
    ]
    known = corpus.common_words(["the dog ran the cat sat a"], 10)
    assert corpus.simplest(documents, known, 30) == [documents[0], documents[2]]


def test_bare_lesson_prompts_never_reach_the_training_text(tmp_path, monkeypatch):
    (tmp_path / "facts.txt").write_text("The capital of France is Paris.\nParis is the capital of France.\n")
    recipe = mixture.Recipe(passes={"facts": 1.0}, held_out_per_mille=0)
    training, held_out = mixture.training_and_held_out(tmp_path, recipe)
    assert training == {"facts": ["Paris is the capital of France."]} and held_out == {"facts": []}


# --- tokenizer ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["The dog's bark", "👩‍🚀 ok", "नमस्ते दुनिया", "a\x00b\n\n  c\t", "", "שלום Łódź"])
def test_tokenizer_gives_every_text_back(tokenizer, text):
    hf = wrap(tokenizer, 64)
    ids = hf(text).input_ids
    assert ids[0] == hf.bos_token_id == hf.eos_token_id
    assert hf.decode(ids[1:]) == text == hf.decode(ids, skip_special_tokens=True)
    assert hf(text, add_special_tokens=False).input_ids == ids[1:]


def test_tokenizer_keeps_reserved_ids_at_the_end_and_the_typed_mark_special(tokenizer):
    hf = wrap(tokenizer, 64)
    assert len(hf) == 310
    assert hf.convert_tokens_to_ids(list(RESERVED)) == list(range(302, 310))
    assert hf("a<|endoftext|>b", add_special_tokens=False).input_ids.count(hf.eos_token_id) == 1
    (ids,) = encode_documents(tokenizer, ["a<|endoftext|>b"])
    assert hf.eos_token_id not in ids  # in a document it is only characters


# --- packing ------------------------------------------------------------------------------------------------------------


def test_packing_predicts_every_token_once_and_nothing_else():
    rng = np.random.default_rng(0)
    documents = [
        rng.integers(1, 1000, n).tolist() for n in [0, 1, 3, 7, 8, 9, 15, 16, 17, 40, *rng.integers(1, 30, 200)]
    ]
    rows = pack(documents, row_length=8, end=0, seed=1)
    inputs, targets = rows.batch(np.arange(len(rows.rows)))
    assert inputs.shape == targets.shape == (len(rows.rows), 8)
    expected = sorted(pair for d in documents for pair in zip([0, *d], [*d, 0], strict=True))
    assert (
        sorted((int(a), int(b)) for a, b in zip(inputs[targets >= 0], targets[targets >= 0], strict=True)) == expected
    )
    assert (targets >= 0).mean() > 0.8


def test_packing_keeps_short_documents_whole_and_is_reproducible():
    documents = [[i, i + 1, i + 2] for i in range(1, 300, 3)]
    first, again, other = (pack(documents, 8, 0, seed) for seed in (5, 5, 6))
    assert np.array_equal(first.rows, again.rows) and not np.array_equal(first.rows, other.rows)
    assert first.rows[:, 0].tolist() == [0] * len(first.rows)  # each row begins as a prompt does
    assert first.rows[0].tolist()[4] == 0 and first.rows[0, 1] + 2 == first.rows[0, 3]


# --- schedule -----------------------------------------------------------------------------------------------------------


def test_schedule_rises_holds_and_falls_to_zero():
    schedule = Schedule.trapezoid(total=1000, warmup=100, decay_share=0.25)
    assert [schedule.factor(t) for t in (0, 50, 100, 750, 875, 1000, 2000)] == [0, 0.5, 1, 1, 0.5, 0, 0]
    assert Schedule.trapezoid(1000, 0, 0.25).factor(0) == 1


def test_decay_can_begin_at_once_without_a_jump():
    moved = Schedule.trapezoid(1000, 100, 0.25).decaying_from(400, length=200)
    assert [moved.factor(t) for t in (400, 500, 600)] == [1, 0.5, 0]
    again = moved.decaying_from(500, length=50)  # half way down, it has to end sooner
    assert [again.factor(t) for t in (500, 525, 550)] == pytest.approx([0.5, 0.25, 0])
    more = again.decaying_from(550, length=100, share=0.4)  # after its end, once more from two fifths of the peak
    assert [more.factor(t) for t in (550, 600, 650)] == pytest.approx([0.4, 0.2, 0], abs=1e-3)


# --- the fast operations against torch's own ------------------------------------------------------------------------------


def gradients(function, *tensors):
    leaves = [t.clone().requires_grad_() for t in tensors]
    out = function(*leaves)
    weight = torch.randn(out.shape, generator=torch.Generator().manual_seed(1), dtype=out.dtype)
    return out, torch.autograd.grad((out * weight).sum(), leaves)


def assert_same(found, expected):
    torch.testing.assert_close(found[0], expected[0], rtol=1e-9, atol=1e-11)
    for a, b in zip(found[1], expected[1], strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-11)


def test_causal_attention_equals_sdpa():
    qkv = torch.randn(2, 5, 3 * 12, dtype=torch.float64)

    def reference(x):
        q, k, v = (t.view(2, 5, 3, 4).transpose(1, 2) for t in x.split(12, -1))
        return F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(2, 5, 12)

    assert_same(gradients(lambda x: fast_ops.causal_attention(x, 3), qkv), gradients(reference, qkv))


def test_linear_cross_entropy_equals_torch_over_any_chunking():
    hidden, weight = torch.randn(11, 6, dtype=torch.float64), torch.randn(9, 6, dtype=torch.float64)
    targets = torch.tensor([0, 8, -100, 3, 3, 1, -100, 7, 2, 5, 4])
    expected = gradients(lambda h, w: F.cross_entropy(h @ w.t(), targets, ignore_index=-100), hidden, weight)
    for chunk in (3, 100):
        found = gradients(lambda h, w, c=chunk: fast_ops.linear_cross_entropy(h, w, targets, c), hidden, weight)
        assert found[0].item() == pytest.approx(expected[0].item(), rel=1e-6)  # the sum is kept in float32
        for a, b in zip(found[1], expected[1], strict=True):
            torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-7)


def test_gelu_kernels_equal_tanh_gelu():
    x = torch.linspace(-6, 6, 101)
    grad = torch.linspace(1, 2, 101)
    torch.testing.assert_close(fast_ops._gelu_forward(x), F.gelu(x, approximate="tanh"), rtol=1e-5, atol=1e-6)
    expected = torch.ops.aten.gelu_backward(grad, x, approximate="tanh")
    torch.testing.assert_close(fast_ops._gelu_backward(grad, x), expected, rtol=1e-4, atol=1e-5)


def test_orthogonalise_brings_singular_values_near_one_and_keeps_the_directions():
    matrix = torch.randn(3, 8, 20, generator=torch.Generator().manual_seed(0))
    found = orthogonalise(matrix).float()
    assert ((torch.linalg.svdvals(found) > 0.6) & (torch.linalg.svdvals(found) < 1.3)).all()
    u, _, vh = torch.linalg.svd(matrix, full_matrices=False)
    assert ((found * (u @ vh)).sum((1, 2)) / 8 > 0.6).all()  # overlap with the nearest semi-orthogonal matrix


def test_muon_takes_the_matrices_of_the_blocks_and_adamw_the_rest():
    model = Decoder(TINY)
    muon, adam = build_optimisers(model, 0.02, 0.003)
    names = {id(p): name for name, p in model.named_parameters()}
    taken = {names[id(p)] for p in muon.param_groups[0]["params"]}
    assert len(taken) == 4 * TINY.n_layer and all(
        name.endswith("weight") and ".h." in name and "ln" not in name for name in taken
    )
    assert sum(len(g["params"]) for o in (muon, adam) for g in o.param_groups) == len(names)


@pytest.mark.parametrize("shape", [(24, 24), (48, 16), (16, 48)])
def test_muon_is_that_of_torch_where_a_matrix_is_whole_and_out_first(shape):
    """Two steps from the same gradients; the two round the norm differently, so to bfloat16's precision."""
    dice = torch.Generator().manual_seed(0)
    start = torch.randn(shape, generator=dice)
    ours, theirs = (torch.nn.Parameter(start.clone()) for _ in range(2))
    pair = [
        (ours, Muon([Matrix(ours, out_first=True)], lr=0.1, momentum=0.9, weight_decay=0.05)),
        (theirs, torch.optim.Muon([theirs], lr=0.1, momentum=0.9, weight_decay=0.05)),
    ]
    for _ in range(2):
        gradient = torch.randn(shape, generator=dice)
        for parameter, optimiser in pair:
            parameter.grad = gradient.clone()
            optimiser.step()
    assert (ours - start).abs().mean() > 0.01
    torch.testing.assert_close(ours, theirs, rtol=0, atol=2e-3)


def test_muon_moves_a_matrix_alike_however_it_is_laid_out():
    torch.manual_seed(0)
    start, grad = torch.randn(6, 12), torch.randn(6, 12)

    def moved(*matrices):
        for matrix, g in matrices:
            matrix.parameter.grad = g.clone()
        Muon([matrix for matrix, _ in matrices], lr=0.1).step()
        return [matrix.parameter.detach() for matrix, _ in matrices]

    (plain,) = moved((Matrix(torch.nn.Parameter(start.clone())), grad))
    (linear,) = moved((Matrix(torch.nn.Parameter(start.t().clone()), out_first=True), grad.t()))
    torch.testing.assert_close(linear.t(), plain)
    (joined,) = moved((Matrix(torch.nn.Parameter(start.clone()), n_joined=2), grad))
    halves = moved(
        *((Matrix(torch.nn.Parameter(s.clone())), g) for s, g in zip(start.chunk(2, 1), grad.chunk(2, 1), strict=True))
    )
    torch.testing.assert_close(joined, torch.cat(halves, 1))


# --- the decoder against transformers -------------------------------------------------------------------------------------


def test_decoder_has_the_logits_of_gpt2():
    torch.manual_seed(0)
    model = Decoder(TINY)
    for p in model.parameters():
        p.data += 0.1 * torch.randn_like(p)  # biases and norms away from 0 and 1
    ids = torch.randint(0, 50, (3, 16))
    reference = as_transformers(model.state_dict(), TINY, end_id=0)
    torch.testing.assert_close(model.logits(ids), reference(ids).logits, rtol=1e-4, atol=1e-5)
    targets = ids.roll(-1, 1)
    expected = F.cross_entropy(reference(ids).logits.flatten(0, 1), targets.flatten())
    torch.testing.assert_close(model.loss(ids, targets), expected, rtol=1e-5, atol=1e-6)
    assert model.n_parameters() == sum(p.numel() for p in reference.parameters())


def test_default_shape_has_ten_million_parameters():
    assert Decoder(Shape()).n_parameters() >= 10_000_000


def test_export_opens_with_auto_classes(tmp_path, tokenizer):
    shape = Shape(vocab_size=310, n_positions=16, n_embd=16, n_layer=1, n_head=2)
    model = Decoder(shape)
    export(model.state_dict(), shape, tokenizer, tmp_path)
    loaded = AutoModelForCausalLM.from_pretrained(
        tmp_path, local_files_only=True, use_safetensors=True, dtype=torch.float32
    )
    hf = AutoTokenizer.from_pretrained(tmp_path, local_files_only=True)
    ids = hf("The dog", return_tensors="pt").input_ids
    assert int(ids[0, 0]) == hf.bos_token_id == loaded.generation_config.eos_token_id
    torch.testing.assert_close(loaded(ids).logits, model.logits(ids), rtol=0.02, atol=2e-3)  # float16 weights: 11 bits
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["dtype"] == "float16" and config["activation_function"] == "gelu_pytorch_tanh"
    assert not list(tmp_path.glob("*.bin"))


# --- the training loop ----------------------------------------------------------------------------------------------------


def trainer(path, total=1280, checkpoint_seconds=1e9, plan="p"):
    rng = np.random.default_rng(0)
    rows = pack([rng.integers(1, 50, n).tolist() for n in rng.integers(2, 30, 60)], 16, 0, 0)
    schedule = Schedule.trapezoid(total, warmup=128, decay_share=0.25)
    settings = Settings(schedule, log_every=3, held_out_every=4, checkpoint_seconds=checkpoint_seconds)
    torch.manual_seed(0)
    return Trainer(
        settings, Decoder(TINY), RowBatches(rows, 4), each_once(rows, 7), path / "checkpoint.pt", plan, device="cpu"
    )


def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path):
    quiet = lambda _: None  # noqa: E731
    whole = trainer(tmp_path / "a")
    whole.run(log=quiet)
    trainer(tmp_path / "b").run(max_steps=7, log=quiet)  # stops inside a log window
    resumed = trainer(tmp_path / "b")
    resumed.run(log=quiet)
    assert resumed.progress.step == whole.progress.step == 20
    without_time = [{k: v for k, v in r.items() if k != "seconds"} for r in whole.progress.history]
    assert [{k: v for k, v in r.items() if k != "seconds"} for r in resumed.progress.history] == without_time
    assert resumed.progress.held_out == whole.progress.held_out and len(without_time) == 6
    for a, b in zip(whole.model.parameters(), resumed.model.parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_killed_run_goes_on_from_its_last_checkpoint(tmp_path):
    """After the checkpoint of step 5 three more steps are lost; the next process takes the same three again."""
    quiet = lambda _: None  # noqa: E731
    killed = trainer(tmp_path)
    killed.run(max_steps=5, log=quiet)
    lost = [killed.step() for _ in range(3)]
    assert not list(tmp_path.glob("*.part"))
    again = trainer(tmp_path)
    assert [again.step() for _ in range(3)] == lost


def test_training_learns_and_another_plan_starts_at_its_first_row(tmp_path):
    run = trainer(tmp_path, total=64 * 60)
    run.run(log=lambda _: None)
    history = run.progress.history
    assert history[-1]["loss"] < history[0]["loss"] - 0.1  # random text: the rows repeat, so only memory helps
    other = trainer(tmp_path, total=64 * 61, plan="q")
    assert other.progress.batch == 0 and other.progress.step == 60


# --- measures -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny_model():
    torch.manual_seed(0)
    shape = Shape(vocab_size=310, n_positions=16, n_embd=16, n_layer=1, n_head=2)
    return as_transformers({k: v * 3 for k, v in Decoder(shape).state_dict().items()}, shape, 0)


@pytest.mark.parametrize("n", [0, 1, 15, 16, 17, 40, 47, 100])
def test_windows_count_every_token_once_with_half_a_window_before_it(n):
    ids = list(range(1, n + 1))
    found = measures.windows(ids, end=0, length=16)
    assert [t for tokens, first in found for t in tokens[first + 1 :]] == [*ids, 0]
    for tokens, first in found[1:]:
        assert first >= 7 and len(tokens) == 17
    assert all(len(tokens) <= 17 for tokens, _ in found)


def test_total_bits_equals_the_sum_over_single_predictions(tiny_model):
    documents = [[5, 6, 7], [], [9] * 15]
    expected = 0.0
    for ids in documents:
        stream = [0, *ids, 0]
        for i in range(1, len(stream)):
            logits = tiny_model(torch.tensor([stream[:i]])).logits[0, -1].double()
            expected -= logits.log_softmax(-1)[stream[i]].item() / np.log(2)
    assert measures.total_bits(tiny_model, documents, end=0, batch_size=2) == pytest.approx(expected, rel=1e-5)


def test_lesson_result_looks_at_the_first_token_of_an_answer(tiny_model, tokenizer):
    hf = wrap(tokenizer, 16)
    p = measures.next_probabilities(tiny_model, hf, "The dog")
    assert p.sum() == pytest.approx(1, abs=1e-5)
    says = hf.decode([int(p.argmax())])
    item = measures.LessonPrompt("The dog", ("cat",), "test")
    result = measures.lesson_result(tiny_model, hf, item)
    token = hf(" cat", add_special_tokens=False).input_ids[0]
    assert result["says"] == says and result["rank"] == int((p > p[token]).sum()) + 1
    assert result["probability"] == pytest.approx(p[token], abs=1e-4) and result["right"] == (result["rank"] == 1)


@pytest.mark.parametrize("name", ["storyteller", "assistant", "cloze", "interpreter"])
def test_a_bundled_card_is_what_its_program_writes(name, tmp_path):
    bundled = Path(__file__).parents[2] / "model_backend" / "bundled" / name
    training, found = (json.loads((bundled / file).read_text()) for file in ("training.json", "evaluation.json"))
    import_module(f"training.evaluate_{name}").write_card(tmp_path, training, found)
    assert (tmp_path / "README.md").read_text() == (bundled / "README.md").read_text()


def test_repeated_passes_take_each_document_as_often_as_asked():
    rounds = mixture.repeated(10, 2.5, np.random.default_rng(0))
    assert [sorted(r.tolist()) for r in rounds[:2]] == [list(range(10))] * 2
    assert len(set(rounds[2].tolist())) == 5
    assert mixture.repeated(10, 0.0, np.random.default_rng(0)) == []


# --- the whole way, on a handful of sentences -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def finished_run(tmp_path_factory):
    """(corpora, model folder): prepare, twelve steps in two goes, export — through the command line's own parser."""
    root = tmp_path_factory.mktemp("run")
    corpora = root / "corpora"
    corpora.mkdir()
    (corpora / "facts.txt").write_text("".join(f"Fact {i}: a dog and {i} cats ran home.\n" for i in range(400)))
    out, to = str(root / "out"), root / "model"
    shape = ["--vocab-size", "320", "--n-positions", "256", "--n-embd", "16", "--n-layer", "1", "--n-head", "2"]
    others = [f"{name}=0" for name in mixture.Recipe().passes if name != "facts"]

    def call(*words):
        args = storyteller.parser().parse_args([*words, *(shape if words[0] != "export" else ())])
        storyteller.COMMANDS[args.command](args)

    call("prepare", "--out", out, "--corpora", str(corpora), "--mix", "facts=2", *others)
    train = ("train", "--out", out, "--batch-rows", "2", "--total-tokens", "6144", "--warmup-tokens", "512")
    call(*train, "--max-steps", "2")
    call(*train)
    call("export", "--out", out, "--to", str(to), "--hardware", "a toy")
    return corpora, to


def test_export_tells_what_was_trained(finished_run):
    training = json.loads((finished_run[1] / "training.json").read_text())
    assert (
        training["progress"]["step"] == 12 and training["progress"]["tokens"] == 6144 == training["schedule"]["total"]
    )
    assert training["plan"]["passes"] == {"facts": 2.0} and training["batch_tokens"] == 512
    assert training["plan"]["tokens_read"]["facts"] > 2 * training["plan"]["documents"]["facts"]
    assert (finished_run[1] / "loss_curve.png").stat().st_size > 5000


def test_evaluation_and_card_come_from_the_model_and_the_corpora(finished_run):
    corpora, folder = finished_run
    model, hf = evaluate_storyteller.open_folder(folder)
    training = json.loads((folder / "training.json").read_text())
    recipe = mixture.Recipe.of_plan(training["plan"])
    ours = evaluate_storyteller.measure_model(model, hf, corpora, recipe)
    theirs = evaluate_storyteller.measure_baseline(hf, corpora, recipe)
    _, held_out = mixture.training_and_held_out(corpora, recipe)
    assert ours["bytes"] == {"facts": sum(len(d.encode()) for d in held_out["facts"])}
    # twelve steps: still near the uniform guess of log2(320) bits for each token and end; the 5-gram knows the sentence
    n_tokens = sum(len(hf(d, add_special_tokens=False).input_ids) + 1 for d in held_out["facts"])
    assert ours["bits_per_byte"]["all"] == pytest.approx(n_tokens * np.log2(320) / ours["bytes"]["facts"], rel=0.2)
    assert theirs["bits_per_byte"]["all"] < 0.5 * ours["bits_per_byte"]["all"]
    found = {
        "lessons": measures.lesson_results(model, hf)[:3],
        "lessons_right": 2,
        "contrasts": measures.contrast_results(model, hf),
        "spread": measures.spread_result(model, hf),
        "greedy": measures.greedy_texts(model, hf, n_tokens=3),
        "endings": measures.ending_share(model, hf, n_stories=3, n_tokens=5),
        "held_out": ours,
        "kneser_ney_5gram": theirs,
    }
    evaluate_storyteller.write_card(folder, training, found)
    card = (folder / "README.md").read_text()
    assert f"| all | {len(held_out['facts'])} |" in card and f"{theirs['bits_per_byte']['all']:.3f} |" in card
    assert "**2**" in card and "a toy" in card and "CC BY" in card and "{" not in card
    assert "still ahead on `facts`" in card


def test_bits_per_byte_sums_bits_before_it_divides():
    found = evaluate_storyteller.bits_per_byte({"a": 8.0, "classroom": 4.0}, {"a": 4, "classroom": 8})
    assert found == {"a": 2.0, "classroom": 0.5, "all": 1.0, "all without classroom": 2.0}
