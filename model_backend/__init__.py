"""Everything that knows torch. Public names: open_model, SamplingSettings, sampling, the errors.

Rooms, each of which says in its first lines what happens there; docs/architecture.md has the house and who may import whom:
base, tokens, hub, engine, maps, analysis, writing, serving.

`open_model` is looked up lazily, so that importing the records, the errors or the sampling arithmetic costs no torch.
"""

from model_backend.base.errors import (
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
from model_backend.engine import sampling
from model_backend.engine.sampling import SamplingSettings

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
    "sampling",
]


def __getattr__(name: str):
    if name == "open_model":
        from model_backend.engine.loading import open_model

        return open_model
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
