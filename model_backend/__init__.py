"""Everything that knows torch. Public names: open_model, SamplingSettings, the errors.

The Embeddings screen takes modules: analogies, embeddings, map_store, neighbours, positions, projection, projection_jobs,
senses, word_lists; their records are in embedding_records and position_records.

The Attention and Layers screens take modules: anatomy, attribution, head_maps, head_steps, heads, layers, neurons; their
records are in inside_records and anatomy_records.

`open_model` is looked up lazily, so that importing the records, the errors or the sampling arithmetic costs no torch.
"""

from model_backend.errors import (
    BackendError,
    Busy,
    EmptyPrompt,
    InvalidText,
    ModelUnavailable,
    NoAttention,
    OutOfMemory,
    PromptTooLong,
    UnsupportedArchitecture,
)
from model_backend.sampling import SamplingSettings

__all__ = [
    "BackendError",
    "Busy",
    "EmptyPrompt",
    "InvalidText",
    "ModelUnavailable",
    "NoAttention",
    "OutOfMemory",
    "PromptTooLong",
    "SamplingSettings",
    "UnsupportedArchitecture",
    "open_model",
]


def __getattr__(name: str):
    if name == "open_model":
        from model_backend.loading import open_model

        return open_model
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
