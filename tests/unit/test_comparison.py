"""The same text through several tokenizers: counts against the libraries' own, exact bytes, and calm behaviour offline."""

import sys
import threading
import time

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from model_backend import ModelUnavailable
from model_backend.base import cuts
from model_backend.base.languages import LANGUAGES, language_costs
from model_backend.tokens import comparison
from tests.waiting import HANG_SECONDS

TEXTS = [
    "The dog's bark was",
    "",
    "a\nb",
    "<b>héllo</b>",
    "👩‍👩‍👧 family",
    "नमस्ते दुनिया",
    "مرحبا بالعالم",
    "สวัสดีครับ",
    "狗狗  狗",
]


@pytest.fixture(scope="module")
def tokenizer():
    core = Tokenizer(models.BPE())
    core.pre_tokenizer, core.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<|end|>"], initial_alphabet=alphabet, show_progress=False
    )
    core.train_from_iterator(["the dog and the cat", "the bark of the tree"] * 5, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=core, eos_token="<|end|>")


@pytest.fixture
def fresh(monkeypatch):
    """No encoding has been looked for yet in this process."""
    monkeypatch.setattr(comparison, "_tiktoken", {})
    monkeypatch.setattr(comparison, "_rs_bpe", {})
    monkeypatch.setattr(comparison, "_tiktoken_worker", None)


