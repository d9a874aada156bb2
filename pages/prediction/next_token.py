"""The Prediction screen of a model that writes on: what comes after each token."""

from model_backend.serving.questions.reading import next_token, surprisal_bits
from pages.common.screen import Screen
from pages.common.text import rich, t, token
from pages.common.words import block, note, note_html
from pages.prediction import passage as passages
from pages.prediction.find import show_find
from pages.prediction.ledger import given, show_ledger
from pages.prediction.loss import show_loss
from pages.prediction.passage import Passage
from pages.prediction.whole_prompt import show_entropy_curve, show_surprisal


def show(s: Screen) -> None:
    """All cards."""
    passage = passages.of_screen(s)
    now = s.ask(next_token, s.focus)
    show_next(passage, now)
    show_find(s.model, now, passage)
    if len(passage.tokens) < 2:
        note(t("There is only one token so far. Type more to see how surprising each token was and what its loss is."))
        return
    surprisal = s.ask(surprisal_bits)
    show_surprisal(passage, surprisal)
    show_entropy_curve(passage)
    show_loss(passage, surprisal)


def show_next(passage: Passage, now) -> None:
    """The ledger of what may follow the focused token."""

    def answer(best: dict) -> str:
        return rich(
            "After {word} the model's best guess is {top} with <b>{p}</b>.",
            word=token(passage.tokens.pieces[passage.focus]),
            top=token(passage.model.piece(best["id"])),
            p=best["p"],
        )

    def beside(row: dict | None) -> None:
        words = (
            note_html(passages.nothing_followed(passage)) if row is None else given(row, passage.model.piece(row["id"]))
        )
        block(t("What really followed?"), words)

    show_ledger(
        passage.model,
        now,
        title=t("What does the decoder write next?") if passage.is_translation else t("What comes next?"),
        answer=answer,
        there=passage.token_after(passage.focus),
        words={"caption": t("The likeliest next tokens, the best first"), "mark": t("really followed")},
        beside=beside,
    )
