"""open_model: from a name to a Model, with every way it can fail put in plain words.

A name is looked up in the catalogue, then as a folder, then on the hub. Weights come from safetensors only and no code of
a repository is run. The kind of model is read from its config before anything is built.
"""

import difflib
import re
import threading
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import nn
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    PretrainedConfig,
    PreTrainedTokenizerFast,
)
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
)

from model_backend import catalogue, probing
from model_backend.capture import ATTENTION_NAME
from model_backend.checkpoint import check_folder, count_numbers, read_config, weight_files
from model_backend.errors import ModelUnavailable, UnsupportedArchitecture
from model_backend.fitting import BYTES_OF, bytes_needed, default_dtype, judge, memory_needed, numbers_per_token, refuse
from model_backend.hub import hub_folder, is_downloaded
from model_backend.machine import free_bytes
from model_backend.memory import memory_guard
from model_backend.model import Model
from model_backend.progress import Listener, Meter, weights_counted
from model_backend.records import ModelInfo

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
_BUILDERS = {
    "decoder": AutoModelForCausalLM,
    "encoder": AutoModelForMaskedLM,
    "encoder-decoder": AutoModelForSeq2SeqLM,
}

# transformers sets process-wide defaults while it builds a model
_loading = threading.Lock()


def open_model(
    name: str,
    *,
    device: str | None = None,
    dtype: str | None = None,
    revision: str | None = None,
    progress: Listener | None = None,
) -> Model:
    """Open a model by catalogue name ("bundled/storyteller"), local folder or hub id ("openai-community/gpt2").

    device: "cuda", "mps" or "cpu"; by itself the first of these that is there. dtype: "float32", "bfloat16", "float16"; by
    itself float32 on the CPU, where numbers are shown exactly, and bfloat16 elsewhere. revision: a hub branch or commit.
    progress: is told of the bytes downloaded and read, from whichever thread does it; an exception it raises ends the loading.
    Raises ModelUnavailable (`details["reason"]` says why), UnsupportedArchitecture or OutOfMemory; a model that does not fit
    into the free memory is refused before it is downloaded (where it is in the catalogue) or read.
    """
    device = choose_device(device)
    dtype = choose_dtype(dtype, device)
    meter = Meter(progress)
    entry = catalogue.describe(name)
    if entry is not None and entry.source == "hub" and not is_downloaded(name, revision):
        refuse(name, judge(memory_needed(entry, device, dtype), free_bytes(device), device))
    folder = find_folder(name, revision, meter)
    check_folder(folder, name)
    config = _config(folder, name)
    kind = model_kind(config, name)
    _check_room(name, folder, device, dtype)
    tokenizer = _tokenizer(folder, name)
    meter.begin("read", sum(file.stat().st_size for file in weight_files(folder, name)))
    with _loading, memory_guard(f"loading {name}"):
        with weights_counted(meter):
            network = _network(folder, name, kind, config, _DTYPES[dtype])
        meter.end()
        meter.begin("prepare")
        network = network.to(device)
        anatomy = probing.examine(network, name, kind)
    info = ModelInfo(
        name=name,
        kind=kind,
        family=config.model_type,
        max_positions=_max_positions(config, tokenizer),
        n_parameters=sum(parameter.numel() for parameter in network.parameters()),
        device=device,
        dtype=dtype,
        revision=folder.name if folder.parent.name == "snapshots" else "",
        **anatomy.sizes,
    )
    return Model(network, tokenizer, info, anatomy.n_outputs, _end_ids(network, tokenizer))


def find_folder(name: str, revision: str | None = None, meter: Meter | None = None) -> Path:
    """The folder that holds the model of that name; raises ModelUnavailable if there is none."""
    shown = name if len(name) <= 80 else name[:77] + "…"
    shown = shown.encode("utf-8", "replace").decode().replace("\0", "␀")
    if not name.strip() or "\0" in name or len(name) > 500 or shown != name or ".." in Path(name).parts:
        raise _unknown(shown)
    entry = catalogue.find(name)
    if entry is not None:
        return entry.path
    try:
        if Path(name).expanduser().is_dir():
            return Path(name).expanduser()
    except (OSError, RuntimeError):  # a name no file system takes; ~somebody unknown
        raise _unknown(shown) from None
    if not _HUB_ID.fullmatch(name) or name.startswith("bundled/") or ("/" not in name and _similar(name)):
        raise _unknown(shown)
    return hub_folder(name, revision, meter)


