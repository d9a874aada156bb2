"""Words with two senses, each in clear contexts: bark, bank, bat, turkey, light, spring, ring, and others."""

import random

from training.classroom.scenes import CLOSINGS, OPENINGS, joined
from training.engine import Values, fill, pick, read, some
from training.lesson_prompts import CONTRASTS
from training.people import people, slots

SHARE = 1.8

_TEXTS = read("classroom/senses")
_MEANINGS = {word: (one, other) for word, one, other in _TEXTS.rows("meanings")}
_SENSES = {word: (_TEXTS.lines(f"{word}, one sense"), _TEXTS.lines(f"{word}, the other")) for word in _MEANINGS}
_EXPLANATIONS, _NAMING, _INSECTS = _TEXTS.lines("explanations"), _TEXTS.lines("naming"), _TEXTS.items("insects")
_LINKS = ("", "", "But that was not all.", "Later came something else.", "The next day was different.")
_HELD_OUT = tuple(prompt.lower() for contrast in CONTRASTS for prompt in contrast.prompts)


def _both_or_one(rng: random.Random, word: str, values: Values) -> list[str]:
    """Sentences that explain the word, use it in both senses, or in one."""
    senses = _SENSES[word]
    way = rng.random()
    if way < 0.12:
        first, second = _MEANINGS[word] if rng.random() < 0.5 else _MEANINGS[word][::-1]
        explained = {**values, "w": word, "first": first, "second": second}
        return [
            fill(rng, pick(rng, _EXPLANATIONS), explained), *(fill(rng, pick(rng, sense), values) for sense in senses)
        ]  # fmt: skip
    if way < 0.3:
        one, other = senses if rng.random() < 0.5 else senses[::-1]
        link = pick(rng, _LINKS)
        return [fill(rng, pick(rng, one), values), link, fill(rng, pick(rng, other), values)]
    sense = pick(rng, senses)
    chosen = some(rng, sense, rng.choice((1, 1, 2, 2, 3)))
    by_start = {frame[:16]: frame for frame in chosen}  # not twice the same start
    return [fill(rng, frame, values) for frame in by_start.values()]


def document(rng: random.Random) -> str:
    """One or two senses of a word, in a small story or an explanation."""
    weighty = rng.random() < 0.62
    word = rng.choices(("bark", "bank", "bat", "turkey"), (5, 3, 3, 3))[0] if weighty else pick(rng, list(_MEANINGS))
    values = slots(*people(rng))
    while word in ("bank", "bat") and values["kind"] == "girl" and rng.random() < 0.4:
        values = slots(*people(rng))
    values["insect"] = _INSECTS
    sentences = _both_or_one(rng, word, values)
    if sentences[0].startswith(("He ", "She ")):  # the pronoun needs a name before it
        sentences.insert(0, fill(rng, pick(rng, _NAMING), values))
    elif sentences[0].lower().startswith(_HELD_OUT) or rng.random() < 0.6 or len(sentences) == 1:
        sentences.insert(0, fill(rng, pick(rng, OPENINGS), values))
    if rng.random() < 0.55:
        sentences.append(fill(rng, pick(rng, CLOSINGS), values))
    return joined(rng, values, *sentences)
