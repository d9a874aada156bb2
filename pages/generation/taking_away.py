"""What leaves the screen: links that open the others on a step, the text and its steps as files."""

import json

import streamlit as st

from pages.common import settings, state
from pages.common.cards import as_csv
from pages.common.page_map import BY_KEY
from pages.common.screen import Screen
from pages.common.text import rich, t
from pages.common.words import note
from pages.generation.writing import Writing
from viz import generation as pictures

OPEN_ON = ("attention", "layers", "prediction")


def open_elsewhere(s: Screen, path: tuple) -> None:
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


def take_away(s: Screen, writing: Writing, path: tuple) -> None:
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
