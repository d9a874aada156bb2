"""Which words a model that fills gaps may not see: the rule, and what a click on a token does.

The shared value `masked` is None (the word that is looked at is hidden, on the screens that guess it), a tuple of positions
(these are hidden, on every screen), or () (nothing is).
"""

from model_backend.base.records import Tokenization
from pages.common import state


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


def hidden(tokens: Tokenization, mask_id: int | None, focus: int, guesses: bool) -> tuple[int, ...]:
    """The positions that the model may not see now. What stands for no text is never hidden."""
    chosen = state.get("masked")
    if chosen is None:
        chosen = (focus,) if guesses else ()
    can_be = mask_id is not None
    return tuple(i for i in chosen if can_be and i < len(tokens) and stands_for_text(tokens, i, mask_id))


def click(position: int, was_focus: int, guesses: bool) -> None:
    """Look at a token; while several are being hidden, hide it too, or show it again if it was looked at already."""
    masked = state.get("masked")
    if masked and guesses:
        state.put("masked", tuple(sorted(set(masked) ^ {position} if position == was_focus else {*masked, position})))
    state.put("focus", position)
