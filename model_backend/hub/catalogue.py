"""The models that can be chosen by name without knowing where to look.

Bundled models ship with the program, one folder each under `bundled/`; they need no network. An entry exists when its
folder holds weights, and its numbers are read from there. The well-known models of the hub are listed in `hub_models.py`.
"""

import json
import math
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from model_backend.base.records import ModelKind
from model_backend.hub.fitting import numbers_per_token
from model_backend.hub.hub_models import HUB_MODELS

BUNDLED = Path(__file__).parents[1] / "bundled"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model that can be chosen: `name` is what open_model takes, `languages` are ISO 639-1 codes.

    Of a hub model `bytes_on_disk` is what a download brings, and there is no `path`. `numbers_per_token` is how many numbers
    a trace keeps for each token; `is_gated` says that its makers ask for an account and a yes to their terms.
    """

    name: str
    title: str
    kind: ModelKind
    source: Literal["bundled", "hub", "local"]
    n_parameters: int
    bytes_on_disk: int
    licence: str
    description: str
    languages: tuple[str, ...]
    path: Path | None
    max_positions: int = 0
    numbers_per_token: int = 0
    is_gated: bool = False


# What the folder itself does not say.
_BUNDLED: dict[str, dict[str, Any]] = {
    "storyteller": dict(
        title="Storyteller",
        kind="decoder",
        description="A small GPT-2 that was trained for this program. It writes on.",
    ),
    "assistant": dict(
        title="Assistant",
        kind="decoder",
        description="The storyteller after further training on short dialogues. It answers simple questions and stops by itself.",
    ),
    "interpreter": dict(
        title="Interpreter",
        kind="encoder-decoder",
        description="A small translator that was trained for this program. It turns short English into French or Dutch.",
    ),
    "cloze": dict(
        title="Cloze",
        kind="encoder",
        description="A small BERT that was trained for this program. It reads in both directions and fills gaps.",
    ),
}


def entries() -> tuple[CatalogueEntry, ...]:
    """All models that can be opened here and now, in the order in which they are offered."""
    folders = {name: BUNDLED / name for name in _BUNDLED if (BUNDLED / name / "model.safetensors").is_file()}
    return tuple(_bundled(name, folder, _changed(folder)) for name, folder in folders.items())


def find(name: str) -> CatalogueEntry | None:
    """The entry of that name among those that can be opened here and now, or None."""
    return next((entry for entry in entries() if entry.name == name), None)


def hub_entries() -> tuple[CatalogueEntry, ...]:
    """The well-known models of the hub, whether they are on this machine or not."""
    return tuple(_on_hub(name) for name in HUB_MODELS)


def describe(name: str) -> CatalogueEntry | None:
    """What is known of a model by that name, here or on the hub, before it is opened; or None."""
    return find(name) or (_on_hub(name) if name in HUB_MODELS else None)


def _on_hub(name: str) -> CatalogueEntry:
    facts = dict(HUB_MODELS[name])
    return CatalogueEntry(
        name=name,
        source="hub",
        bytes_on_disk=facts.pop("bytes_of_weights"),
        numbers_per_token=numbers_per_token(facts.pop("sizes")),
        path=None,
        **facts,
    )


def of_folder(name: str, folder: Path) -> CatalogueEntry:
    """What a whole model in a folder says about itself: its kind from what its config was saved as, its size from the
    headers of its weights."""
    config, card = _config(folder / "config.json"), _card(folder / "README.md")
    weights = sorted(folder.glob("*.safetensors"))
    saved_as = " ".join(config.get("architectures") or ())
    kind = "encoder" if "MaskedLM" in saved_as else "decoder"
    return CatalogueEntry(
        name=name,
        title=name.rstrip("/").split("/")[-1],
        kind="encoder-decoder" if config.get("is_encoder_decoder") else kind,
        source="local",
        n_parameters=sum(count_parameters(file, file.stat().st_mtime_ns) for file in weights),
        bytes_on_disk=sum(file.stat().st_size for file in folder.iterdir() if file.is_file()),
        licence=" ".join(card.get("license", [])) or "see its model card",
        description="",
        languages=tuple(card.get("language", [])),
        path=folder,
        max_positions=config.get("max_position_embeddings") or config.get("n_positions") or 0,
        numbers_per_token=numbers_per_token(config),
    )


def _changed(folder: Path) -> tuple[int, ...]:
    files = (folder / name for name in ("model.safetensors", "README.md", "config.json"))
    return tuple(file.stat().st_mtime_ns for file in files if file.is_file())


@lru_cache(maxsize=32)
def _bundled(name: str, folder: Path, changed: tuple[int, ...]) -> CatalogueEntry:
    weights = folder / "model.safetensors"
    config, card = _config(folder / "config.json"), _card(folder / "README.md")
    return CatalogueEntry(
        name=f"bundled/{name}",
        source="bundled",
        n_parameters=count_parameters(weights, weights.stat().st_mtime_ns),
        bytes_on_disk=sum(file.stat().st_size for file in folder.iterdir() if file.is_file()),
        licence=" ".join(card.get("license", [])) or "see its model card",
        languages=tuple(card.get("language", ["en"])),
        path=folder,
        max_positions=config.get("max_position_embeddings") or config.get("n_positions") or 0,
        numbers_per_token=numbers_per_token(config),
        **_BUNDLED[name],
    )


def _config(path: Path) -> dict:
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def _card(path: Path) -> dict[str, list[str]]:
    """The head of a model card, each value as a list of words; empty where no card can be read."""
    import yaml
    from huggingface_hub.repocard import metadata_load  # here: it brings all of the hub's interface

    try:
        head = (metadata_load(path) if path.is_file() else None) or {}
    except (OSError, ValueError, RecursionError, yaml.YAMLError):  # a ValueError too: bytes that are no UTF-8
        return {}
    lists = {str(key): value if isinstance(value, list) else [value] for key, value in head.items()}
    return {key: [word for word in map(_word, values) if word] for key, values in lists.items()}


def _word(value: object) -> str:
    """A scalar as it was written: YAML takes the code of Norwegian, `no`, for False."""
    return "no" if value is False else value if isinstance(value, str) else ""


@lru_cache(maxsize=64)
def count_parameters(weights: Path, modified_ns: int) -> int:
    """Numbers stored in a safetensors file, read from its header (8 bytes of length, then JSON); nothing is loaded."""
    with weights.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    return sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")
