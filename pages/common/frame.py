"""The frame that every screen shares: the bar on top, the line of stations, the prompt and the token ribbon.

A screen is `with screen("tokens") as s:`; what it may use is on `s`. Errors that a person can cause are shown in place.
"""

import streamlit as st

from model_backend import BackendError
from pages.common import cached, errors, hiding, state, taking, target
from pages.common.components import component
from pages.common.help import draw_help
from pages.common.outline import Outline
from pages.common.page_map import BY_KEY, Page
from pages.common.prompt import draw_prompt, gap_mark, kind_if_known
from pages.common.text import rich, t, tn
from viz.chips import ribbon


class Screen:
    """What a screen works with: the model, the prompt's tokens, its trace, the focused position.

    `prompt_tokens` are the prompt as it is cut, `tokens` what the model reads: the same, but that of a model that fills gaps
    the positions `hidden` are masked. A translator has target_tokens and target_focus besides.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self._trace = None

    def __enter__(self) -> "Screen":
        outline = Outline(self.page)
        prompt = st.container(key="frame_prompt")
        is_drawn = kind_if_known() in ("decoder", "encoder-decoder")
        if is_drawn:  # before the model is there; else its own gap mark stands in the examples
            draw_prompt(prompt, kind_if_known())
        outline.fill()
        try:
            self.model = cached.open_model(state.get("model"))
            if not is_drawn:
                is_drawn = True
                draw_prompt(prompt, self.model.info.kind, gap_mark(self.model))
            self._read()
            draw_help(self)
            taking.begin(self)
        except BackendError as error:
            if not is_drawn:
                draw_prompt(prompt, "decoder")
            errors.show(error)
            st.stop()
        return self

    def __exit__(self, kind, error, trace) -> bool:
        told = errors.told(error)
        if told is not None:
            errors.show(told)
        return told is not None

    @property
    def is_dark(self) -> bool:
        """Whether the person looks at the dark theme (plotly figures need to know; components do not)."""
        return st.context.theme.type == "dark"

    @property
    def focus(self) -> int:
        """The focused position, inside the prompt. Without a choice the last token; the gap for a model that fills gaps, the
        last word of a translator's source."""
        chosen = state.get("focus")
        last = max(len(self.prompt_tokens) - 1, 0)
        if chosen is None and self.model.info.kind == "encoder":
            return hiding.first_focus(self.prompt_tokens, self.model.mask_id)
        if chosen is None and self.model.info.kind == "encoder-decoder":
            return max((i for i in range(last) if not self.prompt_tokens.is_special[i]), default=last)
        return last if chosen is None else min(chosen, last)

    @property
    def target_tokens(self):
        """What the decoder of a translator reads: its start token and the target; None for other models."""
        return self.trace.target_tokens if self.model.info.kind == "encoder-decoder" else None

    @property
    def target_focus(self) -> int:
        """The focused position of the target, inside it; its first word unless another was chosen."""
        last = len(self.target_tokens) - 1
        chosen = state.get("target_focus")
        return min(1 if chosen is None else chosen, last)

    @property
    def trace(self):
        """The forward pass over the prompt. Raises PromptTooLong or EmptyPrompt, which the screen shows."""
        # Python 3.11's cached_property would let one person at a time compute: its lock is the class's
        if self._trace is None:
            self._trace = self._read_through()
        return self._trace

    def _read_through(self):
        name, prompt = state.get("model"), state.get("prompt")
        if self.model.info.kind == "encoder-decoder":
            return target.trace_of(self.model, name, prompt, state.get("target"))
        with st.spinner(t("The model is reading …")):
            return cached.trace(name, prompt, masked=self.hidden)

    def append(self, text: str) -> None:
        """Let the prompt go on with `text`."""
        state.put("prompt", state.get("prompt") + text)

    def _read(self) -> None:
        """Cut the prompt and draw what belongs to it, by the kind of model."""
        kind = self.model.info.kind
        self.prompt_tokens = self.tokens = cached.tokenize(state.get("model"), state.get("prompt"))
        self.hidden = ()
        if kind == "encoder":
            self.hidden = hiding.hidden(self.prompt_tokens, self.model.mask_id, self.focus, self.page.key)
            self.tokens = self.model.masked(self.prompt_tokens, self.hidden) if self.hidden else self.prompt_tokens
        if kind == "encoder-decoder":
            texts, controls = st.columns([5, 2], gap="medium")
            with controls:
                target.draw_controls(self.model)
            with texts:
                words = t("Source: your text. The encoder reads all of it.")
                st.html(rich('<p class="ts-note">{words}</p>', words=words))
                self._draw_ribbon()
                target.draw_target(self)
            return
        self._draw_ribbon()
        if kind == "encoder":
            hiding.draw(self)

    def _draw_ribbon(self) -> None:
        data = ribbon(self.prompt_tokens, focus=self.focus, hidden=self.hidden)
        more = data["hidden"]
        component(
            "chips",
            key="ribbon",
            data=data
            | {
                "label": t("The prompt in tokens; choose one to look at"),
                "special": t("special token"),
                "masked": t("hidden"),
                "more": tn("… and {n} more token", "… and {n} more tokens", more) if more else "",
            },
            on_focus_change=lambda: _focus_from_ribbon(self),
        )


def screen(key: str) -> Screen:
    """Open the screen of that key of the page map."""
    return Screen(BY_KEY[key])


def _focus_from_ribbon(s: Screen) -> None:
    position = st.session_state["ribbon"].focus
    if position is not None:
        hiding.click(int(position), s.focus, s.page.key)
