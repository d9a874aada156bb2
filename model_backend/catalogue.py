"""The models that can be chosen by name without knowing where to look.

Bundled models ship with the program, one folder each under `bundled/`; they need no network. An entry exists when its
folder holds weights, and its numbers are read from there.
"""

import json
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from model_backend.records import ModelKind

BUNDLED = Path(__file__).parent / "bundled"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model that can be chosen: `name` is what open_model takes, `languages` are ISO 639-1 codes."""

    name: str
    title: str
    kind: ModelKind
    source: Literal["bundled", "hub", "local"]
    n_parameters: int
    bytes_on_disk: int
    licence: str
    description: str
    languages: tuple[str, ...]
    path: Path


# What the folder itself does not say.
_BUNDLED = {
    "storyteller": dict(
        title="Storyteller",
        kind="decoder",
        licence="MIT",
        description="A small GPT-2 that was trained for this program. It writes on.",
        languages=("en",),
    ),
}


def entries() -> tuple[CatalogueEntry, ...]:
    """All models that can be opened here and now, in the order in which they are offered."""
    found = (_bundled(name) for name in _BUNDLED if (BUNDLED / name / "model.safetensors").is_file())
    return tuple(found)


def find(name: str) -> CatalogueEntry | None:
    """The entry of that name, or None."""
    return next((entry for entry in entries() if entry.name == name), None)


def _bundled(name: str) -> CatalogueEntry:
    folder = BUNDLED / name
    weights = folder / "model.safetensors"
    return CatalogueEntry(
        name=f"bundled/{name}",
        source="bundled",
        n_parameters=count_parameters(weights, weights.stat().st_mtime_ns),
        bytes_on_disk=sum(file.stat().st_size for file in folder.iterdir() if file.is_file()),
        path=folder,
        **_BUNDLED[name],
    )


@lru_cache(maxsize=64)
def count_parameters(weights: Path, modified_ns: int) -> int:
    """Numbers stored in a safetensors file, read from its header (8 bytes of length, then JSON); nothing is loaded."""
    with weights.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    counts = (_product(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")
    return sum(counts)


def _product(shape: list[int]) -> int:
    result = 1
    for size in shape:
        result *= size
    return result
