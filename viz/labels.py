"""How a token is shown: white space made visible, characters never torn, special tokens distinct."""

import re
from dataclasses import dataclass

from model_backend.base.records import Tokenization

NO_BREAK = "\u00a0"
SPACE, NEWLINE, TAB = "·", "↵", "⇥"
_CONTROL_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
_VISIBLE = str.maketrans(
    _CONTROL_PICTURES
    | {
        ord(" "): SPACE,
        ord("\n"): NEWLINE,
        ord("\t"): TAB,
        0x00A0: "⍽",
        0x200B: "⟨ZWSP⟩",
        0x200E: "⟨LRM⟩",
        0x200F: "⟨RLM⟩",
        0x2028: "⟨LS⟩",
        0x2029: "⟨PS⟩",
        0xFEFF: "⟨BOM⟩",
    }
    | {code: f"⟨{code:X}⟩" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
    | {code: f"⟨{code:X}⟩" for code in range(0x80, 0xA0)}
)
_HEX = re.compile(r"⟨[0-9A-F]{2}(?: [0-9A-F]{2})*⟩")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()<>#+\-.!$:~|&]")
_ONLY_JOINERS = {"\u200d": "⟨ZWJ⟩", "\u200c": "⟨ZWNJ⟩", "\ufe0f": "⟨VS16⟩", "\ufe0e": "⟨VS15⟩", "\ufffd": "⟨FFFD⟩"}


def visible(text: str) -> str:
    """Make what the eye would miss visible; bytes in hex, as the backend shows a torn character, stay as they are.

    >>> visible(" dog\\n"), visible("⟨F0 9F⟩")
    ('·dog↵', '⟨F0 9F⟩')
    """
    if text in _ONLY_JOINERS or _HEX.fullmatch(text):
        return _ONLY_JOINERS.get(text, text)
    return text.translate(_VISIBLE).replace("\ufffd", "⟨FFFD⟩")


def no_markdown(text: str) -> str:
    """Any text as Markdown that shows it letter by letter, for labels of widgets and for notebooks.

    >>> print(no_markdown("*a* $b$ &lt;"))
    \\*a\\* \\$b\\$ \\&lt;
    """
    return _MARKDOWN.sub(r"\\\g<0>", text)


def plain_text(text: str) -> str:
    """Text that plotly shows letter by letter: it reads a little HTML in ticks, names and hovers, so markup is escaped.

    Not markupsafe's escape, which writes quotes as numbers: what plotly draws on a canvas knows a few names alone.

    >>> plain_text("<b>a & b</b>")
    '&lt;b>a &amp; b&lt;/b>'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;")


@dataclass(frozen=True)
class Chip:
    """One or more tokens drawn as one chip, because together they spell whole characters.

    `positions` are the places of its tokens in the prompt, `label` the visible text.
    """

    label: str
    positions: tuple[int, ...]
    ids: tuple[int, ...]
    is_special: bool


def _is_whole(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _hex(data: bytes) -> str:
    return "⟨" + data.hex(" ").upper() + "⟩"


def chips(tokens: Tokenization) -> list[Chip]:
    """Group tokens until their bytes are whole UTF-8; every token is in exactly one chip, in order."""
    result: list[Chip] = []
    pending: list[int] = []
    for position in range(len(tokens)):
        pending.append(position)
        data = b"".join(tokens.token_bytes[i] for i in pending)
        at_end = position + 1 == len(tokens) or bool(tokens.is_special[position + 1])
        if tokens.is_special[position] or not data:
            label = visible(tokens.pieces[position])
        elif _is_whole(data):
            label = visible(data.decode("utf-8"))
        elif at_end or len(data) > 16:
            label = _hex(data)
        else:
            continue
        result.append(
            Chip(
                label=label,
                positions=tuple(pending),
                ids=tuple(int(tokens.ids[i]) for i in pending),
                is_special=bool(tokens.is_special[position]),
            )
        )
        pending = []
    return result


def percent(p: float) -> str:
    """A probability for people: enough digits to be true at any size, never "<0.01 %". The space does not break a line.

    >>> [percent(p).replace(NO_BREAK, " ") for p in (1.0, 0.614, 0.0321, 0.00041, 1.2e-9, 0.0)]
    ['100 %', '61 %', '3.2 %', '0.041 %', '1.2e-7 %', '0 %']
    """
    value = 100 * float(p)
    if value == 0 or value >= 99.9995:
        digits = "0" if value == 0 else "100"
    elif value >= 99:
        digits = f"{value:.3f}" if value >= 99.95 else f"{value:.1f}"
    elif value >= 10:
        digits = f"{value:.0f}"
    elif value >= 0.001:
        digits = f"{value:.2g}"
    else:
        mantissa, exponent = f"{value:.1e}".split("e")
        digits = f"{mantissa}e{int(exponent)}"
    return f"{digits}{NO_BREAK}%"
