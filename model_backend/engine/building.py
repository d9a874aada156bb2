"""The files of a folder become a config, a tokenizer and a network, each by transformers, with every way it can fail put in
plain words.

Weights come from safetensors only and no code of a repository is run.
"""

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
from model_backend.base.records import ModelKind
from model_backend.engine.passes import ATTENTION_NAME
from model_backend.hub.checkpoint import read_config

_BUILDERS = {
    "decoder": AutoModelForCausalLM,
    "encoder": AutoModelForMaskedLM,
    "encoder-decoder": AutoModelForSeq2SeqLM,
}

# what absurd numbers and unknown words in a config make of the model classes; the errors of a listener are none of these
BUILDING_ERRORS = (ValueError, KeyError, TypeError, ArithmeticError, ImportError, AttributeError, IndexError)


def config_of(folder: Path, name: str) -> PretrainedConfig:
    """The config of a model; no code of its own is run."""
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


def tokenizer_of(folder: Path, name: str) -> PreTrainedTokenizerFast:
    """The tokenizer of a model, if it can be looked into."""
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


def network_of(
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


def max_positions_of(config: PretrainedConfig, tokenizer: PreTrainedTokenizerFast) -> int:
    """How many tokens the model reads at once, on either side; families without a table of positions (BLOOM, T5, Mamba) say
    it in their config or their tokenizer, or not: then 2,048, the length that BLOOM and Mamba were trained on."""
    text_config = config.get_text_config()
    limit = next((found for name in POSITIONS if (found := getattr(text_config, name, None) or 0) > 0), None)
    if limit is None:
        limit = tokenizer.model_max_length if 0 < tokenizer.model_max_length < 10**9 else 2048
    return int(limit) - family_of(config.model_type).padding_positions


def end_ids_of(network: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, name: str) -> frozenset[int]:
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
