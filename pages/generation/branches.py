"""The tree of all continuations that were tried below this prompt."""

import streamlit as st

from model_backend.base.continuation_records import ROOT
from model_backend.serving.questions.writing import logprobs_nats
from pages.common.cards import card
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import rich, t, tn
from pages.generation.writing import Writing
from viz import generation as pictures
from viz.prediction import decimal


def show(s: Screen, writing: Writing) -> None:
    """The card; nothing before the first token."""
    leaves = writing.tree.leaves()
    if not leaves:
        return
    best = max(leaves, key=lambda leaf: leaf.joint_nats / leaf.depth)
    answer = rich(
        "<b>{n}</b>, each probability on its edge. The likeliest by the token ends with ln p = <b>{sum}</b>.",
        n=tn("{n} continuation", "{n} continuations", len(leaves)),
        sum=decimal(best.joint_nats),
    )
    with card("generation_tree", t("What else could have been written?"), answer) as c:
        nodes = list(writing.tree.nodes)
        way = {ROOT, *(node.index for node in writing.tree.path(writing.at))}
        component(
            "tree",
            key="generation_tree_nodes",
            data=pictures.tree(nodes, writing.tree.children, writing.at, way, t("your text"))
            | {
                "label": t("The tree of continuations; choose a token to go there"),
                "legend": t(
                    "Above each token: its probability after the one before. At each end: ln p of the whole branch, "
                    "the sum of its edges. Dashed: put there by you. Click a token to go on from there."
                ),
                "clickable": True,
            },
            on_go_change=lambda: _go(writing),
        )
        texts = [s.model.decode(writing.tree.token_ids(leaf.index)) for leaf in leaves]
        c.numbers(
            {
                t("text"): texts,
                t("tokens"): [leaf.depth for leaf in leaves],
                t("ln p, sum of the edges"): [leaf.joint_nats for leaf in leaves],
                t("ln p a token"): [leaf.joint_nats / leaf.depth for leaf in leaves],
            },
            file="branches.csv",
        )
        _check(s, writing)


def _check(s: Screen, writing: Writing) -> None:
    """The sum of the edges against one pass over the whole text, when asked for."""
    path = writing.tree.path(writing.at)
    fits = len(writing.tree.begun) + len(path) <= s.model.info.max_positions and not writing.tree.n_out(writing.at)
    if not path or writing.is_running or not fits:
        return
    if st.button(t("Check the marked branch in one pass"), key="generation_check"):
        one_pass = s.ask(logprobs_nats, s.tokens.text, writing.tree.token_ids(writing.at)).sum()
        words = rich(
            "Sum of the edges: <b>{sum}</b>. The whole text read at once: <b>{one}</b>. They differ by {difference}, "
            "because sums in another order are rounded differently.",
            sum=decimal(path[-1].joint_nats, 5),
            one=decimal(one_pass, 5),
            difference=f"{abs(one_pass - path[-1].joint_nats):.1e}",
        )
        st.html(f"<p>{words}</p>")


def _go(writing: Writing) -> None:
    index = st.session_state["generation_tree_nodes"].go
    if index is not None and 0 <= int(index) < len(writing.tree.nodes):
        writing.stop()
        writing.at = int(index)