def _check_room(name: str, folder: Path, device: str, dtype: str) -> None:
    """Raise ModelUnavailable with reason "too_big" if the weights of the folder and the work with them do not fit.

    On the way to a GPU the weights pass through the memory of the machine, which must hold them for a moment too.
    """
    config = read_config(folder, name)
    n_parameters = count_numbers(weight_files(folder, name), is_tied=config.get("tie_word_embeddings", False))
    max_positions = config.get("max_position_embeddings") or config.get("n_positions") or 0
    needed = bytes_needed(n_parameters, numbers_per_token(config), max_positions, dtype)
    refuse(name, judge(needed, free_bytes(device), device))
    if device.startswith("cuda"):
        refuse(name, judge(n_parameters * BYTES_OF[dtype], free_bytes("cpu"), "cpu"))


def _similar(name: str) -> list[str]:
    """Catalogue names that are spelt alike, with or without what stands before the slash."""
    names = {entry.name: entry.name for entry in catalogue.entries()}
    names |= {entry.name.split("/")[-1]: entry.name for entry in catalogue.entries()}
    return list(dict.fromkeys(names[match] for match in difflib.get_close_matches(name, names, n=3, cutoff=0.6)))


def _unknown(name: str) -> ModelUnavailable:
    suggestions = _similar(name)
    known = [entry.name for entry in catalogue.entries()]
    hint = f"Did you mean {' or '.join(suggestions)}?" if suggestions else (
        f"Choose {', '.join(known)}, a folder on this machine, or a hub id such as openai-community/gpt2."
        if known else "Give a folder on this machine, or a hub id such as openai-community/gpt2."
    )  # fmt: skip
    return ModelUnavailable(f"There is no model “{name}”.", hint, reason="unknown", name=name, suggestions=suggestions)


def choose_device(device: str | None) -> str:
    """The device asked for, or the best there is; raises ModelUnavailable if the one asked for is not there."""
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device is None:
        return next(name for name, there in present.items() if there)
    kind, _, number = device.partition(":")
    there = present.get(kind, False)
    if kind == "cuda" and number:
        there = there and number.isdigit() and int(number) < torch.cuda.device_count()
    if not there:
        raise ModelUnavailable(
            f"This machine has no device “{device}”.",
            f"It has: {', '.join(name for name, there in present.items() if there)}.",
            reason="no_device", device=device,
        )  # fmt: skip
    return device


def choose_dtype(dtype: str | None, device: str) -> str:
    """The number format asked for, or float32 on the CPU and bfloat16 elsewhere."""
    if dtype is None:
        return default_dtype(device)
    if dtype not in _DTYPES:
        raise ModelUnavailable(
            f"There is no number format “{dtype}”.", f"Choose {', '.join(_DTYPES)}.", reason="no_device", dtype=dtype
        )
    return dtype


def _config(folder: Path, name: str) -> PretrainedConfig:
    try:
        return AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # whatever a damaged or foreign config makes of the config classes
        stored = read_config(folder, name)
        model_type = stored.get("model_type")
        if "auto_map" in stored:
            raise UnsupportedArchitecture(
                f"{name} needs program code from its own repository, and no such code is run here.",
                "Choose a model that transformers knows by itself.",
                model_type=model_type,
            ) from error
        if isinstance(error, ValueError | KeyError):
            raise UnsupportedArchitecture(
                f"{name} is of the type “{model_type}”, which is not known here.",
                "A newer version of transformers may know it; else choose another model.",
                model_type=model_type,
            ) from error
        raise ModelUnavailable(
            f"The config.json of {name} cannot be used.",
            "Copy or download the folder again.",
            reason="broken",
            name=name,
        ) from error


