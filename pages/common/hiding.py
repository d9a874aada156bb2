"""Which words a model that fills gaps may not see: the rule, its control, and what a click on a token does.

The shared value `masked` is None (the word that is looked at is hidden, on the screens that guess it), a tuple of positions
(these are hidden, on every screen), or () (nothing is).
"""

import streamlit as st

from model_backend.base.records import Tokenization
from pages.common import state
from pages.common.text import rich, t, token

GUESSING = ("home", "layers", "prediction", "sampling")  # screens that ask what belongs in the gap


def first_focus(tokens: Tokenization, mask_id: int | None) -> int:
    """Where to look without a choice: at the first gap that was typed, else at a word in the middle."""
    gaps = [i for i in range(len(tokens)) if tokens.ids[i] == mask_id]
    if gaps:
        return gaps[0]
    words = [i for i in range(len(tokens)) if not tokens.is_special[i]]
    for n_letters in (4, 3, 1, 0):  # a long word is more to guess than a short one
        found = [i for i in words if sum(map(str.isalpha, tokens.pieces[i])) >= n_letters]
        if found:
            return found[len(found) // 2]
    return max(len(tokens) - 1, 0)


def stands_for_text(tokens: Tokenization, position: int, mask_id: int | None) -> bool:
    """Whether a token stands for something in the text: an unknown one does, a gap and what the tokenizer adds do not."""
    start, end = tokens.spans[position]
    return end > start and int(tokens.ids[position]) != mask_id


def hidden(tokens: Tokenization, mask_id: int | None, focus: int, page_key: str) -> tuple[int, ...]:
    """The positions that the model may not see now. What stands for no text is never hidden."""
    chosen = state.get("masked")
    if chosen is None:
        chosen = (focus,) if page_key in GUESSING else ()
    can_be = mask_id is not None
    return tuple(i for i in chosen if can_be and i < len(tokens) and stands_for_text(tokens, i, mask_id))


def click(position: int, was_focus: int, page_key: str) -> None:
    """Look at a token; while several are being hidden, hide it too, or show it again if it was looked at already."""
    masked = state.get("masked")
    if masked and page_key in GUESSING:
        state.put("masked", tuple(sorted(set(masked) ^ {position} if position == was_focus else {*masked, position})))
    state.put("focus", position)


def draw(s) -> None:
    """The control: what is hidden, and a sentence on what that means."""
    masked = state.get("masked")
    if s.model.mask_id is None or (masked is None and s.page.key not in GUESSING):
        return
    rules = {"word": t("the word you look at"), "several": t("several words"), "nothing": t("nothing")}
    st.session_state["frame_hidden"] = "word" if masked is None else "several" if masked else "nothing"
    with st.container(key="frame_hiding", horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            t("Hidden from the model"),
            list(rules),
            format_func=rules.__getitem__,
            key="frame_hidden",
            required=True,
            on_change=_choose,
            args=(s.focus,),
            width="content",
        )
        st.html(rich('<p class="ts-note">{rule}</p>', rule=_rule(s)))


def _choose(focus: int) -> None:
    rule = st.session_state["frame_hidden"]
    state.put("masked", {"word": None, "several": state.get("masked") or (focus,), "nothing": ()}[rule])


def _rule(s) -> str:
    """What a click does now."""
    masked = state.get("masked")
    if masked is None and not s.hidden:
        what = token(s.prompt_tokens.pieces[s.focus])
        if s.prompt_tokens.ids[s.focus] == s.model.mask_id:
            return rich("You typed the gap {what} yourself. Click any word to hide it instead.", what=what)
        return rich("{what} stands for no word and is not hidden. Click a word to hide it.", what=what)
    if masked is None:
        return rich("Click a word: it is hidden, and the model guesses it from all the others.")
    if masked:
        return rich("Each word you click is hidden too; click the one you look at to show it again.")
    return rich("The model reads every word, also the one it is asked for. That makes it easy.")
