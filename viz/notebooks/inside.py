"""Cells for the screens Attention and Layers."""

from viz.notebooks.look import Look

WIDGETS = {
    "attention_head": ("attention_measure",),
    "layers_lens": ("layers_followed",),
    "layers_attribution": ("layers_token", "layers_against"),
    "layers_neurons": ("layers_order", "layers_mlp_"),
}


def overview(look: Look) -> str:
    kinds = {"encoder-decoder": ("cross", "encoder", "decoder")}.get(look.kind, (look.kind,))
    kind = look.shared.get("kind") if look.shared.get("kind") in kinds else kinds[0]
    return f"""
from model_backend.analysis import heads
kind = {kind!r}   # who looks at whom
attention_overview = heads.head_statistics(trace, kind)   # scores [layer, head]
print(np.round(attention_overview.previous_token, 2))
"""


def head(look: Look) -> str:
    """The head that is looked at: the one chosen, else the middle of the model, across the one that keeps step best."""
    layer, number = look.shared.get("layer"), look.shared.get("head")
    default = f"layer, head = {layer!r}, {number!r}"
    if layer is None and number is None:
        default = (
            'in_step = attention_overview.monotone if kind == "cross" else None\n'
            "layer, head = n_layers // 2, 0\n"
            "if in_step is not None:\n"
            "    layer, head = np.unravel_index(np.nan_to_num(in_step, nan=-1).argmax(), in_step.shape)"
        )
    ways = {
        "value": "head_maps.value_weighted(trace, layer, head, kind=kind)",
        "layer_mean": 'head_maps.combined_attention(trace, "heads", "mean", layer=layer, kind=kind)',
        "layer_max": 'head_maps.combined_attention(trace, "heads", "max", layer=layer, kind=kind)',
        "all_mean": 'head_maps.combined_attention(trace, "all", "mean", kind=kind)',
        "rollout": "head_maps.attention_rollout(trace, layer, kind=kind)",
    }
    measure = look.chosen("attention_head", "attention_measure", "weight")
    rows = "tokens" if look.target is None else "tokens if kind == 'encoder' else trace.target_tokens"
    query = (
        f"query = {look.focus} if kind == 'encoder' else position" if look.target is not None else "query = position"
    )
    return f"""
import plotly.graph_objects as go
from model_backend.analysis import head_maps
n_layers, n_heads = attention_overview.previous_token.shape
{default}
layer, head = min(int(layer if layer is not None else n_layers // 2), n_layers - 1), min(int(head or 0), n_heads - 1)
{query}
attention_head = {ways.get(measure, "trace.attention(layer, head, kind=kind)")}   # [query, key]
rows = {rows}
columns = {"tokens" if look.target is None else "trace.target_tokens if kind == 'decoder' else tokens"}
figure = go.Figure(go.Heatmap(z=attention_head, colorscale="Purples"))
figure.update_xaxes(tickvals=list(range(len(columns))), ticktext=columns.pieces)
figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=rows.pieces, autorange="reversed")
figure.show()
"""


STEPS = """
from model_backend.analysis.head_steps import head_steps
attention_steps = head_steps(trace, layer, head, query, kind=kind)
print("query · key", attention_steps.dots)
print("shares", attention_steps.weights)
"""


def _followed(name: str, typed: str) -> str:
    """Lines that set `name` to the id of a typed text that is one token, with a space before it first; else to None."""
    return f"""table = model.target_vocabulary.table[:model.info.vocab_size]
found = [token_of(table, form) for form in {[" " + typed.strip(), typed]!r}]
{name} = next((i for i in found if i is not None), None)"""


def lens(look: Look) -> str:
    typed = look.chosen("layers_lens", "layers_followed", "")
    ids = f"{_followed('followed', typed)}\n" if typed.strip() else "followed = None\n"
    return f"""
from model_backend.analysis import lattice as layers
from viz.prediction import token_of
{ids}n, room = len(trace.target_tokens if trace.target_tokens is not None else tokens), layers.affordable_positions(model.info)
start = max(0, min(position - room // 2, n - room))
layers_lens = layers.lattice(trace, range(start, min(n, start + room)), () if followed is None else (followed,))
column = position - start
for row in reversed(range(len(layers_lens.top_ids))):
    p, bits = layers_lens.top_probs[row, column], layers_lens.entropy_bits[row, column]
    print(row, repr(model.piece(int(layers_lens.top_ids[row, column]))), f"{{p:.2%}}, {{bits:.2f}} bits")
"""


def cell(look: Look) -> str:
    depth = look.shared.get("depth")
    row = "len(layers_lens.top_ids) - 1" if depth is None else f"min({depth}, len(layers_lens.top_ids) - 1)"
    return f"""
row = {row}   # 0 is what enters the first layer
layers_cell = trace.lens(8, position)   # top_ids, top_probs [layer, 1, k]
for token_id, p in zip(layers_cell.top_ids[row, 0], layers_cell.top_probs[row, 0]):
    print(repr(model.piece(int(token_id))), f"{{p:.2%}}")
"""


def attribution(look: Look) -> str:
    typed, against = (look.chosen("layers_attribution", name, "") for name in ("layers_token", "layers_against"))
    lines = ["guess = int(trace.next_token(position).ids[0])"]
    lines.append(_followed("chosen", typed) if typed.strip() else "chosen = None")
    lines.append(_followed("other", against) if against.strip() else "other = None")
    return (
        "from model_backend.analysis.attribution import logit_attribution\nfrom viz.prediction import token_of\n"
        + "\n".join(lines)
        + """
chosen = guess if chosen is None else chosen
layers_attribution = logit_attribution(trace, chosen, position, None if other == chosen else other)
for kind_of_part, layer_of_part, value in zip(layers_attribution.kinds, layers_attribution.layers, layers_attribution.values):
    print(kind_of_part, layer_of_part, round(float(value), 3))
print("sum", layers_attribution.total, "the model", layers_attribution.logit)
"""
    )


def neurons(look: Look) -> str:
    chosen = look.shown.get("layers_neurons", {}).get("chosen", {})
    layer = next(
        (value for name, value in chosen.items() if name.startswith("layers_mlp_") and value is not None), None
    )
    order = look.chosen("layers_neurons", "layers_order", "activation")
    token = ", token_id=int(trace.next_token(position).ids[0])" if order == "token" else ""
    return f"""
from model_backend.analysis.neurons import neurons
layer_of_neurons = {"model.info.n_decoder_layers - 1" if layer is None else layer}
layers_neurons = neurons(trace, layer_of_neurons, position, n=10, k=6, order={order!r}{token})
for number, activation, ids in zip(layers_neurons.index, layers_neurons.activation, layers_neurons.promoted_ids):
    print(number, round(float(activation), 3), [model.piece(int(i)) for i in ids])
"""


CELLS = {
    "attention_overview": overview,
    "attention_head": head,
    "attention_steps": STEPS,
    "layers_lens": lens,
    "layers_cell": cell,
    "layers_attribution": attribution,
    "layers_neurons": neurons,
    "layers_anatomy": """
from model_backend.analysis.anatomy import anatomy
layers_anatomy = anatomy(model)
for weight in layers_anatomy.weights:
    print(weight.name, weight.shape, f"{weight.n_parameters:,}")
print(f"{layers_anatomy.n_parameters:,} parameters")
""",
}
