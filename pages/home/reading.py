"""Stations 1 to 4 of the home screen: how the text is cut, what it becomes, where it looks, how the guess forms."""

import streamlit as st

from model_backend.serving.questions.reading import attention, lens, strongest_look
from model_backend.serving.questions.vectors import vectors_of_ids
from pages.common import state
from pages.common.cards import card
from pages.common.components import component
from pages.common.page_map import BY_KEY
from pages.common.screen import Screen
from pages.common.text import rich, t, tn, token
from pages.prediction.ledger import piece_of
from pages.tokens.words import columns
from viz import home
from viz.chips import ribbon
from viz.labels import percent, visible
from viz.tokens import counts, token_columns


def door(key: str, **place: int) -> None:
    """The way to the screen that shows more, opened at that layer and head if they are named."""
    page = BY_KEY[key]
    address = state.address() | {name: str(value) for name, value in place.items()}
    st.page_link(page.file, label=t("Look closer: {screen}", screen=t(page.title)), query_params=address)


def place(s: Screen) -> int:
    """The position that is predicted from: in the target of a translator, which ends with a token that nothing follows."""
    ends = s.target_tokens is not None and int(s.predicted.ids[-1]) in s.model.end_ids
    return min(s.predicted_focus, max(len(s.predicted) - 1 - ends, 0))


def show_tokens(s: Screen) -> None:
    """Station 1: text to tokens."""
    n = counts(s.prompt_tokens)["tokens"]
    answer = rich(
        "A model does not read letters. It cut this text into <b>{tokens}</b>; each has a number in its list of {vocab} pieces.",
        tokens=tn("{n} token", "{n} tokens", n),
        vocab=f"{s.model.info.vocab_size:,}",
    )
    with card("home_tokens", t("1 · How is it cut?"), answer) as c:
        names = (t("characters"), t("bytes"), t("words"), t("tokens"))
        component("bars", key="home_counts", data=home.counts(s.prompt_tokens, names) | {"label": t("Counts")})
        c.numbers(columns(token_columns(s.prompt_tokens)), file="tokens.csv")
        door("tokens")


def show_embeddings(s: Screen) -> None:
    """Station 2: tokens to vectors."""
    answer = rich(
        "Each token becomes a list of <b>{d} numbers</b>, learnt in training. These are the first {n} of them.",
        d=s.model.info.d_model,
        n=min(home.N_NUMBERS, s.model.info.d_model),
    )
    with card("home_embeddings", t("2 · What does it become?"), answer) as c:
        ids = tuple(s.tokens.ids[-home.N_TOKENS :].tolist())
        data = home.stripes(s.ask(vectors_of_ids, ids), s.tokens)
        numbers = zip(*(row["values"] for row in data["rows"]), strict=True)
        vectors = {t("number {n}", n=i): list(values) for i, values in enumerate(numbers)}
        c.numbers({t("token"): [row["label"] for row in data["rows"]]} | vectors, file="vectors.csv")
        component("stripes", key="home_stripes", data=data | {"label": t("The first numbers of each token's vector")})
        door("embeddings")


def show_attention(s: Screen) -> None:
    """Station 3: where the focused token looks; of a translator, where its decoder looks in the source."""
    title = t("3 · Where does it look?")
    if not s.model.info.n_heads:
        with card(
            "home_attention",
            title,
            t("At nothing: this model has no attention. It carries what it has read along in a state instead."),
        ):
            return
    kind, query = s.model.info.kind, place(s)
    layer, head, key, weight = s.ask(strongest_look, query)
    weights = s.ask(attention, layer, head, "cross" if kind == "encoder-decoder" else None)[query].copy()
    rows = s.predicted
    words = dict(
        layer=layer,
        head=head,
        query=token(rows.pieces[query]),
        share=percent(weight),
        key=token(s.tokens.pieces[key]),
    )
    if kind == "decoder":
        weights[query + 1 :] = float("nan")  # what is not written yet cannot be seen
        answer = rich(
            "Each token looks back at earlier ones. In layer {layer}, head {head}, {query} gives <b>{share}</b> of its attention to {key}.",
            **words,
        )
        scale = t("The stronger the colour, the more attention. The numbers add up to 100 %; – is still unseen.")
    elif kind == "encoder":
        answer = rich(
            "Each token looks at all others, before and after it. In layer {layer}, head {head}, {query} gives "
            "<b>{share}</b> of its attention to {key}.",
            **words,
        )
        scale = t("The stronger the colour, the more attention. The numbers add up to 100 %.")
    else:
        answer = rich(
            "While it writes, the decoder looks at the source. After {query} it gives {key} <b>{share}</b> of its "
            "attention, in layer {layer}, head {head}.",
            **words,
        )
        scale = t("The source: the stronger the colour, the more attention. The numbers add up to 100 %.")
    with card("home_attention", title, answer) as c:
        focus = -1 if kind == "encoder-decoder" else query
        data = ribbon(s.prompt_tokens, focus=focus, amounts=weights, note=percent, hidden=s.hidden)
        label = t("Attention of the chosen token to each token")
        component("chips", key="home_looks", data=data | {"label": label, "masked": t("hidden")})
        st.html(rich('<p class="ts-note">{scale}</p>', scale=scale))
        looked_at = [visible(piece) for piece in s.prompt_tokens.pieces]
        c.numbers({t("token"): looked_at, t("weight"): weights.tolist()}, file="attention.csv")
        door("attention", layer=layer, head=head)


def show_layers(s: Screen) -> None:
    """Station 4: how the guess forms."""
    table = s.ask(lens, 1, place(s))
    ids, probs = table.top_ids[:, 0, 0], table.top_probs[:, 0, 0]
    names = [t("the start"), *(t("layer {n}", n=i) for i in range(len(ids) - 1))]
    settled = next(i for i in range(len(ids)) if (ids[i:] == ids[-1]).all())
    answer = rich(
        "Layer by layer the guess takes shape. {top} leads from <b>{where}</b> on.",
        top=token(piece_of(s.model)(int(ids[-1]))),
        where=names[settled],
    )
    with card("home_layers", t("4 · How does the guess form?"), answer) as c:
        data = home.guesses(ids, probs, names, piece_of(s.model))
        component("bars", key="home_guesses", data=data | {"label": t("Best guess after each layer")})
        guesses = [visible(piece_of(s.model)(int(i))) for i in ids]
        c.numbers({t("layer"): names, t("best guess"): guesses, t("probability"): probs.tolist()}, file="layers.csv")
        door("layers")
