"""One place that recognises a device running out of memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from model_backend.base.errors import OutOfMemory
from model_backend.base.sentences import Sentence

_SIGNS = ("out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory")


@contextmanager
def memory_guard(what: Sentence) -> Iterator[None]:
    """Turn the many ways of running out of memory into OutOfMemory; `what` names the work: Sentence("reading the prompt").

    torch raises torch.OutOfMemoryError (a RuntimeError) on an accelerator and a plain RuntimeError on the CPU.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if ran_out(error):
            raise no_room(what) from error
        raise


def ran_out(error: BaseException | None) -> bool:
    """Whether an error says that there is no more memory."""
    has_sign = isinstance(error, RuntimeError) and any(sign in str(error).lower() for sign in _SIGNS)
    return has_sign or isinstance(error, MemoryError)


def no_room(what: Sentence) -> OutOfMemory:
    """The error in the words of the person who sees it."""
    return OutOfMemory("There is too little memory for {what}.", "Take a shorter prompt or a smaller model.", what=what)
