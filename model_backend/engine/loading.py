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
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from model_backend.base.errors import ModelUnavailable, UnsupportedArchitecture
from model_backend.base.families import POSITIONS, family_of
from model_backend.base.machine import free_bytes, give_back
from model_backend.base.memory import memory_guard, ran_out
from model_backend.base.progress import Listener, Meter, weights_counted
from model_backend.base.records import ModelInfo, ModelKind
from model_backend.base.sentences import Sentence
from model_backend.engine.model import Model
from model_backend.engine.passes import ATTENTION_NAME, during
from model_backend.engine.rehearsal import examine
from model_backend.hub import catalogue
from model_backend.hub.checkpoint import check_folder, count_numbers, count_whole, read_config, weight_files
from model_backend.hub.devices import DTYPES, choose_device, choose_dtype
from model_backend.hub.download import hub_folder, is_downloaded
from model_backend.hub.fitting import BYTES_OF, bytes_needed, judge, memory_needed, numbers_per_token, refuse
from model_backend.hub.model_kind import model_kind
from model_backend.hub.quantization import allow_repacking, check_quantization, held_bytes, loading_options

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
_BUILDERS = {
    "decoder": AutoModelForCausalLM,
    "encoder": AutoModelForMaskedLM,
    "encoder-decoder": AutoModelForSeq2SeqLM,
}

# what absurd numbers and unknown words in a config make of the model classes; the errors of a listener are none of these
BUILDING_ERRORS = (ValueError, KeyError, TypeError, ArithmeticError, ImportError, AttributeError, IndexError)

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
    config = _config(folder, name)
    kind = model_kind(config, name)
    _check_room(name, folder, device, dtype, quantization)
    tokenizer = _tokenizer(folder, name)
    meter.begin("read", sum(file.stat().st_size for file in weight_files(folder, name)))
    with _loading, memory_guard(Sentence("loading {name}", name=name)):
        with weights_counted(meter):
            network = _network(
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
        max_positions=_max_positions(config, tokenizer),
        n_parameters=network.num_parameters(),  # of packed 4-bit weights too
        device=device,
        dtype=dtype,
        quantization=quantization or "",
        n_bytes=held_bytes(network),
        revision=folder.name if folder.parent.name == "snapshots" else "",
        **sizes,
    )
    model = Model(network, tokenizer, info, _end_ids(network, tokenizer, name))
    model.tokenize("a")  # a tokenizer that gives numbers which the model does not know shows here
    return model


def find_folder(name: str, revision: str | None = None, meter: Meter | None = None) -> Path:
    """The folder that holds the model of that name; raises ModelUnavailable if there is none."""
    printable = name.encode("utf-8", "replace").decode().replace("\0", "␀")
    shown = printable if len(printable) <= 80 else printable[:77] + "…"
    if not name.strip() or len(name) > 500 or printable != name or ".." in Path(name).parts:
        raise _unknown(shown)
    entry = catalogue.find(name)
    if entry is not None and entry.path is not None:
        return entry.path
    try:
        if Path(name).expanduser().is_dir():
            return Path(name).expanduser()
    except (OSError, RuntimeError):  # a name no file system takes; ~somebody unknown
        raise _unknown(shown) from None
    if not _HUB_ID.fullmatch(name) or name.startswith("bundled/") or ("/" not in name and _similar(name)):
        raise _unknown(shown)
    return hub_folder(name, revision, meter)


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


def _similar(name: str) -> list[str]:
    """Catalogue names that are spelt alike, with or without what stands before the slash."""
    names = {entry.name: entry.name for entry in catalogue.entries()}
    names |= {entry.name.split("/")[-1]: entry.name for entry in catalogue.entries()}
    return list(dict.fromkeys(names[match] for match in difflib.get_close_matches(name, names, n=3, cutoff=0.6)))


def _unknown(name: str) -> ModelUnavailable:
    suggestions = _similar(name)
    known = [entry.name for entry in catalogue.entries()]
    if suggestions:
        hint = Sentence("Did you mean {names}?", names=" · ".join(suggestions))
    elif known:
        hint = Sentence(
            "Choose {names}, a folder on this machine, or a hub id such as openai-community/gpt2.",
            names=", ".join(known),
        )
    else:
        hint = Sentence("Give a folder on this machine, or a hub id such as openai-community/gpt2.")
    return ModelUnavailable("There is no model “{name}”.", hint, reason="unknown", name=name, suggestions=suggestions)


