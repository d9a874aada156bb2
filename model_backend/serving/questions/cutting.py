"""How a text is cut: by this model's tokenizer step by step, by others on this machine, by OpenAI's."""

from typing import TYPE_CHECKING

from model_backend.base.cuts import OPENAI, Cut
from model_backend.base.records import Tokenization
from model_backend.serving.asking import of_model, of_nothing

if TYPE_CHECKING:
    from model_backend.engine.model import Model
    from model_backend.tokens.bpe import MergeTrace


@of_model(is_kept=False)
def n_merges(model: "Model") -> int:
    """How many merges the tokenizer has learnt; 0 for one that does not merge."""
    from model_backend.tokens.bpe import cutter_for

    return len(cutter_for(model).ranks)


@of_model(is_kept=False)
def merge_ranks(model: "Model", token_ids: tuple[int, ...]) -> dict[int, int]:
    """Token id: rank of the first merge that makes it, 0 = learnt first; tokens that no merge makes are not in it."""
    from model_backend.tokens.bpe import cutter_for

    ranks = {token_id: cutter_for(model).made_by_id(token_id) for token_id in set(token_ids)}
    return {token_id: rank for token_id, rank in ranks.items() if rank is not None}


@of_model(is_kept=False)
def merge_trace(model: "Model", word: str) -> "MergeTrace":
    """How the tokenizer comes to the pieces of a word, step by step; a space before it is part of it."""
    from model_backend.tokens.bpe import cutter_for

    return cutter_for(model).trace(word)


@of_model(is_kept=False)
def own_cuts(model: "Model", texts: tuple[str, ...]) -> tuple[Cut, ...]:
    """The texts as the model's own tokenizer cuts them."""
    from model_backend.tokens.comparison import by_tokenizer

    return tuple(by_tokenizer(text, model, model.info.name) for text in texts)


@of_nothing()
def cuts_by(name: str, texts: tuple[str, ...]) -> tuple[Cut, ...]:
    """The texts as the tokenizer of another model cuts them: a name of the catalogue, a hub id or a folder on this machine.

    Raises ModelUnavailable where there is none; nothing is fetched.
    """
    from model_backend.hub import catalogue
    from model_backend.tokens.comparison import by_tokenizer, load_tokenizer

    entry = catalogue.find(name)
    tokenizer = load_tokenizer(name if entry is None else str(entry.path))
    return tuple(by_tokenizer(text, tokenizer, name) for text in texts)


@of_nothing()
def openai_cuts(name: str, texts: tuple[str, ...]) -> tuple[Cut, ...]:
    """The texts as one of OpenAI's tokenizers cuts them (base.cuts.OPENAI), or rows that say why it is not there."""
    from model_backend.tokens.comparison import by_openai

    return tuple(by_openai(text, name) for text in texts)


@of_nothing()
def openai_here() -> tuple[str, ...]:
    """Those of OpenAI's tokenizers whose data are on this machine or could be fetched."""
    from model_backend.tokens.comparison import openai_encoding

    return tuple(name for name in OPENAI if openai_encoding(name) is not None)


@of_nothing()
def installed() -> tuple[str, ...]:
    """Hub ids whose tokenizer was fetched to this machine before."""
    from model_backend.tokens import comparison

    return comparison.installed()


@of_model(is_kept=False)
def filled(model: "Model", tokens: Tokenization, position: int, token_id: int) -> str:
    """The text of `tokens` with another token in the place of the one at `position`."""
    from model_backend.analysis import filling

    return filling.filled(model, tokens, position, token_id)
