"""The sampling settings that all screens share, as the backend takes them."""

from model_backend import SamplingSettings
from pages.common import state

SHARED = {  # shared value: the backend's name
    "temperature": "temperature",
    "top_k": "top_k",
    "top_p": "top_p",
    "min_p": "min_p",
    "repetition": "repetition_penalty",
    "presence": "presence_penalty",
    "frequency": "frequency_penalty",
}


def now() -> SamplingSettings:
    """What the person has set."""
    return SamplingSettings(**{theirs: state.get(ours) for ours, theirs in SHARED.items()})
