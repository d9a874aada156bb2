"""sampling.apply (sorted record, both distributions, entropies, what cut each token) against transformers' own processors.

The baseline is what a user of transformers would call for the sorted final probabilities alone: the warpers chained, softmax,
sort.
"""

import time

import numpy as np
import torch
from transformers import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from model_backend.engine import sampling
from model_backend.engine.sampling import SamplingSettings

CASES = {
    "nothing set": SamplingSettings(),
    "top-p 0.9": SamplingSettings(top_p=0.9),
    "all at once": SamplingSettings(0.8, top_k=400, top_p=0.95, min_p=0.02, repetition_penalty=1.2),
}


def transformers_chain(settings: SamplingSettings) -> list:
    """The processors that `generate` would build for these settings, in its order."""
    chain = []
    if settings.repetition_penalty != 1:
        chain.append(RepetitionPenaltyLogitsProcessor(settings.repetition_penalty))
    if settings.temperature != 1:
        chain.append(TemperatureLogitsWarper(settings.temperature))
    if settings.top_k:
        chain.append(TopKLogitsWarper(settings.top_k))
    if settings.top_p < 1:
        chain.append(TopPLogitsWarper(settings.top_p))
    if settings.min_p:
        chain.append(MinPLogitsWarper(settings.min_p))
    return chain


def median_ms(call, repeats: int = 15) -> float:
    """Median wall time of `call` in milliseconds, after one call to warm up."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e3 * float(np.median(times))


def measure(n_vocab: int, settings: SamplingSettings) -> tuple[float, float]:
    """Milliseconds of (ours, transformers) on the same random logits [n_vocab] and a history of 200 tokens."""
    rng = np.random.default_rng(0)
    logits = rng.normal(scale=3, size=n_vocab).astype(np.float32)
    history = rng.integers(0, n_vocab, size=200)
    scores, ids, chain = torch.from_numpy(logits)[None], torch.from_numpy(history)[None], transformers_chain(settings)

    def theirs() -> tuple:
        processed = scores
        for processor in chain:
            processed = processor(ids, processed)
        return processed.softmax(-1).sort(descending=True)

    return median_ms(lambda: sampling.apply(logits, settings, history)), median_ms(theirs)


def main() -> None:
    """Print one line a case: vocabulary, settings, both times, ratio (below 1 = faster than transformers)."""
    print(f"{'vocabulary':>10}  {'settings':<12} {'apply':>9} {'transformers':>13} {'ratio':>6}")
    with torch.inference_mode():
        for n_vocab in (50_257, 151_936):
            for name, settings in CASES.items():
                ours, theirs = measure(n_vocab, settings)
                print(f"{n_vocab:>10,}  {name:<12} {ours:>6.1f} ms {theirs:>10.1f} ms {ours / theirs:>6.2f}")


if __name__ == "__main__":
    main()
