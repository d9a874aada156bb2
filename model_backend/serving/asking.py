"""Questions: what the screens may ask of the models.

    @of_trace()
    def surprisal_bits(trace: "Trace") -> np.ndarray:
        return trace.surprisal_bits()

A question is an ordinary function, so that a notebook may call it too: its first argument is what it is about, the others are
plain values or records, and it gives records. The decorator says what it is about, and with that what a screen names instead:

    of_model    a Model        ask(anatomy, "bundled/storyteller")
    of_trace    a Trace        ask(surprisal_bits, "bundled/storyteller", Prompt("The dog"))
    of_paths    Paths          ask(logits_after, "bundled/storyteller", Beginning(Prompt("The dog"), …), (464, 3290))
    of_nothing  nothing        ask(pca, vectors, 2)

The name of the question and what it was asked with are the key under which the answer is kept (serving/desk.py), so they have
to be hashable where it is kept. `is_kept=False` is for what must be done anew each time or is cheaper than keeping; it is done
in the asker's own thread. `in_line=False` is for what takes milliseconds once the text is read: it does not wait for the
device's turn either.

A question that is a generator answers bit by bit: `follow`, not `ask`.

The modules of questions (serving/questions/) import no torch: what computes is imported inside each function, where torch is.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import update_wrapper
from importlib import import_module
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Concatenate, Generic, ParamSpec, TypeVar

from model_backend.base.records import Prompt

if TYPE_CHECKING:
    from model_backend.engine.model import Model
    from model_backend.engine.trace import Trace
    from model_backend.writing.paths import Paths

P = ParamSpec("P")
R = TypeVar("R")

QUESTIONS = "model_backend.serving.questions."

_by_name: dict[str, "Question"] = {}


class Question(Generic[P, R]):
    """A function that may be asked. `name` is its full dotted name; calling the question calls the function."""

    n_subjects = 0  # how many of the arguments of `ask` say what it is about; the function has one for them, or none

    def __init__(self, compute: Callable[..., R], *, is_kept: bool, in_line: bool) -> None:
        if any(parameter.kind is Parameter.KEYWORD_ONLY for parameter in signature(compute).parameters.values()):
            raise TypeError(
                f"{compute.__qualname__}: a question takes its arguments by place, so that they are its key"
            )
        update_wrapper(self, compute)
        self.compute, self.is_kept, self.in_line = compute, is_kept, in_line and is_kept
        self.name = f"{compute.__module__}.{compute.__qualname__}"
        _by_name[self.name] = self

    def arguments(self, *given, **named) -> tuple:
        """What `ask` was given as one tuple, defaults and names in their places, so that the same question has one key."""
        subjects, rest = given[: self.n_subjects], given[self.n_subjects :]
        bound = signature(self.compute).bind(*subjects[:1], *rest, **named)
        bound.apply_defaults()
        return (*subjects, *bound.args[min(self.n_subjects, 1) :])

    def __call__(self, *args, **options) -> R:
        return self.compute(*args, **options)

    def __reduce__(self) -> tuple:
        return question_of, (self.name,)

    def __repr__(self) -> str:
        return f"<question {self.name}>"


class OfModel(Question[P, R]):
    """About a model: asked with its name."""

    n_subjects = 1


class OfTrace(Question[P, R]):
    """About a text that a model has read: asked with the model's name and a Prompt."""

    n_subjects = 2


class OfPaths(Question[P, R]):
    """About texts that go on from one beginning: asked with the model's name and a Beginning."""

    n_subjects = 2


class OfNothing(Question[P, R]):
    """About what it is given, whatever models are open."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What somebody writes on from: the prompt, how many tokens the model may see (None: all that it can), and who writes, so
    that two people do not share one cache."""

    prompt: Prompt
    window: int | None = None
    owner: Hashable = None


def question_of(name: str) -> Question:
    """The question of that name. Raises KeyError for what is none: nothing else can be asked from outside."""
    module = name.rpartition(".")[0]
    if module.startswith(QUESTIONS):
        import_module(module)
    return _by_name[name]


def of_model(*, is_kept: bool = True, in_line: bool = True):
    """Mark a question about a model."""

    def mark(compute: Callable[Concatenate["Model", P], R]) -> OfModel[P, R]:
        return OfModel(compute, is_kept=is_kept, in_line=in_line)

    return mark


def of_trace(*, is_kept: bool = True, in_line: bool = True):
    """Mark a question about a trace."""

    def mark(compute: Callable[Concatenate["Trace", P], R]) -> OfTrace[P, R]:
        return OfTrace(compute, is_kept=is_kept, in_line=in_line)

    return mark


def of_paths():
    """Mark a question about continuations. Its answers are not kept: the reader itself keeps what it has read."""

    def mark(compute: Callable[Concatenate["Paths", P], R]) -> OfPaths[P, R]:
        return OfPaths(compute, is_kept=False, in_line=False)

    return mark


def of_nothing():
    """Mark a question that needs no model; it is answered in the asker's own thread, and not kept."""

    def mark(compute: Callable[P, R]) -> OfNothing[P, R]:
        return OfNothing(compute, is_kept=False, in_line=False)

    return mark
