"""Is there a model in this folder? Everything that can be said before a weight is loaded, in plain words.

A folder is a model when it has config.json, weights in safetensors (one file, or shards named by an index) and a tokenizer.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path

from safetensors import SafetensorError, safe_open

from model_backend.base.errors import ModelUnavailable, UnsupportedArchitecture
from model_backend.base.families import DECODER_LAYERS, HEADS, LAYERS, WIDTH
from model_backend.base.sentences import Sentence

CONFIG, WEIGHTS, INDEX = "config.json", "model.safetensors", "model.safetensors.index.json"
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.h5", "*.msgpack")
_TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt", "spiece.model", "sentencepiece.bpe.model",
               "source.spm", "tokenizer_config.json")  # fmt: skip
SIZES = (*LAYERS, *DECODER_LAYERS, *WIDTH, *HEADS, "vocab_size")
_COPY_AGAIN = Sentence("The download may have been cut off: copy or download the folder again.")


def check_folder(folder: Path, name: str) -> None:
    """Raise ModelUnavailable, saying what is missing or damaged, unless the folder holds a whole model."""
    config = read_config(folder, name)
    n_tensors = sum(check_weights(file, name) for file in weight_files(folder, name))
    check_sizes(config, name, n_tensors)
    if not any((folder / file).is_file() for file in _TOKENIZERS):
        raise _unavailable(
            name, "no_tokenizer", "The folder of {name} has no tokenizer.",
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
            name, "broken", "The folder of {name} has no config.json, so it is not a model.",
            "Choose the folder that holds config.json and model.safetensors.",
        )  # fmt: skip
    try:
        config = json.loads(path.read_text("utf-8"))
        if not isinstance(config, dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError, OSError) as error:
        raise _unavailable(name, "broken", "The config.json of {name} cannot be read.", _COPY_AGAIN) from error
    return config


def weight_files(folder: Path, name: str) -> list[Path]:
    """The safetensors files that hold the weights."""
    if (folder / WEIGHTS).is_file():
        return [folder / WEIGHTS]
    if (folder / INDEX).is_file():
        try:
            shards = sorted(set(json.loads((folder / INDEX).read_text("utf-8"))["weight_map"].values()))
            if any(Path(shard).name != shard for shard in shards):
                raise ValueError("a path out of the folder")
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
            raise _unavailable(
                name, "broken", "The index of the weights of {name} cannot be read.", _COPY_AGAIN
            ) from error
        missing = [shard for shard in shards if not (folder / shard).is_file()]
        if missing:
            raise _unavailable(
                name, "no_weights", "{n_missing} of the {n} weight files of {name} are missing ({first}).",
                _COPY_AGAIN, n_missing=len(missing), n=len(shards), first=missing[0],
            )  # fmt: skip
        return [folder / shard for shard in shards]
    if any(next(folder.glob(pattern), None) for pattern in _PICKLES):
        raise _unavailable(
            name, "pickle_only", "The weights of {name} are in a format that can run code when opened.",
            "Only safetensors are loaded. Convert them on a machine where you trust the file: "
            "AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(FOLDER).",
        )  # fmt: skip
    raise _unavailable(
        name,
        "no_weights",
        "The folder of {name} has no weights.",
        "It should hold model.safetensors. The download may have been cut off: copy or download the folder again.",
    )


def count_numbers(files: list[Path], is_tied: bool = False) -> int:
    """Numbers in the weights, from the headers alone. Masks (truth values, integers) are no weights, and a tied model does
    not hold the copy of its output matrix that some files do."""
    return sum(math.prod(shape) for _, shape in _shapes(files, is_tied))


def count_whole(files: list[Path], vocab_size: int, is_tied: bool = False) -> int:
    """Those of them that quantization leaves as they are: embeddings, output matrix, experts, norms and biases."""
    return sum(
        math.prod(shape)
        for key, shape in _shapes(files, is_tied)
        if len(shape) != 2 or vocab_size in shape or ".experts." in key
    )


def _shapes(files: list[Path], is_tied: bool) -> Iterator[tuple[str, list[int]]]:
    """(name, shape) of each weight."""
    for file in files:
        with safe_open(file, "pt") as weights:
            for key in weights.keys():  # noqa: SIM118  (no mapping)
                part = weights.get_slice(key)
                is_copy = is_tied and key == "lm_head.weight"
                if part.get_dtype().startswith(("F", "BF")) and not is_copy:
                    yield key, part.get_shape()


def check_sizes(config: dict, name: str, n_tensors: int) -> None:
    """Raise ModelUnavailable if the sizes in a config are no sizes, or if it claims more layers than there are weights: a
    model of that many would be built for minutes before anything is noticed."""
    for part in (config, config.get("text_config")):
        given = {size: part.get(size) for size in SIZES} if isinstance(part, dict) else {}
        wrong = [
            size for size, n in given.items() if isinstance(n, str | int | float) and not (type(n) is int and n > 0)
        ]
        wrong += [size for size in LAYERS if type(n := given.get(size)) is int and n > n_tensors]
        if wrong:
            raise _unavailable(
                name, "broken", "The config.json of {name} says {size} = {value}, which does not fit its weights.",
                "Copy config.json and the weights from the same place.", size=wrong[0], value=str(given[wrong[0]])[:40],
            )  # fmt: skip
    method = config.get("quantization_config")
    if method is not None:
        method = method.get("quant_method", "") if isinstance(method, dict) else ""
        raise UnsupportedArchitecture(
            "The weights of {name} are stored quantized ({method}), and such files are not read here.",
            "Choose the published model itself; the setting quantization makes it as small when it is opened.",
            name=name, method=str(method)[:40],
        )  # fmt: skip


def check_weights(file: Path, name: str) -> int:
    """How many tensors a safetensors file holds. Raises ModelUnavailable if it is damaged: its header is checked against the
    file's length."""
    try:
        with safe_open(file, "pt") as weights:
            return len(weights.keys())
    except (SafetensorError, OSError) as error:
        with file.open("rb") as start:
            pointer = start.read(20).startswith(b"version https://git")
        raise _unavailable(
            name, "broken",
            "{file} of {name} is only a pointer to the weights." if pointer
            else "The weights of {name} are damaged or incomplete ({file}).",
            "Fetch the real file: run `git lfs pull` in its folder." if pointer else _COPY_AGAIN,
            file=file.name,
        ) from error  # fmt: skip


def _unavailable(name: str, reason: str, message: str, hint: str, **details: object) -> ModelUnavailable:
    return ModelUnavailable(message, hint, reason=reason, name=name, **details)
