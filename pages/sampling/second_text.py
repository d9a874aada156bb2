"""A second text beside the prompt: ready-made ones, and what the model gives at its end."""

from model_backend.base.records import NextToken, Prompt
from model_backend.serving.questions.reading import next_token
from pages.common import door, hiding
from pages.sampling.place import Place
from viz.labels import visible

READY = ("Once upon a", "The opposite of hot is", "My favourite thing is", "one, two, three, four,")


def with_gap(text: str, place: Place) -> str:
    """A ready-made text for this kind of model: with a gap at its end for one that fills gaps."""
    return (
        f"{text} {place.model.piece(place.model.mask_id)}."
        if place.kind == "encoder" and place.model.mask_id is not None
        else text
    )


def read(place: Place) -> str:
    """The text that leads to the place; all of it around a gap."""
    if place.kind == "encoder":
        return place.tokens.text
    read = place.tokens.text[: place.tokens.spans[place.position][1]]
    if place.kind == "encoder-decoder":
        return f"{place.prompt.text} → {read}"
    return read or place.word


def distribution(place: Place, text: str) -> NextToken:
    """The distribution at the end of the second text; at its gap or its last word where the model fills gaps, at the beginning
    of its translation where it translates."""
    if place.kind == "encoder-decoder":
        return door.ask(next_token, place.name, Prompt(text), 0)
    if place.kind == "decoder":
        return door.ask(next_token, place.name, Prompt(text))
    mask_id, tokens = place.model.mask_id, place.model.tokenize(text)
    at = hiding.first_focus(tokens, mask_id)
    can_hide = mask_id is not None and hiding.stands_for_text(tokens, at, mask_id)
    return door.ask(next_token, place.name, Prompt(text, masked=(at,) if can_hide else ()), at)


def short(text: str) -> str:
    """The end of a text that leads to the place."""
    shown = visible(text).replace("·", " ")
    return shown if len(shown) <= 40 else "… " + shown[-38:]
