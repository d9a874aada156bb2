"""open_model: from a name to a Model.

The name becomes a folder (hub/finding.py), its files a config, a tokenizer and a network (building.py). What it will take is
judged by the headers of the files before anything is built, and a rehearsal says whether what will be shown is the truth.
"""

import threading
from pathlib import Path

import torch

from model_backend.base.errors import ModelUnavailable
from model_backend.base.machine import free_bytes, give_back
from model_backend.base.memory import memory_guard, ran_out
from model_backend.base.progress import Listener, Meter, weights_counted
from model_backend.base.records import ModelInfo
from model_backend.base.sentences import Sentence
from model_backend.engine.building import config_of, end_ids_of, max_positions_of, network_of, tokenizer_of
from model_backend.engine.model import Model
from model_backend.engine.passes import during
from model_backend.engine.rehearsal import examine
from model_backend.hub import catalogue
from model_backend.hub.checkpoint import check_folder, count_numbers, count_whole, read_config, weight_files
from model_backend.hub.devices import DTYPES, choose_device, choose_dtype
from model_backend.hub.download import is_downloaded
from model_backend.hub.finding import find_folder
from model_backend.hub.fitting import BYTES_OF, bytes_needed, judge, memory_needed, numbers_per_token, refuse
from model_backend.hub.model_kind import model_kind
from model_backend.hub.quantization import allow_repacking, check_quantization, held_bytes, loading_options

# transformers sets process-wide defaults while it builds a model
_loading = threading.Lock()


def open_model(
    name: str,
    *,
    device: str | None = None,
    dtype: str | None = None,
    quantization: str | None = None,
    revision: str | None = None,
    progress: Listener | None = None,
) -> Model:
    """Open a model by catalogue name ("bundled/storyteller"), local folder or hub id ("openai-community/gpt2").

    device: "cuda", "mps" or "cpu"; by itself the first of these that is there. dtype: "float32", "bfloat16", "float16"; by
    itself float32 on the CPU, where numbers are shown exactly, and bfloat16 on a GPU that has it. quantization: "8-bit" or
    "4-bit" weights, where bitsandbytes is installed. revision: a hub branch or commit. progress: is told of the bytes
    downloaded and read, from whichever thread does it; an exception it raises ends the loading.
    Raises ModelUnavailable (`details["reason"]` says why), UnsupportedArchitecture or OutOfMemory; a model that does not fit
    into the free memory is refused before it is downloaded (where it is in the catalogue) or read.
    """
    device = choose_device(device)
    dtype = choose_dtype(dtype, device)
    check_quantization(quantization, device)
    meter = Meter(progress)
    entry = catalogue.describe(name)
    if entry is not None and entry.source == "hub" and not is_downloaded(name, revision):
        refuse(name, judge(memory_needed(entry, device, dtype, quantization), free_bytes(device), device))
    folder = find_folder(name, revision, meter)
    check_folder(folder, name)
    config = config_of(folder, name)
    kind = model_kind(config, name)
    _check_room(name, folder, device, dtype, quantization)
    tokenizer = tokenizer_of(folder, name)
    meter.begin("read", sum(file.stat().st_size for file in weight_files(folder, name)))
    with _loading, memory_guard(Sentence("loading {name}", name=name)):
        with weights_counted(meter):
            network = network_of(
                folder, name, kind, config, DTYPES[dtype], loading_options(quantization, device, DTYPES[dtype])
            )
        meter.end()
        meter.begin("prepare")
        if quantization:
            allow_repacking(network, True)
            give_back()  # each matrix was there in full for a moment, and the heap keeps what it was freed
        else:
            network.to(torch.device(device))  # pyright: ignore[reportArgumentType]  (transformers hides its self)
        try:
            with during(alone=True):  # whatever the caller watches or changes
                sizes = examine(network, name, kind)
        except (RuntimeError, AssertionError) as error:
            if quantization is None or ran_out(error):
                raise
            raise ModelUnavailable(
                "Models of the type “{model_type}” cannot compute with {quantization} weights.",
                "Choose another model, or leave the setting quantization out.",
                reason="no_device", model_type=config.model_type, quantization=quantization,
            ) from error  # fmt: skip
        allow_repacking(network, False)
    info = ModelInfo(
        name=name,
        kind=kind,
        family=config.model_type,
        max_positions=max_positions_of(config, tokenizer),
        n_parameters=network.num_parameters(),  # of packed 4-bit weights too
        device=device,
        dtype=dtype,
        quantization=quantization or "",
        n_bytes=held_bytes(network),
        revision=folder.name if folder.parent.name == "snapshots" else "",
        **sizes,
    )
    model = Model(network, tokenizer, info, end_ids_of(network, tokenizer, name))
    model.tokenize("a")  # a tokenizer that gives numbers which the model does not know shows here
    return model


def _check_room(name: str, folder: Path, device: str, dtype: str, quantization: str | None) -> None:
    """Raise ModelUnavailable with reason "too_big" if the weights of the folder and the work with them do not fit.

    On the way to a GPU the weights pass through the memory of the machine, which must hold them for a moment too.
    """
    config = read_config(folder, name)
    files, is_tied = weight_files(folder, name), config.get("tie_word_embeddings", False)
    n_parameters = count_numbers(files, is_tied)
    n_whole = count_whole(files, (config.get("text_config") or config).get("vocab_size") or 0, is_tied)
    max_positions = config.get("max_position_embeddings") or config.get("n_positions") or 0
    needed = bytes_needed(n_parameters, numbers_per_token(config), max_positions, dtype, quantization, n_whole)
    refuse(name, judge(needed, free_bytes(device), device))
    if device.startswith("cuda"):
        refuse(name, judge(n_parameters * BYTES_OF[dtype], free_bytes("cpu"), "cpu"))