def _config(folder: Path, name: str) -> PretrainedConfig:
    try:
        return AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # whatever a damaged or foreign config makes of the config classes
        stored = read_config(folder, name)
        model_type = stored.get("model_type")
        if "auto_map" in stored:
            raise UnsupportedArchitecture(
                "{name} needs program code from its own repository, and no such code is run here.",
                "Choose a model that transformers knows by itself.",
                name=name,
                model_type=model_type,
            ) from error
        if isinstance(error, ValueError | KeyError):
            raise UnsupportedArchitecture(
                "{name} is of the type “{model_type}”, which is not known here.",
                "A newer version of transformers may know it; else choose another model.",
                name=name,
                model_type=model_type,
            ) from error
        raise ModelUnavailable(
            "The config.json of {name} cannot be used.",
            "Copy or download the folder again.",
            reason="broken",
            name=name,
        ) from error


def _tokenizer(folder: Path, name: str) -> PreTrainedTokenizerFast:
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # a damaged file raises whatever its parser does
        raise ModelUnavailable(
            "The tokenizer of {name} cannot be read.",
            "Copy tokenizer.json from where the model was published into its folder.",
            reason="no_tokenizer", name=name,
        ) from error  # fmt: skip
    if isinstance(tokenizer, PreTrainedTokenizerFast) and not tokenizer.backend_tokenizer.get_vocab_size(False):
        raise ModelUnavailable(
            "The tokenizer of {name} has no vocabulary.",
            "Copy tokenizer.json from where the model was published into its folder.",
            reason="no_tokenizer",
            name=name,
        )
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise UnsupportedArchitecture(
            "The tokenizer of {name} is not of the kind that can be looked into.", "Choose a model with a tokenizer.json.",
            name=name, tokenizer=type(tokenizer).__name__,
        )  # fmt: skip
    return tokenizer


def _network(
    folder: Path, name: str, kind: ModelKind, config: PretrainedConfig, dtype: torch.dtype, options: dict[str, object]
) -> PreTrainedModel:
    """Build the network and fill in the weights; a weight that the file lacks would be random, and is refused."""
    try:
        network, report = _BUILDERS[kind].from_pretrained(
            folder, config=config, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=dtype,
            attn_implementation="eager", output_loading_info=True, **options,
        )  # fmt: skip
    except (SafetensorError, OSError) as error:
        raise ModelUnavailable(
            "The weights of {name} cannot be read.", "Copy or download the folder again.", reason="broken", name=name
        ) from error
    except RuntimeError as error:
        if "mismatch" not in str(error) and "negative dimension" not in str(error):
            raise
        raise ModelUnavailable(
            "The weights of {name} do not fit its config.json.",
            "Copy both from the same place.",
            reason="broken",
            name=name,
        ) from error
    except BUILDING_ERRORS as error:
        raise ModelUnavailable(
            "No model can be built as the config.json of {name} says.",
            "Copy or download the folder again; if it is as its makers published it, choose another model.",
            reason="broken",
            name=name,
        ) from error
    if report["missing_keys"]:
        missing = sorted(report["missing_keys"])
        raise ModelUnavailable(
            "The weights of {name} lack {n_missing} parts of the model ({first}); it would answer at random.",
            "Choose the checkpoint that has its prediction head.", reason="no_weights", name=name, missing=missing,
            n_missing=len(missing), first=missing[0],
        )  # fmt: skip
    if network._can_set_attn_implementation():
        network.set_attn_implementation(ATTENTION_NAME)
    return network.eval().requires_grad_(False)


def _max_positions(config: PretrainedConfig, tokenizer: PreTrainedTokenizerFast) -> int:
    """How many tokens the model reads at once, on either side; families without a table of positions (BLOOM, T5, Mamba) say
    it in their config or their tokenizer, or not: then 2,048, the length that BLOOM and Mamba were trained on."""
    text_config = config.get_text_config()
    limit = next((found for name in POSITIONS if (found := getattr(text_config, name, None) or 0) > 0), None)
    if limit is None:
        limit = tokenizer.model_max_length if 0 < tokenizer.model_max_length < 10**9 else 2048
    return int(limit) - family_of(config.model_type).padding_positions


def _end_ids(network: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, name: str) -> frozenset[int]:
    """Tokens that end a text: those of the generation config, else the tokenizer's."""
    ends = getattr(getattr(network, "generation_config", None), "eos_token_id", None)
    ends = tokenizer.eos_token_id if ends is None else ends
    ends = [] if ends is None else ends if isinstance(ends, list | tuple) else [ends]
    if not all(isinstance(token_id, int) for token_id in ends):
        raise ModelUnavailable(
            "The generation_config.json of {name} names an end token that is no number.",
            "Copy or download the folder again.",
            reason="broken",
            name=name,
        )
    return frozenset(map(int, ends))
