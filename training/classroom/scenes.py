"""A small scene around some sentences: how it opens, how it closes, and how long it has to be."""

import random

from training.engine import Values, fill, pick, read, text

_SCENES = read("classroom/scenes")
OPENINGS, CLOSINGS = _SCENES.lines("openings"), _SCENES.lines("closings")
SHORTEST = 60  # characters of a document


def joined(rng: random.Random, values: Values, *sentences: str) -> str:
    """The sentences as one document, with a closing where it would be too short."""
    document = text(*sentences)
    while len(document) < SHORTEST:
        document = text(document, fill(rng, pick(rng, CLOSINGS), values))
    return document
