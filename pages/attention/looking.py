"""What is looked at on this screen: a kind of attention, a layer, a head, a way of counting, and the token in focus."""

from dataclasses import dataclass

import numpy as np

from model_backend.base.inside_records import Measure
from model_backend.base.records import AttentionKind, ModelInfo
from model_backend.serving.questions.inside import attention_map, head_overview
from pages.common import state
from pages.common.screen import Screen
from pages.common.text import t
from viz import attention
from viz.labels import visible


@dataclass(frozen=True)
class Look:
    """Numbers [query, key] (nan: may not be seen) with the names of their rows and columns.

    `row` is the one in focus, `focus_field` the shared value that holds it; `is_share`: the numbers are shares of 1.
    """

    kind: AttentionKind
    layer: int
    head: int
    measure: Measure
    weights: np.ndarray
    row: int
    focus_field: str
    row_pieces: tuple[str, ...]
    column_pieces: tuple[str, ...]

    @property
    def is_share(self) -> bool:
        return self.measure != "value"

    @property
    def row_labels(self) -> list[str]:
        return [visible(piece) for piece in self.row_pieces]

    @property
    def column_labels(self) -> list[str]:
        return [visible(piece) for piece in self.column_pieces]


def kinds(info: ModelInfo) -> dict[AttentionKind, str]:
    """The kinds of attention this model has, with their names."""
    if info.kind != "encoder-decoder":
        return {info.kind: ""}
    return {
        "cross": t("translation looks at source"),
        "encoder": t("source looks at source"),
        "decoder": t("translation looks at itself"),
    }


def measures(kind: AttentionKind) -> dict[Measure, str]:
    """What can be shown of a head, a layer or the whole model, with names."""
    names: dict[Measure, str] = {
        "weight": t("this head’s weights"),
        "value": t("weights × length of the values"),
        "layer_mean": t("mean of this layer’s heads"),
        "layer_max": t("maximum of this layer’s heads"),
        "all_mean": t("mean of all heads of all layers"),
        "all_max": t("maximum of all heads of all layers"),
        "rollout": t("rollout through the layers"),
    }
    if kind == "cross":
        del names["rollout"]
    return names


def chosen_kind(info: ModelInfo) -> AttentionKind:
    """The kind that was chosen, if this model has it, else its first."""
    names = kinds(info)
    chosen: list[AttentionKind] = [name for name in names if name == state.get("kind")]
    return chosen[0] if chosen else next(iter(names))


def shape_of(info: ModelInfo, kind: AttentionKind) -> tuple[int, int]:
    """(layers, heads) of that kind of attention."""
    if kind in ("decoder", "cross"):
        return info.n_decoder_layers, info.n_decoder_heads
    return info.n_layers, info.n_heads


def chosen_head(s: Screen, kind: AttentionKind) -> tuple[int, int]:
    """(layer, head), kept inside the model. Unless others were chosen the middle of the model; across, the head that keeps
    step best, for it shows which word became which."""
    n_layers, n_heads = shape_of(s.model.info, kind)
    layer, head = state.get("layer"), state.get("head")
    if layer is None and head is None and kind == "cross":
        in_step = np.nan_to_num(s.ask(head_overview, kind)[0].monotone, nan=-1)
        layer, head = (int(i) for i in np.unravel_index(in_step.argmax(), in_step.shape))
    return min(n_layers // 2 if layer is None else layer, n_layers - 1), min(head or 0, n_heads - 1)


def sides(s: Screen, kind: AttentionKind):
    """(tokens that look, tokens that are looked at, the shared value that holds the focus among the former)."""
    target = s.target_tokens
    if target is None or kind == "encoder":
        return s.tokens, s.tokens, "focus"
    return target, target if kind == "decoder" else s.tokens, "target_focus"


def look(s: Screen, measure: Measure) -> Look:
    """What is chosen, over this screen's prompt."""
    kind = chosen_kind(s.model.info)
    layer, head = chosen_head(s, kind)
    rows, columns, focus_field = sides(s, kind)
    numbers, is_visible = s.ask(attention_map, measure, layer, head, kind)
    return Look(
        kind=kind,
        layer=layer,
        head=head,
        measure=measure,
        weights=attention.with_gap(numbers, is_visible),
        row=getattr(s, focus_field),
        focus_field=focus_field,
        row_pieces=rows.pieces,
        column_pieces=columns.pieces,
    )
