"""How a model writes on: a few tokens for the home screen."""

from typing import TYPE_CHECKING

from model_backend.engine.sampling import SamplingSettings
from model_backend.serving.asking import of_model

if TYPE_CHECKING:
    from model_backend.engine.model import Model


@of_model(is_kept=False)
def written(model: "Model", text: str, settings: SamplingSettings, n: int, seed: int) -> tuple[int, ...]:
    """Ids of at most `n` tokens that follow the text; the end token, which may break them off, is not among them."""
    steps = model.generate(text, settings, max_new_tokens=n, seed=seed)
    return tuple(step.token_id for step in steps if not step.is_end)
