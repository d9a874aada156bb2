"""A text whose tokens are predicted one after another: the prompt of a model that writes on, the target of a translator."""

from dataclasses import dataclass

from model_backend.base.records import Tokenization
from pages.common.text import t
from viz import help_code


@dataclass(frozen=True)
class Passage:
    """What the cards about such a text work with. `field` is the shared value that holds its focus."""

    model: object
    trace: object
    tokens: Tokenization
    focus: int
    field: str
    is_dark: bool

    @property
    def is_translation(self) -> bool:
        """Whether it is read next to a source."""
        return self.field == "target_focus"

    @property
    def n_open(self) -> int:
        """How many of its positions predict something: behind the end of a translation nothing follows."""
        return len(self.tokens) - (self.is_translation and int(self.tokens.ids[-1]) in self.model.end_ids)

    def token_after(self, position: int) -> int | None:
        """The id of the token that really follows."""
        return int(self.tokens.ids[position + 1]) if position + 1 < len(self.tokens) else None

    def trace_with(self, text: str):
        """The trace of this passage up to the focused token, going on with `text`."""
        begun = self.tokens.text[: self.tokens.spans[self.focus][1]] + text
        if not self.is_translation:
            return self.model.trace(begun)
        return self.model.trace(self.trace.tokens, self.model.tokenize_target(begun, is_whole=False))

    def code(self, position: int) -> str:
        """Lines of Python that compute the loss after `position` with plain transformers."""
        info = self.model.info
        if self.is_translation:
            return help_code.translation_loss_code(
                info.name, info.dtype, self.trace.tokens.text, self.tokens.ids.tolist(), position
            )
        return help_code.loss_code(info.name, info.dtype, self.tokens.text, position)


def of_prompt(s) -> Passage:
    """The prompt of a model that writes on."""
    return Passage(s.model, s.trace, s.tokens, s.focus, "focus", s.is_dark)


def of_target(s) -> Passage:
    """The target of a translator."""
    return Passage(s.model, s.trace, s.target_tokens, s.target_focus, "target_focus", s.is_dark)


def nothing_followed(passage: Passage) -> str:
    """Words for the end of a passage."""
    if passage.is_translation:
        return t("Nothing: the text was broken off here. Choose an earlier token of the target above.")
    return t("Nothing yet: this is the last token. Choose an earlier one above to compare the guess with what came.")
