"""Cells for the screen Prediction."""

from viz.notebooks.look import Look

WIDGETS = {"prediction_find": ("prediction_typed",)}


def find(look: Look) -> str:
    typed = look.chosen("prediction_find", "prediction_typed", "")
    if not typed.strip(" "):
        return ""
    return f"""
from viz.prediction import find, ranks
prediction_find = find(model.vocabulary.table, {typed!r}, ranks(prediction_ledger))[0]   # (relation, token id)
for relation, token_id in prediction_find:
    at = prediction_ledger.rank_of(token_id)
    print(repr(model.piece(token_id)), relation, "rank", at, f"{{prediction_ledger.p_model[at - 1]:.3%}}")
"""


def surprisal(look: Look) -> str:
    if look.kind == "encoder":
        return """
from model_backend.analysis.filling import gap_statistics
gaps = gap_statistics(model, model.tokenize(tokens.text))   # each token hidden alone
prediction_surprisal = gaps.surprisal_bits   # [pos]
print(np.round(prediction_surprisal, 2), "mean", np.nanmean(prediction_surprisal))
"""
    return """
prediction_surprisal = trace.surprisal_bits()   # [pos]; the first is nan: nothing predicted it
print(np.round(prediction_surprisal, 2), "mean", np.nanmean(prediction_surprisal))
"""


def curve(look: Look) -> str:
    values = "gaps.entropy_bits[~np.isnan(gaps.entropy_bits)]" if look.kind == "encoder" else "trace.entropy_bits()"
    if look.kind == "encoder-decoder":
        values += "[:len(trace.target_tokens) - (int(trace.target_tokens.ids[-1]) in model.end_ids)]"
    return f"""
import plotly.graph_objects as go
prediction_curve = {values}   # [pos]
go.Figure(go.Scatter(y=prediction_curve, mode="lines+markers")).show()
"""


def loss(look: Look) -> str:
    if look.kind == "encoder":
        return """
from viz.prediction import loss_steps
whole = model.tokenize(tokens.text)
at = position if not np.isnan(gaps.surprisal_bits[position]) else int(np.nanargmax(gaps.surprisal_bits))
alone = model.trace(model.masked(whole, (at,)))
prediction_loss = loss_steps(alone.next_token(at), int(whole.ids[at]))
print(prediction_loss)
"""
    read = "tokens" if look.target is None else "trace.target_tokens"
    return f"""
from viz.prediction import loss_steps
at = min(position, len({read}) - 2)
prediction_loss = loss_steps(trace.next_token(at), int({read}.ids[at + 1]))
print(prediction_loss)
"""


CELLS = {
    "prediction_ledger": """
prediction_ledger = trace.next_token(position)
for token_id, p in zip(prediction_ledger.ids[:10], prediction_ledger.p_model[:10]):
    print(repr(model.piece(int(token_id))), f"{p:.3%}")
print(f"entropy {prediction_ledger.entropy_bits:.3f} bits")
""",
    "prediction_find": find,
    "prediction_likelihood": """
prediction_likelihood = -np.nansum(trace.surprisal_bits()) * np.log(2)   # ln p of the whole target
print(prediction_likelihood)
""",
    "prediction_surprisal": surprisal,
    "prediction_curve": curve,
    "prediction_loss": loss,
}
