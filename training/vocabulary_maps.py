"""Makes the maps that ship with a bundled model: `python -m training.vocabulary_maps bundled/storyteller`.

UMAP and t-SNE in two and three dimensions, of the commonest whole-word tokens, into `bundled/<name>/maps/`: token ids, points, and
what is known of the fit. The same seed and libraries give the same points; a map that is there already stays.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from model_backend import open_model
from model_backend.analysis.embeddings import common_tokens
from model_backend.base.embedding_records import MapSettings
from model_backend.hub.catalogue import find
from model_backend.maps import map_store, projection_worker
from model_backend.maps.projection import fitting, map_key

N_TOKENS = 2000
MAPS = (
    MapSettings("umap", 2),
    MapSettings("umap", 3),
    MapSettings("tsne", 2, n_steps=1000),
    MapSettings("tsne", 3, n_steps=1000),
)


def make_maps(name: str, folder: Path, n_tokens: int = N_TOKENS, maps: tuple[MapSettings, ...] = MAPS) -> list[Path]:
    """Fit and write the maps of a model's static embedding that are not there yet; returns the files."""
    points = common_tokens(open_model(name), n_tokens)
    vectors = np.ascontiguousarray(points.vectors, np.float32)
    token_ids = np.array([token_id for (token_id,) in points.token_ids], np.int32)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for settings in maps:
        settings = fitting(settings, len(vectors))
        key = map_key(vectors, settings)
        path = folder / f"{settings.method}-{settings.n_dimensions}d.npz"
        files.append(path)
        if (there := map_store.load(path)) is not None and there[0].key == key:
            continue
        # without a key the fitted UMAP is not kept: it does not ship, and pickles are not opened from elsewhere
        found = projection_worker.fit(vectors, settings, "", _say)
        map_store.save(replace(found, key=key), path, token_ids=token_ids)
        print(
            f"{path}: {path.stat().st_size:,} bytes, trustworthiness {found.trustworthiness:.3f}, {found.seconds:.0f} s"
        )
    return files


def _say(stage: str, done: int, total: int) -> None:
    if total and done % 50 == 0:
        print(f"  {stage} {done} of {total}", file=sys.stderr, flush=True)  # a library may hold stdout


def main() -> None:
    """Make the maps of the models named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", help="catalogue names, such as bundled/storyteller")
    projection_worker.keep_compiled()
    for name in parser.parse_args().models:
        entry = find(name)
        if entry is None or entry.source != "bundled" or entry.path is None:
            parser.error(f"{name} is no bundled model")
        make_maps(name, entry.path / "maps")


if __name__ == "__main__":
    main()
