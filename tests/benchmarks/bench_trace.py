"""What a trace costs beside the plain forward pass of the same model, and what it keeps.

`python -m tests.benchmarks.bench_trace [--rounds N] [--threads N] [--clock cpu] [--without-transformer-lens]`

A random model of GPT-2-small's shape (numbers do not change the time). The ways to read the same tokens take turns, so that
whatever else the machine does falls on all of them; what is printed are medians and their ratios. All read without a cache,
in inference mode. `make bench` installs TransformerLens for this file alone, in a folder that the app never sees.
"""

import argparse
import gc
import logging
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import logging as transformers_logging

from model_backend import open_model
from model_backend.base.records import Tokenization
from model_backend.engine.model import Model
from model_backend.engine.trace import Trace
from model_backend.tokens import tokenization
from tests.kept_bytes import kept_bytes
from tests.tiny_models import byte_level

LENGTHS = (32, 128, 512, 1024)
TRANSFORMER_LENS = Path(sys.prefix) / "bench"  # where `make bench` puts it

PLAIN, LOGITS = "plain (sdpa), all logits", "trace + all logits"
COLUMNS = {
    PLAIN: "a user's ordinary call: logits at every position, nothing kept",
    LOGITS: "the same logits, and every residual and attention matrix can be asked for",
    "trace": "model.trace alone: logits of a position are computed when it is looked at",
    "plain (eager)": "as plain, with the textbook attention",
    "eager, all outputs": "output_attentions and output_hidden_states: every matrix is written out and held",
    "TransformerLens": "run_with_cache: keeps every activation it has a name for",
}


def readers(folder: str, with_lens: bool) -> tuple[Model, dict[str, Callable]]:
    """The opened model and, by the names of COLUMNS, functions of a Tokenization that give what a call returns."""
    model = open_model(folder, device="cpu")
    sdpa, eager = (_network(folder, attention) for attention in ("sdpa", "eager"))

    def trace_and_logits(tokens: Tokenization) -> tuple[Trace, torch.Tensor]:
        trace = model.trace(tokens)
        return trace, model.readout(torch.tensor(trace.residual(model.info.n_layers)))

    calls = {
        PLAIN: lambda tokens: sdpa(_batch(tokens), use_cache=False),
        LOGITS: trace_and_logits,
        "trace": model.trace,
        "plain (eager)": lambda tokens: eager(_batch(tokens), use_cache=False),
        "eager, all outputs": lambda tokens: eager(
            _batch(tokens), use_cache=False, output_attentions=True, output_hidden_states=True
        ),
    }
    if with_lens:
        calls["TransformerLens"] = _transformer_lens(folder)
    return model, calls


def _batch(tokens: Tokenization) -> torch.Tensor:
    return torch.tensor(tokens.ids)[None]


def some_tokens(model: Model, n_tokens: int) -> Tokenization:
    """Random tokens, the same in every run."""
    ids = torch.randint(0, 300, (n_tokens,), generator=torch.Generator().manual_seed(n_tokens))
    return tokenization.of_ids(model.vocabulary, ids.tolist())


def _network(folder: str, attention: str) -> GPT2LMHeadModel:
    return GPT2LMHeadModel.from_pretrained(folder, attn_implementation=attention).eval()


def _transformer_lens(folder: str) -> Callable:
    """TransformerLens' reading of the same weights; its bridge wants eager attention and a model of its own."""
    sys.path.append(str(TRANSFORMER_LENS))
    from transformer_lens.model_bridge import TransformerBridge

    bridge = TransformerBridge.boot_transformers(folder, hf_model=_network(folder, "eager"))
    return lambda tokens: bridge.run_with_cache(_batch(tokens))


def seconds(
    calls: dict[str, Callable], tokens: Tokenization, rounds: int, clock: Callable[[], float]
) -> dict[str, float]:
    """Median seconds of each call on the same tokens, in turn, after one round to warm up."""
    times = {name: [] for name in calls}
    for _ in range(rounds + 1):
        for name, call in calls.items():
            start = clock()
            with torch.inference_mode():
                result = call(tokens)
            times[name].append(clock() - start)
            del result
        gc.collect()
    return {name: statistics.median(taken[1:]) for name, taken in times.items()}