def model_kind(config: PretrainedConfig, name: str) -> str:
    """Decoder, encoder or both, by what the checkpoint was saved as (`architectures`) and by what its family can be.

    The family alone would not do: transformers builds a BERT as a decoder without complaint.
    """
    saved_as = " ".join(config.architectures or ())
    family = config.model_type
    if config.is_encoder_decoder:
        if family in MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES:
            return "encoder-decoder"
        raise UnsupportedArchitecture(
            f"{name} is an encoder-decoder ({family}) that does not turn text into text.",
            "Choose one that does, such as a T5 or a BART.",
            model_type=family,
        )
    writes = family in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
    fills = family in MODEL_FOR_MASKED_LM_MAPPING_NAMES
    if writes and fills:
        return "decoder" if "CausalLM" in saved_as or "LMHead" in saved_as else "encoder"
    if writes or fills:
        return "decoder" if writes else "encoder"
    raise UnsupportedArchitecture(
        f"{name} ({family}) is not a language model that predicts words.",
        "Choose a model that writes text or fills gaps.",
        model_type=family,
    )


def _tokenizer(folder: Path, name: str) -> PreTrainedTokenizerFast:
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # a damaged file raises whatever its parser does
        raise ModelUnavailable(
            f"The tokenizer of {name} cannot be read.",
            "Copy tokenizer.json from where the model was published into its folder.",
            reason="no_tokenizer", name=name,
        ) from error  # fmt: skip
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise UnsupportedArchitecture(
            f"The tokenizer of {name} is not of the kind that can be looked into.", "Choose a model with a tokenizer.json.",
            tokenizer=type(tokenizer).__name__,
        )  # fmt: skip
    return tokenizer


def _network(folder: Path, name: str, kind: str, config: PretrainedConfig, dtype: torch.dtype) -> nn.Module:
    """Build the network and fill in the weights; a weight that the file lacks would be random, and is refused."""
    try:
        network, report = _BUILDERS[kind].from_pretrained(
            folder, config=config, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=dtype,
            attn_implementation="eager", output_loading_info=True,
        )  # fmt: skip
    except (SafetensorError, OSError) as error:
        raise ModelUnavailable(
            f"The weights of {name} cannot be read.", "Copy or download the folder again.", reason="broken", name=name
        ) from error
    except RuntimeError as error:
        if "size mismatch" not in str(error) and "mismatch" not in str(error):
            raise
        raise ModelUnavailable(
            f"The weights of {name} do not fit its config.json.",
            "Copy both from the same place.",
            reason="broken",
            name=name,
        ) from error
    if report["missing_keys"]:
        missing = sorted(report["missing_keys"])
        raise ModelUnavailable(
            f"The weights of {name} lack {len(missing)} parts of the model ({missing[0]}); it would answer at random.",
            "Choose the checkpoint that has its prediction head.", reason="no_weights", name=name, missing=missing,
        )  # fmt: skip
    if network._can_set_attn_implementation():
        network.set_attn_implementation(ATTENTION_NAME)
    return network.eval().requires_grad_(False)


def _max_positions(config: PretrainedConfig, tokenizer: PreTrainedTokenizerFast) -> int:
    """How many tokens the model reads at once, on either side; families without a table of positions (BLOOM, T5, Mamba) say
    it in their config or their tokenizer, or not: then 2,048, the length that BLOOM and Mamba were trained on."""
    text_config = config.get_text_config()
    names = ("max_position_embeddings", "seq_length", "n_positions")
    limit = next((found for name in names if (found := getattr(text_config, name, None))), None)
    if limit is None:
        limit = tokenizer.model_max_length if tokenizer.model_max_length < 10**9 else 2048
    offset = {
        "roberta": 2,
        "xlm-roberta": 2,
        "camembert": 2,
        "xlm-roberta-xl": 2,
    }  # their count starts behind the padding
    return int(limit) - offset.get(config.model_type, 0)


def _end_ids(network: nn.Module, tokenizer: PreTrainedTokenizerFast) -> frozenset[int]:
    """Tokens that end a text: those of the generation config, else the tokenizer's."""
    ends = getattr(getattr(network, "generation_config", None), "eos_token_id", None)
    ends = tokenizer.eos_token_id if ends is None else ends
    ends = [] if ends is None else ends if isinstance(ends, list | tuple) else [ends]
    return frozenset(int(token_id) for token_id in ends)
