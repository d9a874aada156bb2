"""Where questions are answered: the models of this process, what is kept of them, and the line before the device.

    desk = Desk(offered=lambda name: None)
    desk.open("bundled/storyteller")                                          # its face
    desk.answer(next_token, ("bundled/storyteller", Prompt("The dog"), -1))   # a record

Screens do not come here by themselves: they ask at their door (pages/common/door.py), which knows the person who waits.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from model_backend.base.progress import Listener
from model_backend.base.records import MachineMemory, ModelInfo, Prompt
from model_backend.serving import choosing
from model_backend.serving.asking import Beginning, OfModel, OfNothing, OfPaths, OfTrace, Question
from model_backend.serving.background import in_turns
from model_backend.serving.choosing import Choice
from model_backend.serving.importing import import_engine
from model_backend.serving.queueing import MAX_WAITING, NOBODY, Asker
from model_backend.serving.shelf import SHARE, Shelf
from model_backend.tokens.face import ModelFace

if TYPE_CHECKING:
    from model_backend.engine.model import Model


class Desk:
    """Answers for any number of people at once.

    `offered(name)` raises for a model that this run does not give to visitors: it stands before everything else, also before
    a model that is open already; `listed` are the names to choose from where not everything is. `loading` are the options of
    `open_model` (device, dtype, quantization); `memory_share` and `queue_limit` are those of the shelf and its lines.
    """

    def __init__(
        self,
        offered: Callable[[str], None] = lambda name: None,
        listed: tuple[str, ...] | None = None,
        loading: dict[str, str | None] | None = None,
        memory_share: float = SHARE,
        queue_limit: int = MAX_WAITING,
    ) -> None:
        self._offered, self._listed, self._loading = offered, listed, loading or {}
        self._shelf = Shelf(self._opened, share=memory_share, limit=queue_limit)

    def open(self, name: str, listener: Listener | None = None) -> ModelFace:
        """The face of the model of that name, opened if it is not; `listener` hears in this thread how far that is."""
        self._offered(name)
        import_engine()
        with self._shelf.using(name, listener) as model:
            return model.face()

    def info_if_open(self, name: str) -> ModelInfo | None:
        """The ModelInfo of an open model, else None. Never opens one."""
        return self._shelf.info(name)

    def choices(self) -> tuple[list[Choice], list[Choice]]:
        """The models to choose from: (what is on this machine, what can be fetched)."""
        import_engine()
        return choosing.choices(self._listed, self._loading, self._shelf.idle_bytes)

    def memory(self) -> MachineMemory:
        """Of the device on which models are opened."""
        import_engine()
        device, _ = choosing.where(self._loading)
        return choosing.memory(device, self._shelf.idle_bytes(device))

    def answer(self, question: Question, arguments: tuple, asker: Asker = NOBODY) -> object:
        """What the question gives for its arguments, kept or computed now. Raises BackendErrors."""
        import_engine()
        subjects, rest = arguments[: question.n_subjects], arguments[question.n_subjects :]
        if isinstance(question, OfNothing):
            return question.compute(*rest)
        name = subjects[0]
        self._offered(name)
        with self._shelf.using(name) as model:  # from the reading to the answer one and the same
            if not question.is_kept:
                return self._about(question, subjects, asker)(model, *rest)
            what = (question.name, *subjects[1:], *rest)
            found = self._shelf.kept(name, what)  # before the text is read again that it was about
            if found is None:
                compute = self._about(question, subjects, asker)
                answer = partial(_in_a_tuple, compute, rest)
                found = self._shelf.result(name, what, answer, asker, in_line=question.in_line)
            return found[0]

    def steps(self, question: Question, arguments: tuple, asker: Asker = NOBODY) -> Iterator:
        """The answer of a generator, bit by bit; each bit waits a moment for those who wait with an empty screen."""
        import_engine()
        subjects, rest = arguments[: question.n_subjects], arguments[question.n_subjects :]
        if isinstance(question, OfNothing):
            yield from in_turns(question.compute(*rest))
            return
        self._offered(subjects[0])
        with self._shelf.using(subjects[0]) as model:
            compute = self._about(question, subjects, asker)
            yield from in_turns(compute(model, *rest))

    def _about(self, question: Question, subjects: tuple, asker: Asker) -> Callable:
        """compute(model, …) of a question, its subject put in the place of the model."""
        if isinstance(question, OfModel):
            return question.compute
        name, about = subjects
        if isinstance(question, OfTrace):
            trace = self._trace(name, about, asker)
            return lambda model, *rest: question.compute(trace, *rest)
        if isinstance(question, OfPaths):
            paths = self._paths(name, about, asker)
            return lambda model, *rest: question.compute(paths, *rest)
        raise TypeError(f"{question!r} is about nothing that can be asked")

    def _trace(self, name: str, prompt: Prompt, asker: Asker):
        """One forward pass over the prompt, kept for everybody who looks at it."""
        info = self._shelf.info(name)
        if info is not None and info.kind == "encoder-decoder" and prompt.target is None:
            return self._shelf.result(name, ("trace", prompt), lambda model: _translated(model, prompt), asker)
        return self._shelf.trace(name, ("trace", prompt), lambda model: _to_trace(model, prompt), asker)

    def _paths(self, name: str, beginning: Beginning, asker: Asker):
        """What reads the continuations of a text for one person; its keys and values go when the model goes."""
        from model_backend.writing.paths import Paths

        def begin(model: "Model") -> Paths:
            return Paths(model, model.tokenize(beginning.prompt.text), beginning.window)

        return self._shelf.result(name, ("paths", beginning), begin, asker)

    def _opened(self, name: str, listener: Listener) -> "Model":
        from model_backend.engine.loading import (
            open_model,  # torch: seconds of import, for which the screens do not wait
        )

        return open_model(name, progress=listener, **self._loading)


def _in_a_tuple(compute: Callable, rest: tuple, model: "Model") -> tuple:
    """The answer in a tuple of its own, because None may be one and stands for nothing where results are kept."""
    return (compute(model, *rest),)


def _to_trace(model: "Model", prompt: Prompt) -> tuple:
    tokens = model.tokenize(prompt.text)
    tokens = model.masked(tokens, prompt.masked) if prompt.masked else tokens
    if model.info.kind == "encoder-decoder":
        return model.to_trace(tokens, prompt.target)
    return model.to_trace(tokens)


def _translated(model: "Model", prompt: Prompt):
    from model_backend.engine.generation import greedy_target

    source = model.tokenize(prompt.text)
    return model.trace(source, greedy_target(model, source))