def matrix_seconds(trace: Trace, clock: Callable[[], float]) -> float:
    """Median seconds for the attention matrices of one layer, all heads, out of a trace."""
    times = []
    for layer in range(trace.info.n_layers):
        start = clock()
        trace.attention(layer)
        times.append(clock() - start)
    return statistics.median(times)


def check_same_logits(calls: dict[str, Callable], tokens: Tokenization) -> None:
    """All must have read the same model before their times are compared."""
    with torch.inference_mode():
        expected = calls[PLAIN](tokens).logits[0]
        for name in calls.keys() - {PLAIN, "trace"}:
            result = calls[name](tokens)
            logits = result[1] if name == LOGITS else getattr(result, "logits", result[0])
            torch.testing.assert_close(logits.reshape(expected.shape), expected, atol=1e-3, rtol=1e-3, msg=name)


def print_times(model: Model, calls: dict[str, Callable], rounds: int, clock: Callable[[], float]) -> None:
    """A line a length: milliseconds of the plain pass, every other way as a ratio to it, one layer's matrices."""
    others = [name for name in calls if name != PLAIN]
    print(f"{'tokens':>6}  {PLAIN}  " + "  ".join(others) + "  one layer's matrices later")
    for n_tokens in LENGTHS:
        tokens = some_tokens(model, n_tokens)
        taken = seconds(calls, tokens, rounds, clock)
        ratios = "  ".join(f"{taken[name] / taken[PLAIN]:>{len(name) - 2}.2f} ×" for name in others)
        layer = 1e3 * matrix_seconds(model.trace(tokens), clock)
        print(f"{n_tokens:>6}  {1e3 * taken[PLAIN]:>{len(PLAIN) - 3}.0f} ms  {ratios}  {layer:>23.1f} ms", flush=True)


def print_memory(model: Model, calls: dict[str, Callable]) -> None:
    """A line a length: what hangs on a trace, beside what eager attention and TransformerLens return; no logits in any."""
    names = [name for name in calls if name in ("trace", "eager, all outputs", "TransformerLens")]
    print(f"\n{'tokens':>6}  " + "  ".join(f"{name + ' keeps':>24}" for name in names) + "  (a token)")
    for n_tokens in LENGTHS:
        kept, tokens = {}, some_tokens(model, n_tokens)
        for name in names:
            with torch.inference_mode():
                result = calls[name](tokens)
            kept[name] = kept_bytes(result if name == "trace" else _arrays(result))
            del result
        line = "  ".join(f"{size / 2**20:>8.1f} MiB ({size / n_tokens / 2**10:>5.0f} KiB)" for size in kept.values())
        print(f"{n_tokens:>6}  {line}")


def _arrays(result: object) -> list:
    """What a call returns besides the logits: of an output of transformers, or of TransformerLens' (logits, cache)."""
    if isinstance(result, tuple):
        return [array for name, array in result[1].cache_dict.items() if not name.startswith("unembed")]
    return [result.hidden_states, result.attentions]


def main() -> None:
    """Print the times, then the memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="medians over so many (default 7)")
    parser.add_argument("--threads", type=int, help="threads of torch (by itself all cores)")
    parser.add_argument(
        "--clock", choices=("wall", "cpu"), default="wall", help="cpu for a busy machine, with --threads 1"
    )
    parser.add_argument("--without-transformer-lens", action="store_true")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    with_lens = not options.without_transformer_lens
    if with_lens and not TRANSFORMER_LENS.is_dir():
        sys.exit("TransformerLens is not installed: run `make bench`, or give --without-transformer-lens.")
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers_logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as folder:
        torch.manual_seed(0)
        GPT2LMHeadModel(GPT2Config()).save_pretrained(folder)
        byte_level().save_pretrained(folder)
        model, calls = readers(folder, with_lens)
        check_same_logits(calls, some_tokens(model, 40))
        for name in calls:
            print(f"{name}: {COLUMNS[name]}")
        print(f"\nGPT-2 small's shape, {torch.get_num_threads()} threads, medians of {options.rounds} rounds\n")
        print_times(model, calls, options.rounds, time.process_time if options.clock == "cpu" else time.perf_counter)
        print_memory(model, calls)


if __name__ == "__main__":
    main()
