"""Cells for the screens Text and Tokens."""

from viz.notebooks.look import Look

WIDGETS = {
    "tokens_merges": ("tokens_word", "tokens_space"),
    "tokens_letters": ("tokens_letters_word", "tokens_letter"),
    "tokens_languages": ("tokens_sentence", "tokens_price", "tokens_own"),
}


def place(look: Look) -> str:
    """Where the home screen predicts from: behind the end of a translation nothing follows."""
    if look.target is None:
        return "place = position"
    return (
        "ends = int(trace.target_tokens.ids[-1]) in model.end_ids\n"
        "place = min(position, max(len(trace.target_tokens) - 1 - ends, 0))"
    )


def strongest(look: Look) -> str:
    kind = ', kind="cross"' if look.target is not None else ""
    return f"""
from model_backend.analysis.looks import strongest_look
layer, head, key, weight = strongest_look(trace, place)
home_attention = trace.attention(layer, head{kind})[place]   # [key]
print(f"layer {{layer}}, head {{head}}: {{weight:.1%}} to {{tokens.pieces[key]!r}}")
"""


def merges(look: Look) -> str:
    word = look.chosen("tokens_merges", "tokens_word", "strawberry")[:40]
    spaced = " " if look.chosen("tokens_merges", "tokens_space", False) else ""
    return f"""
from model_backend.tokens.bpe import cutter_for
from viz.merges import columns
tokens_merges = cutter_for(model).trace({spaced + word!r})
for name, values in columns(tokens_merges).items():
    print(name, values)
"""


def letters(look: Look) -> str:
    word = look.chosen("tokens_letters", "tokens_letters_word") or "strawberry"
    letter = look.chosen("tokens_letters", "tokens_letter") or "r"
    return f"""
from model_backend.tokens import comparison
tokens_letters = comparison.by_tokenizer({word!r}, model, model.info.name)
print({word!r}.count({letter.strip()!r}), "times; the model gets", tokens_letters.ids)
"""


def languages(look: Look) -> str:
    own = look.chosen("tokens_languages", "tokens_own", "")
    return f"""
from model_backend.tokens import comparison
from model_backend.base.languages import language_costs
count = lambda text: comparison.by_tokenizer(text, model, "").n_tokens
tokens_languages = language_costs(count, {look.chosen("tokens_languages", "tokens_sentence", 0)}, {look.chosen("tokens_languages", "tokens_price", 1.0)}, {{"own": {own!r}}})
for cost in tokens_languages:
    print(cost.language.code, cost.n_tokens, round(cost.ratio, 2))
"""


CELLS = {
    "home_tokens": "home_tokens = model.tokenize(tokens.text)\nprint(len(home_tokens), home_tokens.ids.tolist())",
    "home_embeddings": """
from viz.home import N_NUMBERS, N_TOKENS
home_embeddings = model.embedding_matrix()[tokens.ids[-N_TOKENS:], :N_NUMBERS]   # [pos, number]
print(home_embeddings.shape)
""",
    "home_attention": strongest,
    "home_layers": """
table = trace.lens(1, position=place)
home_layers = table.top_probs[:, 0, 0]   # [layer]
for row, (token_id, p) in enumerate(zip(table.top_ids[:, 0, 0], home_layers)):
    print(row, repr(model.piece(int(token_id))), f"{p:.2%}")
""",
    "home_prediction": """
home_prediction = trace.next_token(place)
for token_id, p in zip(home_prediction.ids[:6], home_prediction.p_model[:6]):
    print(repr(model.piece(int(token_id))), f"{p:.2%}")
""",
    "tokens_chips": """
tokens_chips = model.tokenize(tokens.text)
for token_id, data in zip(tokens_chips.ids, tokens_chips.token_bytes):
    print(token_id, data)
""",
    "tokens_merges": merges,
    "tokens_letters": letters,
    "tokens_compare": """
from model_backend.base.cuts import PLAIN
from model_backend.hub import catalogue
from model_backend.tokens import comparison
tokens_compare = [comparison.by_tokenizer(tokens.text[:2000], comparison.load_tokenizer(str(entry.path)), entry.name) for entry in catalogue.entries()]
tokens_compare += [cut(tokens.text[:2000]) for cut in PLAIN.values()]
for cut in tokens_compare:
    print(cut.title or cut.name, cut.n_tokens)
""",
    "tokens_languages": languages,
}
