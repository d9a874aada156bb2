"""What the Tokens screen draws: backend records in, plain dicts for the browser components and columns for the tables out.

The keys of these dicts are read by viz/components/{token_inspector,cuts,letters,language_cost}.
"""

import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
import regex

from model_backend.base.records import Tokenization
from viz.labels import chips, visible

MAX_DETAILS = 400
MAX_CHIPS = 240


def label_of(data: bytes) -> str:
    """Bytes as a person can read them: their text with white space visible, or the bytes in hexadecimal if they are not whole UTF-8.

    >>> label_of(b" dog"), label_of(bytes([0xF0, 0x9F]))
    ('·dog', '⟨F0 9F⟩')
    """
    try:
        return visible(data.decode("utf-8"))
    except UnicodeDecodeError:
        return "⟨" + data.hex(" ").upper() + "⟩"


def characters(text: str) -> list[str]:
    """The characters a reader sees (grapheme clusters): a family emoji or a letter with its accent is one.

    >>> [len(characters(text)) for text in ("dog", "👩‍👩‍👧", "हिन्दी")]
    [3, 1, 2]
    """
    return regex.findall(r"\X", text)


def words(text: str) -> list[str]:
    """The stretches between white space, each once, in order."""
    return list(dict.fromkeys(text.split()))


def word_at(tokens: Tokenization, position: int) -> str:
    """The word (between white space) that the token at `position` belongs to, or "" where there is none."""
    if not len(tokens) or tokens.is_special[position]:
        return ""
    start, end = tokens.spans[position]
    while start < end and tokens.text[start].isspace():
        start += 1
    for word in regex.finditer(r"\S+", tokens.text):
        if word.start() <= start < word.end():
            return word.group()
    return ""


def is_unknown(tokens: Tokenization, position: int) -> bool:
    """Whether a token stands for text that the tokenizer does not know: special, without bytes, yet over some characters."""
    start, end = tokens.spans[position]
    return bool(tokens.is_special[position]) and not tokens.token_bytes[position] and end > start


def counts(tokens: Tokenization) -> dict[str, int]:
    """How long the text is, in every unit. `tokens` leaves the special tokens out; they are counted in `special`. The unknown
    token stands for text, so it counts as a token."""
    n_special = sum(bool(flag) and not is_unknown(tokens, i) for i, flag in enumerate(tokens.is_special))
    return {
        "words": len(tokens.text.split()),
        "characters": len(characters(tokens.text)),
        "code_points": len(tokens.text),
        "bytes": len(tokens.text.encode()),
        "tokens": len(tokens) - n_special,
        "special": n_special,
    }