@pytest.mark.parametrize("text", TEXTS)
def test_every_cut_gives_the_text_back(text, tokenizer, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for cut in comparison.compare(text, [("mine", "My tokenizer", tokenizer)]):
        if cut.is_available:
            assert b"".join(cut.token_bytes) == text.encode(), cut.name


@pytest.mark.parametrize("text", TEXTS)
def test_ids_are_the_tokenizers_own(text, tokenizer):
    assert list(comparison.by_tokenizer(text, tokenizer, "mine").ids) == tokenizer.encode(
        text, add_special_tokens=False
    )


def test_plain_yardsticks_by_hand():
    assert cuts.by_bytes("né").ids == (0x6E, 0xC3, 0xA9)
    assert cuts.by_characters("né👩‍👩").ids == (0x6E, 0xE9, 0x1F469, 0x200D, 0x1F469)
    assert [(cut("é").name, cut("é").vocab_size) for cut in (cuts.by_bytes, cuts.by_characters)] == [
        ("bytes", 256), ("characters", 0x110000),  # what Unicode has room for
    ]  # fmt: skip
    words = cuts.by_words(" two  words\n")
    assert words.token_bytes == (b" two", b"  words", b"\n") and words.ids == ()


def test_openai_counts_offline_from_the_embedded_ranks(fresh, monkeypatch):
    pytest.importorskip("rs_bpe")
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    cut = comparison.by_openai("The dog's bark was barely", "cl100k_base")
    assert cut.ids == (791, 5679, 596, 54842, 574, 20025)  # as published by tiktoken
    assert cut.token_bytes == (b"The", b" dog", b"'s", b" bark", b" was", b" barely") and cut.source == "rs-bpe"
    assert comparison.by_openai("The dog's bark was barely", "o200k_base").ids[:4] == (976, 182015, 57340, 673)
    assert comparison.by_openai("<|endoftext|>", "cl100k_base").n_tokens > 1  # typed text never becomes a special token


@pytest.mark.parametrize("text", TEXTS[2:])
def test_openai_bytes_are_exact_where_a_character_is_torn(text, fresh, monkeypatch):
    pytest.importorskip("rs_bpe")
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    assert b"".join(comparison.by_openai(text, "o200k_base").token_bytes) == text.encode()


def test_without_both_packages_the_record_says_why(fresh, monkeypatch):
    for name in ("tiktoken", "rs_bpe", "rs_bpe.bpe"):
        monkeypatch.setitem(sys.modules, name, None)
    cut = comparison.by_openai("hello", "cl100k_base")
    assert not cut.is_available and cut.n_tokens == 0
    assert "rs-bpe" in cut.reason


def test_a_network_that_never_answers_is_given_up(fresh, monkeypatch):
    tiktoken = pytest.importorskip("tiktoken")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    over = threading.Event()

    def never_answers(name):
        over.wait(HANG_SECONDS)
        raise OSError("no answer")

    monkeypatch.setattr(tiktoken, "get_encoding", never_answers)
    monkeypatch.setattr(comparison, "DOWNLOAD_SECONDS", 0.2)
    for name in ("rs_bpe", "rs_bpe.bpe"):
        monkeypatch.setitem(sys.modules, name, None)
    assert not comparison.by_openai("hello", "cl100k_base").is_available  # has waited for 0.2 s
    monkeypatch.setattr(comparison, "DOWNLOAD_SECONDS", HANG_SECONDS)
    start = time.perf_counter()
    found = [comparison.by_openai("hello", name) for name in comparison.OPENAI]
    assert time.perf_counter() - start < HANG_SECONDS  # the other calls do not wait again
    assert not any(cut.is_available for cut in found)
    over.set()
    comparison._tiktoken_worker.join()


def test_offline_by_choice_asks_nobody(fresh, monkeypatch, tmp_path):
    tiktoken = pytest.importorskip("tiktoken")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    asked = []
    monkeypatch.setattr(tiktoken, "get_encoding", asked.append)
    comparison.by_openai("hello", "cl100k_base")
    assert not asked


def test_a_tokenizer_that_is_not_there_is_a_kind_error(tmp_path):
    with pytest.raises(ModelUnavailable) as caught:
        comparison.load_tokenizer(str(tmp_path))
    assert caught.value.hint


def test_a_saved_tokenizer_loads_again(tokenizer, tmp_path):
    tokenizer.save_pretrained(tmp_path)
    loaded = comparison.load_tokenizer(str(tmp_path))
    assert comparison.by_tokenizer("the dog", loaded, "x").ids == comparison.by_tokenizer("the dog", tokenizer, "y").ids


def test_language_costs_by_hand():
    costs = language_costs(lambda text: len(text.encode()), which=0, price_per_million=2.5)
    by_code = {cost.language.code: cost for cost in costs}
    english, thai = by_code["en"], by_code["th"]
    assert english.n_tokens == 59 and english.ratio == 1 and english.money == pytest.approx(59 * 2.5e-6)
    assert thai.n_tokens == len(thai.sentence.encode()) and thai.ratio == pytest.approx(thai.n_tokens / 59)
    assert [cost.n_tokens for cost in costs] == sorted(cost.n_tokens for cost in costs)


def test_a_person_can_replace_and_add_sentences():
    costs = {c.language.code: c for c in language_costs(len, own={"de": "Hallo", "own": "Saluton, mondo", "fr": "  "})}
    assert costs["de"].n_tokens == 5 and costs["own"].sentence == "Saluton, mondo"
    assert costs["fr"].sentence == next(lang for lang in LANGUAGES if lang.code == "fr").sentences[0]


def test_languages_are_complete_and_written_in_their_script():
    scripts = {
        "ru": "Cyrillic",
        "el": "Greek",
        "ar": "Arabic",
        "he": "Hebrew",
        "hi": "Devanagari",
        "bn": "Bengali",
        "th": "Thai",
    }
    regex = pytest.importorskip("regex")
    assert len(LANGUAGES) >= 14 and len({language.code for language in LANGUAGES}) == len(LANGUAGES)
    for language in LANGUAGES:
        assert len(language.sentences) == 2 and len(set(language.sentences)) == 2
        assert language.is_rtl == (language.code in ("ar", "he"))
        if language.code in scripts:
            letters = regex.findall(r"\p{L}", "".join(language.sentences))
            assert all(regex.match(rf"\p{{Script={scripts[language.code]}}}", letter) for letter in letters), (
                language.code
            )
