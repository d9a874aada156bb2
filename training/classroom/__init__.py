"""The classroom text: synthetic English that makes the lessons work in a small model.

Each topic is a module with `SHARE` (its relative share of the documents) and `document(rng) -> str`. A document is one
to a dozen sentences. No document, and no line of one, starts as a held-out test prompt does (see lesson_prompts).
"""

import random
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from training.lesson_prompts import is_bare_prompt

TOPICS = (
    "animals",
    "capitals",
    "categories",
    "colours",
    "dialogues",
    "everyday",
    "food",
    "landmarks",
    "opposites",
    "proverbs",
    "royal",
    "senses",
    "stories",
    "sums",
)


def _modules() -> dict[str, ModuleType]:
    return {name: import_module(f"{__name__}.{name}") for name in TOPICS}


def topics() -> dict[str, float]:
    """Each topic's share of the documents; the shares sum to 1."""
    shares = {name: module.SHARE for name, module in _modules().items()}
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()}


def documents(seed: int = 0, n_chars: int = 12_000_000) -> Iterator[str]:
    """Yield documents, topics mixed at random, until `n_chars` characters are out. The same seed gives the same text."""
    rng = random.Random(seed)
    modules = _modules()
    names, shares = zip(*topics().items(), strict=True)
    written = 0
    while written < n_chars:
        module = modules[rng.choices(names, shares)[0]]
        document = module.document(rng)
        if is_bare_prompt(document):
            continue
        written += len(document) + 1
        yield document
