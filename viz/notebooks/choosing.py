"""Cells for the screens Sampling and Generation."""

from viz.notebooks.look import Look

WIDGETS = {
    "sampling_breathing": ("sampling_other",),
    "sampling_two": ("sampling_first", "sampling_second"),
    "generation_writer": ("_generation_length",),
    "generation_beam": ("generation_width", "generation_beam_length", "generation_penalty"),
    "generation_several": ("generation_n_samples", "_generation_length"),
    "generation_cache": ("_generation_length",),
}


def breathing(look: Look) -> str:
    """The second text, as the screen reads it."""
    other = look.chosen("sampling_breathing", "sampling_other", "Once upon a")
    k, p = look.shared.get("top_k") or 40, look.shared.get("top_p", 1.0)
    read = "other = model.next_token(second)"
    if look.kind == "encoder":
        read = "gap = [i for i, each in enumerate(second.ids) if each == model.mask_id]\nother = model.trace(second).next_token(gap[0] if gap else len(second) - 2)"
    if look.kind == "encoder-decoder":
        read = "other = model.trace(second).next_token(0)"
    return f"""
from dataclasses import replace
from model_backend.engine import sampling
second = model.tokenize({other!r})
{read}
sampling_breathing = []
for record in (own, other):
    logits = np.empty_like(record.logits)
    logits[record.ids] = record.logits   # by token id
    for rule in (SamplingSettings(top_k=min({k}, len(logits))), SamplingSettings(top_p={p if p < 1 else 0.9})):
        now = sampling.apply(logits, rule)
        sampling_breathing.append(int(now.kept.sum()))
        print(rule, "keeps", sampling_breathing[-1], f"that hold {{now.mass_kept:.1%}}")
"""


def two(look: Look) -> str:
    first, second = (look.chosen("sampling_two", f"sampling_{name}") for name in ("first", "second"))
    first, second = (1.0 if first is None else first), (2.0 if second is None else second)
    return f"""
logits = np.array([{first}, {second}])
sampling_two = {{T: np.exp((logits - logits.max()) / T) / np.exp((logits - logits.max()) / T).sum() for T in (2.0, 1.0, 0.5, 0.1)}}
print(sampling_two)
"""


def writer(look: Look) -> str:
    length = look.chosen("generation_writer", "_generation_length", 40)
    if look.target is None:
        return f"""
generation_writer = list(model.generate(tokens, settings, max_new_tokens={length}, seed=seed))
print(tokens.text + model.decode([step.token_id for step in generation_writer]))
"""
    return f"""
generation_writer = list(model.generate(tokens, settings, max_new_tokens={length}, seed=seed))
print(model.decode([step.token_id for step in generation_writer], skip_special=True))
"""


def beam(look: Look) -> str:
    width, n, penalty = (
        look.chosen("generation_beam", name, default)
        for name, default in (("generation_width", 3), ("generation_beam_length", 10), ("generation_penalty", 1.0))
    )
    return f"""
from model_backend.writing.beam import beam_search
*_, generation_beam = beam_search(model, tokens, {width}, {n}, {penalty})
for text in generation_beam.finished:
    print(round(text.score, 3), repr(model.decode(text.ids, skip_special=True)))
"""


def several(look: Look) -> str:
    n = look.chosen("generation_several", "generation_n_samples", 4)
    length = look.chosen("generation_several", "_generation_length", 40)
    return f"""
from model_backend.base.stopping import Limits
from model_backend.base.writing_records import grown_samples
from model_backend.writing.several import write_several
ways = [(settings, seed + i) for i in range({n})]
generation_several = grown_samples(write_several(model, tokens, ways, Limits(max_new_tokens={length})), len(ways))
for i, sample in enumerate(generation_several):
    print(seed + i, round(sample.joint_nats, 2), repr(model.decode(sample.ids, skip_special=True)))
"""


CELLS = {
    "sampling_panel": """
own = trace.next_token(position)   # the model's own distribution
sampling_panel = trace.next_token(position, settings)
for token_id, p, final in zip(sampling_panel.ids[:12], sampling_panel.p_model[:12], sampling_panel.p_final[:12]):
    print(repr(model.piece(int(token_id))), f"{p:.3%} → {final:.3%}")
print(int(sampling_panel.kept.sum()), "of", len(sampling_panel.ids), "can be drawn")
""",
    "sampling_dice": """
from viz.sampling import draws, random_numbers
numbers = random_numbers(seed)
sampling_dice = draws(sampling_panel, numbers[:100])   # places in the record, by falling logit
print([model.piece(int(sampling_panel.ids[at])) for at in sampling_dice[:10]])
""",
    "sampling_temperature": """
import plotly.graph_objects as go
from viz.sampling import by_temperature
temperatures = np.concatenate([[0.0, 0.01], np.arange(1, 121) * 0.025]).astype(np.float32)
sampling_temperature = by_temperature(own, range(5), temperatures)   # [token, temperature]
go.Figure([go.Scatter(x=temperatures, y=p, name=model.piece(int(i))) for i, p in zip(own.ids, sampling_temperature)]).show()
""",
    "sampling_breathing": breathing,
    "sampling_two": two,
    "sampling_logarithms": """
from viz.sampling import underflow
sampling_logarithms = underflow(float(own.p_model[0]), (1, 10, 100, 1_000, 10_000))
for n, in_32_bits, in_64_bits, sum_of_ln in sampling_logarithms:
    print(n, in_32_bits, in_64_bits, sum_of_ln)
""",
    "generation_writer": writer,
    "generation_cache": """
from model_backend.writing.cache_cost import step_costs
generation_cache = list(step_costs(model, tokens, [step.token_id for step in generation_writer]))
for cost in generation_cache:
    print(cost.n_read, f"{1e3 * cost.seconds:.1f} ms,", cost.n_read_without, f"{1e3 * cost.seconds_without:.1f} ms without the cache")
""",
    "generation_several": several,
    "generation_beam": beam,
    "generation_same": """
once, again = ([step.token_id for step in model.generate(tokens, settings, max_new_tokens=8, seed=seed)] for _ in range(2))
generation_same = once == again
print(generation_same)
""",
}
