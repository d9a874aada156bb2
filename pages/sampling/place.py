"""Where a token is chosen: behind the focused token, in a gap, or in a translation."""

from dataclasses import dataclass

from model_backend import SamplingSettings
from model_backend.base.records import NextToken, Prompt, Tokenization
from model_backend.serving.questions.reading import allowed, next_token
from model_backend.tokens.face import ModelFace
from pages.common import door
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, tn, token
from pages.prediction import passage as passages
from pages.prediction.ledger import piece_of
from viz.labels import percent


@dataclass(frozen=True)
class Place:
    """One position and the distribution there, before any setting; what the penalties look at is `history`. `name` is the
    model's at the door, `prompt` what it read."""

    name: str
    model: ModelFace
    prompt: Prompt
    tokens: Tokenization
    position: int
    word: str  # what stands there in the text, also where it is hidden from the model

    @property
    def kind(self) -> str:
        """ "decoder", "encoder" or "encoder-decoder"."""
        return self.model.info.kind

    @property
    def own(self) -> NextToken:
        """The model's own distribution."""
        return door.ask(next_token, self.name, self.prompt, self.position)

    def now(self, settings: SamplingSettings) -> NextToken:
        """The distribution that the settings make of it."""
        return door.ask(next_token, self.name, self.prompt, self.position, settings)

    @property
    def history(self) -> tuple[int, ...]:
        """The token ids that penalties look at: those read up to the position."""
        return tuple(self.tokens.ids[: self.position + 1].tolist())

    def piece(self, token_id: int) -> str:
        """The text of a token."""
        return piece_of(self.model)(token_id)

    def where(self) -> Html:
        """The position in words, the beginning of a sentence."""
        word = token(self.word)
        if self.kind == "encoder":
            return rich("In the place of {word}", word=word)
        if self.kind == "encoder-decoder":
            return rich("After {word} of the target", word=word)
        return rich("After {word}", word=word)

    def penalty_words(self) -> str:
        """What the penalties look at, in words."""
        if self.kind == "encoder":
            return t("The penalties look at the tokens up to the gap.")
        if self.kind == "encoder-decoder":
            return t("The penalties look at the target so far, not at the source.")
        return t("The penalties look at the text so far.")


def makers_words(place: Place) -> Html | str:
    """What the makers of a translator forbid at this place when it writes, which no setting here does; empty for others."""
    may_follow = door.ask(allowed, place.name, place.prompt, place.position)
    if may_follow is None:
        return ""
    forbidden = ~may_follow[place.own.ids]  # by falling logit
    first = place.own.ids[forbidden][0]
    return rich(
        "Not applied here: when it writes, a rule of its makers forbids <b>{n}</b> at this place, such as {token}; "
        "the model itself gives {share} to what is forbidden. The Generation screen follows these rules.",
        n=tn("{count} token", "{count} tokens", int(forbidden.sum()), count=f"{forbidden.sum():,}"),
        token=token(place.piece(int(first))),
        share=percent(float(place.own.p_model[forbidden].sum())),
    )


def of_screen(s: Screen) -> Place | None:
    """The place that the screen looks at; None where a translation has ended and nothing is chosen any more."""
    if s.model.info.kind != "encoder-decoder":
        return Place(s.name, s.model, s.prompt, s.tokens, s.focus, s.prompt_tokens.pieces[s.focus])
    passage = passages.of_screen(s)
    if passage.focus >= passage.n_open:
        return None
    return Place(s.name, s.model, s.prompt, passage.tokens, passage.focus, passage.tokens.pieces[passage.focus])
