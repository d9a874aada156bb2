"""What the Attention and Layers screens are fed with: frozen records of numpy arrays, as in records.py.

Dimension words as there, besides: part (of a logit), neuron, cell. nan stands where a number has no meaning (a score that a
kind of attention does not have, a masked key). Nothing here knows torch.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from model_backend.base.records import AttentionKind, FrozenArrays, require_shape

# What a map of attention can show: of one head, of a layer's heads, of all heads, or along the layers
Measure = Literal["weight", "value", "layer_mean", "layer_max", "all_mean", "all_max", "rollout"]

HEAD_SCORES = (
    "entropy_bits", "distance", "broad", "previous_token", "next_token", "current_token", "first_token", "same_token",
    "monotone",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class HeadStatistics(FrozenArrays):
    """What each head did with one text, every array [layer, head]; `kind` is "encoder", "decoder" or "cross".

    entropy_bits: of the weights, mean over queries. distance: mean of |query - key| in tokens under the weights; across, of
    |key - the key on the diagonal|. broad: entropy as a share of the most it could be, 1 = all visible keys alike.
    previous_token, next_token, current_token, first_token: mean weight on the token before, after, itself, and the first.
    same_token: mean weight on other occurrences of the query's token. monotone (cross): correlation of the query's place and
    the key's expected place, 1 = read from left to right, nan where it stays in one place. nan: the score has no meaning
    for this kind or this text.
    """

    kind: AttentionKind
    entropy_bits: np.ndarray
    distance: np.ndarray
    broad: np.ndarray
    previous_token: np.ndarray
    next_token: np.ndarray
    current_token: np.ndarray
    first_token: np.ndarray
    same_token: np.ndarray
    monotone: np.ndarray

    def __post_init__(self) -> None:
        for name in HEAD_SCORES:
            require_shape(name, getattr(self, name), "layer head", *self.entropy_bits.shape)
        FrozenArrays.__post_init__(self)


@dataclass(frozen=True, slots=True, eq=False)
class HeadThumbnails(FrozenArrays):
    """Every head of a text as a small picture: pixels uint8 [layer, head, row, column], 255 where nothing is visible (the
    masked future), else weight = pixel / 254 · peak[layer, head].

    row_edges [row + 1], column_edges [column + 1] int64: a row stands for the queries from its edge up to the next.
    """

    kind: AttentionKind
    pixels: np.ndarray
    peak: np.ndarray
    row_edges: np.ndarray
    column_edges: np.ndarray

    def __post_init__(self) -> None:
        n_layers, n_heads, n_rows, n_columns = self.pixels.shape
        require_shape("peak", self.peak, "layer head", n_layers, n_heads)
        require_shape("row_edges", self.row_edges, "row + 1", n_rows + 1)
        require_shape("column_edges", self.column_edges, "column + 1", n_columns + 1)
        FrozenArrays.__post_init__(self)

    def weights(self, layer: int, head: int) -> np.ndarray:
        """[row, column] float32, the pooled weights; nan where nothing is visible."""
        pixels = self.pixels[layer, head].astype(np.float32)
        return np.where(pixels == 255, np.nan, pixels / 254 * self.peak[layer, head])


@dataclass(frozen=True, slots=True, eq=False)
class HeadSteps(FrozenArrays):
    """One query of one head, from its vectors to what it writes, in the order of the arithmetic.

    query [d_head]; key, value [key, d_head] (both after position encoding and any norm of the family; `kv_head` is the key
    and value head it shares with `n_sharing` - 1 other query heads). dots [key] = key · query. scaled = dots · scale, the
    family's own: 1/√d_head mostly, 1 in T5 and in OPT, whose queries come scaled.
    capped = soft_cap · tanh(scaled / soft_cap), or scaled where soft_cap is None. position_bias [key] is added, zeros where
    the family has none. visible [key] bool. scores [key]: capped + position_bias, -inf where not visible. sink: a score
    that takes part in the softmax and belongs to no token (GPT-OSS), or None. weights [key]: the softmax; they and
    sink_weight sum to 1. weighted [key, d_head] = weights · value. mixed [d_head]: their sum. written [d_model] = mixed · W_O
    of this head. other_heads [d_model]: the other heads' sum; output_bias [d_model]: W_O's. attention_output [d_model]: all
    three, what the attention writes. added [d_model]: what then reaches the residual stream (after a norm, where the
    family puts one behind its attention); nan where the stream is not a sum (BERT, BART). residual [d_model]: the stream as
    it entered the block. error: largest difference of attention_output from the block's own.
    """

    kind: AttentionKind
    layer: int
    head: int
    kv_head: int
    n_sharing: int
    position: int
    query: np.ndarray
    key: np.ndarray
    value: np.ndarray
    dots: np.ndarray
    scale: float
    scaled: np.ndarray
    soft_cap: float | None
    capped: np.ndarray
    position_bias: np.ndarray
    visible: np.ndarray
    scores: np.ndarray
    sink: float | None
    sink_weight: float
    weights: np.ndarray
    weighted: np.ndarray
    mixed: np.ndarray
    written: np.ndarray
    other_heads: np.ndarray
    output_bias: np.ndarray
    attention_output: np.ndarray
    added: np.ndarray
    residual: np.ndarray
    error: float

    def __post_init__(self) -> None:
        n_keys, d_head = self.key.shape
        (d_value,), (d_model,) = self.mixed.shape, self.residual.shape
        require_shape("query", self.query, "d_head", d_head)
        for name in ("value", "weighted"):
            require_shape(name, getattr(self, name), "key d_head", n_keys, d_value)
        for name in ("dots", "scaled", "capped", "position_bias", "visible", "scores", "weights"):
            require_shape(name, getattr(self, name), "key", n_keys)
        for name in ("written", "other_heads", "output_bias", "attention_output", "added"):
            require_shape(name, getattr(self, name), "d_model", d_model)
        FrozenArrays.__post_init__(self)


PartKind = Literal["embedding", "attention", "cross", "mlp", "mixer", "norm_bias", "output_bias", "soft_cap"]


@dataclass(frozen=True, slots=True, eq=False)
class LogitAttribution(FrozenArrays):
    """Who wrote a logit: `kinds` and layers [part] int64 (-1 where a part has no layer) name the parts, values [part] in
    `unit`. `other_id` is None, or the token whose logit was subtracted.

    heads [layer, head] split each "attention" part together with head_bias [layer] (the output bias of W_O and of a norm
    behind it, of no head); cross_heads, cross_bias the "cross" parts, empty where there are none. `total` is the sum of
    values, `logit` what the model itself gives, `error` their difference.
    """

    position: int
    token_id: int
    other_id: int | None
    kinds: tuple[PartKind, ...]
    layers: np.ndarray
    values: np.ndarray
    heads: np.ndarray
    head_bias: np.ndarray
    cross_heads: np.ndarray
    cross_bias: np.ndarray
    total: float
    logit: float
    error: float
    unit: str = "logit"

    def __post_init__(self) -> None:
        require_shape("layers", self.layers, "part", len(self.kinds))
        require_shape("values", self.values, "part", len(self.kinds))
        (n_layers, _), (n_cross, _) = self.heads.shape, self.cross_heads.shape
        require_shape("head_bias", self.head_bias, "layer", n_layers)
        require_shape("cross_bias", self.cross_bias, "layer", n_cross)
        FrozenArrays.__post_init__(self)

    def value(self, kind: PartKind, layer: int = -1) -> float:
        """The value of one part."""
        return float(self.values[[*zip(self.kinds, self.layers.tolist(), strict=True)].index((kind, layer))])


@dataclass(frozen=True, slots=True, eq=False)
class Neurons(FrozenArrays):
    """The MLP neurons that stand out at one position of one layer, strongest first; n_neurons is how many there are.

    index [neuron] int64; activation [neuron] (behind the non-linearity, times the up branch in a gated MLP); written
    [neuron]: length of what the neuron adds to the residual stream. promoted_ids, suppressed_ids [neuron, k] int64 and
    promoted, suppressed [neuron, k]: the tokens whose logits it raises and lowers most at this position, by how many logits
    (final norm's weight folded in, its scale frozen; before any soft cap). token_effect [neuron]: the same for one token
    that was asked for, nan where none was.
    """

    layer: int
    position: int
    n_neurons: int
    order: str
    index: np.ndarray
    activation: np.ndarray
    written: np.ndarray
    promoted_ids: np.ndarray
    promoted: np.ndarray
    suppressed_ids: np.ndarray
    suppressed: np.ndarray
    token_effect: np.ndarray

    def __post_init__(self) -> None:
        n, k = self.promoted.shape
        for name in ("index", "activation", "written", "token_effect"):
            require_shape(name, getattr(self, name), "neuron", n)
        for name in ("promoted_ids", "suppressed_ids", "suppressed"):
            require_shape(name, getattr(self, name), "neuron k", n, k)
        FrozenArrays.__post_init__(self)


@dataclass(frozen=True, slots=True, eq=False)
class Lattice(FrozenArrays):
    """The logit lens in each cell of layers × a window of positions, row 0 the embedding, the last row the model itself.

    positions [pos] int64. top_ids [layer, pos] int64, top_probs, entropy_bits [layer, pos]. final_ranks [layer, pos] int64:
    rank of the token that the model predicts in the end at that position, 1 = the favourite. token_ids [token] int64 were
    asked for: ranks [token, layer, pos] int64 and probs [token, layer, pos]. moved [layer, pos]: length of the step from the
    row below; cosine [layer, pos]: of the vectors before and after it; both nan in row 0.
    """

    positions: np.ndarray
    top_ids: np.ndarray
    top_probs: np.ndarray
    entropy_bits: np.ndarray
    final_ranks: np.ndarray
    token_ids: np.ndarray
    ranks: np.ndarray
    probs: np.ndarray
    moved: np.ndarray
    cosine: np.ndarray

    def __post_init__(self) -> None:
        (n_rows, n_pos), (n_tokens,) = self.top_ids.shape, self.token_ids.shape
        require_shape("positions", self.positions, "pos", n_pos)
        for name in ("top_probs", "entropy_bits", "final_ranks", "moved", "cosine"):
            require_shape(name, getattr(self, name), "layer pos", n_rows, n_pos)
        for name in ("ranks", "probs"):
            require_shape(name, getattr(self, name), "token layer pos", n_tokens, n_rows, n_pos)
        FrozenArrays.__post_init__(self)

    @property
    def rank_changes(self) -> np.ndarray:
        """[layer, pos] int64: how many ranks the final token rose from the row below (negative: fell); 0 in row 0."""
        return np.diff(-self.final_ranks, axis=0, prepend=-self.final_ranks[:1])


@dataclass(frozen=True, slots=True, eq=False)
class NearestTokens(FrozenArrays):
    """The vocabulary vectors nearest to a vector: ids [k] int64 by falling cosine, cosines [k], dots [k]."""

    ids: np.ndarray
    cosines: np.ndarray
    dots: np.ndarray

    def __post_init__(self) -> None:
        (k,) = self.ids.shape
        for name in ("cosines", "dots"):
            require_shape(name, getattr(self, name), "k", k)
        FrozenArrays.__post_init__(self)
