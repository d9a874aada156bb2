"""What the storyteller reads: which sources, how often, and how they become rows of tokens.

Everything follows from the corpora folder, the recipe and its seed, so training, baseline and evaluation see the same split.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from training import classroom, corpus
from training.lesson_prompts import COLOURS, LESSON_PROMPTS, is_bare_prompt
from training.packing import Rows, pack
from training.tokenizer import encode_documents, id_of

CLASSROOM = "classroom"
LESSON_REPEATS = 200


@dataclass(frozen=True)
class Recipe:
    """`passes`: how often each source is read. `classic_chars`, `classroom_chars`: how much of these two is taken at all."""

    passes: dict[str, float] = field(
        default_factory=lambda: {
            "tinystories": 2.5,
            "storybooks": 2.0,
            "tatoeba_en": 0.8,
            "classic_children": 1.0,
            "facts": 5.0,
            CLASSROOM: 1.0,
        }
    )
    classic_chars: int = 3_000_000
    classroom_chars: int = 12_500_000
    held_out_per_mille: int = 20
    seed: int = 20261122

    @classmethod
    def of_plan(cls, plan: dict) -> "Recipe":
        """The recipe that a run's plan.json names."""
        return cls(plan["passes"], plan["classic_chars"], plan["classroom_chars"], seed=plan["seed"])


def read_sources(folder: Path, recipe: Recipe) -> dict[str, list[str]]:
    """All documents of the recipe by source: repeats and bare lesson prompts out, wrapped lines joined, classics cut to the simplest."""
    names = [name for name in recipe.passes if name != CLASSROOM]
    sources = corpus.read_folder(folder, names)
    missing = set(names) - set(sources)
    if missing:
        raise FileNotFoundError(f"no text for {', '.join(sorted(missing))} in {folder}")
    if "storybooks" in sources:
        sources["storybooks"] = [corpus.unwrap(d) for d in sources["storybooks"]]
    if "classic_children" in sources:
        simple = [d for name, documents in sources.items() if name != "classic_children" for d in documents]
        sources["classic_children"] = corpus.simplest(
            sources["classic_children"], corpus.common_words(simple, 5000), recipe.classic_chars
        )
    if recipe.passes.get(CLASSROOM):
        sources[CLASSROOM] = list(classroom.documents(recipe.seed, recipe.classroom_chars))
    return {
        name: [d for d in documents if not is_bare_prompt(d)]
        for name, documents in corpus.without_repeats(sources).items()
    }


def training_and_held_out(folder: Path, recipe: Recipe) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    return corpus.split(read_sources(folder, recipe), recipe.held_out_per_mille)


def tokenizer_texts(training: dict[str, list[str]]) -> list[str]:
    """The text the tokenizer is trained on: each training document once, the synthetic text left out.

    The words of the lesson prompts are added often enough to become one token each, as a class wants to see them.
    """
    texts = [d for name, documents in training.items() if name != CLASSROOM for d in documents]
    lesson = [f"{item.prompt} {answer}" for item in LESSON_PROMPTS for answer in item.answers]
    return texts + LESSON_REPEATS * [*lesson, *(f"It is {colour}" for colour in COLOURS)]


def repeated(n_documents: int, passes: float, rng: np.random.Generator) -> list[np.ndarray]:
    """Document indices of each pass; of a broken last pass (say 0.4) that share, drawn at random.

    >>> [len(p) for p in repeated(10, 2.5, np.random.default_rng(0))]
    [10, 10, 5]
    """
    whole = int(passes)
    rounds = [np.arange(n_documents)] * whole
    rest = round((passes - whole) * n_documents)
    return [*rounds, rng.choice(n_documents, rest, replace=False)] if rest else rounds


def rows_of(
    training: dict[str, list[str]], tokenizer: Tokenizer, recipe: Recipe, row_length: int
) -> tuple[Rows, dict[str, int]]:
    """(all rows of the run in random order, tokens read per source).

    The passes are packed one by one, so a document meets its copy only in another row.
    """
    rng = np.random.default_rng(recipe.seed)
    by_pass: dict[int, list[list[int]]] = {}
    tokens_read = {}
    for name, documents in training.items():
        ids = encode_documents(tokenizer, documents)
        lengths = np.array([len(document) + 1 for document in ids])
        rounds = repeated(len(ids), recipe.passes.get(name, 0.0), rng)
        tokens_read[name] = int(sum(lengths[chosen].sum() for chosen in rounds))
        for i, chosen in enumerate(rounds):
            by_pass.setdefault(i, []).extend(ids[j] for j in chosen)
    end = id_of(tokenizer, corpus.END)
    packed = [pack(documents, row_length, end, recipe.seed + i) for i, documents in sorted(by_pass.items())]
    order = rng.permutation(sum(len(p.rows) for p in packed))
    rows = np.concatenate([p.rows for p in packed])[order]
    return Rows(rows, np.concatenate([p.n_targets for p in packed])[order]), tokens_read


def described(recipe: Recipe, training: dict[str, list[str]]) -> dict:
    """What a plan.json says of the text: the recipe, and by source the documents and characters that came of it."""
    return {
        "passes": recipe.passes,
        "classic_chars": recipe.classic_chars,
        "classroom_chars": recipe.classroom_chars,
        "seed": recipe.seed,
        "documents": {name: len(documents) for name, documents in training.items()},
        "characters": {name: sum(map(len, documents)) for name, documents in training.items()},
    }
