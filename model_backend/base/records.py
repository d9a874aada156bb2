"""What flows from the backend to the pictures: frozen records of numpy arrays.

Shapes are written with the dimension words used everywhere: layer, head, query, key, pos, d_model, vocab.
Arrays are float32 unless stated and read-only. Nothing here knows torch.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np

ModelKind = Literal["decoder", "encoder", "encoder-decoder"]
Side = Literal["encoder", "decoder"]
AttentionKind = Literal["encoder", "decoder", "cross"]


def require_shape(name: str, array: np.ndarray, dimensions: str, *sizes: int) -> np.ndarray:
    """Return `array` if its shape is `sizes`, else raise ValueError naming the dimensions.

    >>> require_shape("attention", np.zeros((3, 3)), "query key", 3, 3).shape
    (3, 3)
    """
    if array.shape != sizes:
        raise ValueError(f"{name} should be [{dimensions}] = {list(sizes)}, but is {list(array.shape)}")
    return array


@dataclass(frozen=True, slots=True, eq=False)
class FrozenArrays:
    """Makes every array of a record read-only, so that records can be shared between people, also after they were sent to
    another process (pickled) or copied.

    A record with a `__post_init__` of its own calls this one at its end by name: `super()` is lost where `slots=True` makes
    the class anew.
    """

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __reduce__(self) -> tuple:
        return type(self), tuple(
            getattr(self, field.name) for field in fields(self)
        )  # made anew: checked and read-only


@dataclass(frozen=True, slots=True, eq=False)
class ModelInfo:
    """What is known of a model before it has read anything. Sizes are counts; `n_parameters` counts shared weights once.

    Of an encoder-decoder `n_layers` and `n_heads` are the encoder's, `n_decoder_layers` and `n_decoder_heads` the decoder's
    (cross-attention included), and `vocab_size` is what it writes with. Elsewhere the decoder's two equal the others: they
    always describe the stack that predicts. A model without attention has n_heads = n_kv_heads = d_head = 0. `quantization` is
    "8-bit" or "4-bit" where the matrices are stored in so few bits, else empty; `n_bytes` is what the weights take.
    """

    name: str
    kind: ModelKind
    family: str
    n_layers: int
    n_heads: int
    n_kv_heads: int
    d_model: int
    d_head: int
    vocab_size: int
    max_positions: int
    n_parameters: int
    device: str
    dtype: str
    revision: str = ""
    quantization: str = ""
    n_bytes: int = 0
    n_decoder_layers: int = -1  # -1: as many as n_layers
    n_decoder_heads: int = -1

    def __post_init__(self) -> None:
        if self.n_decoder_layers < 0:
            object.__setattr__(self, "n_decoder_layers", self.n_layers)
        if self.n_decoder_heads < 0:
            object.__setattr__(self, "n_decoder_heads", self.n_heads)


@dataclass(frozen=True, slots=True)
class MachineMemory:
    """Of a device: bytes that this program holds and bytes that a model could take; None where the system does not say."""

    device: str
    used: int | None
    free: int | None


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given to read; two that are equal are read once.

    `masked` are positions of tokens that are hidden from a model that fills gaps. `target` is what the decoder of an
    encoder-decoder reads: a whole text, ids as they stand, or None for the model's own translation, the likeliest token each
    time.
    """

    text: str
    masked: tuple[int, ...] = ()
    target: str | tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Tokenization(FrozenArrays):
    """A text cut into tokens.

    ids [pos] int64; `pieces` are display strings, one a token; `token_bytes` the exact bytes each token stands for (empty
    for a special token that is not in the text); `spans` (start, end) in characters of `text`; is_special [pos] bool.
    `is_lossless` says that the bytes of all tokens joined are the UTF-8 bytes of `text`; where they are not, `loss` says
    why in one word: "lowercased", "normalized", "unknown" (some characters became the unknown token), "spaces" or "masked"
    (tokens were hidden from the model).
    """

    text: str
    ids: np.ndarray
    pieces: tuple[str, ...]
    token_bytes: tuple[bytes, ...]
    spans: tuple[tuple[int, int], ...]
    is_special: np.ndarray
    is_lossless: bool
    loss: str = ""

    def __post_init__(self) -> None:
        n = len(self.ids)
        require_shape("ids", self.ids, "pos", n)
        require_shape("is_special", self.is_special, "pos", n)
        for name in ("pieces", "token_bytes", "spans"):
            if len(getattr(self, name)) != n:
                raise ValueError(f"{name} should have one entry for each of the {n} tokens")
        FrozenArrays.__post_init__(self)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class LensTable(FrozenArrays):
    """The logit lens: what each layer's residual stream would predict through the final norm and the output matrix.

    top_ids [layer, pos, k] int64; top_probs [layer, pos, k]; entropy_bits [layer, pos]. Row 0 is the embedding, the last
    row is the model's own prediction.
    """

    top_ids: np.ndarray
    top_probs: np.ndarray
    entropy_bits: np.ndarray

    def __post_init__(self) -> None:
        n_rows, n_pos, k = self.top_ids.shape
        require_shape("top_probs", self.top_probs, "layer pos k", n_rows, n_pos, k)
        require_shape("entropy_bits", self.entropy_bits, "layer pos", n_rows, n_pos)
        FrozenArrays.__post_init__(self)


