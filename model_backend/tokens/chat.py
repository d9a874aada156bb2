"""How a conversation becomes one text: the chat template that the makers of a model trained it with."""

from typing import TYPE_CHECKING

from jinja2 import TemplateError

from model_backend.base.errors import BackendError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


class ChatTemplate:
    """Puts a system message and a question into the one text that the model reads."""

    def __init__(self, tokenizer: "PreTrainedTokenizerFast") -> None:
        self._tokenizer = tokenizer
        start = str(tokenizer.bos_token or "")
        ids = tokenizer(start).input_ids if start else []
        self._doubled = start if ids[:2] == [tokenizer.bos_token_id] * 2 else ""

    def prompt(self, user: str, system: str = "") -> str:
        """The text up to where the answer begins, to be tokenized as any prompt.

        A start token that the tokenizer puts by itself is left off, else it would stand there twice. Raises BackendError if
        the template refuses the conversation (some take no system message).
        """
        messages = [{"role": "system", "content": system}] if system else []
        messages.append({"role": "user", "content": user})
        try:
            text = self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        except (
            TemplateError,
            ArithmeticError,
            TypeError,
            ValueError,
        ) as error:  # what the sandbox and a foreign template raise
            raise BackendError(
                "The chat template of this model refuses the conversation: {reason}",
                "Leave the system field empty.",
                reason=str(error),
            ) from error
        return str(text).removeprefix(self._doubled)
