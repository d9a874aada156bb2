"""Writing step by step: play, pause, step, go back, take another token."""

import streamlit as st

from model_backend.base.continuation_records import ROOT
from model_backend.serving.questions.writing import likeliest
from pages.common import settings
from pages.common.cards import card
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, tn, token
from pages.generation import acting, taking_away
from pages.generation.writing import Writing
from viz import generation as pictures
from viz.labels import percent, visible


def show(s: Screen, writing: Writing) -> None:
    """The card."""
    writing.follow()
    path = writing.tree.path(writing.at)
    with card("generation_writer", t("How does one token after another become a text?"), _answer(writing, path)) as c:
        data = pictures.text_line(_begun(s, writing), path, writing.tree.n_out(writing.at), writing.at)
        component(
            "writer",
            key="generation_writer_steps",
            data=data | _step(s, writing) | _words() | _tools(writing),
            on_act_change=lambda: acting.act(s, writing),
            on_go_change=lambda: acting.go(writing),
            on_take_change=lambda: acting.take(writing),
            on_speed_change=lambda: acting.speed(writing),
        )
        st.text_input(
            t("Or write on yourself: the model then continues after your words"),
            key="generation_own",
            placeholder=t("Type a few words and press Enter"),
            on_change=acting.force_text,
            args=(s, writing),
            width=520,
        )
        if path and not writing.is_running:  # what is taken away has to stand still
            taking_away.open_elsewhere(s, path)
            taking_away.take_away(s, writing, path)
            c.numbers(pictures.step_columns(path), file="steps.csv")
        c.formula(
            r"x_{t+1} \sim p(\,\cdot \mid x_1 \dots x_t), \qquad \ln p(x_{n+1} \dots x_m) = \sum_{t=n}^{m-1} \ln "
            r"p(x_{t+1} \mid x_1 \dots x_t)",
            t("Each token is drawn given all before it; the logarithms of the steps add up to that of the whole text."),
        )


def _begun(s: Screen, writing: Writing) -> list[str]:
    return [s.model.piece(token_id) for token_id in writing.tree.begun]


def _answer(writing: Writing, path: tuple) -> Html:
    """What has been written, in one sentence."""
    if not path:
        return rich(
            "The model gives every token a probability, one is taken and put at the end, and all of it is read again. <b>Press play.</b>"
        )
    last = path[-1]
    values = {
        "n": tn("{n} token", "{n} tokens", len(path)),
        "word": token(last.piece),
        "p": percent(last.p_model),
        "sum": f"{last.joint_nats:.2f}".replace("-", "−"),
    }
    if last.dice is None:
        return rich(
            "<b>{n}</b> so far. {word} was put there by you; the model gave it <b>{p}</b>. ln p of all: {sum}.",
            **values,
        )
    return rich("<b>{n}</b> so far. The last one, {word}, had <b>{p}</b>. ln p of all: {sum}.", **values)


def _step(s: Screen, writing: Writing) -> dict:
    """The step that is looked at: what it was chosen from, and how; at the beginning, what may come first."""
    node = writing.node
    if node.index == ROOT:
        first = writing.ask(likeliest, ROOT, settings.now())
        says = t("Nothing is written yet. These may come first; click one to put it there, or press play.")
        return {
            "says": says,
            "strip": None,
            "rows": pictures.choice_rows(first, s.model.piece),
            "hint": _hint(first),
        }
    label, choices = visible(node.piece), node.choices
    assert choices is not None, "only the beginning was not chosen"
    if node.dice is None:
        says = t("You chose “{word}”, rank {rank} of the model.", word=label, rank=f"{node.rank:,}")
    elif choices.n_kept == 1:
        says = t("Only “{word}” was left to choose from, so the dice decided nothing.", word=label)
    else:
        says = t(
            "The dice fell on {dice}, in the part of “{word}” ({begins} to {ends}).",
            dice=f"{node.dice:.3f}",
            word=label,
            begins=f"{node.begins:.3f}",
            ends=f"{node.ends:.3f}",
        )
    return {
        "says": says,
        "strip": pictures.strip(choices, s.model.piece, node),
        "rows": pictures.choice_rows(choices, s.model.piece, node),
        "hint": _hint(choices),
    }


def _hint(choices) -> str:
    return tn(
        "Filled: the chance at this step. Outline: the model's own probability. {count} token could be drawn. Click "
        "another token to take it instead; that makes a branch.",
        "Filled: the chance at this step. Outline: the model's own probability. {count} tokens could be drawn. Click "
        "another token to take it instead; that makes a branch.",
        choices.n_kept,
        count=f"{choices.n_kept:,}",
    )


def _words() -> dict:
    return {
        "words": {
            "text": t("The text so far; choose a token to go back to its step"),
            "rows": t("The likeliest tokens of this step"),
            "more": t("… {n} tokens before … "),
            "forced": t("{p}, put here by you"),
            "token": t("{p}"),
            "row": t("{token}: model {p}, chance at this step {final}"),
        }
    }


def _tools(writing: Writing) -> dict:
    return {
        "tools": {
            "play": t("Play"),
            "pause": t("Pause"),
            "step": t("One step"),
            "back": t("Back one"),
            "start": t("To the start"),
        },
        "running": writing.is_running,
        "can": {"write": writing.why_stop() is None, "back": writing.at != ROOT},
        "speed": writing.pace,
        "speeds": {"slow": t("slow"), "steady": t("steady"), "fast": t("as fast as it can")},
        "speed_label": t("Speed"),
    }
