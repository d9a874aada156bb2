"""The errors a person can cause, each with a hint that says what to do next.

Every class here is shown to the person as it is; any other exception is a defect of ours and surfaces as one.
"""

from model_backend.base.sentences import Sentence


class BackendError(Exception):
    """An error whose cause lies in what was asked, not in the program.

    Attributes: `message` (what is wrong) and `hint` (what to do), English sentences that the front can say in another
    language; `code` (a stable name of the kind of error); `details`, the numbers and names that fill the gaps of both:
    `BackendError("The text has {n_tokens:,} tokens.", "Shorten it.", n_tokens=300)`.
    """

    code = "backend"

    def __init__(self, message: str, hint: str = "", **details: object) -> None:
        super().__init__(message)
        self.message = Sentence(message, **details)
        self.hint = Sentence(hint, **details)
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class EmptyPrompt(BackendError):
    """There is no token to run the model on."""

    code = "empty_prompt"


class PromptTooLong(BackendError):
    """More tokens than the model has positions; `details` holds `n_tokens` and `max_positions`."""

    code = "prompt_too_long"


class TextTooLong(BackendError):
    """More characters than whoever runs the program allows; `details` holds `n_characters` and `max_characters`."""

    code = "text_too_long"


class InvalidText(BackendError):
    """The text holds a character that cannot be written as UTF-8; `details["position"]` counts characters from 0."""

    code = "invalid_text"


class ModelUnavailable(BackendError):
    """The model cannot be opened; `details["reason"]` is one of
    unknown, offline, no_weights, pickle_only, no_tokenizer, gated, broken, no_device, too_big (with `needed_bytes` and
    `free_bytes`), not_offered (a shared run does not have it in its list)."""

    code = "model_unavailable"


class UnsupportedArchitecture(BackendError):
    """The model loads, but this program does not know how to look inside it."""

    code = "unsupported_architecture"


class NoAttention(BackendError):
    """The model has no attention to look at (Mamba and its kin)."""

    code = "no_attention"


class OutOfMemory(BackendError):
    """The device has too little memory for what was asked."""

    code = "out_of_memory"


class Busy(BackendError):
    """Too many people are waiting already."""

    code = "busy"


class InvalidSettings(BackendError):
    """A sampling setting is out of range; `details` holds `setting` and `value`."""

    code = "invalid_settings"


def check_text(text: str) -> None:
    """Raise InvalidText, naming the place, if `text` cannot be written as UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidText(
            "Character {number} of the text (U+{code:04X}) is half of a surrogate pair; no text file can hold it.",
            "Delete that character and type it again.",
            position=error.start,
            number=error.start + 1,
            code=ord(text[error.start]),
        ) from None
