"""The frame that every screen shares: the bar on top, the line of stations, the prompt and the token ribbon.

A screen is `with screen("tokens") as s:`; what it may use is on `s`. Errors that a person can cause are shown in place.
"""

from typing import ParamSpec, TypeVar, overload

import streamlit as st

from model_backend import BackendError
from model_backend.base.records import Prompt, Tokenization
from model_backend.serving.asking import OfModel, OfTrace
from model_backend.serving.questions.reading import read, tokenized
from model_backend.tokens.face import ModelFace
from pages.common import door, errors, hiding, state, taking, target
from pages.common.components import component
from pages.common.help import draw_help
from pages.common.outline import Outline
from pages.common.page_map import BY_KEY, Page
from pages.common.prompt import draw_prompt, gap_mark, kind_if_known
from pages.common.text import rich, t, tn
from viz.chips import ribbon

P = ParamSpec("P")
R = TypeVar("R")


class Screen:
    """What a screen works with: the face of the model, the prompt's tokens, the focused position, and `ask`.

    `name` is the model's, as the door takes it, and `prompt` what it is given to read. `prompt_tokens` are the prompt as it is
    cut, `tokens` what the model reads: the same, but that of a model that fills gaps the positions `hidden` are masked. A
    translator has target_tokens and target_focus besides. `predicted` are the tokens that are predicted one after another: the
    target of a translator, else `tokens`.
    """

    model: ModelFace
    prompt_tokens: Tokenization
    tokens: Tokenization

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hidden: tuple[int, ...] = ()
        self._was_read: tuple[Tokenization, Tokenization | None] | None = None

    def __enter__(self) -> "Screen":
        outline = Outline(self.page)
        prompt = st.container(key="frame_prompt")
        kind = kind_if_known()
        is_drawn = False
        if kind in ("decoder", "encoder-decoder"):
            is_drawn = True  # before the model is there; else its own gap mark stands in the examples
            draw_prompt(prompt, kind)
        outline.fill()
        try:
            self.name = state.get("model")
            self.model = door.open_model(self.name)
            if not is_drawn:
                is_drawn = True
                draw_prompt(prompt, self.model.info.kind, gap_mark(self.model))
            self._cut()
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

    @overload
    def ask(self, question: OfTrace[P, R], /, *arguments: P.args, **named: P.kwargs) -> R: ...
    @overload
    def ask(self, question: OfModel[P, R], /, *arguments: P.args, **named: P.kwargs) -> R: ...
    def ask(self, question, /, *arguments, **named):
        """The answer to a question about the model, or about what it makes of the prompt."""
        if isinstance(question, OfModel):
            return door.ask(question, self.name, *arguments, **named)
        self.read()
        return door.ask(question, self.name, self.prompt, *arguments, **named)

    def read(self) -> tuple[Tokenization, Tokenization | None]:
        """Let the model read the prompt, once a run: `tokens` and `target_tokens`. Raises PromptTooLong, EmptyPrompt and others,
        which the screen shows."""
        if self._was_read is None:
            if self.model.info.kind == "encoder-decoder":
                target.check_length(self.model, state.get("target"))
            words = t("The model is reading …")
            if self.model.info.kind == "encoder-decoder" and self.prompt.target is None:
                words = t("The model is translating …")
            with st.spinner(words):
                self._was_read = door.ask(read, self.name, self.prompt)
        return self._was_read

    @property
    def prompt(self) -> Prompt:
        """What the model is given to read."""
        text = state.get("prompt")
        if self.model.info.kind == "encoder-decoder":
            return Prompt(text, target=state.get("target") or None)
        return Prompt(text, masked=self.hidden)

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
    def target_tokens(self) -> Tokenization | None:
        """What the decoder of a translator reads: its start token and the target; None for other models."""
        if self.model.info.kind != "encoder-decoder":
            return None
        return self.read()[1]

    @property
    def target_focus(self) -> int:
        """The focused position of the target, inside it; its first word unless another was chosen."""
        tokens, chosen = self.target_tokens, state.get("target_focus")
        assert tokens is not None, "a translator alone has a target"
        last = len(tokens) - 1
        return min(1 if chosen is None else chosen, last)

    @property
    def predicted(self) -> Tokenization:
        """The tokens that are predicted one after another."""
        return self.tokens if self.target_tokens is None else self.target_tokens

    @property
    def read_ids(self) -> str:
        """The ids on both sides that were read, as one text: what tells a picture of this text from that of another."""
        sides = (self.tokens,) if self.target_tokens is None else (self.tokens, self.target_tokens)
        return f"{self.name} {[side.ids.tolist() for side in sides]}"

    def append(self, text: str) -> None:
        """Let the prompt go on with `text`."""
        state.put("prompt", state.get("prompt") + text)

    def _cut(self) -> None:
        """Cut the prompt and draw what belongs to it, by the kind of model."""
        kind = self.model.info.kind
        self.prompt_tokens = self.tokens = door.ask(tokenized, self.name, state.get("prompt"))
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
