"""Stations 5 and 6 of the home screen: the guess, and what is done with it, by the kind of model."""

import secrets

import streamlit as st

from model_backend import BackendError, SamplingSettings
from model_backend.serving.questions.cutting import filled
from model_backend.serving.questions.reading import next_token
from model_backend.serving.questions.writing import written
from pages.common import state
from pages.common.cards import card
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import Html, rich, said, t, token
from pages.home.reading import door, place
from pages.prediction.fill_mask import gap_sentence
from pages.prediction.ledger import piece_of
from viz import home
from viz.labels import percent, visible


def show_next(s: Screen) -> None:
    """Station 5: the distribution over the next token."""
    at = place(s)
    best = s.ask(next_token, at)
    rows = s.predicted
    answer = rich(
        "The model gives every token a probability. After {word} its favourite is {top} with <b>{p}</b>.",
        word=token(rows.pieces[at]),
        top=token(s.model.piece(int(best.ids[0]))),
        p=percent(best.p_model[0]),
    )
    is_prompt = s.model.info.kind == "decoder"
    _favourites(s, best, t("5 · What comes next?"), answer, _append if is_prompt else None)


def show_gap(s: Screen) -> None:
    """Station 5: the distribution over what belongs in the gap."""
    best = s.ask(next_token, s.focus)
    answer = gap_sentence(s, int(best.ids[0]), percent(best.p_model[0]))
    can_fill = s.prompt_tokens.spans[s.focus][1] > s.prompt_tokens.spans[s.focus][0]
    _favourites(s, best, t("5 · What belongs in the gap?"), answer, _fill if can_fill else None)


def _favourites(s: Screen, best, title: str, answer: str, take) -> None:
    """The card with the likeliest tokens; a click calls take(s, token id), if that makes sense here."""

    def clicked() -> None:
        row = st.session_state["home_favourites"].chosen
        if row is not None:
            take(s, int(best.ids[row]))

    with card("home_prediction", title, answer) as c:
        data = home.favourites(best, piece_of(s.model), t("all other {n}", n=f"{len(best.ids) - 6:,}"))
        label = (
            t("The likeliest tokens in the gap") if s.model.info.kind == "encoder" else t("The likeliest next tokens")
        )
        component(
            "bars",
            key="home_favourites",
            data=data | {"label": label, "clickable": take is not None},
            on_chosen_change=clicked,
        )
        shown = [visible(piece_of(s.model)(int(i))) for i in best.ids[:100]]
        c.numbers({t("token"): shown, t("probability"): best.p_model[:100].tolist()}, file="next_token.csv")
        door("prediction")


def _append(s: Screen, token_id: int) -> None:
    """Let the text go on with a token."""
    s.append(s.model.decode([token_id]))


def _fill(s: Screen, token_id: int) -> None:
    """Put a token in the place of the focused one."""
    state.put("prompt", s.ask(filled, s.prompt_tokens, s.focus, token_id))


def show_writing(s: Screen) -> None:
    """Station 6 of a model that writes on: the loop."""
    best = s.ask(next_token, len(s.tokens) - 1)
    piece = s.model.piece(int(best.ids[0]))
    answer = rich("One token is chosen, put at the end, and everything starts again. That is how the model writes.")
    with card("home_writing", t("6 · How does it write on?"), answer):
        _writing(
            s.tokens.text[-160:], piece if piece.strip() else visible(piece)
        )  # a lone line break would not be seen
        for key, words, n, temperature in (
            ("home_take", t("Take the likeliest token"), 1, 0.0),
            ("home_dice", t("Throw the dice"), 1, 1.0),
            ("home_write", t("Write 12 tokens with the dice"), 12, 1.0),
        ):
            st.button(words, key=key, on_click=write_on, args=(s, n, temperature), width="stretch")


def write_on(s: Screen, n: int, temperature: float) -> None:
    """Append up to n tokens, greedy (temperature 0) or drawn, each throw anew."""
    settings = SamplingSettings(temperature=temperature)
    try:
        ids = s.ask(written, s.tokens.text, settings, n, secrets.randbelow(2**32))
    except BackendError as error:
        st.toast(said(error), icon=":material/info:")
        return
    if not ids:
        st.toast(t("The model chose its end token: it thinks the text ends here."), icon=":material/info:")
    s.append(s.model.decode(ids))


def show_filling(s: Screen) -> None:
    """Station 6 of a model that fills gaps: the sentence with the guess in it."""
    tokens, at = s.prompt_tokens, s.focus
    if tokens.spans[at][1] <= tokens.spans[at][0]:
        answer = t("It puts a word where one is hidden. Click a word above to hide it.")
        with card("home_writing", t("6 · How does it fill the gap?"), answer):
            return
    best_id = int(s.ask(next_token, at).ids[0])
    start, end = tokens.spans[at]
    before, after = tokens.text[:start][-120:], tokens.text[end:][:120]
    space = " " if tokens.text[start:end].startswith(" ") else ""
    answer = t(
        "The best guess takes the place of the gap, and the text keeps its length. Such a model does not write on."
    )
    with card("home_writing", t("6 · How does it fill the gap?"), answer):
        _writing(before + space, s.model.piece(best_id).strip(), after)
        st.button(
            t("Put the likeliest word there"), key="home_fill", on_click=_fill, args=(s, best_id), width="stretch"
        )


def show_translating(s: Screen) -> None:
    """Station 6 of a translator: the loop, its target up to the focused token and the one that comes next."""
    at = place(s)
    best = s.ask(next_token, at)
    answer = rich(
        "The decoder writes one token, reads the source and what it has written, and starts again, until it writes its end token."
    )
    with card("home_writing", t("6 · How does it write?"), answer):
        written = s.model.decode(s.predicted.ids[1 : at + 1], skip_special=True)
        piece = s.model.piece(int(best.ids[0]))
        _writing(written, piece if piece.strip() else visible(piece))
        rest = rich("The whole target: {text}", text=Html(f"<b><bdi>{rich('{text}', text=s.predicted.text)}</bdi></b>"))
        st.html(f'<p class="ts-note" style="overflow-wrap:anywhere">{rest}</p>')


def _writing(before: str, now: str, after: str = "") -> None:
    """A text with one token marked in it."""
    st.html(
        rich(
            '<p class="ts-writing"><bdi>{before}</bdi><mark>{now}</mark><bdi>{after}</bdi></p>',
            before=before,
            now=now,
            after=after,
        )
    )
