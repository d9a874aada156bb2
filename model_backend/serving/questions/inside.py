"""What goes on inside a pass: the heads, the layers, who wrote the prediction, the neurons, what the model is made of."""

from typing import TYPE_CHECKING, Literal

import numpy as np

from model_backend.base.anatomy_records import Anatomy
from model_backend.base.inside_records import (
    HeadStatistics,
    HeadSteps,
    HeadThumbnails,
    Lattice,
    LogitAttribution,
    Measure,
    NearestTokens,
    Neurons,
)
from model_backend.base.records import AttentionKind
from model_backend.serving.asking import of_model, of_trace

if TYPE_CHECKING:
    from model_backend.engine.model import Model
    from model_backend.engine.trace import Trace


@of_trace()
def head_overview(trace: "Trace", kind: AttentionKind) -> tuple[HeadStatistics, HeadThumbnails]:
    """What each head of one kind of attention does, in numbers and in small pictures."""
    from model_backend.analysis import head_maps, heads

    return heads.head_statistics(trace, kind), head_maps.head_thumbnails(trace, kind, pool="max")


@of_trace(in_line=False)
def attention_map(
    trace: "Trace", measure: Measure, layer: int, head: int, kind: AttentionKind
) -> tuple[np.ndarray, np.ndarray]:
    """(numbers [query, key] of one way of counting what a head, a layer or all of them look at, who may look there)."""
    from model_backend.analysis import head_maps

    return head_maps.attention_map(trace, measure, layer, head, kind)


@of_trace(in_line=False)
def head_steps(trace: "Trace", layer: int, head: int, position: int, kind: AttentionKind) -> HeadSteps:
    """The arithmetic of one head for the query at a position."""
    from model_backend.analysis import head_steps

    return head_steps.head_steps(trace, layer, head, position, kind)


@of_model()
def induction(model: "Model") -> np.ndarray:
    """Induction score of each head of a decoder [layer, head], measured once a model."""
    from model_backend.analysis import heads

    return heads.induction_scores(model)


@of_trace()
def lattice(trace: "Trace", start: int, stop: int, token_ids: tuple[int, ...]) -> Lattice:
    """The lens in every cell at the positions from `start` to before `stop`, with the ranks of some tokens."""
    from model_backend.analysis.lattice import lattice

    return lattice(trace, range(start, stop), token_ids)


@of_model(is_kept=False)
def affordable_positions(model: "Model") -> int:
    """How many positions a lattice of this model may have, so that nobody waits long for it."""
    from model_backend.analysis.lattice import affordable_positions

    return affordable_positions(model.info)


@of_trace(in_line=False)
def nearest_tokens(trace: "Trace", row: int, position: int) -> NearestTokens:
    """The six tokens whose embedding points most nearly the way of a cell's vector; row 0 is the embedding."""
    from model_backend.analysis.lattice import nearest_tokens

    return nearest_tokens(trace, row, position, k=6)


@of_trace()
def attribution(trace: "Trace", token_id: int, position: int, other_id: int | None) -> LogitAttribution:
    """The parts of a token's logit, or of the difference to another's."""
    from model_backend.analysis.attribution import logit_attribution

    return logit_attribution(trace, token_id, position, other_id)


@of_trace()
def neurons(
    trace: "Trace", layer: int, position: int, order: Literal["activation", "written", "token"], token_id: int | None
) -> Neurons:
    """The ten neurons of a layer that stand out at a position, with six tokens each."""
    from model_backend.analysis.neurons import neurons

    return neurons(trace, layer, position, n=10, k=6, order=order, token_id=token_id)


@of_model()
def anatomy(model: "Model") -> Anatomy:
    """What a model is made of."""
    from model_backend.analysis.anatomy import anatomy

    return anatomy(model)