@dataclass(frozen=True, slots=True, eq=False)
class GapStatistics(FrozenArrays):
    """How each token fares when it alone is hidden: each [pos].

    surprisal_bits: of the token given all the others; rank int64: of the token among what could stand there, 1 = best;
    entropy_bits: of the distribution there. Special tokens are not hidden: nan, 0, nan.
    """

    surprisal_bits: np.ndarray
    rank: np.ndarray
    entropy_bits: np.ndarray

    def __post_init__(self) -> None:
        for name in ("surprisal_bits", "rank", "entropy_bits"):
            require_shape(name, getattr(self, name), "pos", len(self.surprisal_bits))
        FrozenArrays.__post_init__(self)


@dataclass(frozen=True, slots=True, eq=False)
class NextToken(FrozenArrays):
    """The distribution over the next token, the whole vocabulary, sorted by falling logit.

    ids [vocab] int64; logits [vocab] as the model gave them; p_model [vocab] = softmax(logits);
    p_final [vocab] after penalties, temperature and the cuts; kept [vocab] bool; `cut_by` [vocab] uint8 says which rule
    removed a token first (index into CUT_RULES). `entropy_bits` is that of p_model, `final_entropy_bits` that of p_final,
    `mass_kept` the share of p_model that the kept tokens hold.
    """

    ids: np.ndarray
    logits: np.ndarray
    p_model: np.ndarray
    p_final: np.ndarray
    kept: np.ndarray
    cut_by: np.ndarray
    entropy_bits: float
    final_entropy_bits: float
    mass_kept: float

    def __post_init__(self) -> None:
        (n,) = self.ids.shape
        for name in ("logits", "p_model", "p_final", "kept", "cut_by"):
            require_shape(name, getattr(self, name), "vocab", n)
        FrozenArrays.__post_init__(self)

    def rank_of(self, token_id: int) -> int:
        """Rank of a token by logit, 1 = the model's favourite."""
        return int(np.flatnonzero(self.ids == token_id)[0]) + 1

    def logprob_nats(self, place: int) -> float:
        """ln p_model of the token at that place, summed in float64."""
        logits = self.logits.astype(np.float64)
        return float(logits[place] - logits[0] - np.log(np.exp(logits - logits[0]).sum()))


CUT_RULES = ("kept", "greedy", "top-k", "top-p", "min-p", "makers")


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of generation: the token that was taken, and how long the step took. `record` gives the distribution it was
    taken from, the same at each call; sorting a whole vocabulary is put off until somebody looks."""

    token_id: int
    piece: str
    record: Callable[[], NextToken]
    seconds: float
    is_end: bool = False

    @property
    def next_token(self) -> NextToken:
        """The distribution that the token was taken from."""
        return self.record()
