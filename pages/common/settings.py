"""The sampling settings that all screens share, as the backend takes them."""

from model_backend import SamplingSettings
from pages.common import state

SHARED = ("temperature", "top_k", "top_p", "min_p", "repetition", "presence", "frequency")  # names of the shared values


def now() -> SamplingSettings:
    """What the person has set."""
    return SamplingSettings(
        temperature=state.get("temperature"),
        top_k=state.get("top_k"),
        top_p=state.get("top_p"),
        min_p=state.get("min_p"),
        repetition_penalty=state.get("repetition"),
        presence_penalty=state.get("presence"),
        frequency_penalty=state.get("frequency"),
    )
