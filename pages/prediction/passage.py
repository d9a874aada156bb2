"""A text whose tokens are predicted one after another: the prompt of a model that writes on, the target of a translator."""

from dataclasses import dataclass

from model_backend.base.records import Prompt, Tokenization
from model_backend.serving.asking import OfTrace
from model_backend.tokens.face import ModelFace
from pages.common import door
from pages.common.screen import Screen
from pages.common.text import t
from viz import help_code


@dataclass(frozen=True)
class Passage:
    """What the cards about such a text work with. `name` is the model's at the door, `prompt` what it read, `field` the shared
    value that holds the focus."""

    name: str
    model: ModelFace
    prompt: Prompt
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

    def ask(self, question: OfTrace, /, *arguments):
        """The answer to a question about what the model makes of it."""
        return door.ask(question, self.name, self.prompt, *arguments)

    def going_on_with(self, text: str) -> tuple[Prompt, Tokenization]:
        """(what is read, its tokens) of this passage up to the focused token, going on with `text`."""
        begun = self.tokens.text[: self.tokens.spans[self.focus][1]] + text
        if not self.is_translation:
            return Prompt(begun), self.model.tokenize(begun)
        tokens = self.model.tokenize_target(begun, is_whole=False)
        return Prompt(self.prompt.text, target=tuple(tokens.ids.tolist())), tokens

    def code(self, position: int) -> str:
        """Lines of Python that compute the loss after `position` with plain transformers."""
        info = self.model.info
        if self.is_translation:
            return help_code.translation_loss_code(
                info.name, info.dtype, self.prompt.text, self.tokens.ids.tolist(), position
            )
        return help_code.loss_code(info.name, info.dtype, self.tokens.text, position)


def of_screen(s: Screen) -> Passage:
    """The passage that the screen looks at."""
    return Passage(s.name, s.model, s.prompt, s.predicted, s.predicted_focus, s.predicted_field, s.is_dark)


def nothing_followed(passage: Passage) -> str:
    """Words for the end of a passage."""
    if passage.is_translation:
        return t("Nothing: the text was broken off here. Choose an earlier token of the target above.")
    return t("Nothing yet: this is the last token. Choose an earlier one above to compare the guess with what came.")
