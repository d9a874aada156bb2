"""Finished maps on disk: those fitted here, in the cache folder of the platform, and those that ship with a model."""

import contextlib
import json
import os
import sys
import tempfile
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from model_backend.base.embedding_records import BundledMap, FittedMap
from model_backend.hub.catalogue import BUNDLED
from model_backend.maps.projection import as_map, describe

MAX_MAPS = 100  # the oldest go


def cache_folder() -> Path:
    """Where finished maps are kept: TOKENSCOPE_CACHE, else the user's cache folder by the custom of the platform."""
    if named := os.environ.get("TOKENSCOPE_CACHE"):
        return Path(named)
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "tokenscope" / "Cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "tokenscope"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "tokenscope"


@lru_cache(maxsize=8)
def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="tokenscope-")) / "maps"
        folder.mkdir()
        return folder


def maps_folder() -> Path:
    """The folder of fitted maps; where the cache folder cannot be written, one that lasts as long as this process."""
    return _writable(cache_folder() / "maps")


def save(found: FittedMap, path: Path, **arrays: np.ndarray) -> None:
    """Write a map, and arrays that belong to it, as one .npz; it appears whole or not at all."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    named: dict[str, Any] = {"points": found.points, "description": np.array(json.dumps(describe(found))), **arrays}
    with beside.open("wb") as file:
        np.savez_compressed(file, **named)
    beside.replace(path)


def load(path: Path) -> tuple[FittedMap, dict[str, np.ndarray]] | None:
    """The map in a file and the arrays beside it; None where the file is not there or not whole."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return as_map(arrays.pop("points"), json.loads(str(arrays.pop("description")))), arrays
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def find_map(key: str) -> FittedMap | None:
    """The map of that key, if it was fitted here before."""
    path = maps_folder() / f"{key}.npz"
    loaded = load(path)
    if loaded is None:
        return None
    with contextlib.suppress(OSError):
        path.touch()  # used lately: it stays longer
    return loaded[0]


def model_path(key: str) -> Path:
    """Where the fitted UMAP lies that can take new points into the map of that key."""
    return maps_folder() / f"{key}.umap"


def prune() -> None:
    """Remove the maps that were not used for longest, down to MAX_MAPS."""
    files = [(file.stat().st_mtime, file) for file in maps_folder().glob("*.npz")]
    for _, file in sorted(files)[: max(0, len(files) - MAX_MAPS)]:
        file.unlink(missing_ok=True)
        model_path(file.stem).unlink(missing_ok=True)


def bundled_maps(model_name: str) -> dict[tuple[str, int], BundledMap]:
    """The finished maps of the commonest tokens that ship with a model, by (method, dimensions); none for other models."""
    folder = BUNDLED / model_name.removeprefix("bundled/") / "maps"
    found = {}
    if model_name.startswith("bundled/") and folder.is_dir():
        for file in sorted(folder.glob("*.npz")):
            if (loaded := load(file)) is not None:
                fitted, arrays = loaded
                found[fitted.method, fitted.settings.n_dimensions] = BundledMap(
                    arrays["token_ids"].astype(np.int64), fitted
                )
    return found
