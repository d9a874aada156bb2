"""How a model writes on: step by step along paths, several texts side by side, a beam, and what the cache saves.

What is written is not kept here: the one who asked holds it, and the reader of the paths keeps what it has read.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from model_backend.base.continuation_records import Begun, Choices, Chosen, Repeated, head_of
from model_backend.base.stopping import Limits
from model_backend.base.writing_records import Beams, Grown, StepCost
from model_backend.engine.sampling import SamplingSettings
from model_backend.serving.asking import of_model, of_paths

if TYPE_CHECKING:
    from model_backend.engine.model import Model
    from model_backend.writing.paths import Paths


@of_paths()
def begun(paths: "Paths") -> Begun:
    """What all paths begin with. Raises PromptTooLong where nothing more has room."""
    return paths.begun


@of_paths()
def likeliest(paths: "Paths", path: tuple[int, ...], settings: SamplingSettings) -> Choices:
    """The likeliest tokens that may follow a path."""
    return head_of(paths.look(path, settings))


@of_paths()
def draw(paths: "Paths", path: tuple[int, ...], settings: SamplingSettings, seed: int) -> Chosen:
    """What the dice choose after a path."""
    return paths.draw(path, settings, seed)


@of_paths()
def take(
    paths: "Paths", path: tuple[int, ...], token_ids: tuple[int, ...], settings: SamplingSettings
) -> tuple[Chosen, ...]:
    """Tokens that a person puts after a path, each with the probability that the model gave it."""
    return paths.take(path, token_ids, settings)


@of_paths()
def write_on(
    paths: "Paths", path: tuple[int, ...], settings: SamplingSettings, seed: int, limits: Limits
) -> Iterator[Chosen]:
    """What the dice write after a path until there is a reason to stop, token by token."""
    return paths.write(path, settings, seed, limits)


@of_paths()
def done_twice(paths: "Paths", path: tuple[int, ...], seed: int) -> Repeated:
    """What is the same when it is done twice."""
    from model_backend.writing.repeating import done_twice

    return done_twice(paths, path, seed)


@of_model(is_kept=False)
def written(model: "Model", text: str, settings: SamplingSettings, n: int, seed: int) -> tuple[int, ...]:
    """Ids of at most `n` tokens that follow the text; the end token, which may break them off, is not among them."""
    steps = model.generate(text, settings, max_new_tokens=n, seed=seed)
    return tuple(step.token_id for step in steps if not step.is_end)


@of_model(is_kept=False)
def several_written(
    model: "Model", text: str, ways: tuple[tuple[SamplingSettings, int], ...], limits: Limits
) -> Iterator[Grown]:
    """A text for each of the (settings, seed), all side by side, token by token."""
    from model_backend.writing.several import write_several

    return write_several(model, text, ways, limits)


@of_model(is_kept=False)
def beam_search(model: "Model", text: str, width: int, n: int, length_penalty: float) -> Iterator[Beams]:
    """A beam search for `n` tokens more, after each of its steps."""
    from model_backend.writing.beam import beam_search

    return beam_search(model, text, width, n, length_penalty)


@of_model(is_kept=False)
def step_costs(model: "Model", text: str, written: tuple[int, ...]) -> Iterator[StepCost]:
    """What each step of a text costs with the key-value cache and without, measured now."""
    from model_backend.writing.cache_cost import step_costs

    return step_costs(model, text, written)


@of_model(is_kept=False)
def logprobs_nats(model: "Model", text: str, written: tuple[int, ...]) -> np.ndarray:
    """[written] float64: ln p of each token that was written after the text, by one pass over all of it."""
    from model_backend.analysis.scoring import logprobs_nats

    return logprobs_nats(model, text, written)


@of_model(is_kept=False)
def crossing(model: "Model", text: str, target: tuple[int, ...], layer: int, head: int) -> np.ndarray:
    """[step, source]: where one head of the cross-attention looks at each step that writes on the target.

    Not kept: while a target grows each step is looked at once, and as many traces would push out those of others.
    """
    return model.trace(text, list(target)).attention(layer, head, "cross")


@of_model(is_kept=False)
def chat_text(model: "Model", user: str, system: str = "") -> str:
    """The one text that an assistant reads: what each side said, between the marks of its template."""
    assert model.chat is not None  # its face says so: has_chat
    return model.chat.prompt(user, system)
