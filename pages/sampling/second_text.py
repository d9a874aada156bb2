"""A second text beside the prompt: ready-made ones, and what the model gives at its end."""

from model_backend.base.records import NextToken
from pages.common import cached, hiding, state
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
        return f"{place.trace.tokens.text} → {read}"
    return read or place.word


def distribution(place: Place, text: str) -> NextToken:
    """The distribution at the end of the second text; at its gap or its last word where the model fills gaps, at the beginning
    of its translation where it translates."""
    name, kind = state.get("model"), place.kind
    if kind == "encoder-decoder":
        return cached.translation(name, text, "").next_token(0)
    tokens = cached.tokenize(name, text)
    if kind == "encoder":
        at = hiding.first_focus(tokens, place.model.mask_id)
        can_hide = place.model.mask_id is not None and hiding.stands_for_text(tokens, at, place.model.mask_id)
        return cached.trace(name, text, masked=(at,) if can_hide else ()).next_token(at)
    return cached.trace(name, text).next_token(len(tokens) - 1)


def short(text: str) -> str:
    """The end of a text that leads to the place."""
    shown = visible(text).replace("·", " ")
    return shown if len(shown) <= 40 else "… " + shown[-38:]
