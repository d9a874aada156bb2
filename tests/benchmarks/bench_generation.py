"""Tokens per second of model.generate, which records the whole distribution of each step, against transformers' generate.

Both write the same number of tokens after the same prompt with the same settings, in turns, so that a busy machine slows both.
transformers is measured plain, and with output_scores, which also keeps numbers of each step.
"""

import time

import numpy as np
import torch
from transformers import AutoModelForCausalLM

from model_backend import SamplingSettings, open_model
from model_backend.hub.catalogue import BUNDLED

NAME, PROMPT, N_TOKENS, ROUNDS = "storyteller", "Once upon a time there was a little", 100, 7
CASES = {
    "greedy": (SamplingSettings(temperature=0), dict(do_sample=False)),
    "T = 1": (SamplingSettings(), dict(do_sample=True, temperature=1.0, top_k=0, top_p=1.0)),
    "T = 0.8, top-p 0.9": (SamplingSettings(0.8, top_p=0.9), dict(do_sample=True, temperature=0.8, top_k=0, top_p=0.9)),
}


def seconds(call) -> float:
    """Wall time of a call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    """Print one line a case: tokens a second of all three (median), and ours over theirs (median of the rounds' ratios)."""
    model = open_model(f"bundled/{NAME}", device="cpu")
    model.end_ids = frozenset()  # all write the full length
    network = AutoModelForCausalLM.from_pretrained(BUNDLED / NAME, dtype=torch.float32)
    ids = torch.tensor(model.tokenize(PROMPT).ids)[None]
    fixed = dict(attention_mask=torch.ones_like(ids), max_new_tokens=N_TOKENS, eos_token_id=None, pad_token_id=0)
    print(f"{'settings':<20} {'generate':>10} {'transformers':>13} {'with scores':>12} {'ratio':>6} {'ratio':>6}")
    for case, (settings, theirs) in CASES.items():
        calls = (
            lambda settings=settings: list(model.generate(PROMPT, settings, N_TOKENS, seed=1)),
            lambda theirs=theirs: network.generate(ids, **fixed, **theirs),
            lambda theirs=theirs: network.generate(
                ids, **fixed, **theirs, return_dict_in_generate=True, output_scores=True
            ),
        )
        for call in calls:
            call()
        rounds = np.array([[seconds(call) for call in calls] for _ in range(ROUNDS)])  # [round, call]
        speeds = N_TOKENS / np.median(rounds, axis=0)
        ratios = np.median(rounds[:, 1:] / rounds[:, :1], axis=0)
        print(
            f"{case:<20} {speeds[0]:>6.0f}/s {speeds[1]:>11.0f}/s {speeds[2]:>10.0f}/s {ratios[0]:>6.2f} {ratios[1]:>6.2f}"
        )


if __name__ == "__main__":
    main()
