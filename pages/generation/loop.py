"""The program around the model: what it feeds back, when it stops, how the context fills."""

import streamlit as st

from pages.common.cards import card
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, tn
from pages.common.words import block, facts_html, note
from pages.generation import writing as writings
from pages.generation.writing import Writing
from viz.generation import bytes_text
from viz.labels import visible


def show(s: Screen, writing: Writing) -> None:
    """What goes in at the next step, and the reasons to stop."""
    tree, limits, stop = writing.tree, writings.limits(), writing.why_stop()
    n_begun, depth = len(tree.begun), writing.node.depth
    n_seen = n_begun + depth - tree.n_out(writing.at)
    with card("generation_loop", t("Who decides when it stops?"), _answer(stop, n_seen, tree.window.limit)) as c:
        left, right = st.columns([3, 2], gap="medium")
        with left:
            block(t("What the model reads next"), _fed_back(s, writing))
            st.html(_meter(n_seen, tree.window.limit, tree.n_out(writing.at)))
        with right:
            stopped = None if stop is None else stop.reason
            rows = [
                (t("The model chose its end token"), _mark(stopped == "end")),
                (
                    t("A stop word stands in the text"),
                    _mark(stopped == "stop word", t("none set") if not limits.stop_words else ""),
                ),
                (
                    t("The longest text is reached"),
                    _mark(stopped == "length", f"{depth} / {limits.max_new_tokens}"),
                ),
                (
                    t("The context window is full"),
                    _mark(stopped == "context", t("slides") if limits.slides else f"{n_seen} / {tree.window.limit}"),
                ),
            ]
            block(t("Reasons to stop"), facts_html(rows))
        note(
            t(
                "The model itself only ever predicts one token. Reading again, appending and stopping is done by the program around it."
            )
        )
        path = tree.path(writing.at)
        if path and not writing.is_running:  # what is taken away has to stand still
            c.numbers(_numbers(path), file="loop.csv")


def _numbers(path) -> dict[str, list]:
    return {
        t("token"): [visible(node.piece) for node in path],
        t("tokens read"): [node.n_read for node in path],
        t("milliseconds"): [1e3 * node.seconds for node in path],
        t("bytes in the cache"): [node.cache_bytes for node in path],
    }


def _mark(holds: bool, otherwise: str = "") -> str:
    return t("yes: stop") if holds else otherwise or t("no")


def _answer(stop, n_seen: int, limit: int) -> Html:
    reasons = {
        None: rich(
            "Not the model: it reads <b>{n}</b> of at most {limit} tokens and would go on.", n=n_seen, limit=limit
        ),
        "end": rich("Here the model itself: it chose its end token, and the program around it stops."),
        "length": rich("Here the program: the text is as long as you allowed. The model would go on."),
        "context": rich("Here the context window: all {limit} places are taken, no token has room.", limit=limit),
    }
    if stop is not None and stop.reason == "stop word":
        return rich("Here the program: the stop word <b>{word}</b> stands in the text.", word=visible(stop.word))
    return reasons[None if stop is None else stop.reason]


def _fed_back(s: Screen, writing: Writing) -> Html:
    """The text that goes in: what has fallen out struck through, what is new in this step marked."""
    tree, path = writing.tree, writing.tree.token_ids(writing.at)
    ids = [*tree.begun, *path]
    n_out = tree.n_out(writing.at)
    out, seen, new = s.model.decode(ids[:n_out])[-160:], ids[n_out:-1], s.model.decode(ids[-1:])
    text = rich(
        '<p class="ts-writing"><bdi><s style="color:var(--ts-muted)">{out}</s>{seen}</bdi><mark>{new}</mark></p>',
        out=out,
        seen=s.model.decode(seen)[-400:],
        new=new,
    )
    node = writing.node
    words = (
        tn("{n} token is read at once (prefill).", "{n} tokens are read at once (prefill).", len(ids))
        if not path
        else tn(
            "Only the marked token is new; keys and values of the {n} token before it lie in the cache.",
            "Only the marked token is new; keys and values of the {n} tokens before it lie in the cache.",
            len(ids) - n_out - 1,
        )
    )
    took = (
        t(
            "The step before read {n} in {ms} ms; the cache then held {size}.",
            n=tn("{n} token", "{n} tokens", node.n_read),
            ms=f"{1e3 * node.seconds:.1f}",
            size=bytes_text(node.cache_bytes),
        )
        if path
        else ""
    )
    source = ""
    if s.model.info.kind == "encoder-decoder":
        source = t("The source is read once by the encoder and stays as it is; only the target grows.")
    return Html(text + rich('<p class="ts-note">{words} {took} {source}</p>', words=words, took=took, source=source))


def _meter(n_seen: int, limit: int, n_out: int) -> Html:
    share = min(n_seen / limit, 1.0)
    words = t("The context window: {n} of {limit} places taken.", n=n_seen, limit=limit)
    if n_out:
        words += " " + tn(
            "{n} token has fallen out: the model no longer knows it.",
            "{n} tokens have fallen out: the model no longer knows them.",
            n_out,
        )
    return rich(
        '<div role="meter" aria-valuemin="0" aria-valuemax="{limit}" aria-valuenow="{n}" aria-label="{words}" '
        'style="height:0.9rem;border:1px solid var(--ts-line);border-radius:5px;margin-top:0.5rem;overflow:hidden">'
        '<div style="height:100%;width:{share}%;background:var(--ts-probability)"></div></div><p class="ts-note">{words}</p>',
        limit=limit,
        n=n_seen,
        share=f"{100 * share:.1f}",
        words=words,
    )
