"""The Prediction screen of a model that fills gaps: what belongs where a word is hidden, or in a gap that was typed."""

from model_backend.serving.questions.reading import next_token
from pages.common import hiding
from pages.common.screen import Screen
from pages.common.text import rich, t, token
from pages.common.words import block, note, note_html
from pages.prediction.each_word import show_each_word
from pages.prediction.find import show_find
from pages.prediction.ledger import given, piece_of, show_ledger


def show(s: Screen) -> None:
    """All cards."""
    now = s.ask(next_token, s.focus)
    show_gap(s, now)
    show_find(s.model, now)
    n_words = int((~s.prompt_tokens.is_special).sum())
    if s.model.mask_id is None:
        note(t("This model's tokenizer has no token that hides a word, so no word can be put to the test."))
    elif n_words < 2:
        note(t("Type at least two words to see how well each can be guessed from the others."))
    else:
        show_each_word(s, n_words)


def show_gap(s: Screen, now) -> None:
    """The ledger of what belongs at the focused position."""
    is_hidden = s.focus in s.hidden
    is_text = hiding.stands_for_text(s.prompt_tokens, s.focus, s.model.mask_id)
    is_gap = int(s.prompt_tokens.ids[s.focus]) == s.model.mask_id

    def beside(row: dict | None) -> None:
        if row is None:
            words = t("You typed the gap yourself, so there is no right answer to compare with.")
            if not is_gap:
                words = t("A special token steers the model and stands for no word.")
            block(t("What really stands there?"), note_html(words))
            return
        parts = [given(row, piece_of(s.model)(row["id"]))]
        if not is_hidden:
            parts.append(
                note_html(t("No feat: the word was in plain sight. Hide it to see what the others say of it."))
            )
        elif (n := _pieces_of_word(s)) > 1:
            parts.append(
                note_html(
                    t(
                        "It is one of {n} pieces of its word, and the others stay in sight. Hide several to hide them all.",
                        n=n,
                    )
                )
            )
        block(t("What really stood there?") if is_hidden else t("What really stands there?"), *parts)

    show_ledger(
        s.model,
        now,
        title=t("Which word belongs here?"),
        answer=lambda best: gap_sentence(s, best["id"], best["p"]),
        there=int(s.prompt_tokens.ids[s.focus]) if is_text else None,
        words={
            "caption": t("The tokens that fit best, the best first"),
            "mark": t("really stood there") if is_hidden else t("really stands there"),
        },
        beside=beside,
        file="gap.csv",
    )


def gap_sentence(s: Screen, best_id: int, p: str) -> str:
    """The model's best guess at the focused position, and what it had to go by."""
    words = dict(word=token(s.prompt_tokens.pieces[s.focus]), top=token(piece_of(s.model)(best_id)), p=p)
    if s.focus in s.hidden:
        return rich("Where {word} is hidden the model's best guess is {top} with <b>{p}</b>.", **words)
    if int(s.prompt_tokens.ids[s.focus]) == s.model.mask_id:
        return rich("In the gap {word} the model would put {top} with <b>{p}</b>.", **words)
    if not hiding.stands_for_text(s.prompt_tokens, s.focus, s.model.mask_id):
        return rich("{word} stands for no word; what the model says there, {top} with {p}, means little.", **words)
    return rich("The model can see {word}, and says {top} with <b>{p}</b>.", **words)


def _pieces_of_word(s: Screen) -> int:
    """How many tokens the word of the focused token has (WordPiece says which pieces go on with a word)."""
    goes_on = [s.model.vocabulary.is_continuation(i) for i in s.prompt_tokens.ids]
    start = end = s.focus
    while goes_on[start]:
        start -= 1
    while end + 1 < len(goes_on) and goes_on[end + 1]:
        end += 1
    return end - start + 1
