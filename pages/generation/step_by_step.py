"""Writing step by step: play, pause, step, go back, take another token."""

import json

import streamlit as st

from model_backend.continuations import ROOT, head_of
from pages.common import settings, state
from pages.common.components import as_csv, card, component
from pages.common.page_map import BY_KEY
from pages.common.text import Html, rich, t, tn, token
from pages.common.words import note
from pages.generation import writing as writings
from pages.generation.writing import Writing
from viz import generation as pictures
from viz.labels import percent, visible

OPEN_ON = ("attention", "layers", "prediction")


def show(s, writing: Writing) -> None:
    """The card."""
    writing.follow()
    path = writing.tree.path(writing.at)
    with card("generation_writer", t("How does one token after another become a text?"), _answer(writing, path)) as c:
        data = pictures.text_line(_begun(s, writing), path, writing.tree.n_out(writing.at), writing.at)
        component(
            "writer",
            key="generation_writer_steps",
            data=data | _step(s, writing) | _words() | _tools(writing),
            on_act_change=lambda: _act(s, writing),
            on_go_change=lambda: _go(writing),
            on_take_change=lambda: _take(writing),
            on_speed_change=lambda: _speed(writing),
        )
        st.text_input(
            t("Or write on yourself: the model then continues after your words"),
            key="generation_own",
            placeholder=t("Type a few words and press Enter"),
            on_change=_force_text,
            args=(s, writing),
            width=520,
        )
        if path:
            _open_elsewhere(s, path)
            _take_away(s, writing, path)
            c.numbers(pictures.step_columns(path), file="steps.csv")
        c.formula(
            r"x_{t+1} \sim p(\,\cdot \mid x_1 \dots x_t), \qquad \ln p(x_{n+1} \dots x_m) = \sum_{t=n}^{m-1} \ln p(x_{t+1} \mid x_1 \dots x_t)",
            t("Each token is drawn given all before it; the logarithms of the steps add up to that of the whole text."),
        )


def _begun(s, writing: Writing) -> list[str]:
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


def _step(s, writing: Writing) -> dict:
    """The step that is looked at: what it was chosen from, and how; at the beginning, what may come first."""
    node = writing.node
    if node.index == ROOT:
        choices = head_of(writing.tree.look(ROOT, settings.now()))
        says = t("Nothing is written yet. These may come first; click one to put it there, or press play.")
        return {
            "says": says,
            "strip": None,
            "rows": pictures.choice_rows(choices, s.model.piece),
            "hint": _hint(choices),
        }
    label = visible(node.piece)
    if node.dice is None:
        says = t("You chose “{word}”, rank {rank} of the model.", word=label, rank=f"{node.rank:,}")
    elif node.choices.n_kept == 1:
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
        "strip": pictures.strip(node.choices, s.model.piece, node),
        "rows": pictures.choice_rows(node.choices, s.model.piece, node),
        "hint": _hint(node.choices),
    }


def _hint(choices) -> str:
    return t(
        "Filled: the chance at this step. Outline: the model's own probability. {n} tokens could be drawn. Click another token to take it instead; that makes a branch.",
        n=f"{choices.n_kept:,}",
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


def _act(s, writing: Writing) -> None:
    act = st.session_state["generation_writer_steps"].act
    with writings.shown():
        if act == "play":
            writing.play()
            return
        writing.stop()
        if act == "step" and writing.why_stop() is None:
            writing.at = writing.tree.draw(writing.at, settings.now(), state.get("seed")).index
        elif act == "back" and writing.at != ROOT:
            writing.at = writing.node.parent
        elif act == "start":
            writing.at = ROOT


def _go(writing: Writing) -> None:
    index = st.session_state["generation_writer_steps"].go
    if index is not None:
        writing.stop()
        writing.at = int(index)


def _take(writing: Writing) -> None:
    """Another token in the place of the one that is looked at; at the beginning the first one."""
    token_id = st.session_state["generation_writer_steps"].take
    if token_id is not None:
        writing.stop()
        before = ROOT if writing.at == ROOT else writing.node.parent
        with writings.shown():
            writing.at = writing.tree.take(before, int(token_id), settings.now()).index


def _speed(writing: Writing) -> None:
    pace = st.session_state["generation_writer_steps"].speed
    if pace in writings.PACES:
        writing.pace = pace
        if writing.run is not None:
            writing.run.pace_seconds = writings.PACES[pace]


def _force_text(s, writing: Writing) -> None:
    """Put typed words at the end, token by token, each with the probability that the model gave it."""
    typed = st.session_state["generation_own"]
    st.session_state["generation_own"] = ""
    if not typed.strip():
        return
    writing.stop()
    written = s.model.decode((*writing.tree.begun, *writing.tree.token_ids(writing.at)), skip_special=True)
    space = "" if not written or written[-1].isspace() or typed[0].isspace() else " "
    backend = s.model.target_vocabulary.backend
    room = writing.tree.window.limit - len(writing.tree.begun) - writing.node.depth
    with writings.shown():
        for token_id in backend.encode(space + typed, add_special_tokens=False).ids[: max(room, 0)]:
            writing.at = writing.tree.take(writing.at, token_id, settings.now()).index


def _open_elsewhere(s, path: tuple) -> None:
    """Links that open the other screens on the text as it stands at this step."""
    ids = [node.token_id for node in path if not node.is_end]
    text = s.model.decode(ids)
    if s.model.info.kind == "encoder-decoder":
        here = {"target": text}
    else:
        here = {"prompt": s.tokens.text + text}
        if s.model.tokenize(here["prompt"]).ids.tolist() != [*s.tokens.ids.tolist(), *ids]:
            note(
                t(
                    "The text up to here would be cut into other tokens if it were typed, so other screens cannot open on it."
                )
            )
            return
    if len(next(iter(here.values()))) > state.MAX_PROMPT_IN_ADDRESS or not ids:
        return
    address = {name: value for name, value in state.address().items() if name not in ("focus", "target_focus")}
    with st.container(horizontal=True, vertical_alignment="center", key="generation_doors"):
        st.html(rich('<p class="ts-note">{words}</p>', words=t("Look at this step on:")), width="content")
        for key in OPEN_ON:
            page = BY_KEY[key]
            st.page_link(page.file, label=t(page.title), query_params=address | here, width="content")


def _take_away(s, writing: Writing, path: tuple) -> None:
    """The text and its steps as JSON and CSV."""
    about = {
        "model": s.model.info.name,
        "prompt": s.tokens.text,
        "text": s.model.decode([node.token_id for node in path]),
        "settings": {name: getattr(settings.now(), name) for name in settings.now().__dataclass_fields__},
        "seed": state.get("seed"),
        "ln_p": path[-1].joint_nats,
        "stopped_by": stop.reason if (stop := writing.why_stop()) else None,
    }
    with st.container(horizontal=True, key="generation_files"):
        st.download_button(
            t("Take text and steps as JSON"),
            lambda: json.dumps(pictures.export(path, s.model.piece, **about), ensure_ascii=False, indent=1),
            file_name="text.json",
            mime="application/json",
            key="generation_json",
        )
        st.download_button(
            t("Take the steps as CSV"),
            lambda: as_csv(pictures.step_columns(path)),
            file_name="steps.csv",
            mime="text/csv",
            key="generation_csv",
        )
