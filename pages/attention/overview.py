"""All heads of the model as small pictures, sortable by what they do."""

import numpy as np
import streamlit as st

from model_backend.base.records import AttentionKind
from model_backend.serving.questions.inside import head_overview, induction
from pages.attention.looking import chosen_head
from pages.common import state
from pages.common.cards import Card
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import t
from viz import attention

NAMED_FROM = 0.4  # mean weight above which a head is called after what it does


def behaviours(kind: AttentionKind) -> dict[str, tuple[str, str, str]]:
    """Score → (name of the order, word under a head that mostly does it or "", what the order shows).

    The buttons stand in this order. A head is called after the score that is its highest from NAMED_FROM up; a score with the
    word "" names none.
    """
    found = {
        "previous_token": (t("previous token"), t("previous"),
            t("Mean weight on the token just before: such heads pass on what stood last.")),
        "first_token": (t("first token"), t("first"),
            t("Mean weight on the first token. Heads rest there when they find nothing to do: an “attention sink”.")),
        "current_token": (t("itself"), t("itself"), t("Mean weight of a token on itself.")),
        "next_token": (t("next token"), t("next"),
            t("Mean weight on the token just after; only a model that reads both ways can look there.")),
        "same_token": (t("same word"), t("same word"),
            t("Mean weight on other places where the same token stands; it needs a text with repetitions.")),
        "induction": (t("induction"), t("induction"),
            t("Measured on a random sequence read twice: how much a token looks at what followed it the first time. "
              "Such heads let a model continue patterns it has just seen.")),
        "monotone": (t("in step"), "",
            t("How far the gaze moves through the source from left to right as the translation is written; 1 is in step.")),
        "broad": (t("broad"), "", t("How evenly a head spreads its gaze: 1 looks at everything alike.")),
        "distance": (t("far"), "", t("Mean distance of what is looked at, in tokens.")),
        "entropy_bits": (t("entropy"), "", t("Mean entropy of the rows, in bits: 0 is one token alone.")),
    }  # fmt: skip
    return found if kind == "cross" else {name: value for name, value in found.items() if name != "monotone"}


def show_overview(s: Screen, kind: AttentionKind, c: Card) -> None:
    """The grid of heads; a click chooses one."""
    statistics, thumbnails = s.ask(head_overview, kind)
    scores = {name: getattr(statistics, name) for name in behaviours(kind) if name != "induction"}
    if s.model.info.kind == "decoder":
        scores["induction"] = s.ask(induction)
    scores = {name: score for name, score in scores.items() if not np.isnan(score).all()}
    named = behaviours(kind)
    orders = [
        {
            "key": name,
            "label": named[name][0],
            "about": about(name, named[name][2], scores[name]),
            "digits": 1 if name == "distance" else 2,
        }
        for name in named
        if name in scores
    ]
    words = {
        "name": t("Layer {layer}, head {head}"),
        "layer": t("layer {layer}"),
        "order": t("Sort the heads"),
        "by_layer": t("by layer"),
        "about": t("Each picture is one head reading your text: rows look, columns are looked at. Choose one."),
    }
    component(
        "heads",
        key="attention_heads",
        data=attention.heads(
            thumbnails.pixels, scores, what_they_do(scores, named), orders, chosen_head(s, kind),
            t("All heads"), words, version=f"{s.read_ids}{kind}{state.get('lang')}",
        ),
        on_head_change=_head_from_overview,
    )  # fmt: skip
    places = np.indices(thumbnails.pixels.shape[:2]).reshape(2, -1)
    columns = {t("layer"): places[0].tolist(), t("head"): places[1].tolist()}
    c.numbers(columns | {named[name][0]: score.ravel().tolist() for name, score in scores.items()}, file="heads.csv")


def about(name: str, sentence: str, score: np.ndarray) -> str:
    """What an order shows; of a skill that no head has, that none has it."""
    if name != "induction" or score.max() >= NAMED_FROM:
        return sentence
    return f"{sentence} {t('No head of this model does that: the best reaches {best}.', best=f'{score.max():.2f}')}"


def what_they_do(scores: dict[str, np.ndarray], named: dict) -> list[list[str]]:
    """[layer][head]: the word for what a head mostly does, "" where nothing stands out."""
    kinds = [name for name in scores if named[name][1]]
    stacked = np.nan_to_num(np.stack([scores[name] for name in kinds]))  # [kind, layer, head]
    best = stacked.argmax(0)
    strong = stacked.max(0) >= NAMED_FROM
    return [
        [named[kinds[i]][1] if is_strong else "" for i, is_strong in zip(row, strong_row, strict=True)]
        for row, strong_row in zip(best, strong, strict=True)
    ]


def _head_from_overview() -> None:
    chosen = st.session_state["attention_heads"].head
    if chosen is not None:
        state.put("layer", int(chosen[0]))
        state.put("head", int(chosen[1]))
