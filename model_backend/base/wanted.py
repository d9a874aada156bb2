"""Whether anybody still waits for what is being computed: asked by long work, answered by whoever serves it (serving/queueing.py)."""

from collections.abc import Callable
from contextvars import ContextVar


class Abandoned(BaseException):
    """Nobody waits any more for what is being computed. Not an Exception, so that nothing on the way takes it for a failure."""


is_wanted: ContextVar[Callable[[], bool] | None] = ContextVar("tokenscope_is_wanted", default=None)


def check_wanted() -> None:
    """Called between the blocks of a model: raises Abandoned if everybody has left who waited for this."""
    ask = is_wanted.get()
    if ask is not None and not ask():
        raise Abandoned