def inspector(
    tokens: Tokenization,
    *,
    focus: int,
    vocab_size: int,
    made_by: Callable[[int], int | None],
    n_merges: int,
    goes_on: Callable[[int], bool] | None = None,
) -> dict:
    """Data for `token_inspector`: the chips, and for every token what there is to know about it.

    `made_by` gives the rank of the merge that makes a token id (None: no merge does), `n_merges` how many merges there are.
    `goes_on` is for tokenizers whose tokens hold no space: whether a token id goes on with the word before it.
    """
    groups = chips(tokens)
    at = next((i for i, chip in enumerate(groups) if focus in chip.positions), 0)
    start = max(0, at - MAX_DETAILS // 2) if at >= MAX_DETAILS else 0
    shown = groups[start : start + MAX_DETAILS]
    return {
        "chips": [
            {
                "label": chip.label,
                "special": chip.is_special,
                "tokens": [_details(tokens, i, made_by, goes_on) for i in chip.positions],
            }
            for chip in shown
        ],
        "focus": focus,
        "hidden": len(tokens) - sum(len(chip.positions) for chip in shown),
        "vocab_size": vocab_size,
        "n_merges": n_merges,
    }


def _details(
    tokens: Tokenization,
    position: int,
    made_by: Callable[[int], int | None],
    goes_on: Callable[[int], bool] | None = None,
) -> dict:
    data = tokens.token_bytes[position]
    text = _text(data)
    token_id = int(tokens.ids[position])
    return {
        "position": position,
        "id": token_id,
        "label": visible(tokens.pieces[position]) if tokens.is_special[position] or not data else label_of(data),
        "bytes": [f"{byte:02X}" for byte in data],
        "code_points": [] if text is None else [code_point(character) for character in text],
        "is_part": text is None,
        "space": goes_on(token_id) if goes_on else bool(data[:1] == b" "),
        "special": bool(tokens.is_special[position]),
        "unknown": is_unknown(tokens, position),
        "rank": None if tokens.is_special[position] else made_by(token_id),
    }


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def code_point(character: str) -> dict[str, str]:
    """A code point as Unicode writes it.

    >>> code_point("é")
    {'text': 'é', 'code': 'U+00E9', 'name': 'LATIN SMALL LETTER E WITH ACUTE'}
    """
    return {"text": visible(character), "code": f"U+{ord(character):04X}", "name": unicodedata.name(character, "")}


def token_columns(tokens: Tokenization) -> dict[str, list]:
    """The table behind the chips: one row a token."""
    return {
        "position": list(range(len(tokens))),
        "token": [_details(tokens, i, lambda _: None)["label"] for i in range(len(tokens))],
        "id": [int(i) for i in tokens.ids],
        "bytes": [data.hex(" ").upper() for data in tokens.token_bytes],
        "n_bytes": [len(data) for data in tokens.token_bytes],
        "special": [bool(flag) for flag in tokens.is_special],
    }


def as_tokenization(text: str, ids: Sequence[int], token_bytes: Sequence[bytes]) -> Tokenization:
    """A cut of `text` as the record that chips are made of. Tokens without ids get -1; spans are not known and left empty."""
    n = len(token_bytes)
    return Tokenization(
        text=text,
        ids=np.array(ids if len(ids) else [-1] * n, dtype=np.int64),
        pieces=tuple(label_of(data) for data in token_bytes),
        token_bytes=tuple(token_bytes),
        spans=((0, 0),) * n,
        is_special=np.zeros(n, dtype=bool),
        is_lossless=True,
    )


def cuts(text: str, found: Sequence) -> list[dict]:
    """Rows of `cuts`: one tokenizer each (records of model_backend.base.cuts.Cut), its number of tokens and its chips."""
    rows = []
    for cut in found:
        groups = chips(as_tokenization(text, cut.ids, cut.token_bytes))
        shown = groups[:MAX_CHIPS]
        rows.append(
            {
                "name": cut.name,
                "title": cut.title,
                "n": cut.n_tokens,
                "reason": cut.reason,
                "is_lossless": cut.is_lossless,
                "vocab_size": cut.vocab_size,
                "chips": [{"label": chip.label, "ids": [i for i in chip.ids if i >= 0]} for chip in shown],
                "hidden": cut.n_tokens - sum(len(chip.positions) for chip in shown),
            }
        )
    return rows


def cut_columns(found: Sequence) -> dict[str, list]:
    """The table behind the comparison: one row a tokenizer."""
    there = [cut for cut in found if not cut.reason]
    return {
        "tokenizer": [cut.title for cut in there],
        "tokens": [cut.n_tokens for cut in there],
        "vocabulary": [cut.vocab_size or None for cut in there],
        "ids": [" ".join(map(str, cut.ids)) for cut in there],
    }


def count_letter(text: str, letter: str) -> int:
    """How often a letter stands in a text, small and capital alike.

    >>> count_letter("Strawberry", "R"), count_letter("Straße", "s")
    (3, 1)
    """
    wanted = unicodedata.normalize("NFC", letter).lower()
    return sum(character == wanted for character in characters(unicodedata.normalize("NFC", text).lower()))


def letters(word: str, letter: str, ids: Sequence[int], token_bytes: Sequence[bytes]) -> dict:
    """Data for `letters`: what a person sees (letters, the wanted ones numbered), what the model sees (ids).

    A chip's `count` is how many of the wanted letter hide inside its tokens; the counts add up to `total`.
    """
    wanted = unicodedata.normalize("NFC", letter).lower()
    seen, shown = 0, []
    for character in characters(word):
        hit = unicodedata.normalize("NFC", character).lower() == wanted
        seen += hit
        shown.append({"text": visible(character), "number": seen if hit else 0})
    groups = chips(as_tokenization(word, ids, token_bytes))
    inside = [b"".join(token_bytes[i] for i in chip.positions).decode(errors="ignore") for chip in groups]
    return {
        "letters": shown,
        "tokens": [
            {"label": chip.label, "ids": list(chip.ids), "count": count_letter(text, letter)}
            for chip, text in zip(groups, inside, strict=True)
        ],
        "total": seen,
    }


def letter_columns(data: dict) -> dict[str, list]:
    """The tokens of `letters` as columns: what each is, its ids, how many of the wanted letter hide inside."""
    return {
        "token": [chip["label"] for chip in data["tokens"]],
        "ids": [" ".join(map(str, chip["ids"])) for chip in data["tokens"]],
        "found": [chip["count"] for chip in data["tokens"]],
    }


def language_rows(costs: Sequence) -> list[dict]:
    """Rows of `language_cost` from records of model_backend.base.languages.LanguageCost, in their order; `share` is of the longest bar."""
    most = max((cost.n_tokens for cost in costs), default=0) or 1
    return [
        {
            "code": cost.language.code,
            "name": cost.language.name,
            "native": cost.language.native,
            "direction": "rtl" if cost.language.is_rtl else "auto" if cost.language.code == "own" else "ltr",
            "sentence": cost.sentence,
            "n": cost.n_tokens,
            "share": cost.n_tokens / most,
            "ratio": cost.ratio,
            "money": cost.money,
        }
        for cost in costs
    ]


def language_columns(costs: Sequence) -> dict[str, list]:
    """The table behind the language bars; money is for one reading of the sentence, in the unit of the price."""
    return {
        "language": [cost.language.name for cost in costs],
        "tokens": [cost.n_tokens for cost in costs],
        "times_english": [round(cost.ratio, 4) for cost in costs],
        "money": [cost.money for cost in costs],
        "characters": [cost.n_characters for cost in costs],
        "bytes": [cost.n_bytes for cost in costs],
        "code": [cost.language.code for cost in costs],
        "sentence": [cost.sentence for cost in costs],
    }
