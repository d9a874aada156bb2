"""The same thing done twice: what is the same to the last bit, and what is not."""

from collections.abc import Sequence

import numpy as np

from model_backend.base.continuation_records import Repeated
from model_backend.engine.sampling import SamplingSettings
from model_backend.writing.paths import Paths

N_TOKENS = 8


def done_twice(paths: "Paths", path: Sequence[int], seed: int) -> Repeated:
    """Write N_TOKENS tokens from the beginning twice; look at what may follow `path` twice, the beginning in between, and once
    more with the whole text read at once."""
    plain, (model, begun) = SamplingSettings(), (paths.model, paths.begun)
    first, second = (
        [step.token_id for step in model.generate(paths.tokens, plain, max_new_tokens=N_TOKENS, seed=seed)]
        for _ in range(2)
    )
    once = paths.look(path, plain)
    paths.look((), plain)
    again = paths.look(path, plain)
    difference = None
    text = [*begun.ids, *path]
    if not begun.window.first_seen(len(text)):
        if model.info.kind == "encoder-decoder":
            whole = model.next_token(paths.tokens, plain, text)
        else:
            whole = model.next_token(text, plain)
        difference = float(np.abs(once.logits[np.argsort(once.ids)] - whole.logits[np.argsort(whole.ids)]).max())
    return Repeated(first == second, once.logits.tobytes() == again.logits.tobytes(), difference)
