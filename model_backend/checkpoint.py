"""Is there a model in this folder? Everything that can be said before a weight is loaded, in plain words.

A folder is a model when it has config.json, weights in safetensors (one file, or shards named by an index) and a tokenizer.
"""

import json
import math
from pathlib import Path

from safetensors import SafetensorError, safe_open

from model_backend.errors import ModelUnavailable

CONFIG, WEIGHTS, INDEX = "config.json", "model.safetensors", "model.safetensors.index.json"
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.h5", "*.msgpack")
_TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt", "spiece.model", "sentencepiece.bpe.model",
               "source.spm", "tokenizer_config.json")  # fmt: skip
_COPY_AGAIN = "The download may have been cut off: copy or download the folder again."


def check_folder(folder: Path, name: str) -> None:
    """Raise ModelUnavailable, saying what is missing or damaged, unless the folder holds a whole model."""
    read_config(folder, name)
    for file in weight_files(folder, name):
        check_weights(file, name)
    if not any((folder / file).is_file() for file in _TOKENIZERS):
        raise _unavailable(
            name, "no_tokenizer", f"The folder of {name} has no tokenizer.",
            "Copy tokenizer.json (or the vocabulary files) from where the model was published into it.",
        )  # fmt: skip


def is_complete(folder: Path, name: str) -> bool:
    """Whether `check_folder` has nothing to say."""
    try:
        check_folder(folder, name)
    except ModelUnavailable:
        return False
    return True


def read_config(folder: Path, name: str) -> dict:
    """The parsed config.json."""
    path = folder / CONFIG
    if not path.is_file():
        raise _unavailable(
            name, "broken", f"The folder of {name} has no config.json, so it is not a model.",
            "Choose the folder that holds config.json and model.safetensors.",
        )  # fmt: skip
    try:
        config = json.loads(path.read_text("utf-8"))
        if not isinstance(config, dict):
            raise ValueError("not an object")
    except (ValueError, UnicodeDecodeError) as error:
        raise _unavailable(name, "broken", f"The config.json of {name} cannot be read.", _COPY_AGAIN) from error
    return config


def weight_files(folder: Path, name: str) -> list[Path]:
    """The safetensors files that hold the weights."""
    if (folder / WEIGHTS).is_file():
        return [folder / WEIGHTS]
    if (folder / INDEX).is_file():
        try:
            shards = sorted(set(json.loads((folder / INDEX).read_text("utf-8"))["weight_map"].values()))
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise _unavailable(
                name, "broken", f"The index of the weights of {name} cannot be read.", _COPY_AGAIN
            ) from error
        missing = [shard for shard in shards if not (folder / shard).is_file()]
        if missing:
            raise _unavailable(
                name, "no_weights", f"{len(missing)} of the {len(shards)} weight files of {name} are missing ({missing[0]}).",
                _COPY_AGAIN,
            )  # fmt: skip
        return [folder / shard for shard in shards]
    if any(next(folder.glob(pattern), None) for pattern in _PICKLES):
        raise _unavailable(
            name, "pickle_only", f"The weights of {name} are in a format that can run code when opened.",
            "Only safetensors are loaded. Convert them on a machine where you trust the file: "
            "AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(FOLDER).",
        )  # fmt: skip
    raise _unavailable(
        name, "no_weights", f"The folder of {name} has no weights.", "It should hold model.safetensors. " + _COPY_AGAIN
    )


def count_numbers(files: list[Path], is_tied: bool = False) -> int:
    """Numbers in the weights, from the headers alone. Masks (truth values, integers) are no weights, and a tied model does
    not hold the copy of its output matrix that some files do."""
    count = 0
    for file in files:
        with safe_open(file, "pt") as weights:
            for key in weights.keys():  # noqa: SIM118  (no mapping)
                part = weights.get_slice(key)
                is_copy = is_tied and key == "lm_head.weight"
                if part.get_dtype().startswith(("F", "BF")) and not is_copy:
                    count += math.prod(part.get_shape())
    return count


def check_weights(file: Path, name: str) -> None:
    """Raise ModelUnavailable if a safetensors file is damaged: its header is checked against the file's length."""
    try:
        with safe_open(file, "pt") as weights:
            weights.keys()
    except (SafetensorError, OSError) as error:
        with file.open("rb") as start:
            pointer = start.read(20).startswith(b"version https://git")
        raise _unavailable(
            name, "broken",
            f"{file.name} of {name} is only a pointer to the weights." if pointer
            else f"The weights of {name} are damaged or incomplete ({file.name}).",
            "Fetch the real file: run `git lfs pull` in its folder." if pointer else _COPY_AGAIN,
        ) from error  # fmt: skip


def _unavailable(name: str, reason: str, message: str, hint: str) -> ModelUnavailable:
    return ModelUnavailable(message, hint, reason=reason, name=name)
