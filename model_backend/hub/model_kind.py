"""What a model does, read from its config: it writes on, it fills gaps, or it reads one text and writes another."""

from transformers import PretrainedConfig
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
)

from model_backend.base.errors import UnsupportedArchitecture
from model_backend.base.records import ModelKind


def model_kind(config: PretrainedConfig, name: str) -> ModelKind:
    """Decoder, encoder or both, by what the checkpoint was saved as (`architectures`) and by what its family can be.

    The family alone would not do: transformers builds a BERT as a decoder without complaint.
    """
    saved_as = " ".join(map(str, config.architectures or ()))
    family = config.model_type
    if config.is_encoder_decoder:
        if family in MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES:
            return "encoder-decoder"
        raise UnsupportedArchitecture(
            "{name} is an encoder-decoder ({model_type}) that does not turn text into text.",
            "Choose one that does, such as a T5 or a BART.",
            name=name,
            model_type=family,
        )
    writes = family in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
    fills = family in MODEL_FOR_MASKED_LM_MAPPING_NAMES
    if writes and fills:
        return "decoder" if "CausalLM" in saved_as or "LMHead" in saved_as else "encoder"
    if writes or fills:
        return "decoder" if writes else "encoder"
    raise UnsupportedArchitecture(
        "{name} ({model_type}) is not a language model that predicts words.",
        "Choose a model that writes text or fills gaps.",
        name=name,
        model_type=family,
    )
