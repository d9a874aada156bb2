"""The value of one setting: of the right type, among its choices or in its range, else a word on what is wanted."""

import re

CHOICES = {
    "dtype": ("auto", "float32", "bfloat16", "float16"),
    "quantization": ("none", "8-bit", "4-bit"),
}
RANGES = {
    "max_characters": (1, 10_000_000),
    "max_new_tokens": (1, 1_000_000),
    "queue_limit": (1, 100_000),
    "memory_share": (0.05, 0.95),
}
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


def checked(name: str, kind: type, raw: object) -> object:
    """A value of the right type and range, from the file as it is or from a variable's text. ValueError says what is wanted."""
    if kind is bool:
        return _truth(raw)
    if kind is tuple:
        return _names(raw)
    if kind is str:
        return _word(name, raw)
    return _number(name, raw, kind)


def _truth(raw: object) -> bool:
    word = raw.strip().lower() if isinstance(raw, str) else raw
    if word is True or word in YES:
        return True
    if word is False or word in NO:
        return False
    raise ValueError(f"{raw!r} is neither true nor false.")


def _names(raw: object) -> tuple[str, ...]:
    names = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f'{raw!r} is no list of names. Write ["bundled/storyteller", "owner/model"].')
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _word(name: str, raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"{raw!r} is no text. Put it into quotes.")
    if name == "backend" and raw.strip() and not re.fullmatch(r"\S+:\d{1,5}", raw.strip()):
        raise ValueError(f"“{raw}” is no address. Write host:port, such as 127.0.0.1:8600.")
    if name in CHOICES and raw.strip() not in CHOICES[name]:
        raise ValueError(f"“{raw}” is not one of {', '.join(CHOICES[name])}.")
    return raw.strip()


def _number(name: str, raw: object, kind: type) -> int | float:
    low, high = RANGES[name]
    try:
        number = kind(raw) if isinstance(raw, str) else raw
    except ValueError:
        number = None
    is_fraction = kind is int and isinstance(number, float)
    if not isinstance(number, int | float) or isinstance(number, bool) or is_fraction or not low <= number <= high:
        what = "a whole number" if kind is int else "a number"
        raise ValueError(f"{raw!r} is not {what} between {low:,} and {high:,}.")
    return number
