"""The words of the Tokens screen that its browser components show. `{names}` in braces are filled in by the component."""

from pages.common.text import t


def answer(place, sentence: str) -> None:
    """The card's one sentence, once the controls below it are known."""
    place.html(f'<p class="ts-answer" aria-live="polite">{sentence}</p>')


def inspector(is_word_pieces: bool) -> dict[str, str]:
    """Labels of `token_inspector`; word pieces say whether they go on with a word, other tokens hold their space."""
    return {
        "row": t("The tokens of your text"),
        "id": t("Id"),
        "id_of": t("{id}, in a vocabulary of {n} (counted from 0)"),
        "position": t("Position"),
        "bytes": t("Bytes"),
        "code_points": t("Characters"),
        "space": t("Goes on with a word (##)") if is_word_pieces else t("Begins with a space"),
        "yes": t("yes"),
        "no": t("no"),
        "rank": t("Learned as"),
        "rank_of": t("merge {rank} of {n}; low means early and common"),
        "special": t("A special token: it steers the model and stands for no text."),
        "unknown": t(
            "The tokenizer has no piece for this text, so it became the unknown token; the model cannot tell what stood here."
        ),
        "part": t("These bytes are only a part of {character}; the ids beside it hold the rest."),
        "start": t("A single byte: the tokenizer had it before it learned anything."),
        "empty": t("Type a text above to see its tokens."),
    }


def merges() -> dict[str, str]:
    """Labels of `merges`."""
    return {
        "id": t("Id"),
        "scrub": t("Step of the cutting"),
        "back": t("One step back"),
        "on": t("One step on"),
        "play": t("Play"),
        "pause": t("Pause"),
        "where": t("step {step} of {n}"),
        "merge": t("Next: {left} + {right} → {result}. Rank {rank} is the lowest of {n} pairs that the table knows."),
        "merge_only": t("Next: {left} + {right} → {result}. It is the only pair that the table knows, rank {rank}."),
        "legend": t(
            "The number under two neighbours is their rank in the merge table: how early the tokenizer learned to "
            "join them. The filled one "
            "is the lowest and is joined. No number: the table does not know this pair."
        ),
        "done": t("No two neighbours stand in the table any more: these are the tokens, with their ids."),
        "done_match": t("The end of the word is reached: these are the tokens, with their ids."),
        "no_steps": t("There is nothing to join here: these are the tokens at once, with their ids."),
        "match": t(
            "Next: the longest beginning that is in the vocabulary is {result}. What is struck through was tried and is not there."
        ),
        "no_match": t("Nothing that fits is in the vocabulary, so the whole word becomes the unknown token."),
        "nothing": t("nothing fits"),
        "unigram": t(
            "Every way of cutting has a score, the sum of its pieces' scores (logarithms of how common they are). The greatest wins."
        ),
        "best": t("sum {total}: the greatest, so this one is taken"),
        "total": t("sum {total}"),
        "special": t("A special token is taken whole; nothing is merged."),
        "known": t("This stands in the vocabulary as it is and is taken whole."),
        "unknown": t("This is not in the vocabulary and becomes the unknown token."),
    }


def letters(letter: str, total: int) -> dict[str, str]:
    """Labels of `letters`."""
    return {
        "you": t("What you see"),
        "model": t("What the model gets"),
        "you_note": t("Letters. Count the marked ones: {total}.", total=total),
        "model_note": t(
            "Numbers, nothing else. The text below them is for you; the model would have to remember what is spelled inside each."
        ),
        "inside": t("{letter} inside: {n}", letter=letter, n="{n}"),
    }


def columns(table: dict[str, list]) -> dict[str, list]:
    """A table of viz with its columns named in the language of the screen."""
    names = {
        "position": t("position"),
        "token": t("token"),
        "id": t("id"),
        "bytes": t("bytes"),
        "n_bytes": t("number of bytes"),
        "special": t("special"),
        "tokenizer": t("tokenizer"),
        "tokens": t("tokens"),
        "vocabulary": t("vocabulary"),
        "ids": t("ids"),
        "stretch": t("stretch"),
        "step": t("step"),
        "pieces": t("pieces"),
        "left": t("left"),
        "right": t("right"),
        "rank": t("rank"),
        "pairs_in_table": t("pairs in the table"),
        "tried": t("tried"),
        "found": t("found"),
        "score": t("score"),
        "language": t("language"),
        "times_english": t("times English"),
        "money": t("money"),
        "characters": t("characters"),
        "code": t("code"),
        "sentence": t("sentence"),
    }
    return {names[name]: values for name, values in table.items()}


def language_table() -> dict[str, str]:
    """Labels of `language_cost`."""
    return {
        "language": t("Language"),
        "tokens": t("Tokens for this sentence"),
        "times": t("× English"),
        "money": t("cost of a million"),
    }
