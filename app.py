"""The home screen: what happens to the sentence from text to next token, with the numbers of this prompt at each station."""

import secrets

import streamlit as st

from model_backend import BackendError, SamplingSettings
from pages.common import state
from pages.common.components import card, component
from pages.common.frame import screen
from pages.common.page_map import BY_KEY
from pages.common.text import rich, t, tn, token
from viz import home
from viz.chips import ribbon
from viz.labels import percent, visible
from viz.tokens import counts

CELLS_FOR_ALL_LAYERS = 20_000_000  # attention numbers (layers × heads × tokens²) up to which all layers are compared


def door(key: str) -> None:
    """The way to the screen that shows more."""
    page = BY_KEY[key]
    st.page_link(page.file, label=t("Look closer: {screen}", screen=t(page.title)), query_params=state.address())


def show_tokens(s) -> None:
    """Station 1: text to tokens."""
    n = counts(s.tokens)["tokens"]
    answer = rich(
        "A model does not read letters. It cut this text into <b>{tokens}</b>; each has a number in its list of {vocab} pieces.",
        tokens=tn("{n} token", "{n} tokens", n),
        vocab=f"{s.model.info.vocab_size:,}",
    )
    with card("home_tokens", t("1 · How is it cut?"), answer):
        names = (t("characters"), t("bytes"), t("words"), t("tokens"))
        component("bars", key="home_counts", data=home.counts(s.tokens, names) | {"label": t("Counts")})
        door("tokens")


def show_embeddings(s) -> None:
    """Station 2: tokens to vectors."""
    answer = rich(
        "Each token becomes a list of <b>{d} numbers</b>, learnt in training. These are the first {n} of them.",
        d=s.model.info.d_model,
        n=min(home.N_NUMBERS, s.model.info.d_model),
    )
    with card("home_embeddings", t("2 · What does it become?"), answer):
        ids = s.tokens.ids[-home.N_TOKENS :]
        data = home.stripes(s.model.embedding_matrix()[ids], s.tokens)
        component("stripes", key="home_stripes", data=data | {"label": t("The first numbers of each token's vector")})


def show_attention(s) -> None:
    """Station 3: where the focused token looks."""
    if not s.model.info.n_heads:
        answer = t("At nothing: this model has no attention. It carries what it has read along in a state instead.")
        with card("home_attention", t("3 · Where does it look?"), answer):
            return
    layer, head, key, weight = strongest_look(s.trace, s.focus)
    attention = s.trace.attention(layer, head)[s.focus].copy()
    attention[s.focus + 1 :] = float("nan")  # what is not written yet cannot be seen
    answer = rich(
        "Each token looks back at earlier ones. In layer {layer}, head {head}, {query} gives <b>{share}</b> of its attention to {key}.",
        layer=layer,
        head=head,
        query=token(s.tokens.pieces[s.focus]),
        share=percent(weight),
        key=token(s.tokens.pieces[key]),
    )
    with card("home_attention", t("3 · Where does it look?"), answer):
        data = ribbon(s.tokens, focus=s.focus, amounts=attention, note=percent)
        component("chips", key="home_looks", data=data | {"label": t("Attention of the chosen token to each token")})
        st.html(
            f'<p class="ts-note">{t("The stronger the colour, the more attention. The numbers add up to 100 %; – is still unseen.")}</p>'
        )


def strongest_look(trace, query: int) -> tuple[int, int, int, float]:
    """(layer, head, key, weight) of the hardest look; for long prompts only the middle layer is searched."""
    info = trace.info
    cells = info.n_layers * info.n_heads * len(trace.tokens) ** 2
    layers = range(info.n_layers) if cells <= CELLS_FOR_ALL_LAYERS else [info.n_layers // 2]
    looks = ((layer, *home.strongest_look(trace.attention(layer), query)) for layer in layers)
    return max(looks, key=lambda look: look[3])


def show_layers(s) -> None:
    """Station 4: how the guess forms."""
    table = s.trace.lens(1, position=s.focus)
    ids, probs = table.top_ids[:, 0, 0], table.top_probs[:, 0, 0]
    names = [t("the start"), *(t("layer {n}", n=i) for i in range(len(ids) - 1))]
    settled = next(i for i in range(len(ids)) if (ids[i:] == ids[-1]).all())
    answer = rich(
        "Layer by layer the guess takes shape. {top} leads from <b>{where}</b> on.",
        top=token(s.model.piece(int(ids[-1]))),
        where=names[settled],
    )
    with card("home_layers", t("4 · How does the guess form?"), answer):
        data = home.guesses(ids, probs, names, s.model.piece)
        component("bars", key="home_guesses", data=data | {"label": t("Best guess after each layer")})


def show_prediction(s) -> None:
    """Station 5: the distribution over the next token."""
    best = s.trace.next_token(s.focus)
    answer = rich(
        "The model gives every token a probability. After {word} its favourite is {top} with <b>{p}</b>.",
        word=token(s.tokens.pieces[s.focus]),
        top=token(s.model.piece(int(best.ids[0]))),
        p=percent(best.p_model[0]),
    )
    with card("home_prediction", t("5 · What comes next?"), answer):
        others = t("all other {n}", n=f"{len(best.ids) - 6:,}")
        data = home.favourites(best, s.model.piece, others)
        component(
            "bars",
            key="home_favourites",
            data=data | {"label": t("The likeliest next tokens")},
            on_chosen_change=lambda: take(s, best),
        )
        door("prediction")


def take(s, best) -> None:
    """Let the text go on with the token that was clicked."""
    row = st.session_state["home_favourites"].chosen
    if row is not None:
        s.append(s.model.decode([int(best.ids[row])]))


def show_writing(s) -> None:
    """Station 6: the loop."""
    best = s.trace.next_token(len(s.tokens) - 1)
    piece = s.model.piece(int(best.ids[0]))
    next_piece = piece if piece.strip() else visible(piece)  # a lone line break would not be seen
    answer = rich(
        "One token is chosen, put at the end, and everything starts again. That is how the model writes.",
    )
    with card("home_writing", t("6 · How does it write on?"), answer):
        st.html(
            rich(
                '<p class="ts-writing"><bdi>{text}</bdi><mark>{next}</mark></p>',
                text=s.tokens.text[-160:],
                next=next_piece,
            )
        )
        st.button(t("Take the likeliest token"), key="home_take", on_click=write_on, args=(s, 1, 0.0), width="stretch")
        st.button(t("Throw the dice"), key="home_dice", on_click=write_on, args=(s, 1, 1.0), width="stretch")
        st.button(
            t("Write 12 tokens with the dice"), key="home_write", on_click=write_on, args=(s, 12, 1.0), width="stretch"
        )


def write_on(s, n: int, temperature: float) -> None:
    """Append up to n tokens, greedy (temperature 0) or drawn, each throw anew."""
    settings = SamplingSettings(temperature=temperature)
    try:
        steps = s.model.generate(s.tokens, settings, max_new_tokens=n, seed=secrets.randbelow(2**32))
        ids = [step.token_id for step in steps if not step.is_end]
    except BackendError as error:
        st.toast(str(error), icon=":material/info:")
        return
    if not ids:
        st.toast(t("The model chose its end token: it thinks the text ends here."), icon=":material/info:")
    s.append(s.model.decode(ids))


STATIONS = (show_tokens, show_embeddings, show_attention, show_layers, show_prediction, show_writing)

with screen("home") as s:
    for start in range(0, len(STATIONS), 3):
        with st.container(key=f"grid_home_{start}"):
            for column, show in zip(st.columns(3), STATIONS[start : start + 3], strict=True):
                with column:
                    show(s)
