"""What a screen works with: the model, the prompt in tokens, where one looks, and the questions."""

from typing import Literal, ParamSpec, TypeVar, overload

import streamlit as st

from model_backend import BackendError
from model_backend.base.records import Prompt, Tokenization
from model_backend.serving.asking import OfModel, OfTrace
from model_backend.serving.questions.reading import read, tokenized
from model_backend.tokens.face import ModelFace
from pages.common import door, hiding, state
from pages.common.page_map import Page
from pages.common.text import t

P = ParamSpec("P")
R = TypeVar("R")


class Screen:
    """What a screen works with: the face of the model, the prompt's tokens, the focused position, and `ask`.

    `name` is the model's, as the door takes it, and `prompt` what it is given to read. `prompt_tokens` are the prompt as it is
    cut, `tokens` what the model reads: the same, but that of a model that fills gaps the positions `hidden` are masked. A
    translator has target_tokens, target_ids and target_focus besides. `predicted` are the tokens that are predicted one after
    another, the target of a translator, else `tokens`; `predicted_focus` is the focused position among them.
    """

    def __init__(self, page: Page, name: str, model: ModelFace) -> None:
        self.page = page
        self.name = name
        self.model = model
        self.prompt_tokens: Tokenization = door.ask(tokenized, name, state.get("prompt"))
        self.hidden: tuple[int, ...] = ()
        self.tokens = self.prompt_tokens
        if model.info.kind == "encoder":
            self.hidden = hiding.hidden(self.prompt_tokens, model.mask_id, self.focus, page.guesses)
            self.tokens = model.masked(self.prompt_tokens, self.hidden) if self.hidden else self.prompt_tokens
        self._was_read: tuple[Tokenization, Tokenization | None] | None = None

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
                _check_target_length(self.model, state.get("target"))
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
    def target_ids(self) -> list[int] | None:
        """Their ids, as the lines of code under the cards take them."""
        return None if self.target_tokens is None else self.target_tokens.ids.tolist()

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
    def predicted_focus(self) -> int:
        """The focused position among `predicted`."""
        return self.focus if self.predicted_field == "focus" else self.target_focus

    @property
    def predicted_field(self) -> Literal["focus", "target_focus"]:
        """The shared value that holds it."""
        return "focus" if self.target_tokens is None else "target_focus"

    @property
    def read_ids(self) -> str:
        """The ids on both sides that were read, as one text: what tells a picture of this text from that of another."""
        sides = (self.tokens,) if self.target_tokens is None else (self.tokens, self.target_tokens)
        return f"{self.name} {[side.ids.tolist() for side in sides]}"

    def append(self, text: str) -> None:
        """Let the prompt go on with `text`."""
        state.put("prompt", state.get("prompt") + text)


def _check_target_length(model: ModelFace, target: str) -> None:
    """Raise BackendError if a person's translation is longer than the model writes."""
    n, limit = len(model.tokenize_target(target)) if target else 0, model.info.max_positions
    if n > limit:
        raise BackendError(
            t("Your translation has {n:,} tokens; this model writes at most {limit:,}.", n=n, limit=limit),
            t("Shorten the translation, or clear it to see the model's own."),
        )
