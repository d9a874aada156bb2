"""One place that recognises a device running out of memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from model_backend.errors import OutOfMemory

_SIGNS = ("out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory")


@contextmanager
def memory_guard(what: str) -> Iterator[None]:
    """Turn the many ways of running out of memory into OutOfMemory; `what` names the work, e.g. "reading the prompt".

    torch raises torch.OutOfMemoryError (a RuntimeError) on an accelerator and a plain RuntimeError on the CPU.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, MemoryError) or any(sign in str(error).lower() for sign in _SIGNS):
            raise OutOfMemory(
                f"There is too little memory for {what}.", "Take a shorter prompt or a smaller model.", what=what
            ) from error
        raise
